//! `POST /scorm/progress/{topic}/`: a player's data model, or a part of it, as one commit.

use std::collections::HashSet;

use lyceum_attempt::Millis;
use lyceum_attempt::engine::Engine;
use lyceum_attempt::entry::Call;
use lyceum_store::doors::DoorCommit;
use lyceum_store::{DbError, RegistrationId, SessionId, commits, doors};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::record::{Standings, of_live};
use super::session::{Name, deliver, goes_on, leave};
use super::{Holder, values};
use crate::app::App;
use crate::commit::{Caller, Driving, TOO_LATE};
use crate::error::AppError;
use crate::journal::unpack_entries;
use crate::limits::{CONFLICT_TRIES, MAX_COMMIT_ENTRIES, MAX_NAME_BYTES, MAX_VALUE_BYTES};
use crate::live::Live;
use crate::token::Owner;

/// What a player that is not ours commits.
#[derive(Clone, Debug, Default)]
pub struct ForeignCommit {
    /// The caller's own name for the session; without one it goes on with its last one that is open, else with a new one.
    pub session: Option<String>,
    /// The caller's own number of the commit in the session: what came once is not done again, and what comes after a higher number changes only what
    /// that has not set.
    pub sequence: Option<u64>,
    /// Identifier of the activity; where the learner left the course, if `None`.
    pub activity: Option<String>,
    /// Elements and values.
    pub values: Vec<(String, String)>,
    /// The content has terminated.
    pub ends: bool,
    /// Whether a session that is opened for this asks for a new attempt.
    pub new_attempt: bool,
    /// When the visit began and when it was over, where that was long before it is told.
    pub span: Option<(Millis, Millis)>,
}

/// A value that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedValue {
    /// Element.
    pub element: String,
    /// The standard's error code, or 9002 for a value that came too late.
    pub code: u16,
    /// Why.
    pub message: String,
}

/// What became of a commit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DoorAnswer {
    /// Where the learner stands.
    #[serde(flatten)]
    pub standings: Standings,
    /// Number of the commit, the caller's or ours.
    pub sequence: u64,
    /// It had come before, and changed nothing this time.
    pub repeated: bool,
    /// Values that were set.
    pub accepted: usize,
    /// Values that were refused; they stand in the journal.
    pub refused: Vec<RefusedValue>,
    /// Elements that the LMS alone sets.
    pub ignored: Vec<String>,
    /// A session token for the registration: for pages and beacons, where a key does not belong.
    pub token: String,
}

/// What the values came to.
#[derive(Default)]
struct Done {
    accepted: usize,
    refused: Vec<RefusedValue>,
    ignored: Vec<String>,
}

impl ForeignCommit {
    pub(super) fn check(&self) -> Result<usize, AppError> {
        let within = |what, found: usize, limit: usize, unit| match found > limit {
            true => Err(AppError::TooLarge { what, found: found as u64, limit: limit as u64, unit }),
            false => Ok(()),
        };
        within("the commit", self.values.len(), MAX_COMMIT_ENTRIES, "values")?;
        for (element, value) in &self.values {
            within("an element's name", element.len(), MAX_NAME_BYTES, "bytes")?;
            within("a value", value.len(), MAX_VALUE_BYTES, "bytes")?;
        }
        within("an activity's name", self.activity.as_ref().map_or(0, String::len), MAX_NAME_BYTES, "bytes")?;
        if self.sequence.is_some_and(|sequence| sequence > i64::MAX as u64) {
            return Err(AppError::Malformed("a sequence is a whole number from 0".to_owned()));
        }
        Ok(self.values.iter().map(|(element, value)| element.len() + value.len()).sum())
    }

    fn digest(&self) -> [u8; 32] {
        let said = (&self.values, self.ends, &self.activity);
        Sha256::digest(serde_json::to_vec(&said).unwrap_or_default()).into()
    }
}

impl App {
    /// Takes what a player that is not ours commits. When this answers, it is on disk.
    ///
    /// # Errors
    /// When the registration is out of the holder's reach, something is over a limit, the activity cannot be opened, or the database is in
    /// trouble. Repeating does no harm.
    pub async fn commit_at_door(
        &self,
        holder: &Holder,
        registration: RegistrationId,
        commit: &ForeignCommit,
        from: &Caller,
    ) -> Result<DoorAnswer, AppError> {
        let (bytes, now) = (commit.check()?, self.now());
        self.registration_within_reach(holder, registration).await?;
        self.0.flood.take(registration, bytes, now)?;
        let (owner, name) =
            (Owner { tenant: holder.tenant(), registration }, Name::new(commit.session.as_deref())?);
        let mut retries = self.retries();
        loop {
            match self.commit_at_door_once(owner, &name, commit, (from, now)).await {
                Err(e) if retries.again(&e).await => {}
                done => return done,
            }
        }
    }

    async fn commit_at_door_once(
        &self,
        owner: Owner,
        name: &Name,
        commit: &ForeignCommit,
        (from, now): (&Caller, Millis),
    ) -> Result<DoorAnswer, AppError> {
        // What pages sent while the database was away came before this.
        self.drain(owner).await?;
        let slot = self.0.live.slot(owner.registration, now);
        let mut place = slot.lock().await;
        for _ in 0..CONFLICT_TRIES {
            let stands = self.find_door(owner, name).await?;
            let Some(live) = self.live_at_door(owner, place.take(), stands, now).await? else { continue };
            match self
                .commit_on(live, stands.found.map(|(_, session)| session), name, commit, (from, now))
                .await
            {
                Ok((live, answer)) => {
                    slot.weigh(&live);
                    *place = live.is_newest.then_some(live);
                    return Ok(answer);
                }
                Err(AppError::Database(DbError::Conflict)) => {}
                Err(e) => return Err(e),
            }
        }
        Err(DbError::Conflict.into())
    }

    async fn commit_on(
        &self,
        mut live: Live,
        found: Option<SessionId>,
        name: &Name,
        commit: &ForeignCommit,
        at: (&Caller, Millis),
    ) -> Result<(Live, DoorAnswer), AppError> {
        let (digest, tenant) = (commit.digest(), live.owner.tenant);
        let mut open = None;
        let mut known: Vec<DoorCommit> = Vec::new();
        if let Some(session) = found {
            let sequence = commit.sequence;
            let read = self.0.db.read(move |tx| match sequence {
                Some(from) => doors::commits_from(tenant, tx, session, from),
                None => Ok(doors::last_commit(tenant, tx, session)?.into_iter().collect()),
            });
            known = read.await?;
            let again = known.first().filter(|first| match commit.sequence {
                Some(sequence) => first.sequence == sequence,
                None => first.digest == digest,
            });
            if let Some(again) = again {
                let answer = self.answer(&live, name.shown(session), again.sequence, true, Done::default());
                return Ok((live, answer));
            }
            open = Some(session).filter(|session| {
                live.sessions.get(session).is_some_and(|of| goes_on(&live, of, name, at.1))
            });
        }
        let session = match open {
            Some(session) => session,
            None => {
                known.clear();
                let opened = self.open_door(live, name, commit.new_attempt, at.1).await?;
                live = opened.0;
                opened.1
            }
        };
        let next = known.last().map_or(1, |last| last.sequence.saturating_add(1));
        let sequence = commit.sequence.unwrap_or(next);
        let later = if commit.sequence.is_some() { self.set_by(&live, session, &known).await? } else { None };
        // What comes late was known before the last entry, and is no later sign of life: the visit lasts no longer by it.
        let ordinal = live.session(session)?.row.ordinal;
        let last = live.engines.state().sessions().get(&ordinal).map_or(at.1, |of| of.last.min(at.1));
        let drive = |engine: &mut Engine| match &later {
            None => in_order(engine, commit, at.1),
            Some(later) => late(engine, commit, later, last),
        };
        let seen = if later.is_some() { last } else { at.1 };
        let driving = Driving { session, from: at.0, now: at.1, seen };
        let done = self.drive(&mut live, driving, Some((sequence, digest)), drive).await?;
        let answer = self.answer(&live, name.shown(session), sequence, false, done);
        Ok((live, answer))
    }

    /// What commits with higher numbers have set; `None` where there is none.
    async fn set_by(
        &self,
        live: &Live,
        session: SessionId,
        later: &[DoorCommit],
    ) -> Result<Option<HashSet<(String, String)>>, AppError> {
        if later.is_empty() {
            return Ok(None);
        }
        let (tenant, attempt) = (live.owner.tenant, live.attempt.id);
        let is_of_later = |seq: u64| later.iter().any(|of| (of.entries.0..=of.entries.1).contains(&seq));
        let from = later.iter().map(|of| of.entries.0).min().unwrap_or(1);
        let to = later.iter().map(|of| of.entries.1).max().unwrap_or(0);
        let read =
            self.0.db.read(move |tx| commits::entries_within(tenant, tx, (attempt, session), 0, (from, to)));
        let mut set = HashSet::new();
        for packed in read.await? {
            let entries = unpack_entries(&packed)?.into_iter().map(|recorded| recorded.entry);
            let counts = entries.filter(|e| e.call == Call::Set && e.error == 0 && is_of_later(e.seq));
            set.extend(counts.map(|e| (e.activity, e.element)));
        }
        Ok(Some(set))
    }

    fn answer(&self, live: &Live, session: String, sequence: u64, repeated: bool, done: Done) -> DoorAnswer {
        DoorAnswer {
            standings: of_live(live, Some(session)),
            sequence,
            repeated,
            accepted: done.accepted,
            refused: done.refused,
            ignored: done.ignored,
            token: self.token_of(live.owner),
        }
    }
}

/// The values as the content would set them now.
fn in_order(engine: &mut Engine, commit: &ForeignCommit, now: Millis) -> Result<Done, AppError> {
    let (now, end) = commit.span.unwrap_or((now, now));
    deliver(engine, commit.activity.as_deref(), now)?;
    let activity = engine.delivered().unwrap_or_default().to_owned();
    let is_initialized = engine.state().activity(&activity).and_then(|known| known.visits().last());
    if is_initialized.is_none_or(|visit| visit.initialized.is_none()) {
        engine.initialize("", now);
    }
    let done = each(engine, commit, &activity, now, |engine, element, value| {
        engine.set_value(element, value, now).error
    });
    engine.commit("", end);
    if commit.ends && engine.terminate("", end).error == 0 {
        leave(engine, end);
    } else if commit.span.is_some() {
        engine.navigate("suspendAll", end);
        engine.leave(end);
    }
    Ok(done)
}

/// The values of a commit that others with higher numbers have overtaken: only what these have not set.
fn late(
    engine: &mut Engine,
    commit: &ForeignCommit,
    later: &HashSet<(String, String)>,
    now: Millis,
) -> Result<Done, AppError> {
    let place = commit.activity.as_deref().or(engine.delivered()).or(engine.state().current());
    let activity = place.unwrap_or_default().to_owned();
    let done = each(engine, commit, &activity, now, |engine, element, value| {
        if later.contains(&(activity.clone(), element.to_owned())) {
            engine.refuse(&activity, element, value, TOO_LATE, now);
            return TOO_LATE;
        }
        engine.set_late(&activity, element, value, now).error
    });
    engine.settle_late(&activity, now);
    Ok(done)
}

fn each(
    engine: &mut Engine,
    commit: &ForeignCommit,
    activity: &str,
    now: Millis,
    set: impl Fn(&mut Engine, &str, &str) -> u16,
) -> Done {
    let (edition, mut done) = (engine.plan().edition, Done::default());
    for (element, value) in values::ordered(&commit.values) {
        if values::is_lms_own(edition, element) {
            done.ignored.push(element.to_owned());
            continue;
        }
        if values::is_known(engine, activity, element, value, now) {
            continue;
        }
        match set(engine, element, value) {
            0 => done.accepted += 1,
            TOO_LATE => done.refused.push(RefusedValue {
                element: element.to_owned(),
                code: TOO_LATE,
                message: "a commit with a higher number has set it already".to_owned(),
            }),
            code => done.refused.push(RefusedValue {
                element: element.to_owned(),
                code,
                message: why(engine, code),
            }),
        }
    }
    done
}

/// What the engine says of the refusal; of one that came late it knows the code alone.
fn why(engine: &Engine, code: u16) -> String {
    let code = code.to_string();
    let said = if engine.last_error().to_string() == code { engine.diagnostic("") } else { String::new() };
    if said.is_empty() { engine.error_string(&code) } else { said }
}
