//! Operators' keys.

use crate::error::DbError;
use crate::id::{KeyId, Tenant};
use crate::tx::Tx;
use crate::value::Row;

/// A key as lists show it; its secret is nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Id.
    pub id: KeyId,
    /// What it is for.
    pub name: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970, to the day or so.
    pub last_used_at: Option<i64>,
    /// Milliseconds since 1970.
    pub revoked_at: Option<i64>,
}

/// A new key by the SHA-256 of its secret.
///
/// # Errors
/// When the database fails.
pub fn insert(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    id: KeyId,
    name: &str,
    digest: &[u8; 32],
    now: i64,
) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO api_key (tenant, id, name, digest, created_at) VALUES ($1, $2, $3, $4, $5)",
        &[tenant.0.into(), (&id).into(), name.into(), digest.into(), now.into()],
    )?;
    Ok(())
}

/// The tenant and key that a secret's digest belongs to, unless it was revoked. The tenant is the answer here.
///
/// # Errors
/// When the database fails.
pub fn by_digest(tx: &mut Tx<'_>, digest: &[u8; 32]) -> Result<Option<(Tenant, Key)>, DbError> {
    tx.first(
        "SELECT id, name, created_at, last_used_at, revoked_at, tenant FROM api_key WHERE digest = $1 AND revoked_at IS NULL",
        &[digest.into()],
        |row| Ok((Tenant(row.int(5)?), read(row)?)),
    )
}

/// All keys, the newest first.
///
/// # Errors
/// When the database fails.
pub fn list(tenant: Tenant, tx: &mut Tx<'_>) -> Result<Vec<Key>, DbError> {
    tx.query(
        "SELECT id, name, created_at, last_used_at, revoked_at FROM api_key WHERE tenant = $1 ORDER BY id DESC",
        &[tenant.0.into()],
        read,
    )
}

/// Makes a key void. False when there is no such key, or it was void before.
///
/// # Errors
/// When the database fails.
pub fn revoke(tenant: Tenant, tx: &mut Tx<'_>, id: KeyId, now: i64) -> Result<bool, DbError> {
    let changed = tx.exec(
        "UPDATE api_key SET revoked_at = $3 WHERE tenant = $1 AND id = $2 AND revoked_at IS NULL",
        &[tenant.0.into(), (&id).into(), now.into()],
    )?;
    Ok(changed == 1)
}

/// Notes that a key was used.
///
/// # Errors
/// When the database fails.
pub fn used(tenant: Tenant, tx: &mut Tx<'_>, id: KeyId, now: i64) -> Result<(), DbError> {
    tx.exec(
        "UPDATE api_key SET last_used_at = $3 WHERE tenant = $1 AND id = $2",
        &[tenant.0.into(), (&id).into(), now.into()],
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Key, DbError> {
    Ok(Key {
        id: KeyId::from_bytes(row.bytes(0)?),
        name: row.text(1)?,
        created_at: row.int(2)?,
        last_used_at: row.opt_int(3)?,
        revoked_at: row.opt_int(4)?,
    })
}
