//! Whole registrations: named in bulk, taken over from an export, and erased.

use crate::attempts::{Attempt, EndedBy, Session, insert_snapshot};
use crate::commits::{LogRow, insert_row};
use crate::error::DbError;
use crate::id::{AttemptId, CourseId, LearnerId, RegistrationId, Tenant};
use crate::registrations::Registration;
use crate::shared;
use crate::summary;
use crate::tx::Tx;
use crate::value::Param;

/// The learner that callers know by this name.
///
/// # Errors
/// When the database fails.
pub fn find_learner(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    external_id: &str,
) -> Result<Option<LearnerId>, DbError> {
    tx.first(
        "SELECT id FROM learner WHERE tenant = $1 AND external_id = $2",
        &[tenant.0.into(), external_id.into()],
        |row| Ok(LearnerId::from_bytes(row.bytes(0)?)),
    )
}

/// A page of registrations' ids in their order, after `after`: all, of one learner, or of one course.
///
/// # Errors
/// When the database fails.
pub fn ids(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    (learner, course): (Option<LearnerId>, Option<CourseId>),
    after: Option<RegistrationId>,
    limit: u32,
) -> Result<Vec<RegistrationId>, DbError> {
    let after = after.unwrap_or(RegistrationId::from_bytes([0; 16]));
    let read = |row: &crate::value::Row<'_>| Ok(RegistrationId::from_bytes(row.bytes(0)?));
    match (learner, course) {
        (Some(learner), _) => tx.query(
            "SELECT id FROM registration WHERE tenant = $1 AND learner_id = $2 AND id > $3 ORDER BY id LIMIT $4",
            &[tenant.0.into(), (&learner).into(), (&after).into(), limit.into()],
            read,
        ),
        (None, Some(course)) => tx.query(
            "SELECT id FROM registration WHERE tenant = $1 AND course_id = $2 AND id > $3 ORDER BY id LIMIT $4",
            &[tenant.0.into(), (&course).into(), (&after).into(), limit.into()],
            read,
        ),
        (None, None) => tx.query(
            "SELECT id FROM registration WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $3",
            &[tenant.0.into(), (&after).into(), limit.into()],
            read,
        ),
    }
}

/// The registration that an attempt belongs to.
///
/// # Errors
/// When the database fails.
pub fn registration_of(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    attempt: AttemptId,
) -> Result<Option<RegistrationId>, DbError> {
    tx.first(
        "SELECT registration_id FROM attempt WHERE tenant = $1 AND id = $2",
        &[tenant.0.into(), (&attempt).into()],
        |row| Ok(RegistrationId::from_bytes(row.bytes(0)?)),
    )
}

/// An attempt with all its rows.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The attempt.
    pub attempt: Attempt,
    /// Its sessions.
    pub sessions: Vec<Session>,
    /// Its journal.
    pub log: Vec<LogRow>,
    /// Its state after the last commit, packed.
    pub state: Vec<u8>,
}

/// Gives a registration that was just made the standing and everything below it of another server's.
///
/// # Errors
/// When the database fails.
pub fn fill(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    registration: &Registration,
    attempts: &[Whole],
    now: i64,
) -> Result<(), DbError> {
    let of = registration;
    let mut params: Vec<Param<'_>> = vec![
        tenant.0.into(),
        (&of.id).into(),
        of.created_at.into(),
        of.attempts.into(),
        of.chain_length.into(),
        (&of.chain_head).into(),
    ];
    params.extend(summary::params(&of.summary));
    let changed = tx.exec(
        "UPDATE registration SET created_at = $3, attempts = $4, chain_length = $5, chain_head = $6, completion = $7,
             success = $8, score_scaled = $9, score_raw = $10, score_min = $11, score_max = $12, progress = $13,
             total_time = $14, measured_time = $15, first_access = $16, last_access = $17, overridden = $18
         WHERE tenant = $1 AND id = $2 AND attempts = 0",
        &params,
    )?;
    tx.expect_one(changed)?;
    for whole in attempts {
        insert_attempt(tenant, tx, of.id, whole)?;
        for session in &whole.sessions {
            insert_session(tenant, tx, session)?;
        }
        for row in &whole.log {
            insert_row(tenant, tx, whole.attempt.id, row)?;
        }
        if whole.attempt.commits > 0 {
            insert_snapshot(tenant, tx, whole.attempt.id, whole.attempt.commits, &whole.state, now)?;
        }
    }
    Ok(())
}

fn insert_attempt(tenant: Tenant, tx: &mut Tx<'_>, of: RegistrationId, whole: &Whole) -> Result<(), DbError> {
    let attempt = &whole.attempt;
    let bytes: u64 = whole.log.iter().map(|row| row.entries.len() as u64).sum();
    let mut params: Vec<Param<'_>> = vec![
        tenant.0.into(),
        (&attempt.id).into(),
        (&of).into(),
        attempt.number.into(),
        attempt.version.into(),
        attempt.started_at.into(),
        attempt.ended_at.into(),
        attempt.commits.into(),
        attempt.sessions.into(),
        bytes.into(),
        (whole.state.len() as u64).into(),
    ];
    params.extend(summary::params(&attempt.summary));
    params.extend([
        Param::from(attempt.session_floor),
        attempt.completed_at.into(),
        attempt.satisfied_at.into(),
    ]);
    tx.exec(
        "INSERT INTO attempt (tenant, id, registration_id, number, version, started_at, ended_at, commits, sessions,
             journal_bytes, unsnapped_bytes, snapshot_bytes, completion, success, score_scaled, score_raw, score_min,
             score_max, progress, total_time, measured_time, first_access, last_access, overridden, session_floor,
             completed_at, satisfied_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
             $24, $25, $26)",
        &params,
    )?;
    Ok(())
}

fn insert_session(tenant: Tenant, tx: &mut Tx<'_>, of: &Session) -> Result<(), DbError> {
    let (ended_at, ended_by) =
        of.ended.map_or((None, None), |(at, by): (i64, EndedBy)| (Some(at), Some(by.word())));
    tx.exec(
        "INSERT INTO session (tenant, id, attempt_id, ordinal, opening, page, opened_at, last_seen_at, ended_at, ended_by,
             durable_to, executed_to)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &[
            tenant.0.into(),
            (&of.id).into(),
            (&of.attempt).into(),
            of.ordinal.into(),
            (&of.opening).into(),
            (&of.page).into(),
            of.opened_at.into(),
            of.last_seen_at.into(),
            ended_at.into(),
            ended_by.into(),
            of.durable_to.into(),
            of.executed_to.into(),
        ],
    )?;
    Ok(())
}

/// Destroys everything in a registration that tells who the learner was or what she entered: values and their salts, addresses,
/// browsers, names in openings, snapshots. Rows, digests and summaries stay, and so the chain still verifies. The row with the
/// place `act` in the chain, which says that it was done, stays whole. Answers how many rows were emptied.
///
/// # Errors
/// When the database fails.
pub fn erase(tenant: Tenant, tx: &mut Tx<'_>, attempts: &[AttemptId], act: u64) -> Result<u64, DbError> {
    let mut emptied = 0;
    for attempt in attempts {
        let params: [Param<'_>; 4] = [tenant.0.into(), attempt.into(), act.into(), Param::Blob(&[])];
        emptied += tx.exec(
            "UPDATE commit_log SET entries = $4, salt = NULL, ip = NULL, user_agent = NULL
             WHERE tenant = $1 AND attempt_id = $2 AND link <> $3",
            &params,
        )?;
        for statement in [
            "DELETE FROM snapshot WHERE tenant = $1 AND attempt_id = $2",
            "DELETE FROM pending_entry WHERE tenant = $1 AND session_id IN (
                 SELECT id FROM session WHERE tenant = $1 AND attempt_id = $2)",
            "DELETE FROM disputed_entry WHERE tenant = $1 AND session_id IN (
                 SELECT id FROM session WHERE tenant = $1 AND attempt_id = $2)",
            "DELETE FROM door_commit WHERE tenant = $1 AND session_id IN (
                 SELECT id FROM session WHERE tenant = $1 AND attempt_id = $2)",
            "UPDATE session SET opening = '{}', page = '' WHERE tenant = $1 AND attempt_id = $2",
        ] {
            tx.exec(statement, &params[..2])?;
        }
    }
    Ok(emptied)
}

/// Takes a learner's names away. The row stays for the registrations that point to it.
///
/// # Errors
/// When the database fails.
pub fn erase_learner(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    id: LearnerId,
    pseudonym: &str,
    now: i64,
) -> Result<(), DbError> {
    tx.exec(
        "UPDATE learner SET external_id = $3, name = $3, erased_at = $4 WHERE tenant = $1 AND id = $2",
        &[tenant.0.into(), (&id).into(), pseudonym.into(), now.into()],
    )?;
    shared::forget(tenant, tx, id)
}
