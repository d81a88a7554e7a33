//! The packed form of journal entries and of states, as they lie in the database.
//!
//! The first byte names the form. 1: JSON, as the browser sends it; a list of recorded entries, or a state.

use lyceum_attempt::entry::{Entry, Outcome, Recorded};
use lyceum_attempt::state::State;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::AppError;

const JSON: u8 = 1;

/// A row of the journal under construction. Entries are written as they come, without being copied first.
pub(crate) struct Packer {
    packed: Vec<u8>,
    /// Number of entries.
    pub(crate) entries: u32,
    /// Those whose outcome here differs from the browser's.
    pub(crate) differences: u32,
    /// Lowest and highest of their numbers.
    pub(crate) numbers: Option<(u64, u64)>,
}

/// What a difference looks like; without one it is the entry itself.
#[derive(Serialize)]
struct Different<'a> {
    #[serde(flatten)]
    entry: &'a Entry,
    server: &'a Outcome,
}

impl Packer {
    pub(crate) fn new() -> Self {
        Self { packed: vec![JSON, b'['], entries: 0, differences: 0, numbers: None }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// The next entry, with this side's outcome where it differs.
    pub(crate) fn push(&mut self, entry: &Entry, server: Option<&Outcome>) {
        if self.entries > 0 {
            self.packed.push(b',');
        }
        match server {
            None => write(&mut self.packed, entry),
            Some(server) => write(&mut self.packed, &Different { entry, server }),
        }
        self.entries = self.entries.saturating_add(1);
        self.differences = self.differences.saturating_add(u32::from(server.is_some()));
        let (from, to) = self.numbers.unwrap_or((entry.seq, entry.seq));
        self.numbers = Some((from.min(entry.seq), to.max(entry.seq)));
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.packed.push(b']');
        self.packed
    }
}

pub(crate) fn unpack_entries(packed: &[u8]) -> Result<Vec<Recorded>, AppError> {
    unpack("journal", packed)
}

pub(crate) fn pack_entry(entry: &Entry) -> Vec<u8> {
    pack(entry)
}

pub(crate) fn unpack_entry(packed: &[u8]) -> Result<Entry, AppError> {
    unpack("journal", packed)
}

pub(crate) fn pack_state(state: &State) -> Vec<u8> {
    pack(state)
}

pub(crate) fn unpack_state(packed: &[u8]) -> Result<State, AppError> {
    unpack("snapshot", packed)
}

fn pack(value: &impl Serialize) -> Vec<u8> {
    let mut packed = vec![JSON];
    write(&mut packed, value);
    packed
}

fn write(packed: &mut Vec<u8>, value: &impl Serialize) {
    // Writing our own shapes into memory cannot fail: no maps with odd keys, no I/O.
    serde_json::to_writer(packed, value).expect("entries and states serialise");
}

fn unpack<T: DeserializeOwned>(what: &str, packed: &[u8]) -> Result<T, AppError> {
    match packed {
        [JSON, json @ ..] => {
            serde_json::from_slice(json).map_err(|e| AppError::Unreadable(format!("{what}: {e}")))
        }
        [form, ..] => Err(AppError::Unreadable(format!("{what}: the form {form} is unknown"))),
        [] => Err(AppError::Unreadable(format!("{what}: its text was erased"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_entries_are_recorded_entries() {
        let entry: Entry =
            serde_json::from_str(r#"{"seq":3,"at":9,"activity":"a","call":"set","element":"e","value":"v"}"#)
                .unwrap();
        let other = Entry { seq: 2, error: 5, ..entry.clone() };
        let server = Outcome { error: 7, ..Outcome::default() };
        let mut packer = Packer::new();
        assert!(packer.is_empty());
        packer.push(&entry, None);
        packer.push(&other, Some(&server));
        assert_eq!((packer.entries, packer.differences, packer.numbers), (2, 1, Some((2, 3))));
        let expected =
            [Recorded { entry, server: None }, Recorded { entry: other.clone(), server: Some(server) }];
        let packed = packer.finish();
        assert_eq!(unpack_entries(&packed).unwrap(), expected);
        assert_eq!(packed[1..], *serde_json::to_vec(&expected).unwrap(), "the very form of a recorded entry");
        assert_eq!(unpack_entries(&Packer::new().finish()).unwrap(), []);
        assert_eq!(unpack_entry(&pack_entry(&other)).unwrap(), other);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (packed, why) in [(&b""[..], "erased"), (b"\x02[]", "form 2"), (b"\x01{", "journal")] {
            assert!(unpack_entries(packed).unwrap_err().to_string().contains(why), "{packed:?}");
        }
    }
}
