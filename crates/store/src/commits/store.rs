//! Storing a change. What does not need an answer first is sent together: one round trip to a server, not one for each statement.

use super::{Change, LogRow, SessionUpdate, add_disputed, add_pending, drop_pending};
use crate::attempts::snapshot_step;
use crate::error::DbError;
use crate::id::{AttemptId, SessionId, Tenant};
use crate::shared;
use crate::summary;
use crate::tx::{Step, Tx};

/// Stores a change: all of it, or nothing.
///
/// # Errors
/// [`DbError::Conflict`] when the registration has changed since [`Change::revision`].
pub fn store(tenant: Tenant, tx: &mut Tx<'_>, change: &Change) -> Result<(), DbError> {
    tx.exec_all(&steps(tenant, change))
}

/// All that a change does.
pub(super) fn steps(tenant: Tenant, change: &Change) -> Vec<Step<'_>> {
    // The registration first: whoever holds its row has the turn.
    let mut steps = vec![registration_step(tenant, change), attempt_step(tenant, change)];
    steps.extend(change.session.as_ref().map(|session| session_step(tenant, session)));
    if let Some(row) = &change.log {
        steps.push(row_step(tenant, &change.attempt, row));
        let state = change.snapshot.as_ref();
        steps.extend(state.map(|state| snapshot_step(tenant, &change.attempt, row.n, state, change.now)));
    }
    if let Some(session) = &change.session {
        steps.extend(steps_aside(tenant, change, &session.id));
    }
    let shared = change.shared.iter();
    steps.extend(shared.map(|shared| shared::put_step(tenant, &change.registration, shared, change.now)));
    steps
}

/// What is no part of the state: entries past a gap, and entries under numbers that were taken.
fn steps_aside<'p>(
    tenant: Tenant,
    change: &'p Change,
    session: &'p SessionId,
) -> impl Iterator<Item = Step<'p>> {
    let add = change
        .add_pending
        .iter()
        .map(move |(seq, entry)| add_pending(tenant, session, *seq, entry, change.now));
    let drop = change.drop_pending_to.map(|to| drop_pending(tenant, session, to));
    let disputed = change
        .disputed
        .iter()
        .map(move |(seq, entry)| add_disputed(tenant, session, *seq, entry, change.now));
    add.chain(drop).chain(disputed)
}

fn registration_step(tenant: Tenant, change: &Change) -> Step<'_> {
    let head = change.log.as_ref().map(|row| &row.hash);
    let mut params = vec![
        tenant.0.into(),
        (&change.registration).into(),
        change.revision.into(),
        head.map(<[u8; 32]>::as_slice).into(),
    ];
    params.extend(summary::params(&change.registration_summary));
    let sql = "UPDATE registration SET revision = revision + 1,
             chain_length = chain_length + CASE WHEN $4 IS NULL THEN 0 ELSE 1 END, chain_head = COALESCE($4, chain_head),
             completion = $5, success = $6, score_scaled = $7, score_raw = $8, score_min = $9, score_max = $10,
             progress = $11, total_time = $12, measured_time = $13, first_access = $14, last_access = $15, overridden = $16
         WHERE tenant = $1 AND id = $2 AND revision = $3";
    Step { sql, params, of_one: true }
}

fn attempt_step(tenant: Tenant, change: &Change) -> Step<'_> {
    let unsnapped = change.log.as_ref().map_or(0, |row| row.entries.len() as u64);
    let mut params = vec![
        tenant.0.into(),
        (&change.attempt).into(),
        i64::from(change.log.is_some()).into(),
        change.bytes().into(),
        change.snapshot.as_ref().map(|state| state.len() as u64).into(),
        change.attempt_ended_at.into(),
    ];
    params.extend(summary::params(&change.attempt_summary));
    params.push(unsnapped.into());
    params.push(change.session_floor.into());
    params.push(change.completed_at.into());
    params.push(change.satisfied_at.into());
    let sql = "UPDATE attempt SET commits = commits + $3, journal_bytes = journal_bytes + $4,
             unsnapped_bytes = CASE WHEN $5 IS NULL THEN unsnapped_bytes + $19 ELSE 0 END,
             snapshot_bytes = COALESCE($5, snapshot_bytes), ended_at = $6,
             completion = $7, success = $8, score_scaled = $9, score_raw = $10, score_min = $11, score_max = $12,
             progress = $13, total_time = $14, measured_time = $15, first_access = $16, last_access = $17, overridden = $18,
             session_floor = $20, completed_at = $21, satisfied_at = $22
         WHERE tenant = $1 AND id = $2";
    Step { sql, params, of_one: true }
}

fn session_step(tenant: Tenant, session: &SessionUpdate) -> Step<'_> {
    let (ended_at, ended_by) = session.ended.map_or((None, None), |(at, by)| (Some(at), Some(by.word())));
    let sql = "UPDATE session SET last_seen_at = CASE WHEN last_seen_at > $3 THEN last_seen_at ELSE $3 END, durable_to = $4,
             executed_to = $5, ended_at = $6, ended_by = $7
         WHERE tenant = $1 AND id = $2";
    let params = vec![
        tenant.0.into(),
        (&session.id).into(),
        session.last_seen_at.into(),
        session.durable_to.into(),
        session.executed_to.into(),
        ended_at.into(),
        ended_by.into(),
    ];
    Step { sql, params, of_one: true }
}

pub(crate) fn insert_row(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    attempt: AttemptId,
    row: &LogRow,
) -> Result<(), DbError> {
    tx.exec_all(&[row_step(tenant, &attempt, row)])
}

fn row_step<'p>(tenant: Tenant, attempt: &'p AttemptId, row: &'p LogRow) -> Step<'p> {
    let sql = "INSERT INTO commit_log (tenant, attempt_id, n, session_id, link, from_seq, to_seq, entry_count, differences,
             arrived_at, client_clock, ip, user_agent, entries, state_hash, client_state_hash, salt, entries_digest,
             origin_digest, previous_hash, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    let params = vec![
        tenant.0.into(),
        attempt.into(),
        row.n.into(),
        (&row.session).into(),
        row.link.into(),
        row.from_seq.into(),
        row.to_seq.into(),
        row.entry_count.into(),
        row.differences.into(),
        row.arrived_at.into(),
        row.client_clock.into(),
        row.ip.as_ref().into(),
        row.user_agent.as_ref().into(),
        row.entries.as_slice().into(),
        (&row.state_hash).into(),
        row.client_state_hash.as_ref().map(<[u8; 8]>::as_slice).into(),
        row.salt.as_ref().map(<[u8; 16]>::as_slice).into(),
        (&row.entries_digest).into(),
        (&row.origin_digest).into(),
        (&row.previous_hash).into(),
        (&row.hash).into(),
    ];
    Step { sql, params, of_one: true }
}
