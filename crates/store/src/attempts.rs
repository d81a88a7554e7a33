//! Attempts, their sessions and their snapshots.

use lyceum_attempt::summary::Summary;

use crate::error::DbError;
use crate::id::{AttemptId, RegistrationId, SessionId, Tenant};
use crate::registrations::advance;
use crate::summary;
use crate::tx::{Step, Tx};
use crate::value::Row;

/// One attempt of a registration.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Id.
    pub id: AttemptId,
    /// The registration.
    pub registration: RegistrationId,
    /// From 1.
    pub number: u32,
    /// The course version it runs on.
    pub version: u32,
    /// Milliseconds since 1970.
    pub started_at: i64,
    /// Milliseconds since 1970; `None` while it goes on.
    pub ended_at: Option<i64>,
    /// Rows in its commit log.
    pub commits: u64,
    /// Sessions begun.
    pub sessions: u32,
    /// Bytes of its journal.
    pub journal_bytes: u64,
    /// Those since the newest snapshot.
    pub unsnapped_bytes: u64,
    /// Bytes of the newest snapshot.
    pub snapshot_bytes: u64,
    /// Where it stands.
    pub summary: Summary,
    /// Sessions before this ordinal ran while the attempt was rolled back.
    pub session_floor: u32,
    /// Since when it is completed, milliseconds since 1970.
    pub completed_at: Option<i64>,
    /// Since when it is passed, milliseconds since 1970.
    pub satisfied_at: Option<i64>,
}

/// One load of the player page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Id.
    pub id: SessionId,
    /// The attempt.
    pub attempt: AttemptId,
    /// n-th of the attempt, from 1.
    pub ordinal: u32,
    /// The inputs entry, JSON.
    pub opening: String,
    /// The page's own random id.
    pub page: String,
    /// Milliseconds since 1970.
    pub opened_at: i64,
    /// Last sign of life, milliseconds since 1970.
    pub last_seen_at: i64,
    /// When and how it ended.
    pub ended: Option<(i64, EndedBy)>,
    /// All entries up to here are on disk, without a gap.
    pub durable_to: u64,
    /// All entries up to here are part of the state, gaps that never closed included.
    pub executed_to: u64,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    /// The learner left the course.
    Exit,
    /// The learner left it to come back.
    Suspend,
    /// The tab vanished.
    Lease,
}

impl EndedBy {
    /// The stored word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Exit => "exit",
            Self::Suspend => "suspend",
            Self::Lease => "lease",
        }
    }
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "exit" => Self::Exit,
            "suspend" => Self::Suspend,
            "lease" => Self::Lease,
            _ => return None,
        })
    }
}

/// Begins an attempt: the registration's next one, on the course version that the registration names.
///
/// # Errors
/// [`DbError::Conflict`] when the registration has changed since `revision`.
pub fn insert(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    id: AttemptId,
    registration: RegistrationId,
    revision: u64,
    now: i64,
) -> Result<(), DbError> {
    advance(tenant, tx, registration, revision)?;
    tx.exec(
        "UPDATE registration SET attempts = attempts + 1 WHERE tenant = $1 AND id = $2",
        &[tenant.0.into(), (&registration).into()],
    )?;
    tx.exec(
        "INSERT INTO attempt (tenant, id, registration_id, number, version, started_at, commits, sessions, journal_bytes,
             unsnapped_bytes, snapshot_bytes, completion, success, total_time, measured_time)
         SELECT tenant, $2, id, attempts, version, $4, 0, 0, 0, 0, 0, 'unknown', 'unknown', 0, 0
         FROM registration WHERE tenant = $1 AND id = $3",
        &[tenant.0.into(), (&id).into(), (&registration).into(), now.into()],
    )?;
    Ok(())
}

/// Begins another attempt, on this version of the course.
///
/// # Errors
/// [`DbError::Conflict`] when the registration has changed since `revision`.
pub fn insert_next(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    id: AttemptId,
    (registration, revision): (RegistrationId, u64),
    version: u32,
    now: i64,
) -> Result<(), DbError> {
    tx.exec(
        "UPDATE registration SET version = $3 WHERE tenant = $1 AND id = $2",
        &[tenant.0.into(), (&registration).into(), version.into()],
    )?;
    insert(tenant, tx, id, registration, revision, now)
}

/// Ends an attempt that goes on, because another one begins.
///
/// # Errors
/// When the database fails.
pub fn end(tenant: Tenant, tx: &mut Tx<'_>, id: AttemptId, now: i64) -> Result<(), DbError> {
    tx.exec(
        "UPDATE attempt SET ended_at = $3 WHERE tenant = $1 AND id = $2 AND ended_at IS NULL",
        &[tenant.0.into(), (&id).into(), now.into()],
    )?;
    Ok(())
}

/// A registration's attempts, the first one first.
///
/// # Errors
/// When the database fails.
pub fn list(tenant: Tenant, tx: &mut Tx<'_>, registration: RegistrationId) -> Result<Vec<Attempt>, DbError> {
    tx.query(
        "SELECT id, registration_id, number, version, started_at, ended_at, commits, sessions, journal_bytes,
             unsnapped_bytes, snapshot_bytes, completion, success, score_scaled, score_raw, score_min, score_max, progress,
             total_time, measured_time, first_access, last_access, overridden, session_floor, completed_at, satisfied_at
         FROM attempt WHERE tenant = $1 AND registration_id = $2 ORDER BY number",
        &[tenant.0.into(), (&registration).into()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Attempt, DbError> {
    Ok(Attempt {
        id: AttemptId::from_bytes(row.bytes(0)?),
        registration: RegistrationId::from_bytes(row.bytes(1)?),
        number: row.small(2)?,
        version: row.small(3)?,
        started_at: row.int(4)?,
        ended_at: row.opt_int(5)?,
        commits: row.count(6)?,
        sessions: row.small(7)?,
        journal_bytes: row.count(8)?,
        unsnapped_bytes: row.count(9)?,
        snapshot_bytes: row.count(10)?,
        summary: summary::read(row, 11)?,
        session_floor: row.small(23)?,
        completed_at: row.opt_int(24)?,
        satisfied_at: row.opt_int(25)?,
    })
}

/// Opens a session: the attempt's next one.
///
/// # Errors
/// [`DbError::Conflict`] when the registration has changed since `revision`.
pub fn insert_session(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    revision: u64,
    session: &Session,
) -> Result<(), DbError> {
    advance(tenant, tx, registration, revision)?;
    let changed = tx.exec(
        "UPDATE attempt SET sessions = $3, ended_at = NULL WHERE tenant = $1 AND id = $2 AND sessions = $3 - 1",
        &[tenant.0.into(), (&session.attempt).into(), session.ordinal.into()],
    )?;
    tx.expect_one(changed)?;
    tx.exec(
        "INSERT INTO session (tenant, id, attempt_id, ordinal, opening, page, opened_at, last_seen_at, durable_to, executed_to)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0, 0)",
        &[
            tenant.0.into(),
            (&session.id).into(),
            (&session.attempt).into(),
            session.ordinal.into(),
            (&session.opening).into(),
            (&session.page).into(),
            session.opened_at.into(),
        ],
    )?;
    Ok(())
}

/// Ends all sessions of attempts: nobody goes on with them.
///
/// # Errors
/// When the database fails.
pub fn close_sessions(tenant: Tenant, tx: &mut Tx<'_>, attempts: &[AttemptId]) -> Result<(), DbError> {
    for attempt in attempts {
        tx.exec(
            "UPDATE session SET ended_at = last_seen_at, ended_by = 'lease'
             WHERE tenant = $1 AND attempt_id = $2 AND ended_at IS NULL",
            &[tenant.0.into(), attempt.into()],
        )?;
    }
    Ok(())
}

/// The sessions of an attempt that have not ended, with their last signs of life.
///
/// # Errors
/// When the database fails.
pub fn open_sessions(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    attempt: AttemptId,
) -> Result<Vec<(SessionId, i64)>, DbError> {
    tx.query(
        "SELECT id, last_seen_at FROM session WHERE tenant = $1 AND attempt_id = $2 AND ended_at IS NULL ORDER BY ordinal",
        &[tenant.0.into(), (&attempt).into()],
        |row| Ok((SessionId::from_bytes(row.bytes(0)?), row.int(1)?)),
    )
}

/// An attempt's sessions, the first one first.
///
/// # Errors
/// When the database fails.
pub fn sessions(tenant: Tenant, tx: &mut Tx<'_>, attempt: AttemptId) -> Result<Vec<Session>, DbError> {
    tx.query(
        "SELECT id, attempt_id, ordinal, opening, page, opened_at, last_seen_at, ended_at, ended_by, durable_to, executed_to
         FROM session WHERE tenant = $1 AND attempt_id = $2 ORDER BY ordinal",
        &[tenant.0.into(), (&attempt).into()],
        read_session,
    )
}

fn read_session(row: &Row<'_>) -> Result<Session, DbError> {
    let ended = match row.opt_int(7)? {
        Some(at) => Some((at, row.word(8, EndedBy::parse)?)),
        None => None,
    };
    Ok(Session {
        id: SessionId::from_bytes(row.bytes(0)?),
        attempt: AttemptId::from_bytes(row.bytes(1)?),
        ordinal: row.small(2)?,
        opening: row.text(3)?,
        page: row.text(4)?,
        opened_at: row.int(5)?,
        last_seen_at: row.int(6)?,
        ended,
        durable_to: row.count(9)?,
        executed_to: row.count(10)?,
    })
}

/// A session, and what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundSession {
    /// The registration.
    pub registration: RegistrationId,
    /// A newer session or attempt has begun, or the attempt was rolled back meanwhile.
    pub is_superseded: bool,
    /// It is superseded because the attempt was rolled back, or another attempt has begun.
    pub is_corrected: bool,
    /// The session.
    pub session: Session,
}

/// One session.
///
/// # Errors
/// When the database fails.
pub fn find_session(tenant: Tenant, tx: &mut Tx<'_>, id: SessionId) -> Result<Option<FoundSession>, DbError> {
    tx.first(
        "SELECT s.id, s.attempt_id, s.ordinal, s.opening, s.page, s.opened_at, s.last_seen_at, s.ended_at, s.ended_by,
             s.durable_to, s.executed_to, a.registration_id, a.sessions, a.session_floor, a.number, r.attempts
         FROM session s
         JOIN attempt a ON a.tenant = s.tenant AND a.id = s.attempt_id
         JOIN registration r ON r.tenant = a.tenant AND r.id = a.registration_id
         WHERE s.tenant = $1 AND s.id = $2",
        &[tenant.0.into(), (&id).into()],
        |row| {
            let (ordinal, begun, floor) = (row.small(2)?, row.small(12)?, row.small(13)?);
            let is_corrected = ordinal < floor || row.small(14)? < row.small(15)?;
            Ok(FoundSession {
                registration: RegistrationId::from_bytes(row.bytes(11)?),
                is_superseded: ordinal < begun || is_corrected,
                is_corrected,
                session: read_session(row)?,
            })
        },
    )
}

/// A sign of life without entries. Touches nothing that the optimistic lock guards.
///
/// # Errors
/// When the database fails.
pub fn seen(tenant: Tenant, tx: &mut Tx<'_>, session: SessionId, at: i64) -> Result<(), DbError> {
    tx.exec(
        "UPDATE session SET last_seen_at = $3 WHERE tenant = $1 AND id = $2 AND last_seen_at < $3",
        &[tenant.0.into(), (&session).into(), at.into()],
    )?;
    Ok(())
}

/// Open sessions without a sign of life since `cutoff`, with their registrations.
///
/// # Errors
/// When the database fails.
pub fn silent_sessions(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    cutoff: i64,
    limit: u32,
) -> Result<Vec<(RegistrationId, SessionId)>, DbError> {
    tx.query(
        "SELECT a.registration_id, s.id FROM session s JOIN attempt a ON a.tenant = s.tenant AND a.id = s.attempt_id
         WHERE s.tenant = $1 AND s.ended_at IS NULL AND s.opened_at < $2 AND s.last_seen_at < $2
         ORDER BY s.opened_at LIMIT $3",
        &[tenant.0.into(), cutoff.into(), limit.into()],
        |row| Ok((RegistrationId::from_bytes(row.bytes(0)?), SessionId::from_bytes(row.bytes(1)?))),
    )
}

/// Keeps the state after commit `n`.
///
/// # Errors
/// When the database fails.
pub fn insert_snapshot(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    attempt: AttemptId,
    n: u64,
    state: &[u8],
    now: i64,
) -> Result<(), DbError> {
    tx.exec_all(&[snapshot_step(tenant, &attempt, n, state, now)])
}

pub(crate) fn snapshot_step<'p>(
    tenant: Tenant,
    attempt: &'p AttemptId,
    n: u64,
    state: &'p [u8],
    now: i64,
) -> Step<'p> {
    let sql = "INSERT INTO snapshot (tenant, attempt_id, n, written_at, state) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant, attempt_id, n) DO NOTHING";
    let params = vec![tenant.0.into(), attempt.into(), n.into(), now.into(), state.into()];
    Step { sql, params, of_one: false }
}

/// The newest snapshot of commit `to` or an earlier one: after which commit, and the state.
///
/// # Errors
/// When the database fails.
pub fn snapshot_until(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    attempt: AttemptId,
    to: u64,
) -> Result<Option<(u64, Vec<u8>)>, DbError> {
    tx.first(
        "SELECT n, state FROM snapshot WHERE tenant = $1 AND attempt_id = $2 AND n <= $3 ORDER BY n DESC LIMIT 1",
        &[tenant.0.into(), (&attempt).into(), to.into()],
        |row| Ok((row.count(0)?, row.blob(1)?)),
    )
}
