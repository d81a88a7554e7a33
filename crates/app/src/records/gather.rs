//! What an export tells of a registration, read in one go: the rows of one moment.

use lyceum_store::attempts::{Attempt, Session};
use lyceum_store::commits::{LogRow, NO_SESSION};
use lyceum_store::heads::Head;
use lyceum_store::registrations::Registration;
use lyceum_store::{
    Answer, DbError, RegistrationId, SessionId, Tenant, Tx, attempts, commits, heads, registrations,
};

use super::export::Scope;
use crate::app::App;
use crate::error::AppError;
use crate::limits::FOLD_BATCH;

/// A registration with what belongs to a scope of it.
pub(super) struct Gathered {
    pub(super) registration: Registration,
    pub(super) signed: Vec<Head>,
    /// Attempts begun, those outside of the scope too.
    pub(super) begun: usize,
    pub(super) attempts: Vec<AttemptRows>,
}

/// An attempt with its rows.
pub(super) struct AttemptRows {
    pub(super) attempt: Attempt,
    pub(super) sessions: Vec<Session>,
    /// Packed entries that are no part of the journal: pending or disputed.
    pub(super) aside: Vec<(SessionId, &'static str, Vec<u8>)>,
    /// The log's first [`FOLD_BATCH`] rows. Those of a long one that follow are to be read as they are needed, up to the number
    /// of commits that the attempt says it has: later ones came meanwhile.
    pub(super) log: Vec<LogRow>,
    /// Rows past that number, at most [`FOLD_BATCH`]. There are none, unless somebody has put them there.
    pub(super) surplus: Vec<LogRow>,
}

/// The ordinal of a commit's session; the server's own acts have none, and come as its zeroth. `None` when it is gone.
pub(super) fn ordinal(sessions: &[Session], session: SessionId) -> Option<u32> {
    if session == NO_SESSION {
        return Some(0);
    }
    sessions.iter().find(|row| row.id == session).map(|row| row.ordinal)
}

impl App {
    /// Begins to read a registration; `None` when there is none.
    pub(super) fn gather(
        &self,
        tenant: Tenant,
        scope: &Scope,
        id: RegistrationId,
    ) -> Answer<Option<Gathered>> {
        let scope = scope.clone();
        self.0.db.read(move |tx| gather(tenant, tx, &scope, id))
    }

    /// The rows that follow on commit `after`; none at the end.
    pub(super) async fn log_after(
        &self,
        tenant: Tenant,
        attempt: &Attempt,
        after: u64,
    ) -> Result<Vec<LogRow>, AppError> {
        let (id, commits) = (attempt.id, attempt.commits);
        if after >= commits {
            return Ok(Vec::new());
        }
        let mut rows = self.0.db.read(move |tx| commits::list(tenant, tx, id, after, FOLD_BATCH)).await?;
        rows.retain(|row| row.n <= commits);
        Ok(rows)
    }
}

fn gather(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: RegistrationId,
) -> Result<Option<Gathered>, DbError> {
    let Some(registration) = registrations::find(tenant, tx, id)? else { return Ok(None) };
    let signed = heads::list(tenant, tx, id)?;
    let begun = attempts::list(tenant, tx, id)?;
    let count = begun.len();
    let wanted = begun.into_iter().filter(|attempt| scope.has(attempt));
    let attempts = wanted.map(|attempt| rows(tenant, tx, attempt)).collect::<Result<_, _>>()?;
    Ok(Some(Gathered { registration, signed, begun: count, attempts }))
}

fn rows(tenant: Tenant, tx: &mut Tx<'_>, attempt: Attempt) -> Result<AttemptRows, DbError> {
    let sessions = attempts::sessions(tenant, tx, attempt.id)?;
    let mut aside = Vec::new();
    for session in sessions.iter().map(|session| session.id) {
        let pending = commits::pending(tenant, tx, session)?;
        aside.extend(pending.into_iter().map(|(_, entry)| (session, "pending", entry)));
        let disputed = commits::disputed(tenant, tx, session)?;
        aside.extend(disputed.into_iter().map(|(_, entry)| (session, "disputed", entry)));
    }
    let mut log = commits::list(tenant, tx, attempt.id, 0, FOLD_BATCH)?;
    let is_whole = log.len() < FOLD_BATCH as usize;
    let mut surplus = log.split_off(log.partition_point(|row| row.n <= attempt.commits));
    if !is_whole {
        surplus = commits::list(tenant, tx, attempt.id, attempt.commits, FOLD_BATCH)?;
    }
    Ok(AttemptRows { attempt, sessions, aside, log, surplus })
}
