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
use crate::journal::{unpack_entries, unpack_entry, unpack_state};
use crate::limits::FOLD_BATCH;
use crate::plan::plan;
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
    snapshot: Option<(u64, Vec<u8>)>,
    first: Vec<Packed>,
}

impl App {
    /// Rebuilds an attempt; `None` when the registration has no such attempt (yet).
    pub(crate) async fn load(&self, owner: Owner, which: Which) -> Result<Option<Live>, AppError> {
        let Some(rows) = self.0.db.read(move |tx| read_rows(owner, tx, which)).await? else {
            return Ok(None);
        };
        let mut attempts = rows.attempts;
        let is_newest = rows.at + 1 == attempts.len();
        let attempt = attempts.remove(rows.at);
        let plan = self.plan(owner.tenant, rows.registration.course, attempt.version).await?;
        let (mut folded_to, mut state) = match &rows.snapshot {
            Some((n, packed)) => (*n, unpack_state(packed)?),
            None => (0, State::new(plan.edition)),
        };
        let mut batch = rows.first;
        while folded_to < attempt.commits {
            if batch.is_empty() {
                let (id, after) = (attempt.id, folded_to);
                let read =
                    move |tx: &mut Tx<'_>| commits::entries_after(owner.tenant, tx, id, after, FOLD_BATCH);
                batch = self.0.db.read(read).await?;
            }
            folded_to = fold(&mut state, std::mem::take(&mut batch), attempt.commits)?.ok_or_else(|| {
                AppError::Unreadable(format!("commits after {folded_to} of {} are gone", attempt.id))
            })?;
            // A long journal is no reason to keep others waiting.
            tokio::task::yield_now().await;
        }
        metrics::counter!("lyceum_attempts_loaded_total").increment(1);
        Ok(Some(Live {
            owner,
            registration: rows.registration,
            attempt,
            others: attempts.into_iter().map(|other| other.summary).collect(),
            is_newest,
            plan,
            sessions: rows.sessions.into_iter().map(|row| (row.id, LiveSession::new(row))).collect(),
            engines: Engines::new(state),
        }))
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
    let snapshot = attempts::newest_snapshot(tenant, tx, id)?;
    let after = snapshot.as_ref().map_or(0, |(n, _)| *n);
    let first = commits::entries_after(tenant, tx, id, after, FOLD_BATCH)?;
    Ok(Some(Rows { registration, attempts, at, sessions, snapshot, first }))
}

/// Folds commits up to number `last`; answers the last one folded.
fn fold(state: &mut State, batch: Vec<Packed>, last: u64) -> Result<Option<u64>, AppError> {
    let mut folded = None;
    for (n, ordinal, packed) in batch.into_iter().filter(|(n, ..)| *n <= last) {
        for recorded in unpack_entries(&packed)? {
            state.apply(&recorded, ordinal);
        }
        folded = Some(n);
    }
    Ok(folded)
}
