//! What players and pages that are not ours need: topics, their sessions by their own names, their commits by their own numbers.

use crate::error::DbError;
use crate::id::{AttemptId, CourseId, RegistrationId, SessionId, Tenant};
use crate::tx::{Step, Tx};

/// A course by the name that old pages know it by.
///
/// # Errors
/// When the database fails.
pub fn course_of_topic(tenant: Tenant, tx: &mut Tx<'_>, topic: &str) -> Result<Option<CourseId>, DbError> {
    tx.first(
        "SELECT course_id FROM course_topic WHERE tenant = $1 AND topic = $2",
        &[tenant.0.into(), topic.into()],
        |row| Ok(CourseId::from_bytes(row.bytes(0)?)),
    )
}

/// The topics of a course.
///
/// # Errors
/// When the database fails.
pub fn topics(tenant: Tenant, tx: &mut Tx<'_>, course: CourseId) -> Result<Vec<String>, DbError> {
    tx.query(
        "SELECT topic FROM course_topic WHERE tenant = $1 AND course_id = $2 ORDER BY topic",
        &[tenant.0.into(), (&course).into()],
        |row| row.text(0),
    )
}

/// Makes a topic lead to a course, whichever it led to before.
///
/// # Errors
/// When there is no such course, or the database fails.
pub fn set_topic(tenant: Tenant, tx: &mut Tx<'_>, topic: &str, course: CourseId) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO course_topic (tenant, topic, course_id) VALUES ($1, $2, $3)
         ON CONFLICT (tenant, topic) DO UPDATE SET course_id = excluded.course_id",
        &[tenant.0.into(), topic.into(), (&course).into()],
    )?;
    Ok(())
}

/// Whose course this is. The one question about other tenants that is answered: a key of one of them is told that it is not its own.
///
/// # Errors
/// When the database fails.
pub fn tenant_of_course(tx: &mut Tx<'_>, course: CourseId) -> Result<Option<Tenant>, DbError> {
    tx.first("SELECT tenant FROM course WHERE id = $1", &[(&course).into()], |row| Ok(Tenant(row.int(0)?)))
}

/// Whose registration this is.
///
/// # Errors
/// When the database fails.
pub fn tenant_of_registration(tx: &mut Tx<'_>, id: RegistrationId) -> Result<Option<Tenant>, DbError> {
    tx.first("SELECT tenant FROM registration WHERE id = $1", &[(&id).into()], |row| Ok(Tenant(row.int(0)?)))
}

/// A registration's newest session whose page has this name, in any attempt.
///
/// # Errors
/// When the database fails.
pub fn session_named(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    page: &str,
) -> Result<Option<(AttemptId, SessionId)>, DbError> {
    tx.first(
        "SELECT s.attempt_id, s.id FROM session s JOIN attempt a ON a.tenant = s.tenant AND a.id = s.attempt_id
         WHERE s.tenant = $1 AND a.registration_id = $2 AND s.page = $3
         ORDER BY a.number DESC, s.ordinal DESC LIMIT 1",
        &[tenant.0.into(), (&registration).into(), page.into()],
        |row| Ok((AttemptId::from_bytes(row.bytes(0)?), SessionId::from_bytes(row.bytes(1)?))),
    )
}

/// A commit by its caller's number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorCommit {
    /// The number.
    pub sequence: u64,
    /// Digest of what it said.
    pub digest: [u8; 32],
    /// The session's entries that it became, as an inclusive range.
    pub entries: (u64, u64),
}

/// The commits of a session from a number on, in the order of their numbers.
///
/// # Errors
/// When the database fails.
pub fn commits_from(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    session: SessionId,
    from: u64,
) -> Result<Vec<DoorCommit>, DbError> {
    tx.query(
        "SELECT sequence, digest, from_seq, to_seq FROM door_commit
         WHERE tenant = $1 AND session_id = $2 AND sequence >= $3 ORDER BY sequence",
        &[tenant.0.into(), (&session).into(), from.into()],
        read,
    )
}

/// The commit of a session with the highest number.
///
/// # Errors
/// When the database fails.
pub fn last_commit(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    session: SessionId,
) -> Result<Option<DoorCommit>, DbError> {
    tx.first(
        "SELECT sequence, digest, from_seq, to_seq FROM door_commit
         WHERE tenant = $1 AND session_id = $2 ORDER BY sequence DESC LIMIT 1",
        &[tenant.0.into(), (&session).into()],
        read,
    )
}

fn read(row: &crate::value::Row<'_>) -> Result<DoorCommit, DbError> {
    Ok(DoorCommit { sequence: row.count(0)?, digest: row.bytes(1)?, entries: (row.count(2)?, row.count(3)?) })
}

/// Notes a commit; a conflict when its number was taken meanwhile.
pub(crate) fn commit_step<'p>(tenant: Tenant, session: &'p SessionId, commit: &'p DoorCommit) -> Step<'p> {
    let sql = "INSERT INTO door_commit (tenant, session_id, sequence, digest, from_seq, to_seq)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, session_id, sequence) DO NOTHING";
    let params = vec![
        tenant.0.into(),
        session.into(),
        commit.sequence.into(),
        (&commit.digest).into(),
        commit.entries.0.into(),
        commit.entries.1.into(),
    ];
    Step { sql, params, of_one: true }
}
