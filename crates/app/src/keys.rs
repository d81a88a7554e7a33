//! Operators' keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lyceum_attempt::Millis;
use lyceum_store::{KeyId, Tenant, keys};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::environment::bytes;
use crate::error::AppError;
use crate::limits::MAX_TEXT_CHARS;
use crate::views::{as_text, rfc3339};

/// First characters of every secret, so that one in the wrong place is recognised.
const PREFIX: &str = "lyceum_";
/// The use of a key is noted at most this often, in milliseconds.
const NOTE_USE_EVERY: Millis = 3_600_000;

/// A key that was just made. The secret is shown once and is nowhere else.
#[derive(Clone, Debug)]
pub struct CreatedKey {
    /// Id, to revoke it by.
    pub id: KeyId,
    /// 256 random bits in text.
    pub secret: String,
}

/// Whose key it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHolder {
    /// What the key may reach.
    pub tenant: Tenant,
    /// Id.
    pub id: KeyId,
    /// What it is for.
    pub name: String,
}

/// A key in a list.
#[derive(Clone, Debug, Serialize)]
pub struct KeyView {
    /// Id.
    #[serde(serialize_with = "as_text")]
    pub id: KeyId,
    /// What it is for.
    pub name: String,
    /// RFC 3339.
    pub created: String,
    /// RFC 3339, to the hour.
    pub last_used: Option<String>,
    /// RFC 3339.
    pub revoked: Option<String>,
}

impl App {
    /// Makes a key.
    ///
    /// # Errors
    /// When it has no name, or the database fails.
    pub async fn create_key(&self, tenant: Tenant, name: &str) -> Result<CreatedKey, AppError> {
        let name: String = name.trim().chars().take(MAX_TEXT_CHARS).collect();
        if name.is_empty() {
            return Err(AppError::Malformed("a key needs a name that says what it is for".to_owned()));
        }
        let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes::<32>(&*self.0.random)));
        let (id, digest, now) = (KeyId::new(self.uuid()), digest(&secret), self.now());
        self.0.db.write(move |tx| keys::insert(tenant, tx, id, &name, &digest, now)).await?;
        Ok(CreatedKey { id, secret })
    }

    /// Whose key this secret is; `None` when it is nobody's or was revoked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check_key(&self, secret: &str) -> Result<Option<KeyHolder>, AppError> {
        if !secret.starts_with(PREFIX) {
            return Ok(None);
        }
        let digest = digest(secret);
        // Found by digest: comparing takes the same time whatever is wrong with the secret.
        let Some((tenant, key)) = self.0.db.read(move |tx| keys::by_digest(tx, &digest)).await? else {
            return Ok(None);
        };
        let (id, now) = (key.id, self.now());
        if key.last_used_at.is_none_or(|at| now - at >= NOTE_USE_EVERY) {
            self.0.db.write(move |tx| keys::used(tenant, tx, id, now)).await?;
        }
        Ok(Some(KeyHolder { tenant, id, name: key.name }))
    }

    /// All keys, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keys(&self, tenant: Tenant) -> Result<Vec<KeyView>, AppError> {
        let rows = self.0.db.read(move |tx| keys::list(tenant, tx)).await?;
        Ok(rows
            .into_iter()
            .map(|key| KeyView {
                id: key.id,
                name: key.name,
                created: rfc3339(key.created_at),
                last_used: key.last_used_at.map(rfc3339),
                revoked: key.revoked_at.map(rfc3339),
            })
            .collect())
    }

    /// Makes a key void.
    ///
    /// # Errors
    /// When there is no such key, or it is void already.
    pub async fn revoke_key(&self, tenant: Tenant, id: KeyId) -> Result<(), AppError> {
        let now = self.now();
        let revoked = self.0.db.write(move |tx| keys::revoke(tenant, tx, id, now)).await?;
        if revoked { Ok(()) } else { Err(AppError::NotFound { what: "key", id: id.to_string() }) }
    }
}

fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}
