//! Signed heads of the hash chains.

use crate::error::DbError;
use crate::id::{RegistrationId, Tenant};
use crate::tx::Tx;

/// What a chain was when it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Rows it had.
    pub link: u64,
    /// The last one's hash.
    pub hash: [u8; 32],
    /// Milliseconds since 1970.
    pub signed_at: i64,
    /// Ed25519.
    pub public_key: [u8; 32],
    /// Over all of the above.
    pub signature: [u8; 64],
}

/// Keeps a head. The same length again is the same head.
///
/// # Errors
/// When the database fails.
pub fn insert(tenant: Tenant, tx: &mut Tx<'_>, id: RegistrationId, head: &Head) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO chain_head (tenant, registration_id, link, hash, signed_at, public_key, signature)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, registration_id, link) DO NOTHING",
        &[
            tenant.0.into(),
            (&id).into(),
            head.link.into(),
            (&head.hash).into(),
            head.signed_at.into(),
            (&head.public_key).into(),
            (&head.signature).into(),
        ],
    )?;
    Ok(())
}

/// All heads of a registration, the shortest chain first.
///
/// # Errors
/// When the database fails.
pub fn list(tenant: Tenant, tx: &mut Tx<'_>, id: RegistrationId) -> Result<Vec<Head>, DbError> {
    tx.query(
        "SELECT link, hash, signed_at, public_key, signature FROM chain_head
         WHERE tenant = $1 AND registration_id = $2 ORDER BY link",
        &[tenant.0.into(), (&id).into()],
        |row| {
            Ok(Head {
                link: row.count(0)?,
                hash: row.bytes(1)?,
                signed_at: row.int(2)?,
                public_key: row.bytes(3)?,
                signature: row.bytes(4)?,
            })
        },
    )
}

/// Registrations whose chain has grown since its last signed head.
///
/// # Errors
/// When the database fails.
pub fn unsigned(tenant: Tenant, tx: &mut Tx<'_>, limit: u32) -> Result<Vec<RegistrationId>, DbError> {
    tx.query(
        "SELECT r.id FROM registration r
         WHERE r.tenant = $1 AND r.chain_length > (
             SELECT COALESCE(MAX(h.link), 0) FROM chain_head h WHERE h.tenant = r.tenant AND h.registration_id = r.id)
         ORDER BY r.id LIMIT $2",
        &[tenant.0.into(), limit.into()],
        |row| Ok(RegistrationId::from_bytes(row.bytes(0)?)),
    )
}
