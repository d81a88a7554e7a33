//! The hash chain of a registration's journal: each row's hash covers the one before it.
//!
//! Values, learner's address and browser go in as *salted* digests, and with them what the session was given: whose it is, and the
//! settings that it is judged by. Erasing them together with the row's salt leaves nothing to guess from, and the chain still verifies.

use sha2::{Digest, Sha256};

use crate::commits::LogRow;
use crate::id::RegistrationId;

/// First bytes under every hash, so that no digest of anything else is ever one of these. The number is the chain's form.
const DOMAIN: &[u8] = b"lyceum commit 1\0";

/// Digest of a session's opening, under the rows of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpeningDigest([u8; 32]);

impl OpeningDigest {
    /// Of the opening as it is stored.
    #[must_use]
    pub fn of(opening: &str) -> Self {
        Self(Sha256::digest(opening).into())
    }
}

/// Fills in a row's digests and hash from its other fields. The row must have a salt. What people and the server do has no opening.
pub fn seal(registration: RegistrationId, opening: Option<OpeningDigest>, row: &mut LogRow) {
    let salt = row.salt.unwrap_or_default();
    row.entries_digest = salted(&salt, &[&row.entries]);
    row.origin_digest = origin_digest(&salt, opening, row);
    row.hash = hash(registration, row);
}

/// Whether a row follows `previous` and is what it was when it was written, in a session with this opening. Erased rows have no salt
/// and verify too, and so do rows from before openings were covered.
#[must_use]
pub fn verifies(
    registration: RegistrationId,
    previous: &[u8; 32],
    opening: Option<OpeningDigest>,
    row: &LogRow,
) -> bool {
    let contents = row.salt.is_none_or(|salt| {
        row.entries_digest == salted(&salt, &[&row.entries])
            && (row.origin_digest == origin_digest(&salt, opening, row)
                || row.origin_digest == origin_digest(&salt, None, row))
    });
    contents && row.previous_hash == *previous && row.hash == hash(registration, row)
}

fn origin_digest(salt: &[u8; 16], opening: Option<OpeningDigest>, row: &LogRow) -> [u8; 32] {
    let bytes = |field: &Option<String>| field.clone().unwrap_or_default().into_bytes();
    let (ip, user_agent) = (bytes(&row.ip), bytes(&row.user_agent));
    match &opening {
        None => salted(salt, &[&ip, &user_agent]),
        Some(OpeningDigest(opening)) => salted(salt, &[&ip, &user_agent, opening]),
    }
}

fn salted(salt: &[u8; 16], parts: &[&[u8]]) -> [u8; 32] {
    let mut sha = Sha256::new_with_prefix(salt);
    for part in parts {
        sha.update((part.len() as u64).to_be_bytes());
        sha.update(part);
    }
    sha.finalize().into()
}

fn hash(registration: RegistrationId, row: &LogRow) -> [u8; 32] {
    let mut sha = Sha256::new_with_prefix(DOMAIN);
    sha.update(registration.as_bytes());
    sha.update(row.previous_hash);
    sha.update(row.session.as_bytes());
    for number in
        [row.n, row.link, row.from_seq, row.to_seq, u64::from(row.entry_count), u64::from(row.differences)]
    {
        sha.update(number.to_be_bytes());
    }
    sha.update(row.arrived_at.to_be_bytes());
    sha.update(row.client_clock.unwrap_or(i64::MIN).to_be_bytes());
    sha.update(row.state_hash);
    sha.update([u8::from(row.client_state_hash.is_some())]);
    sha.update(row.client_state_hash.unwrap_or_default());
    sha.update(row.entries_digest);
    sha.update(row.origin_digest);
    sha.finalize().into()
}
