//! The exported form, as types. Bytes are hexadecimal, times milliseconds since 1970.

use std::collections::BTreeMap;

use lyceum_attempt::entry::{Entry, Recorded};
use lyceum_attempt::summary::Summary;
use lyceum_store::attempts::{Attempt, EndedBy, Session};
use lyceum_store::commits::{LogRow, NO_SESSION};
use lyceum_store::heads::Head;
use lyceum_store::{AttemptId, SessionId};
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::journal::{Packer, unpack_entries};

/// The document's own name.
pub(super) const FORMAT: &str = "lyceum-export";
/// Rises when older programs could no longer read it.
pub(super) const VERSION: u32 = 1;

/// A course that registrations in the document are on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct CourseForm {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) versions: Vec<VersionForm>,
}

/// One package of a course.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct VersionForm {
    pub(super) version: u32,
    /// SHA-256 of the zip.
    pub(super) sha256: String,
    pub(super) size: u64,
    pub(super) standard: String,
    pub(super) imported_at: i64,
    /// The manifest as read.
    pub(super) model: serde_json::Value,
    /// What the check reported.
    pub(super) report: serde_json::Value,
}

/// The last member: what the document must hold.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// Files that the registrations were played from; not in the document.
    pub(super) files: Vec<FileDigest>,
    /// One for each registration, in their order.
    pub(super) registrations: Vec<PartDigest>,
    /// SHA-256 over the digests of all registrations, one after the other, as bytes.
    pub(super) sha256: String,
}

/// A file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct FileDigest {
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) size: u64,
}

/// A registration's text in the document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct PartDigest {
    pub(super) id: String,
    pub(super) sha256: String,
    pub(super) attempts: u64,
    pub(super) commits: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RegistrationForm {
    pub(super) id: String,
    pub(super) course_id: String,
    pub(super) learner: LearnerForm,
    /// Course version of the current attempt.
    pub(super) version: u32,
    pub(super) created_at: i64,
    /// Attempts begun.
    pub(super) attempt_count: u32,
    /// Only one of the attempts is in the document: the chain has other attempts' rows between.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) partial: bool,
    pub(super) summary: Summary,
    /// Rows of the hash chain and the last one's hash.
    pub(super) chain_length: u64,
    pub(super) chain_head: String,
    pub(super) signed_heads: Vec<HeadForm>,
    pub(super) attempts: Vec<AttemptForm>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct LearnerForm {
    pub(super) id: String,
    /// The name callers know her by.
    pub(super) external_id: String,
    pub(super) name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct HeadForm {
    pub(super) link: u64,
    pub(super) hash: String,
    pub(super) signed_at: i64,
    pub(super) public_key: String,
    pub(super) signature: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct AttemptForm {
    pub(super) id: String,
    pub(super) number: u32,
    pub(super) version: u32,
    pub(super) started_at: i64,
    pub(super) ended_at: Option<i64>,
    pub(super) session_count: u32,
    pub(super) session_floor: u32,
    pub(super) completed_at: Option<i64>,
    pub(super) satisfied_at: Option<i64>,
    pub(super) commit_count: u64,
    pub(super) summary: Summary,
    /// Hash of the state after the last commit.
    pub(super) state_hash: String,
    /// Every current value, by activity and element.
    pub(super) cmi: BTreeMap<String, BTreeMap<String, String>>,
    pub(super) sessions: Vec<SessionForm>,
    pub(super) commits: Vec<CommitForm>,
    /// Entries past a gap, and entries under numbers that were taken: kept, no part of the state.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) aside: Vec<AsideForm>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct AsideForm {
    pub(super) session: String,
    /// pending or disputed.
    pub(super) kind: String,
    pub(super) entry: Entry,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SessionForm {
    pub(super) id: String,
    pub(super) ordinal: u32,
    /// What the session was given: engine, settings, learner, seed.
    pub(super) opening: serde_json::Value,
    pub(super) page: String,
    pub(super) opened_at: i64,
    pub(super) last_seen_at: i64,
    pub(super) ended_at: Option<i64>,
    /// exit, suspend or lease.
    pub(super) ended_by: Option<String>,
    pub(super) durable_to: u64,
    pub(super) executed_to: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct CommitForm {
    pub(super) n: u64,
    /// `None` for the server's own acts.
    pub(super) session: Option<String>,
    pub(super) link: u64,
    pub(super) from_seq: u64,
    pub(super) to_seq: u64,
    pub(super) entry_count: u32,
    pub(super) differences: u32,
    pub(super) arrived_at: i64,
    pub(super) client_clock: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ip: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) user_agent: Option<String>,
    pub(super) state_hash: String,
    pub(super) client_state_hash: Option<String>,
    /// `None` where the contents were erased.
    pub(super) salt: Option<String>,
    pub(super) entries_digest: String,
    pub(super) origin_digest: String,
    pub(super) previous_hash: String,
    pub(super) hash: String,
    /// The entries with their recorded outcomes.
    pub(super) entries: Vec<Recorded>,
    /// The entries' packed bytes, only where packing `entries` again gives other ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) packed: Option<String>,
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)]).collect()
}

/// What does not read: where, and as what.
pub(super) fn unhex<const N: usize>(what: &str, text: &str) -> Result<[u8; N], AppError> {
    bytes_of(text)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| AppError::Malformed(format!("{what} must be {} hexadecimal digits", N * 2)))
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|n| u8::try_from(n).ok());
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits.chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

pub(super) fn id<T: std::str::FromStr>(text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::Malformed(format!("\"{text}\" is no id")))
}

fn packed(entries: &[Recorded]) -> Vec<u8> {
    let mut packer = Packer::new();
    entries.iter().for_each(|recorded| packer.push(&recorded.entry, recorded.server.as_ref()));
    packer.finish()
}

impl CommitForm {
    pub(super) fn of(row: LogRow) -> Result<Self, AppError> {
        let entries = if row.entries.is_empty() { Vec::new() } else { unpack_entries(&row.entries)? };
        let is_same = row.entries.is_empty() || packed(&entries) == row.entries;
        Ok(Self {
            n: row.n,
            session: (row.session != NO_SESSION).then(|| row.session.to_string()),
            link: row.link,
            from_seq: row.from_seq,
            to_seq: row.to_seq,
            entry_count: row.entry_count,
            differences: row.differences,
            arrived_at: row.arrived_at,
            client_clock: row.client_clock,
            ip: row.ip,
            user_agent: row.user_agent,
            state_hash: hex(&row.state_hash),
            client_state_hash: row.client_state_hash.as_ref().map(|hash| hex(hash)),
            salt: row.salt.as_ref().map(|salt| hex(salt)),
            entries_digest: hex(&row.entries_digest),
            origin_digest: hex(&row.origin_digest),
            previous_hash: hex(&row.previous_hash),
            hash: hex(&row.hash),
            packed: (!is_same).then(|| hex(&row.entries)),
            entries,
        })
    }

    pub(super) fn row(self) -> Result<LogRow, AppError> {
        let entries = match &self.packed {
            Some(text) => {
                bytes_of(text).ok_or_else(|| AppError::Malformed("packed must be hexadecimal".to_owned()))?
            }
            None if self.salt.is_none() && self.entries.is_empty() => Vec::new(),
            None => packed(&self.entries),
        };
        Ok(LogRow {
            n: self.n,
            session: self.session.as_deref().map_or(Ok(NO_SESSION), id::<SessionId>)?,
            link: self.link,
            from_seq: self.from_seq,
            to_seq: self.to_seq,
            entry_count: self.entry_count,
            differences: self.differences,
            arrived_at: self.arrived_at,
            client_clock: self.client_clock,
            ip: self.ip,
            user_agent: self.user_agent,
            entries,
            state_hash: unhex("state_hash", &self.state_hash)?,
            client_state_hash: self
                .client_state_hash
                .as_deref()
                .map(|text| unhex("client_state_hash", text))
                .transpose()?,
            salt: self.salt.as_deref().map(|text| unhex("salt", text)).transpose()?,
            entries_digest: unhex("entries_digest", &self.entries_digest)?,
            origin_digest: unhex("origin_digest", &self.origin_digest)?,
            previous_hash: unhex("previous_hash", &self.previous_hash)?,
            hash: unhex("hash", &self.hash)?,
        })
    }
}

impl SessionForm {
    pub(super) fn of(row: Session) -> Self {
        Self {
            id: row.id.to_string(),
            ordinal: row.ordinal,
            opening: serde_json::from_str(&row.opening).unwrap_or(serde_json::Value::String(row.opening)),
            page: row.page,
            opened_at: row.opened_at,
            last_seen_at: row.last_seen_at,
            ended_at: row.ended.map(|(at, _)| at),
            ended_by: row.ended.map(|(_, by)| by.word().to_owned()),
            durable_to: row.durable_to,
            executed_to: row.executed_to,
        }
    }

    /// The opening as it is stored.
    pub(super) fn opening_text(&self) -> String {
        match &self.opening {
            serde_json::Value::String(text) => text.clone(),
            value => value.to_string(),
        }
    }

    pub(super) fn row(self, attempt: AttemptId) -> Result<Session, AppError> {
        let ended = match (self.ended_at, self.ended_by.as_deref()) {
            (Some(at), Some(word)) => {
                let by = [EndedBy::Exit, EndedBy::Suspend, EndedBy::Lease];
                let by = by.into_iter().find(|by| by.word() == word);
                let unknown = || AppError::Malformed(format!("no session ends by \"{word}\""));
                Some((at, by.ok_or_else(unknown)?))
            }
            _ => None,
        };
        Ok(Session {
            id: id(&self.id)?,
            attempt,
            ordinal: self.ordinal,
            opening: self.opening_text(),
            page: self.page,
            opened_at: self.opened_at,
            last_seen_at: self.last_seen_at,
            ended,
            durable_to: self.durable_to,
            executed_to: self.executed_to,
        })
    }
}

impl HeadForm {
    pub(super) fn of(head: &Head) -> Self {
        Self {
            link: head.link,
            hash: hex(&head.hash),
            signed_at: head.signed_at,
            public_key: hex(&head.public_key),
            signature: hex(&head.signature),
        }
    }

    pub(super) fn row(&self) -> Result<Head, AppError> {
        Ok(Head {
            link: self.link,
            hash: unhex("hash", &self.hash)?,
            signed_at: self.signed_at,
            public_key: unhex("public_key", &self.public_key)?,
            signature: unhex("signature", &self.signature)?,
        })
    }
}

impl AttemptForm {
    pub(super) fn row(&self, registration: lyceum_store::RegistrationId) -> Result<Attempt, AppError> {
        Ok(Attempt {
            id: id(&self.id)?,
            registration,
            number: self.number,
            version: self.version,
            started_at: self.started_at,
            ended_at: self.ended_at,
            commits: self.commit_count,
            sessions: self.session_count,
            journal_bytes: 0,
            unsnapped_bytes: 0,
            snapshot_bytes: 0,
            summary: self.summary.clone(),
            session_floor: self.session_floor,
            completed_at: self.completed_at,
            satisfied_at: self.satisfied_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{hex, unhex};

    #[test]
    fn bytes_as_text() {
        assert_eq!(hex(&[0, 0x0f, 0xff]), "000fff");
        assert_eq!(unhex::<3>("x", "000FfF").unwrap(), [0, 0x0f, 0xff]);
        for wrong in ["", "00", "00000g", "0000000", "ä0000"] {
            assert!(unhex::<3>("x", wrong).is_err(), "{wrong}");
        }
    }
}
