//! Settings of a course that differ from the program's defaults, as texts.

use crate::error::DbError;
use crate::id::{CourseId, Tenant};
use crate::tx::Tx;

/// Names and values, by name.
///
/// # Errors
/// When the database fails.
pub fn list(tenant: Tenant, tx: &mut Tx<'_>, course: CourseId) -> Result<Vec<(String, String)>, DbError> {
    tx.query(
        "SELECT name, value FROM course_setting WHERE tenant = $1 AND course_id = $2 ORDER BY name",
        &[tenant.0.into(), (&course).into()],
        |row| Ok((row.text(0)?, row.text(1)?)),
    )
}

/// Sets one.
///
/// # Errors
/// When there is no such course, or the database fails.
pub fn put(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    course: CourseId,
    (name, value): (&str, &str),
    now: i64,
) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO course_setting (tenant, course_id, name, value, changed_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant, course_id, name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
        &[tenant.0.into(), (&course).into(), name.into(), value.into(), now.into()],
    )?;
    Ok(())
}

/// Takes one back to the default.
///
/// # Errors
/// When the database fails.
pub fn remove(tenant: Tenant, tx: &mut Tx<'_>, course: CourseId, name: &str) -> Result<(), DbError> {
    tx.exec(
        "DELETE FROM course_setting WHERE tenant = $1 AND course_id = $2 AND name = $3",
        &[tenant.0.into(), (&course).into(), name.into()],
    )?;
    Ok(())
}
