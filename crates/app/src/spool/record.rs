//! One accepted commit, as it lies in the spool.

use std::io;

use lyceum_attempt::Millis;
use lyceum_store::{RegistrationId, SessionId, Tenant};
use serde::{Deserialize, Serialize};

use crate::commit::{Caller, CommitRequest};
use crate::token::Owner;

/// Everything that the commit path needs to do it later as it would have done it then.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) tenant: Tenant,
    pub(crate) registration: RegistrationId,
    pub(crate) session: SessionId,
    pub(crate) arrived_at: Millis,
    pub(crate) from: Caller,
    pub(crate) request: CommitRequest,
}

/// Its form on disk: JSON, so that people can read it when all else fails.
#[derive(Serialize, Deserialize)]
struct Stored<R> {
    tenant: i64,
    registration: String,
    arrived_at: Millis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ip: Option<std::net::IpAddr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    request: R,
}

impl Record {
    pub(crate) fn owner(&self) -> Owner {
        Owner { tenant: self.tenant, registration: self.registration }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // Writing our own shapes into memory cannot fail.
        serde_json::to_vec(self).expect("a record serialises")
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        let stored: Stored<CommitRequest> = serde_json::from_slice(bytes)?;
        let registration = stored.registration.parse().map_err(io::Error::other)?;
        let session = stored.request.session.parse().map_err(io::Error::other)?;
        Ok(Self {
            tenant: Tenant(stored.tenant),
            registration,
            session,
            arrived_at: stored.arrived_at,
            from: Caller { ip: stored.ip, user_agent: stored.user_agent },
            request: stored.request,
        })
    }
}

impl Serialize for Record {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = Stored {
            tenant: self.tenant.0,
            registration: self.registration.to_string(),
            arrived_at: self.arrived_at,
            ip: self.from.ip,
            user_agent: self.from.user_agent.clone(),
            request: &self.request,
        };
        stored.serialize(serializer)
    }
}
