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
