//! An attempt in memory: the state folded from its journal, and the engines of its open sessions.
//!
//! A [`Live`] is taken out of its slot while something is computed on it, and put back only when the database has
//! acknowledged the result. Whoever fails, panics or is cancelled in between thereby drops it, and the next one rebuilds it
//! from disk: what is in memory is never ahead of what is stored.

mod cache;
mod engines;
mod load;
mod session;

use std::collections::BTreeMap;
use std::sync::Arc;

use lyceum_attempt::engine::Engine;
use lyceum_attempt::plan::Plan;
use lyceum_attempt::rollup;
use lyceum_attempt::settings::Settings;
use lyceum_attempt::state::State;
use lyceum_attempt::summary::Summary;
use lyceum_store::SessionId;
use lyceum_store::attempts::Attempt;
use lyceum_store::commits::Change;
use lyceum_store::registrations::Registration;

pub(crate) use cache::Cache;
pub(crate) use engines::Engines;
pub(crate) use load::{Which, fold};
pub(crate) use session::{LiveSession, Waiting};

use crate::error::AppError;
use crate::shared::Shared;
use crate::token::Owner;

/// One attempt of a registration.
pub(crate) struct Live {
    pub(crate) owner: Owner,
    /// The row as of its revision.
    pub(crate) registration: Registration,
    pub(crate) attempt: Attempt,
    /// Summaries of the registration's other attempts, the first one first.
    pub(crate) others: Vec<Summary>,
    /// No newer attempt has begun.
    pub(crate) is_newest: bool,
    pub(crate) plan: Arc<Plan>,
    pub(crate) sessions: BTreeMap<SessionId, LiveSession>,
    pub(crate) engines: Engines,
    /// What the learner's courses share, as the attempt knew it when its last change was stored.
    pub(crate) shared: Shared,
}

/// The part of an opening by which an attempt is judged.
#[derive(Default, serde::Deserialize)]
pub(crate) struct Judged {
    pub(crate) settings: Settings,
    #[serde(default)]
    pub(crate) before: Option<Summary>,
}

impl Live {
    /// A newer session has been opened: two tabs, or a tab that was thought dead.
    pub(crate) fn is_superseded(&self, session: &LiveSession) -> bool {
        !self.is_newest || self.is_overtaken(session)
    }

    /// In its own attempt: by a newer session, or by a rollback.
    pub(crate) fn is_overtaken(&self, session: &LiveSession) -> bool {
        let ordinal = session.row.ordinal;
        ordinal < self.attempt.sessions || ordinal < self.attempt.session_floor
    }

    /// A person has rolled the attempt back or begun another one while the session ran.
    pub(crate) fn is_corrected(&self, session: &LiveSession) -> bool {
        !self.is_newest || session.row.ordinal < self.attempt.session_floor
    }

    /// What the learner's courses share, as far as the attempt knows it and its newest session was opened with it.
    pub(crate) fn known_of_shared(&self) -> Shared {
        if self.plan.sequencing.is_none() {
            return Shared::default();
        }
        // What sessions that do not count were told is not the attempt's to tell.
        let newest = self.counted_sessions().max_by_key(|session| session.row.ordinal);
        // That of an erased attempt cannot be read any more.
        let opening = newest.and_then(|session| session.opening().ok());
        Shared::with_opening(&self.plan, self.engines.state(), opening.as_ref())
    }

    /// One of the attempt's sessions.
    pub(crate) fn session(&self, id: SessionId) -> Result<&LiveSession, AppError> {
        self.sessions.get(&id).ok_or_else(|| AppError::UnknownSession(id.to_string()))
    }

    /// Its engine, with the attempt's present state.
    pub(crate) fn engine(&mut self, session: SessionId) -> Result<&mut Engine, AppError> {
        let of = self.sessions.get(&session).ok_or_else(|| AppError::UnknownSession(session.to_string()))?;
        self.engines.of(session, &self.plan, || of.opening())
    }

    /// Where the attempt stands, by the settings of its newest session that counts.
    pub(crate) fn summary(&self) -> Summary {
        let unread = Judged::default();
        let newest = self.newest_opening().unwrap_or(&unread);
        rollup::course(&self.plan, &newest.settings, newest.before.as_ref(), self.engines.state())
    }

    /// Where it stands by what its content says, whatever a person has set.
    pub(crate) fn summary_of_content(&self) -> Summary {
        let unread = Judged::default();
        let newest = self.newest_opening().unwrap_or(&unread);
        rollup::of_content(&self.plan, &newest.settings, newest.before.as_ref(), self.engines.state())
    }

    /// All but those that were opened to browse, to review or without credit.
    fn counted_sessions(&self) -> impl Iterator<Item = &LiveSession> {
        let counts = |of: &&LiveSession| of.judged.as_ref().is_none_or(|judged| judged.settings.counts());
        self.sessions.values().filter(counts)
    }

    /// What is asked of the opening of the newest session that counts. Where the attempt was rolled back, sessions that ran meanwhile have nothing
    /// to say: then it is the newest one that the state goes back to.
    pub(crate) fn newest_opening(&self) -> Option<&Judged> {
        let state = self.engines.state();
        let visits = || state.activities().values().flat_map(|activity| activity.visits());
        let newest = self.counted_sessions().max_by_key(|session| session.row.ordinal);
        let newest = newest.or_else(|| self.sessions.values().max_by_key(|session| session.row.ordinal))?;
        let of = if newest.row.ordinal >= state.floor() {
            newest
        } else {
            let ordinal = visits().map(|visit| visit.session).max()?;
            self.sessions.values().find(|session| session.row.ordinal == ordinal)?
        };
        of.judged.as_ref()
    }

    /// Where the registration stands when its current attempt stands at `current`: status and score of the newest attempt,
    /// time and access of all.
    pub(crate) fn registration_summary(&self, current: &Summary) -> Summary {
        let newest = if self.is_newest { current } else { self.others.last().unwrap_or(current) };
        together(self.others.iter().chain([current]), newest)
    }

    /// Follows what the database has acknowledged.
    pub(crate) fn settle(&mut self, change: Change) {
        self.registration.revision += 1;
        self.attempt.ended_at = change.attempt_ended_at;
        self.attempt.journal_bytes += change.bytes();
        if let Some(row) = change.log {
            self.registration.chain_length = row.link;
            self.registration.chain_head = row.hash;
            self.attempt.commits = row.n;
            match &change.snapshot {
                Some(state) => {
                    self.attempt.unsnapped_bytes = 0;
                    self.attempt.snapshot_bytes = state.len() as u64;
                }
                None => self.attempt.unsnapped_bytes += row.entries.len() as u64,
            }
        }
        self.attempt.session_floor = change.session_floor;
        self.attempt.completed_at = change.completed_at;
        self.attempt.satisfied_at = change.satisfied_at;
        self.attempt.summary = change.attempt_summary;
        self.registration.summary = change.registration_summary;
        if !change.shared.is_empty() {
            self.shared = self.known_of_shared();
        }
        if let Some(update) = &change.session
            && let Some(session) = self.sessions.get_mut(&update.id)
        {
            session.settle(update);
        }
    }

    /// A measure of the memory it takes, in bytes of stored form.
    pub(crate) fn weight(&self) -> u64 {
        const LEAST: u64 = 8 << 10;
        LEAST + self.attempt.snapshot_bytes + self.attempt.unsnapped_bytes
    }
}

/// Where an attempt in this state stands, by what one of its sessions was opened with.
pub(crate) fn judge(plan: &Plan, opening: Option<&str>, state: &State) -> Summary {
    let opening: Judged = opening.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    rollup::course(plan, &opening.settings, opening.before.as_ref(), state)
}

/// What a registration's attempts come to: status and score of the newest one, time and access of all.
pub(crate) fn together<'a>(all: impl Iterator<Item = &'a Summary> + Clone, newest: &Summary) -> Summary {
    let mut summary = newest.clone();
    summary.total_time = all.clone().map(|s| s.total_time).fold(0, u64::saturating_add);
    summary.measured_time = all.clone().map(|s| s.measured_time).fold(0, u64::saturating_add);
    summary.first_access = all.clone().filter_map(|s| s.first_access).min();
    summary.last_access = all.filter_map(|s| s.last_access).max();
    summary
}
