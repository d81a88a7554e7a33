//! Who stands at a door: the holder of a key, or of a session token.

use lyceum_store::{RegistrationId, Tenant};

use crate::app::App;
use crate::error::{AccessError, AppError};
use crate::limits::SESSION_LIFE;
use crate::token::{Owner, Pass};

/// Somebody who is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// With a key: reaches its tenant.
    Key {
        /// The tenant.
        tenant: Tenant,
        /// What the key is for.
        name: String,
    },
    /// With a session token: reaches one registration.
    Session {
        /// The tenant.
        tenant: Tenant,
        /// The registration.
        registration: RegistrationId,
    },
}

impl Holder {
    /// What is within reach.
    #[must_use]
    pub fn tenant(&self) -> Tenant {
        match self {
            Self::Key { tenant, .. } | Self::Session { tenant, .. } => *tenant,
        }
    }

    /// Fails unless this registration is within reach.
    pub(crate) fn check(&self, id: RegistrationId) -> Result<(), AppError> {
        match self {
            Self::Session { registration, .. } if *registration != id => {
                Err(AppError::OutOfReach("registration"))
            }
            _ => Ok(()),
        }
    }
}

impl App {
    /// A session token for a registration: for pages and beacons, where a key does not belong.
    #[must_use]
    pub fn door_token(&self, holder: &Holder, registration: RegistrationId) -> String {
        self.token_of(Owner { tenant: holder.tenant(), registration })
    }

    pub(super) fn token_of(&self, owner: Owner) -> String {
        let expires = self.now().saturating_add(SESSION_LIFE);
        self.0.signer.session(Pass { owner, expires, attempt: 0 })
    }

    /// Whose key or session token this is. Session tokens are taken as long as for commits.
    ///
    /// # Errors
    /// When it is nobody's, was revoked or has expired, or the database fails.
    pub async fn holder(&self, credential: &str) -> Result<Holder, AppError> {
        if let Some(holder) = self.check_key(credential).await? {
            return Ok(Holder::Key { tenant: holder.tenant, name: holder.name });
        }
        match self.0.signer.check_session_with_grace(credential, self.now()) {
            Ok(pass) => {
                Ok(Holder::Session { tenant: pass.owner.tenant, registration: pass.owner.registration })
            }
            Err(AccessError::Forged) => Err(AccessError::Key.into()),
            Err(e) => Err(e.into()),
        }
    }
}
