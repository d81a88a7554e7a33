//! From disk to memory: the newest snapshot, and every later commit folded in by its recorded outcome.

use std::sync::Arc;

use lyceum_attempt::plan::Plan;
use lyceum_attempt::state::State;
use lyceum_package::Course;
use lyceum_store::attempts::{Attempt, Session};
use lyceum_store::registrations::Registration;
use lyceum_store::{
    AttemptId, CourseId, DbError, SessionId, Tenant, Tx, attempts, commits, courses, registrations,
};

use super::session::{Waiting, holes};
use super::{Engines, Live, LiveSession};
use crate::app::App;
use crate::error::{AccessError, AppError};
use crate::journal::{unpack_entries, unpack_entry};
use crate::plan::plan;
use crate::shared::Shared;
use crate::token::Owner;

/// Which attempt of a registration.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which {
    /// The newest one.
    Newest,
    /// This one.
    Attempt(AttemptId),
}

/// Packed entries of one commit: its number, its session's ordinal, the entries.
type Packed = (u64, u32, Vec<u8>);

/// The rows of an attempt at one moment.
struct Rows {
    registration: Registration,
    attempts: Vec<Attempt>,
    /// Which of them.
    at: usize,
    sessions: Vec<Session>,
}

impl App {
    /// Rebuilds an attempt as it stood after one of its commits.
    pub(crate) async fn load_after(
        &self,
        owner: Owner,
        id: AttemptId,
        n: u64,
    ) -> Result<Option<Live>, AppError> {
        self.rebuild(owner, Which::Attempt(id), Some(n)).await
    }

    /// Rebuilds an attempt; `None` when the registration has no such attempt (yet).
    pub(crate) async fn load(&self, owner: Owner, which: Which) -> Result<Option<Live>, AppError> {
        self.rebuild(owner, which, None).await
    }

    async fn rebuild(&self, owner: Owner, which: Which, to: Option<u64>) -> Result<Option<Live>, AppError> {
        let Some(rows) = self.0.db.read(move |tx| read_rows(owner, tx, which)).await? else {
            return Ok(None);
        };
        let mut attempts = rows.attempts;
        let is_newest = rows.at + 1 == attempts.len();
        let attempt = attempts.remove(rows.at);
        let plan = self.plan(owner.tenant, rows.registration.course, attempt.version).await?;
        // Rows are only ever added: what is read after the attempt's row holds all commits that this counts.
        let state =
            self.state_after(owner.tenant, &attempt, plan.edition, to.unwrap_or(attempt.commits)).await?;
        metrics::counter!("lyceum_attempts_loaded_total").increment(1);
        let mut live = Live {
            owner,
            registration: rows.registration,
            attempt,
            others: attempts.into_iter().map(|other| other.summary).collect(),
            is_newest,
            plan,
            sessions: rows.sessions.into_iter().map(|row| (row.id, LiveSession::new(row))).collect(),
            engines: Engines::new(state),
            shared: Shared::default(),
        };
        // Everything up to here was told when it was stored.
        live.shared = live.known_of_shared();
        Ok(Some(live))
    }

    /// The plan of a course version, made once.
    pub(crate) async fn plan(
        &self,
        tenant: Tenant,
        course: CourseId,
        version: u32,
    ) -> Result<Arc<Plan>, AppError> {
        if let Some(plan) = self.0.plans.get(&(tenant, course, version)) {
            return Ok(plan);
        }
        let row = self.0.db.read(move |tx| courses::version(tenant, tx, course, version)).await?;
        let row = row.ok_or(AppError::Access(AccessError::Gone))?;
        let unreadable =
            |why: String| AppError::Unreadable(format!("course {course} version {version}: {why}"));
        let model: Course = serde_json::from_str(&row.model).map_err(|e| unreadable(e.to_string()))?;
        let plan = plan(&model).ok_or_else(|| unreadable("its standard has no run-time API".to_owned()))?;
        let plan = Arc::new(plan);
        self.0.plans.insert((tenant, course, version), Arc::clone(&plan));
        Ok(plan)
    }

    /// What waits in a session, read once.
    pub(crate) async fn read_waiting(&self, live: &mut Live, session: SessionId) -> Result<(), AppError> {
        let (tenant, attempt) = (live.owner.tenant, live.attempt.id);
        let Some(of) = live.sessions.get_mut(&session).filter(|s| s.waiting.is_none()) else { return Ok(()) };
        let (durable, executed) = (of.row.durable_to, of.row.executed_to);
        let read = self.0.db.read(move |tx| {
            let pending = commits::pending(tenant, tx, session)?;
            // Only a session that ended with a gap has numbers between the two.
            let passed = if durable < executed {
                commits::entries_within(tenant, tx, (attempt, session), 0, (durable + 1, executed))?
            } else {
                Vec::new()
            };
            Ok((pending, passed))
        });
        let (pending, passed) = read.await?;
        let pending = pending.into_iter().map(|(seq, packed)| Ok((seq, unpack_entry(&packed)?)));
        let mut present = Vec::new();
        for packed in passed {
            present.extend(unpack_entries(&packed)?.into_iter().map(|recorded| recorded.entry.seq));
        }
        of.waiting = Some(Waiting {
            pending: pending.collect::<Result<_, AppError>>()?,
            holes: holes(durable, executed, present),
        });
        Ok(())
    }
}

fn read_rows(owner: Owner, tx: &mut Tx<'_>, which: Which) -> Result<Option<Rows>, DbError> {
    let tenant = owner.tenant;
    let Some(registration) = registrations::find(tenant, tx, owner.registration)? else { return Ok(None) };
    let attempts = attempts::list(tenant, tx, owner.registration)?;
    let at = match which {
        Which::Newest => attempts.len().checked_sub(1),
        Which::Attempt(id) => attempts.iter().position(|attempt| attempt.id == id),
    };
    let Some(at) = at else { return Ok(None) };
    let id = attempts[at].id;
    let sessions = attempts::sessions(tenant, tx, id)?;
    Ok(Some(Rows { registration, attempts, at, sessions }))
}

/// Folds commits up to number `last`; answers the last one folded.
pub(crate) fn fold(state: &mut State, batch: Vec<Packed>, last: u64) -> Result<Option<u64>, AppError> {
    let mut folded = None;
    for (n, ordinal, packed) in batch.into_iter().filter(|(n, ..)| *n <= last) {
        // An erased commit has no contents.
        let entries = if packed.is_empty() { Vec::new() } else { unpack_entries(&packed)? };
        for recorded in entries {
            state.apply(&recorded, ordinal);
        }
        folded = Some(n);
    }
    Ok(folded)
}
