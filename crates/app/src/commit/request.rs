//! What arrives, and what goes back.

use std::net::IpAddr;

use lyceum_attempt::Millis;
use lyceum_attempt::entry::{Call, Entry};
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::limits::{MAX_COMMIT_ENTRIES, MAX_NAME_BYTES, MAX_VALUE_BYTES};

/// Body of `POST /play/{T}/commits`. Without entries it is a sign of life.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CommitRequest {
    /// Id of the session.
    pub session: String,
    /// Number of the first entry; the entries' own numbers count.
    #[serde(default)]
    pub from_seq: Option<u64>,
    /// All entries up to this number were confirmed to the browser before. Counts only while the database cannot be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<u64>,
    /// The entries.
    #[serde(default)]
    pub entries: Vec<Entry>,
    /// The browser's clock as it sent this.
    #[serde(default)]
    pub client_clock: Option<Millis>,
    /// Hash of the browser's state after the last entry, 16 hexadecimal digits.
    #[serde(default)]
    pub state_hash: Option<String>,
}

/// Answer to a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommitAnswer {
    /// All entries up to this number are on disk.
    pub durable_to: u64,
    /// Numbers that have not arrived although later ones have, as inclusive ranges. What is not in here and was sent is on
    /// disk.
    pub missing: Vec<[u64; 2]>,
    /// Hash of the state after the last entry; `None` while something is missing, or is on disk and not executed yet.
    pub state_hash: Option<String>,
    /// A newer session has begun.
    pub superseded: bool,
    /// It is superseded because somebody has rolled the attempt back or begun another one: the page must load again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub corrected: bool,
    /// A session token with a later expiry, when it is time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// Where a request comes from.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// Address of the browser, as far as it can be told.
    pub ip: Option<IpAddr>,
    /// The browser's name of itself.
    pub user_agent: Option<String>,
}

/// What an entry costs beside its texts, in bytes.
const ENTRY_BYTES: usize = 64;

impl CommitRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// [`AppError::Malformed`] with the place of the fault.
    pub fn from_json(body: &[u8]) -> Result<Self, AppError> {
        // All of it at once is faster than string by string.
        let text = std::str::from_utf8(body).map_err(|e| AppError::Malformed(e.to_string()))?;
        serde_json::from_str(text).map_err(|e| AppError::Malformed(e.to_string()))
    }

    /// Bytes of the entries.
    pub(crate) fn bytes(&self) -> usize {
        let seeds =
            |e: &Entry| e.seeds.iter().map(|(element, value)| element.len() + value.len()).sum::<usize>();
        let texts =
            |e: &Entry| e.activity.len() + e.element.len() + e.value.len() + e.result.len() + seeds(e);
        self.entries.iter().map(|e| ENTRY_BYTES + texts(e)).sum()
    }

    /// Holds it against the limits; answers [`CommitRequest::bytes`].
    pub(crate) fn check(&self) -> Result<usize, AppError> {
        within("the commit", self.entries.len(), MAX_COMMIT_ENTRIES, "entries")?;
        for entry in &self.entries {
            // 0 is the server's own, and numbers near the end of the range cannot be followed by others.
            if entry.seq == 0 || entry.seq >= u64::from(u32::MAX) {
                return Err(AppError::Malformed(format!(
                    "{} is no entry number; they begin at 1",
                    entry.seq
                )));
            }
            if entry.call == Call::Act {
                return Err(AppError::Malformed(
                    "\"act\" is the server's own, and no call of a course".to_owned(),
                ));
            }
            within("a value", entry.value.len(), MAX_VALUE_BYTES, "bytes")?;
            for name in [&entry.element, &entry.activity, &entry.result] {
                within("a name", name.len(), MAX_NAME_BYTES, "bytes")?;
            }
        }
        Ok(self.bytes())
    }

    pub(crate) fn client_hash(&self) -> Option<[u8; 8]> {
        let hash = u64::from_str_radix(self.state_hash.as_deref()?, 16).ok()?;
        Some(hash.to_be_bytes())
    }
}

fn within(what: &'static str, found: usize, limit: usize, unit: &'static str) -> Result<(), AppError> {
    if found <= limit {
        return Ok(());
    }
    Err(AppError::TooLarge { what, found: found as u64, limit: limit as u64, unit })
}
