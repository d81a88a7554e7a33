//! Tenants.

use crate::error::DbError;
use crate::id::Tenant;
use crate::tx::Tx;

/// Every tenant, for jobs that go through all of them.
///
/// # Errors
/// When the database fails.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Tenant>, DbError> {
    tx.query("SELECT id FROM tenant ORDER BY id", &[], |row| Ok(Tenant(row.int(0)?)))
}

/// Makes a tenant.
///
/// # Errors
/// When there is one with this id or slug, or the database fails.
pub fn insert(tx: &mut Tx<'_>, id: Tenant, slug: &str, title: &str, now: i64) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO tenant (id, slug, title, created_at) VALUES ($1, $2, $3, $4)",
        &[id.0.into(), slug.into(), title.into(), now.into()],
    )?;
    Ok(())
}
