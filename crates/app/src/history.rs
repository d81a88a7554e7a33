//! What happened: every change of every value, with who, when, and what became of it. A fold over the journal; nothing is
//! written for it, so it costs a commit nothing, and a page of it costs what it covers.

mod glob;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;

use lyceum_attempt::Millis;
use lyceum_attempt::act::Act;
use lyceum_attempt::entry::{Call, Recorded};
use lyceum_attempt::history::{Effect, Step as Folded, ValueChange, step};
use lyceum_attempt::plan::Plan;
use lyceum_attempt::sequenced::explanation::{self, Step};
use lyceum_attempt::state::State;
use lyceum_store::attempts::Attempt;
use lyceum_store::commits::{LogRow, NO_SESSION};
use lyceum_store::{RegistrationId, SessionId, Tenant, attempts, commits};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::AppError;
use crate::journal::unpack_entries;
use crate::limits::{FOLD_BATCH, HISTORY_NEWEST_COMMITS, HISTORY_PAGE_BYTES, HISTORY_PAGE_ENTRIES};
use crate::views::rfc3339;

pub use glob::Glob;

/// What to look for. Everything by default.
#[derive(Clone, Debug, Default)]
pub struct HistoryQuery {
    /// Only this attempt.
    pub attempt: Option<u32>,
    /// Only elements that match; calls without an element never do.
    pub element: Option<Glob>,
    /// Only what arrived at or after this moment, by the server's clock.
    pub from: Option<Millis>,
    /// Only what arrived at or before it.
    pub to: Option<Millis>,
    /// Only this commit.
    pub commit: Option<u64>,
    /// Only what was refused.
    pub refused: bool,
    /// Only navigation requests.
    pub navigation: bool,
    /// Where the last page ended.
    pub after: Option<Cursor>,
    /// Most items of a page; the page may end earlier where values are large.
    pub limit: usize,
}

/// Where a page of history ended: the next one begins behind it. Its text is opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    attempt: u32,
    commit: u64,
    /// Items of the commit that were given out.
    items: u64,
}

impl Cursor {
    /// Behind everything of a commit.
    const fn behind(attempt: u32, commit: u64) -> Self {
        Self { attempt, commit: commit + 1, items: 0 }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.attempt, self.commit, self.items)
    }
}

impl FromStr for Cursor {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Self, AppError> {
        let mut parts = text.splitn(3, '.');
        let mut next = || parts.next().and_then(|part| part.parse::<u64>().ok());
        let found = (|| Some(Self { attempt: next()?.try_into().ok()?, commit: next()?, items: next()? }))();
        found.ok_or_else(|| AppError::Malformed("this is not where a page of history ended".to_owned()))
    }
}

/// A page of history, in the order in which things arrived.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryPage {
    /// The registration.
    pub registration: String,
    /// What happened.
    pub items: Vec<HistoryItem>,
    /// Where the next page begins; `None` where this is the last one. A page may be short, or empty, and have a next one: what is
    /// looked for is rare.
    pub next: Option<String>,
    /// Where a page with the newest entries begins, where those are further away than the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<String>,
}

/// One change of a value, or one call that changed none.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HistoryItem {
    /// Number of the attempt.
    pub attempt: u32,
    /// Number of the commit in the attempt.
    pub commit: u64,
    /// Id of the session; `None` for what the server or a person did.
    pub session: Option<String>,
    /// The entry's number in the session; 0 for the server's own.
    pub seq: u64,
    /// By the browser's clock, which is aligned to the server's when the session opens. RFC 3339 with milliseconds.
    pub client_time: String,
    /// When it arrived, by the server's clock. RFC 3339 with milliseconds.
    pub server_time: String,
    /// The learner, or whoever acted.
    pub user: String,
    /// Identifier of the activity; empty where none is in the frame.
    pub activity: String,
    /// initialize, set, get, commit, terminate, navigate, deliver, leave; rollback, override and so on for acts of people.
    pub call: String,
    /// The element; empty for calls without one.
    pub element: String,
    /// The value before; `None` where there was none.
    pub old: Option<String>,
    /// The value after; `None` where there is none. Of a refused call, what was asked for.
    pub new: Option<String>,
    /// accepted, refused, uncounted (accepted in a session that does not count), or overtaken (accepted, but a newer session or a
    /// rollback had the last word already).
    pub effect: Effect,
    /// The standard's error code; 0 when accepted.
    pub error: u16,
    /// Why, of an act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Of a navigation request that led nowhere: the exception code of the SN book's pseudo-code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<String>,
    /// Of a navigation request in a course with rules for the order of its parts: the decisions on its way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Step>,
    /// The browser had another outcome than the server; the server's is the one shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub differed: bool,
}

impl App {
    /// A page of history.
    ///
    /// # Errors
    /// When there is no such registration or attempt, or its journal cannot be read.
    pub async fn history(
        &self,
        tenant: Tenant,
        registration: RegistrationId,
        query: &HistoryQuery,
    ) -> Result<HistoryPage, AppError> {
        let (row, rows) = self.rows_of(tenant, registration).await?;
        if let Some(number) = query.attempt.filter(|number| !rows.iter().any(|row| row.number == *number)) {
            return Err(AppError::NotFound { what: "attempt", id: number.to_string() });
        }
        let mut page = Page { query, items: Vec::new(), bytes: 0, entries: 0 };
        let wanted = || rows.iter().filter(|row| query.attempt.is_none_or(|number| row.number == number));
        for attempt in wanted() {
            if query.after.is_some_and(|after| attempt.number < after.attempt) {
                continue;
            }
            let plan = self.plan(tenant, row.course, attempt.version).await?;
            let reader = Reader { tenant, attempt, learner: &row.learner.external_id, titles: titles(&plan) };
            if let Some(next) = reader.read(self, plan.edition, &mut page).await? {
                let newest = wanted().next_back().and_then(newest).filter(|newest| *newest > next);
                return Ok(page.ends(registration, Some(next), newest));
            }
        }
        Ok(page.ends(registration, None, None))
    }
}

/// Where the newest entries of an attempt begin, if others stand before them.
fn newest(attempt: &Attempt) -> Option<Cursor> {
    let before = attempt.commits.checked_sub(HISTORY_NEWEST_COMMITS).filter(|before| *before > 0)?;
    Some(Cursor::behind(attempt.number, before))
}

/// A page as it fills.
struct Page<'a> {
    query: &'a HistoryQuery,
    items: Vec<HistoryItem>,
    bytes: usize,
    /// Entries of the journal that were looked through.
    entries: usize,
}

impl Page<'_> {
    fn is_full(&self) -> bool {
        self.items.len() >= self.query.limit || self.bytes > HISTORY_PAGE_BYTES
    }

    fn ends(self, registration: RegistrationId, next: Option<Cursor>, newest: Option<Cursor>) -> HistoryPage {
        let text = |cursor: Option<Cursor>| cursor.map(|cursor| cursor.to_string());
        let registration = registration.to_string();
        HistoryPage { registration, items: self.items, next: text(next), newest: text(newest) }
    }

    fn wants(&self, item: &HistoryItem) -> bool {
        let element = |glob: &Glob| !item.element.is_empty() && glob.matches(&item.element);
        (!self.query.refused || item.effect == Effect::Refused)
            && (!self.query.navigation || item.call == word(Call::Navigate))
            && self.query.element.as_ref().is_none_or(element)
    }

    fn push(&mut self, item: HistoryItem) {
        let text = |value: &Option<String>| value.as_ref().map_or(0, String::len);
        let decisions = item.decisions.iter().map(|step| step.about.len() + step.text.len()).sum::<usize>();
        self.bytes += text(&item.old) + text(&item.new) + decisions;
        self.items.push(item);
    }
}

/// Reads one attempt's journal.
struct Reader<'a> {
    tenant: Tenant,
    attempt: &'a Attempt,
    learner: &'a str,
    /// Of activities, by their identifiers.
    titles: HashMap<&'a str, &'a str>,
}

/// What decisions are about. Only a course with rules has any.
fn titles(plan: &Plan) -> HashMap<&str, &str> {
    let ruled = plan.sequencing.as_ref().map(|_| &plan.activities);
    ruled.into_iter().flatten().map(|activity| (activity.id.as_str(), activity.title.as_str())).collect()
}

impl Reader<'_> {
    /// Adds to the page until it is full; answers where it ended then.
    async fn read(
        &self,
        app: &App,
        edition: lyceum_cmi::Edition,
        page: &mut Page<'_>,
    ) -> Result<Option<Cursor>, AppError> {
        let (tenant, id) = (self.tenant, self.attempt.id);
        let after = page.query.after.filter(|after| after.attempt == self.attempt.number);
        let (first, last) = self.span(app, page.query, after).await?;
        if first > last {
            return Ok(None);
        }
        let mut state = app.state_after(tenant, self.attempt, edition, first - 1).await?;
        let sessions = app.0.db.read(move |tx| attempts::sessions(tenant, tx, id)).await?;
        let ordinals: BTreeMap<SessionId, u32> = sessions.iter().map(|row| (row.id, row.ordinal)).collect();
        let mut read_to = first - 1;
        while read_to < last {
            let batch = app.0.db.read(move |tx| commits::list(tenant, tx, id, read_to, FOLD_BATCH)).await?;
            let gone = || AppError::Unreadable(format!("commits after {read_to} of {id} are gone"));
            read_to = batch.last().ok_or_else(gone)?.n;
            for row in batch.into_iter().filter(|row| row.n <= last) {
                let skip = after.filter(|after| after.commit == row.n).map_or(0, |after| after.items);
                let ordinal = ordinals.get(&row.session).copied().unwrap_or_default();
                if let Some(items) = self.row(&mut state, &row, ordinal, skip, page)? {
                    return Ok(Some(Cursor { attempt: self.attempt.number, commit: row.n, items }));
                }
                if page.entries >= HISTORY_PAGE_ENTRIES && row.n < last {
                    return Ok(Some(Cursor::behind(self.attempt.number, row.n)));
                }
            }
            // A long journal is no reason to keep others waiting.
            tokio::task::yield_now().await;
        }
        Ok(None)
    }

    /// The commits to look at, as far as time, commit and cursor tell.
    async fn span(
        &self,
        app: &App,
        query: &HistoryQuery,
        after: Option<Cursor>,
    ) -> Result<(u64, u64), AppError> {
        let (tenant, id, commits) = (self.tenant, self.attempt.id, self.attempt.commits);
        let (from, to) = (query.from, query.to);
        let by_time = app.0.db.read(move |tx| {
            let until = |tx: &mut lyceum_store::Tx<'_>, at| commits::last_until(tenant, tx, id, commits, at);
            let before = from.map_or(Ok(0), |from| until(tx, from.saturating_sub(1)))?;
            Ok((before + 1, to.map_or(Ok(commits), |to| until(tx, to))?))
        });
        let (mut first, mut last) = by_time.await?;
        if let Some(commit) = query.commit {
            (first, last) = (first.max(commit), last.min(commit));
        }
        Ok((first.max(after.map_or(1, |after| after.commit)), last))
    }

    /// One commit. Answers how many of its items were given out when the page is full and more are to come.
    fn row(
        &self,
        state: &mut State,
        row: &LogRow,
        ordinal: u32,
        skip: u64,
        page: &mut Page<'_>,
    ) -> Result<Option<u64>, AppError> {
        if row.entries.is_empty() {
            // Erased.
            return Ok(None);
        }
        let mut seen = 0;
        for recorded in unpack_entries(&row.entries)? {
            page.entries += 1;
            let step = step(state, &recorded, ordinal);
            for item in self.items(row, &recorded, step) {
                seen += 1;
                if seen <= skip || !page.wants(&item) {
                    continue;
                }
                if page.is_full() {
                    return Ok(Some(seen - 1));
                }
                page.push(item);
            }
        }
        Ok(None)
    }

    /// What one entry amounts to: its own line, and one for each value that changed besides.
    fn items(&self, row: &LogRow, recorded: &Recorded, step: Folded) -> Vec<HistoryItem> {
        let entry = &recorded.entry;
        let act = (entry.call == Call::Act).then(|| Act::from_value(&entry.value)).flatten();
        let user = match &act {
            Some(act) => act.by.clone(),
            // The server's own word in a session: the page had vanished.
            None if entry.seq == 0 => "lyceum".to_owned(),
            None => self.learner.to_owned(),
        };
        let sequencing = recorded.server.as_ref().map_or(&entry.sequencing, |server| &server.sequencing);
        let navigated = sequencing.as_deref().filter(|_| entry.call == Call::Navigate);
        let title = |id: &str| self.titles.get(id).copied();
        let plain = HistoryItem {
            attempt: self.attempt.number,
            commit: row.n,
            session: (row.session != NO_SESSION).then(|| row.session.to_string()),
            seq: entry.seq,
            client_time: rfc3339(entry.at),
            server_time: rfc3339(row.arrived_at),
            user,
            activity: entry.activity.clone(),
            call: act.as_ref().map_or_else(|| word(entry.call), Act::word).to_owned(),
            element: entry.element.clone(),
            old: None,
            new: None,
            effect: step.effect,
            error: step.error,
            reason: act.as_ref().map(|act| act.reason.clone()).filter(|reason| !reason.is_empty()),
            exception: navigated.and_then(|navigated| navigated.exception.clone()),
            decisions: navigated.map(|navigated| explanation::recorded(navigated, title)).unwrap_or_default(),
            differed: recorded.server.is_some(),
        };
        let changed = |change: ValueChange| HistoryItem {
            activity: change.activity,
            element: change.element,
            old: change.old,
            new: change.new,
            ..plain.clone()
        };
        let is_change_itself = entry.call == Call::Set;
        let mut changes = step.changes.into_iter().map(changed);
        if is_change_itself && let Some(change) = changes.next() {
            return vec![change];
        }
        let new = match &act {
            Some(act) => Some(act.told()),
            None => Some(entry.value.clone()).filter(|value| is_change_itself || !value.is_empty()),
        };
        let old = if is_change_itself && step.effect == Effect::Accepted { new.clone() } else { None };
        std::iter::once(HistoryItem { old, new, ..plain.clone() }).chain(changes).collect()
    }
}

/// The word of a call, as in the journal.
fn word(call: Call) -> &'static str {
    match call {
        Call::Initialize => "initialize",
        Call::Set => "set",
        Call::Get => "get",
        Call::Commit => "commit",
        Call::Terminate => "terminate",
        Call::Navigate => "navigate",
        Call::Deliver => "deliver",
        Call::Leave => "leave",
        Call::Act => "act",
    }
}
