//! Named settings of a tenant.

use crate::error::DbError;
use crate::id::Tenant;
use crate::tx::Tx;

/// A setting's text.
///
/// # Errors
/// When the database fails.
pub fn get(tenant: Tenant, tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, DbError> {
    tx.first(
        "SELECT value FROM setting WHERE tenant = $1 AND name = $2",
        &[tenant.0.into(), name.into()],
        |row| row.text(0),
    )
}

/// Sets it.
///
/// # Errors
/// When the database fails.
pub fn put(tenant: Tenant, tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO setting (tenant, name, value) VALUES ($1, $2, $3)
         ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value",
        &[tenant.0.into(), name.into(), value.into()],
    )?;
    Ok(())
}
