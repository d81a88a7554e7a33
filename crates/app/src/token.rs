//! Tokens that need no database: what they allow, and a keyed digest that only this server can make.
//!
//! Text: base64url of payload and the first sixteen bytes of HMAC-SHA256 over it. Payload: kind (1 byte), tenant (8),
//! registration (16), then the expiry in milliseconds (8) and, where an attempt is asked for, its number (4); in a content key the
//! course version (4).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use lyceum_attempt::Millis;
use lyceum_store::{RegistrationId, Tenant};
use sha2::Sha256;

use crate::error::AccessError;
use crate::limits::COMMIT_GRACE;

const MAC_BYTES: usize = 16;
const OWNER_BYTES: usize = 1 + 8 + 16;
/// Longest text that is looked at.
const MAX_TEXT: usize = 256;

/// What a token is for. Their payloads differ in the first byte, so none is ever taken for another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Launch = 1,
    Session = 2,
    Content = 3,
}

/// Whose token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) tenant: Tenant,
    pub(crate) registration: RegistrationId,
}

/// A valid launch or session token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pass {
    pub(crate) owner: Owner,
    pub(crate) expires: Millis,
    /// The attempt that the launch is for: begun if there is none of this number yet; 0: the newest one, whichever that is. A
    /// number and not a wish, so that a page that is loaded again, or a link that is opened twice, begins nothing more.
    pub(crate) attempt: u32,
}

/// Makes and checks tokens.
#[derive(Clone)]
pub(crate) struct Signer(Hmac<Sha256>);

impl Signer {
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        Self(Hmac::new_from_slice(secret).expect("HMAC takes keys of any length"))
    }

    pub(crate) fn launch(&self, pass: Pass) -> String {
        self.sign_timed(Kind::Launch, pass)
    }

    pub(crate) fn session(&self, pass: Pass) -> String {
        self.sign_timed(Kind::Session, pass)
    }

    fn sign_timed(&self, kind: Kind, pass: Pass) -> String {
        let mut rest = pass.expires.to_be_bytes().to_vec();
        if pass.attempt != 0 {
            rest.extend_from_slice(&pass.attempt.to_be_bytes());
        }
        self.sign(kind, pass.owner, &rest)
    }

    /// Stable: the same registration and course version always have the same key, so that browsers keep what they cached.
    pub(crate) fn content(&self, owner: Owner, version: u32) -> String {
        self.sign(Kind::Content, owner, &version.to_be_bytes())
    }

    pub(crate) fn check_launch(&self, token: &str, now: Millis) -> Result<Pass, AccessError> {
        self.check_timed(Kind::Launch, token, now)
    }

    pub(crate) fn check_session(&self, token: &str, now: Millis) -> Result<Pass, AccessError> {
        self.check_timed(Kind::Session, token, now)
    }

    /// For commits: see [`COMMIT_GRACE`].
    pub(crate) fn check_session_with_grace(&self, token: &str, now: Millis) -> Result<Pass, AccessError> {
        self.check_session(token, now.saturating_sub(COMMIT_GRACE))
    }

    pub(crate) fn check_content(&self, key: &str) -> Result<(Owner, u32), AccessError> {
        let (owner, rest) = self.check(Kind::Content, key)?;
        let version = rest.as_slice().try_into().map_err(|_| AccessError::Forged)?;
        Ok((owner, u32::from_be_bytes(version)))
    }

    fn check_timed(&self, kind: Kind, token: &str, now: Millis) -> Result<Pass, AccessError> {
        let (owner, rest) = self.check(kind, token)?;
        let (expires, attempt) = rest.split_first_chunk().ok_or(AccessError::Forged)?;
        let attempt = match attempt {
            [] => 0,
            number => u32::from_be_bytes(number.try_into().map_err(|_| AccessError::Forged)?),
        };
        let expires = Millis::from_be_bytes(*expires);
        if now >= expires { Err(AccessError::Expired) } else { Ok(Pass { owner, expires, attempt }) }
    }

    fn sign(&self, kind: Kind, owner: Owner, rest: &[u8]) -> String {
        let mut bytes = Vec::with_capacity(OWNER_BYTES + rest.len() + MAC_BYTES);
        bytes.push(kind as u8);
        bytes.extend_from_slice(&owner.tenant.0.to_be_bytes());
        bytes.extend_from_slice(owner.registration.as_bytes());
        bytes.extend_from_slice(rest);
        let mac = self.0.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend_from_slice(&mac[..MAC_BYTES]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn check(&self, kind: Kind, token: &str) -> Result<(Owner, Vec<u8>), AccessError> {
        if token.len() > MAX_TEXT {
            return Err(AccessError::Forged);
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| AccessError::Forged)?;
        let payload_len = bytes.len().checked_sub(MAC_BYTES).ok_or(AccessError::Forged)?;
        let (payload, mac) = bytes.split_at(payload_len);
        let mac_is_right = self.0.clone().chain_update(payload).verify_truncated_left(mac).is_ok();
        if !mac_is_right || payload.len() < OWNER_BYTES || payload[0] != kind as u8 {
            return Err(AccessError::Forged);
        }
        let tenant = payload[1..9].try_into().map(i64::from_be_bytes).map_err(|_| AccessError::Forged)?;
        let registration = payload[9..OWNER_BYTES].try_into().map_err(|_| AccessError::Forged)?;
        let owner = Owner { tenant: Tenant(tenant), registration: RegistrationId::from_bytes(registration) };
        Ok((owner, payload[OWNER_BYTES..].to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: Owner = Owner { tenant: Tenant(7), registration: RegistrationId::from_bytes([9; 16]) };

    #[test]
    fn each_kind_opens_its_own_door_only() {
        let signer = Signer::new(&[1; 32]);
        let pass = Pass { owner: OWNER, expires: 10, attempt: 0 };
        let second = Pass { attempt: 2, ..pass };
        let (launch, session, content) =
            (signer.launch(pass), signer.session(pass), signer.content(OWNER, 3));
        assert_eq!(signer.check_launch(&launch, 9), Ok(pass));
        assert_eq!(signer.check_session(&session, 9), Ok(pass));
        assert_eq!(signer.check_launch(&signer.launch(second), 9), Ok(second));
        assert_eq!(signer.check_session(&signer.session(second), 9), Ok(second));
        assert_eq!(signer.check_content(&content), Ok((OWNER, 3)));
        assert_eq!(content, signer.content(OWNER, 3), "stable");
        for wrong in [&session, &content] {
            assert_eq!(signer.check_launch(wrong, 0), Err(AccessError::Forged));
        }
        for wrong in [&launch, &content] {
            assert_eq!(signer.check_session(wrong, 0), Err(AccessError::Forged));
        }
        for wrong in [&launch, &session] {
            assert_eq!(signer.check_content(wrong), Err(AccessError::Forged));
        }
    }

    #[test]
    fn expiry_is_kept_and_commits_have_grace() {
        let signer = Signer::new(&[1; 32]);
        let pass = Pass { owner: OWNER, expires: 10, attempt: 0 };
        let token = signer.session(pass);
        assert_eq!(signer.check_session(&token, 10), Err(AccessError::Expired));
        assert_eq!(signer.check_launch(&signer.launch(pass), 10), Err(AccessError::Expired));
        assert!(signer.check_session_with_grace(&token, 9 + COMMIT_GRACE).is_ok());
        assert_eq!(signer.check_session_with_grace(&token, 10 + COMMIT_GRACE), Err(AccessError::Expired));
    }

    #[test]
    fn every_altered_character_and_every_other_secret_is_refused() {
        let signer = Signer::new(&[1; 32]);
        let token = signer.session(Pass { owner: OWNER, expires: 10, attempt: 3 });
        for at in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(signer.check_session(&altered, 0), Err(AccessError::Forged), "at {at}");
        }
        assert_eq!(Signer::new(&[2; 32]).check_session(&token, 0), Err(AccessError::Forged));
        for garbage in ["", "A", "!!!", &token[1..], &token[..token.len() - 1], &"A".repeat(10_000)] {
            assert_eq!(signer.check_session(garbage, 0), Err(AccessError::Forged), "{garbage}");
        }
    }
}
