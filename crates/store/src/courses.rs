//! Courses and their versions.

use crate::error::DbError;
use crate::id::{CourseId, Tenant};
use crate::tx::Tx;
use crate::value::Row;

/// SHA-256 of a package.
pub type Digest = [u8; 32];

/// A course as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Id.
    pub id: CourseId,
    /// Title, as given at import or by the manifest.
    pub title: String,
    /// Number of the newest version.
    pub version: u32,
    /// The newest version's standard, in the words of `lyceum check`.
    pub standard: String,
    /// The newest version's size in bytes.
    pub size: u64,
    /// Whether the newest version's checksums were verified.
    pub verified: Verified,
    /// Registrations on any version.
    pub registrations: u64,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970; changes with each new version.
    pub updated_at: i64,
}

/// One immutable package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The course.
    pub course: CourseId,
    /// From 1.
    pub version: u32,
    /// SHA-256 of the zip.
    pub digest: Digest,
    /// Where the zip lies, relative to the object store.
    pub object_key: String,
    /// Bytes of the zip.
    pub size: u64,
    /// In the words of `lyceum check`.
    pub standard: String,
    /// The manifest as read, JSON.
    pub model: String,
    /// What the check reported, JSON.
    pub report: String,
    /// Milliseconds since 1970.
    pub imported_at: i64,
    /// Whether the checksums were verified.
    pub verified: Verified,
    /// The damaged entries, JSON.
    pub damage: Option<String>,
}

/// What is known of the checksums of a version's entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// Not looked at yet.
    Pending,
    /// All are right.
    Sound,
    /// Some are wrong: see [`Version::damage`].
    Damaged,
}

impl Verified {
    /// The stored word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sound => "sound",
            Self::Damaged => "damaged",
        }
    }
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "pending" => Self::Pending,
            "sound" => Self::Sound,
            "damaged" => Self::Damaged,
            _ => return None,
        })
    }
}

/// A new course, without a version yet; [`insert_version`] belongs into the same transaction.
///
/// # Errors
/// When the database fails.
pub fn insert(tenant: Tenant, tx: &mut Tx<'_>, id: CourseId, title: &str, now: i64) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO course (tenant, id, title, version, created_at, updated_at) VALUES ($1, $2, $3, 0, $4, $4)",
        &[tenant.0.into(), (&id).into(), title.into(), now.into()],
    )?;
    Ok(())
}

/// The next version of a course: `version.version` must be one more than the course's. Its title becomes the course's.
///
/// # Errors
/// [`DbError::Conflict`] when another import made that version meanwhile.
pub fn insert_version(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    title: &str,
    version: &Version,
) -> Result<(), DbError> {
    let changed = tx.exec(
        "UPDATE course SET version = $3, title = $4, updated_at = $5 WHERE tenant = $1 AND id = $2 AND version = $3 - 1",
        &[
            tenant.0.into(),
            (&version.course).into(),
            version.version.into(),
            title.into(),
            version.imported_at.into(),
        ],
    )?;
    tx.expect_one(changed)?;
    tx.exec(
        "INSERT INTO course_version (tenant, course_id, version, digest, object_key, size, standard, model, report,
             imported_at, verified, verified_at, damage)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', NULL, NULL)",
        &[
            tenant.0.into(),
            (&version.course).into(),
            version.version.into(),
            (&version.digest).into(),
            (&version.object_key).into(),
            version.size.into(),
            (&version.standard).into(),
            (&version.model).into(),
            (&version.report).into(),
            version.imported_at.into(),
        ],
    )?;
    Ok(())
}

/// The version that these bytes are, if the tenant has them.
///
/// # Errors
/// When the database fails.
pub fn version_by_digest(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    digest: &Digest,
) -> Result<Option<(CourseId, u32)>, DbError> {
    tx.first(
        "SELECT course_id, version FROM course_version WHERE tenant = $1 AND digest = $2",
        &[tenant.0.into(), digest.into()],
        |row| Ok((CourseId::from_bytes(row.bytes(0)?), row.small(1)?)),
    )
}

/// Whether any tenant has a version made of these bytes.
///
/// # Errors
/// When the database fails.
pub fn is_used(tx: &mut Tx<'_>, digest: &Digest) -> Result<bool, DbError> {
    let found =
        tx.first("SELECT 1 FROM course_version WHERE digest = $1 LIMIT 1", &[digest.into()], |_| Ok(()))?;
    Ok(found.is_some())
}

/// One version.
///
/// # Errors
/// When the database fails.
pub fn version(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    course: CourseId,
    version: u32,
) -> Result<Option<Version>, DbError> {
    tx.first(
        "SELECT course_id, version, digest, object_key, size, standard, model, report, imported_at, verified, damage
         FROM course_version WHERE tenant = $1 AND course_id = $2 AND version = $3",
        &[tenant.0.into(), (&course).into(), version.into()],
        read_version,
    )
}

fn read_version(row: &Row<'_>) -> Result<Version, DbError> {
    Ok(Version {
        course: CourseId::from_bytes(row.bytes(0)?),
        version: row.small(1)?,
        digest: row.bytes(2)?,
        object_key: row.text(3)?,
        size: row.count(4)?,
        standard: row.text(5)?,
        model: row.text(6)?,
        report: row.text(7)?,
        imported_at: row.int(8)?,
        verified: row.word(9, Verified::parse)?,
        damage: row.opt_text(10)?,
    })
}

/// A version as lists show it, without what was read from its manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    /// From 1.
    pub version: u32,
    /// SHA-256 of the zip.
    pub digest: Digest,
    /// Bytes of the zip.
    pub size: u64,
    /// Milliseconds since 1970.
    pub imported_at: i64,
    /// Whether the checksums were verified.
    pub verified: Verified,
}

/// All versions of a course, the newest first.
///
/// # Errors
/// When the database fails.
pub fn versions(tenant: Tenant, tx: &mut Tx<'_>, course: CourseId) -> Result<Vec<VersionRow>, DbError> {
    tx.query(
        "SELECT version, digest, size, imported_at, verified FROM course_version
         WHERE tenant = $1 AND course_id = $2 ORDER BY version DESC",
        &[tenant.0.into(), (&course).into()],
        |row| {
            Ok(VersionRow {
                version: row.small(0)?,
                digest: row.bytes(1)?,
                size: row.count(2)?,
                imported_at: row.int(3)?,
                verified: row.word(4, Verified::parse)?,
            })
        },
    )
}

/// Versions whose checksums nobody has verified yet.
///
/// # Errors
/// When the database fails.
pub fn unverified(tenant: Tenant, tx: &mut Tx<'_>) -> Result<Vec<(CourseId, u32, String)>, DbError> {
    tx.query(
        "SELECT course_id, version, object_key FROM course_version WHERE tenant = $1 AND verified = 'pending'
         ORDER BY imported_at",
        &[tenant.0.into()],
        |row| Ok((CourseId::from_bytes(row.bytes(0)?), row.small(1)?, row.text(2)?)),
    )
}

/// Keeps the result of verifying a version's checksums; `damage` is JSON.
///
/// # Errors
/// When the database fails.
pub fn set_verified(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    (course, version): (CourseId, u32),
    damage: Option<&str>,
    now: i64,
) -> Result<(), DbError> {
    let verified = if damage.is_some() { Verified::Damaged } else { Verified::Sound };
    tx.exec(
        "UPDATE course_version SET verified = $4, verified_at = $5, damage = $6
         WHERE tenant = $1 AND course_id = $2 AND version = $3",
        &[
            tenant.0.into(),
            (&course).into(),
            version.into(),
            verified.word().into(),
            now.into(),
            damage.into(),
        ],
    )?;
    Ok(())
}

/// All courses, the newest change first.
///
/// # Errors
/// When the database fails.
pub fn list(tenant: Tenant, tx: &mut Tx<'_>) -> Result<Vec<Course>, DbError> {
    tx.query(
        "SELECT c.id, c.title, c.version, v.standard, v.size, v.verified,
             (SELECT COUNT(*) FROM registration r WHERE r.tenant = c.tenant AND r.course_id = c.id),
             c.created_at, c.updated_at
         FROM course c JOIN course_version v ON v.tenant = c.tenant AND v.course_id = c.id AND v.version = c.version
         WHERE c.tenant = $1 ORDER BY c.updated_at DESC, c.id DESC",
        &[tenant.0.into()],
        read,
    )
}

/// One course.
///
/// # Errors
/// When the database fails.
pub fn find(tenant: Tenant, tx: &mut Tx<'_>, id: CourseId) -> Result<Option<Course>, DbError> {
    tx.first(
        "SELECT c.id, c.title, c.version, v.standard, v.size, v.verified,
             (SELECT COUNT(*) FROM registration r WHERE r.tenant = c.tenant AND r.course_id = c.id),
             c.created_at, c.updated_at
         FROM course c JOIN course_version v ON v.tenant = c.tenant AND v.course_id = c.id AND v.version = c.version
         WHERE c.tenant = $1 AND c.id = $2",
        &[tenant.0.into(), (&id).into()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Course, DbError> {
    Ok(Course {
        id: CourseId::from_bytes(row.bytes(0)?),
        title: row.text(1)?,
        version: row.small(2)?,
        standard: row.text(3)?,
        size: row.count(4)?,
        verified: row.word(5, Verified::parse)?,
        registrations: row.count(6)?,
        created_at: row.int(7)?,
        updated_at: row.int(8)?,
    })
}
