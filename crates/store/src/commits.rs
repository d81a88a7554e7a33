//! The journal: rows of the commit log, what waits past a gap, and the transaction that adds to both.

mod job;
mod store;

use lyceum_attempt::summary::Summary;

use crate::attempts::EndedBy;
use crate::error::DbError;
use crate::id::{AttemptId, RegistrationId, SessionId, Tenant};
use crate::shared::Shared;
use crate::tx::{Step, Tx};
use crate::value::Row;

pub(crate) use job::Storing;
pub(crate) use store::insert_row;
pub use store::store;

/// The session of the server's own acts, such as a rollback. There is no such row; its ordinal is 0.
pub const NO_SESSION: SessionId = SessionId::from_bytes([0; 16]);

/// Everything that one arrival changes, computed beforehand, stored in a few statements.
#[derive(Clone, Debug)]
pub struct Change {
    /// The registration.
    pub registration: RegistrationId,
    /// Its revision when this was computed; any change since makes it void.
    pub revision: u64,
    /// The attempt.
    pub attempt: AttemptId,
    /// The session; `None` for the server's own acts.
    pub session: Option<SessionUpdate>,
    /// The first session that can still change something.
    pub session_floor: u32,
    /// When the attempt ended; `None` while it goes on.
    pub attempt_ended_at: Option<i64>,
    /// The journal's new row; `None` when everything that arrived waits past a gap or was there already.
    pub log: Option<LogRow>,
    /// The state after it, where a snapshot is due.
    pub snapshot: Option<Vec<u8>>,
    /// Since when the attempt is completed, and since when it is passed.
    pub completed_at: Option<i64>,
    /// See [`Change::completed_at`].
    pub satisfied_at: Option<i64>,
    /// Where the attempt stands now.
    pub attempt_summary: Summary,
    /// Where the registration stands now.
    pub registration_summary: Summary,
    /// Entries past a gap, to be kept until it closes: number and packed entry.
    pub add_pending: Vec<(u64, Vec<u8>)>,
    /// Entries up to this number wait no longer.
    pub drop_pending_to: Option<u64>,
    /// Entries under numbers that were taken: number and packed entry.
    pub disputed: Vec<(u64, Vec<u8>)>,
    /// What the learner's other courses are to know of it.
    pub shared: Vec<Shared>,
    /// The server's clock.
    pub now: i64,
}

/// The session's new columns.
#[derive(Clone, Debug)]
pub struct SessionUpdate {
    /// Id.
    pub id: SessionId,
    /// Last sign of life.
    pub last_seen_at: i64,
    /// All entries up to here are on disk, without a gap.
    pub durable_to: u64,
    /// All entries up to here are part of the state.
    pub executed_to: u64,
    /// When and how it ended; `None` opens it again.
    pub ended: Option<(i64, EndedBy)>,
}

impl Change {
    /// What it adds to the attempt's journal, in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let log = self.log.as_ref().map_or(0, |row| row.entries.len());
        let aside = self.add_pending.iter().chain(&self.disputed).map(|(_, entry)| entry.len());
        (log + aside.sum::<usize>()) as u64
    }
}

/// One row of the commit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// n-th of the attempt, from 1.
    pub n: u64,
    /// The session; [`NO_SESSION`] for the server's own acts.
    pub session: SessionId,
    /// Place in the registration's chain, from 1.
    pub link: u64,
    /// First entry's number.
    pub from_seq: u64,
    /// Last entry's number.
    pub to_seq: u64,
    /// Number of entries.
    pub entry_count: u32,
    /// Entries whose outcome here differs from the browser's.
    pub differences: u32,
    /// The server's clock.
    pub arrived_at: i64,
    /// The browser's.
    pub client_clock: Option<i64>,
    /// Where it came from.
    pub ip: Option<String>,
    /// With which browser.
    pub user_agent: Option<String>,
    /// The entries, packed.
    pub entries: Vec<u8>,
    /// Hash of the state afterwards.
    pub state_hash: [u8; 8],
    /// What the browser thought it was.
    pub client_state_hash: Option<[u8; 8]>,
    /// Secret of this row's digests.
    pub salt: Option<[u8; 16]>,
    /// Salted digest of the entries.
    pub entries_digest: [u8; 32],
    /// Salted digest of address and browser.
    pub origin_digest: [u8; 32],
    /// The chain's last hash before this row.
    pub previous_hash: [u8; 32],
    /// This row's.
    pub hash: [u8; 32],
}

fn add_pending<'p>(tenant: Tenant, session: &'p SessionId, seq: u64, entry: &'p [u8], now: i64) -> Step<'p> {
    let sql =
        "INSERT INTO pending_entry (tenant, session_id, seq, arrived_at, entry) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant, session_id, seq) DO NOTHING";
    let params = vec![tenant.0.into(), session.into(), seq.into(), now.into(), entry.into()];
    Step { sql, params, of_one: false }
}

fn drop_pending(tenant: Tenant, session: &SessionId, to: u64) -> Step<'_> {
    let sql = "DELETE FROM pending_entry WHERE tenant = $1 AND session_id = $2 AND seq <= $3";
    Step { sql, params: vec![tenant.0.into(), session.into(), to.into()], of_one: false }
}

fn add_disputed<'p>(tenant: Tenant, session: &'p SessionId, seq: u64, entry: &'p [u8], now: i64) -> Step<'p> {
    let sql = "INSERT INTO disputed_entry (tenant, session_id, seq, n, arrived_at, entry)
         SELECT $1, $2, $3, COALESCE(MAX(n), 0) + 1, $4, $5 FROM disputed_entry
         WHERE tenant = $1 AND session_id = $2 AND seq = $3";
    let params = vec![tenant.0.into(), session.into(), seq.into(), now.into(), entry.into()];
    Step { sql, params, of_one: false }
}

/// Keeps an entry of an export: `kind` is pending or disputed.
///
/// # Errors
/// When the database fails.
pub fn insert_aside(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    session: SessionId,
    (seq, kind): (u64, &str),
    entry: &[u8],
    now: i64,
) -> Result<(), DbError> {
    let add = if kind == "pending" { add_pending } else { add_disputed };
    tx.exec_all(&[add(tenant, &session, seq, entry, now)])
}

/// What waits past a gap in a session, in order.
///
/// # Errors
/// When the database fails.
pub fn pending(tenant: Tenant, tx: &mut Tx<'_>, session: SessionId) -> Result<Vec<(u64, Vec<u8>)>, DbError> {
    tx.query(
        "SELECT seq, entry FROM pending_entry WHERE tenant = $1 AND session_id = $2 ORDER BY seq",
        &[tenant.0.into(), (&session).into()],
        |row| Ok((row.count(0)?, row.blob(1)?)),
    )
}

/// The sessions of an attempt that ended by their lease while something waited in them.
///
/// # Errors
/// When the database fails.
pub fn vanished_with_gap(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    attempt: AttemptId,
) -> Result<Vec<SessionId>, DbError> {
    tx.query(
        "SELECT s.id FROM session s WHERE s.tenant = $1 AND s.attempt_id = $2 AND s.ended_by = 'lease'
             AND EXISTS (SELECT 1 FROM pending_entry p WHERE p.tenant = s.tenant AND p.session_id = s.id)
         ORDER BY s.ordinal",
        &[tenant.0.into(), (&attempt).into()],
        |row| Ok(SessionId::from_bytes(row.bytes(0)?)),
    )
}

/// Sessions that ended by their lease and gave their last sign of life before `cutoff`, while something waited in them.
///
/// # Errors
/// When the database fails.
pub fn forgotten_gaps(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    cutoff: i64,
    limit: u32,
) -> Result<Vec<(RegistrationId, SessionId)>, DbError> {
    // From the few entries that wait, not from the many sessions.
    tx.query(
        "SELECT a.registration_id, s.id FROM session s JOIN attempt a ON a.tenant = s.tenant AND a.id = s.attempt_id
         WHERE s.tenant = $1 AND s.id IN (SELECT session_id FROM pending_entry WHERE tenant = $1)
             AND s.ended_by = 'lease' AND s.last_seen_at < $2
         ORDER BY s.id LIMIT $3",
        &[tenant.0.into(), cutoff.into(), limit.into()],
        |row| Ok((RegistrationId::from_bytes(row.bytes(0)?), SessionId::from_bytes(row.bytes(1)?))),
    )
}

/// Disputed entries of a session, in order.
///
/// # Errors
/// When the database fails.
pub fn disputed(tenant: Tenant, tx: &mut Tx<'_>, session: SessionId) -> Result<Vec<(u64, Vec<u8>)>, DbError> {
    tx.query(
        "SELECT seq, entry FROM disputed_entry WHERE tenant = $1 AND session_id = $2 ORDER BY seq, n",
        &[tenant.0.into(), (&session).into()],
        |row| Ok((row.count(0)?, row.blob(1)?)),
    )
}

/// Packed entries of the rows after `after`, with their sessions' ordinals: what the fold needs, in order.
///
/// # Errors
/// When the database fails.
pub fn entries_after(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    attempt: AttemptId,
    after: u64,
    limit: u32,
) -> Result<Vec<(u64, u32, Vec<u8>)>, DbError> {
    tx.query(
        "SELECT c.n, COALESCE(s.ordinal, 0), c.entries
         FROM commit_log c LEFT JOIN session s ON s.tenant = c.tenant AND s.id = c.session_id
         WHERE c.tenant = $1 AND c.attempt_id = $2 AND c.n > $3 ORDER BY c.n LIMIT $4",
        &[tenant.0.into(), (&attempt).into(), after.into(), limit.into()],
        |row| Ok((row.count(0)?, row.small(1)?, row.blob(2)?)),
    )
}

/// Packed entries of a session's rows that touch the numbers `from..=to`, among the attempt's rows after `after`.
///
/// # Errors
/// When the database fails.
pub fn entries_within(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    (attempt, session): (AttemptId, SessionId),
    after: u64,
    (from, to): (u64, u64),
) -> Result<Vec<Vec<u8>>, DbError> {
    tx.query(
        "SELECT entries FROM commit_log
         WHERE tenant = $1 AND attempt_id = $2 AND n > $3 AND session_id = $4 AND from_seq <= $6 AND to_seq >= $5
         ORDER BY n",
        &[tenant.0.into(), (&attempt).into(), after.into(), (&session).into(), from.into(), to.into()],
        |row| row.blob(0),
    )
}

/// Rows of the commit log after `after`, in order.
///
/// # Errors
/// When the database fails.
pub fn list(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    attempt: AttemptId,
    after: u64,
    limit: u32,
) -> Result<Vec<LogRow>, DbError> {
    tx.query(
        "SELECT n, session_id, link, from_seq, to_seq, entry_count, differences, arrived_at, client_clock, ip, user_agent,
             entries, state_hash, client_state_hash, salt, entries_digest, origin_digest, previous_hash, hash
         FROM commit_log WHERE tenant = $1 AND attempt_id = $2 AND n > $3 ORDER BY n LIMIT $4",
        &[tenant.0.into(), (&attempt).into(), after.into(), limit.into()],
        read_row,
    )
}

/// The last commit that had arrived at a moment; 0 when none had. Looks at some twenty rows, however many there are: the
/// order of arrival is the order of the clock, unless that was set back.
///
/// # Errors
/// When the database fails.
pub fn last_until(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    attempt: AttemptId,
    commits: u64,
    at: i64,
) -> Result<u64, DbError> {
    let (mut before, mut after) = (0, commits + 1);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        let arrived = tx.first(
            "SELECT arrived_at FROM commit_log WHERE tenant = $1 AND attempt_id = $2 AND n = $3",
            &[tenant.0.into(), (&attempt).into(), middle.into()],
            |row| row.int(0),
        )?;
        if arrived.is_some_and(|arrived| arrived <= at) { before = middle } else { after = middle }
    }
    Ok(before)
}

fn read_row(row: &Row<'_>) -> Result<LogRow, DbError> {
    Ok(LogRow {
        n: row.count(0)?,
        session: SessionId::from_bytes(row.bytes(1)?),
        link: row.count(2)?,
        from_seq: row.count(3)?,
        to_seq: row.count(4)?,
        entry_count: row.small(5)?,
        differences: row.small(6)?,
        arrived_at: row.int(7)?,
        client_clock: row.opt_int(8)?,
        ip: row.opt_text(9)?,
        user_agent: row.opt_text(10)?,
        entries: row.blob(11)?,
        state_hash: row.bytes(12)?,
        client_state_hash: row.opt_bytes(13)?,
        salt: row.opt_bytes(14)?,
        entries_digest: row.bytes(15)?,
        origin_digest: row.bytes(16)?,
        previous_hash: row.bytes(17)?,
        hash: row.bytes(18)?,
    })
}
