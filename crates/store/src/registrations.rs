//! Learners, and their registrations on courses.

use lyceum_attempt::summary::Summary;

use crate::error::DbError;
use crate::id::{CourseId, LearnerId, RegistrationId, Tenant};
use crate::summary;
use crate::tx::Tx;
use crate::value::Row;

/// A person who takes courses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learner {
    /// Id.
    pub id: LearnerId,
    /// The name callers know the learner by; unique in the tenant.
    pub external_id: String,
    /// The name for people, and for content.
    pub name: String,
}

/// One learner on one course.
#[derive(Clone, Debug, PartialEq)]
pub struct Registration {
    /// Id.
    pub id: RegistrationId,
    /// The course.
    pub course: CourseId,
    /// The course's title.
    pub course_title: String,
    /// The learner.
    pub learner: Learner,
    /// Course version of the current attempt, or of the first to come.
    pub version: u32,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Attempts begun.
    pub attempts: u32,
    /// The optimistic lock: rises with every change to anything below.
    pub revision: u64,
    /// Rows in the hash chain.
    pub chain_length: u64,
    /// Hash of the last of them; zeros while there is none.
    pub chain_head: [u8; 32],
    /// Where the learner stands.
    pub summary: Summary,
    /// Who the learner was has been erased: nobody goes on with it.
    pub is_erased: bool,
}

/// The learner that callers know by this name; made if there is none.
///
/// # Errors
/// When the database fails.
pub fn ensure_learner(tenant: Tenant, tx: &mut Tx<'_>, new: &Learner, now: i64) -> Result<Learner, DbError> {
    tx.exec(
        "INSERT INTO learner (tenant, id, external_id, name, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant, external_id) DO NOTHING",
        &[tenant.0.into(), (&new.id).into(), (&new.external_id).into(), (&new.name).into(), now.into()],
    )?;
    let found = tx.first(
        "SELECT id, external_id, name FROM learner WHERE tenant = $1 AND external_id = $2",
        &[tenant.0.into(), (&new.external_id).into()],
        |row| read_learner(row, 0),
    )?;
    found.ok_or_else(|| DbError::Sql("a learner that was just stored is not there".to_owned()))
}

/// The learner's registration on the course; made if there is none. True when it was made.
///
/// # Errors
/// When the database fails.
pub fn ensure(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    id: RegistrationId,
    (course, version): (CourseId, u32),
    learner: LearnerId,
    now: i64,
) -> Result<(RegistrationId, bool), DbError> {
    let made = tx.exec(
        "INSERT INTO registration (tenant, id, course_id, learner_id, version, created_at, attempts, revision,
             chain_length, chain_head, completion, success, total_time, measured_time)
         VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, $7, 'unknown', 'unknown', 0, 0)
         ON CONFLICT (tenant, course_id, learner_id) DO NOTHING",
        &[
            tenant.0.into(),
            (&id).into(),
            (&course).into(),
            (&learner).into(),
            version.into(),
            now.into(),
            (&[0_u8; 32]).into(),
        ],
    )?;
    if made == 1 {
        return Ok((id, true));
    }
    let found = tx.first(
        "SELECT id FROM registration WHERE tenant = $1 AND course_id = $2 AND learner_id = $3",
        &[tenant.0.into(), (&course).into(), (&learner).into()],
        |row| Ok(RegistrationId::from_bytes(row.bytes(0)?)),
    )?;
    let found =
        found.ok_or_else(|| DbError::Sql("a registration that was just stored is not there".to_owned()))?;
    Ok((found, false))
}

/// One registration.
///
/// # Errors
/// When the database fails.
pub fn find(tenant: Tenant, tx: &mut Tx<'_>, id: RegistrationId) -> Result<Option<Registration>, DbError> {
    tx.first(
        "SELECT r.id, r.course_id, c.title, l.id, l.external_id, l.name, r.version, r.created_at, r.attempts, r.revision,
             r.chain_length, r.chain_head, r.completion, r.success, r.score_scaled, r.score_raw, r.score_min, r.score_max,
             r.progress, r.total_time, r.measured_time, r.first_access, r.last_access, r.overridden,
             l.erased_at
         FROM registration r
         JOIN course c ON c.tenant = r.tenant AND c.id = r.course_id
         JOIN learner l ON l.tenant = r.tenant AND l.id = r.learner_id
         WHERE r.tenant = $1 AND r.id = $2",
        &[tenant.0.into(), (&id).into()],
        read,
    )
}

/// Which registrations. All by default.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this course.
    pub course: Option<CourseId>,
    /// Of the learner that callers know by this name.
    pub learner: Option<String>,
}

/// A page of registrations, the newest first: those made before the one with the id `before`.
///
/// # Errors
/// When the database fails.
pub fn list(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    of: &Filter,
    before: Option<RegistrationId>,
    limit: u32,
) -> Result<Vec<Registration>, DbError> {
    tx.query(
        "SELECT r.id, r.course_id, c.title, l.id, l.external_id, l.name, r.version, r.created_at, r.attempts, r.revision,
             r.chain_length, r.chain_head, r.completion, r.success, r.score_scaled, r.score_raw, r.score_min, r.score_max,
             r.progress, r.total_time, r.measured_time, r.first_access, r.last_access, r.overridden,
             l.erased_at
         FROM registration r
         JOIN course c ON c.tenant = r.tenant AND c.id = r.course_id
         JOIN learner l ON l.tenant = r.tenant AND l.id = r.learner_id
         WHERE r.tenant = $1 AND ($2 IS NULL OR r.course_id = $2) AND ($3 IS NULL OR r.id < $3)
             AND ($5 IS NULL OR l.external_id = $5)
         ORDER BY r.id DESC LIMIT $4",
        &[
            tenant.0.into(),
            of.course.as_ref().into(),
            before.as_ref().into(),
            limit.into(),
            of.learner.as_ref().into(),
        ],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Registration, DbError> {
    Ok(Registration {
        id: RegistrationId::from_bytes(row.bytes(0)?),
        course: CourseId::from_bytes(row.bytes(1)?),
        course_title: row.text(2)?,
        learner: read_learner(row, 3)?,
        version: row.small(6)?,
        created_at: row.int(7)?,
        attempts: row.small(8)?,
        revision: row.count(9)?,
        chain_length: row.count(10)?,
        chain_head: row.bytes(11)?,
        summary: summary::read(row, 12)?,
        is_erased: row.opt_int(24)?.is_some(),
    })
}

fn read_learner(row: &Row<'_>, at: usize) -> Result<Learner, DbError> {
    Ok(Learner {
        id: LearnerId::from_bytes(row.bytes(at)?),
        external_id: row.text(at + 1)?,
        name: row.text(at + 2)?,
    })
}

/// Takes the registration's optimistic lock: fails unless nothing below it has changed since `revision` was read.
pub(crate) fn advance(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    id: RegistrationId,
    revision: u64,
) -> Result<(), DbError> {
    let changed = tx.exec(
        "UPDATE registration SET revision = revision + 1 WHERE tenant = $1 AND id = $2 AND revision = $3",
        &[tenant.0.into(), (&id).into(), revision.into()],
    )?;
    tx.expect_one(changed)
}
