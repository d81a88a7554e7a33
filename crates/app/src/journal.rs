//! The packed form of journal entries and of states, as they lie in the database. The first byte names the form.
//!
//! Entries, forms 1 and 2: what an entry shares with the one before it is left out, numbers are as short as they can be. An
//! attempt's journal is more than half of all that is ever written, and every commit waits for it to reach the disk. See
//! [`encode`]. Form 2, which is written, has what is recorded of sequencing at the end of each outcome. States, form 1: JSON.

mod decode;
mod encode;

use lyceum_attempt::entry::{Call, Entry, Outcome, Recorded};
use lyceum_attempt::state::State;

use crate::error::AppError;

/// The form of packed entries.
const ENTRIES: u8 = 2;
/// The form before sequencing was recorded: is read.
const ENTRIES_WITHOUT_SEQUENCING: u8 = 1;
/// The form of packed states.
const STATE: u8 = 1;

/// The calls by their number in the packed form. Numbers are never given another meaning.
const CALLS: [Call; 9] = [
    Call::Initialize,
    Call::Set,
    Call::Get,
    Call::Commit,
    Call::Terminate,
    Call::Navigate,
    Call::Deliver,
    Call::Leave,
    Call::Act,
];
/// Its place in [`CALLS`]; a match, so that a new call cannot be forgotten.
fn number_of(call: Call) -> u8 {
    match call {
        Call::Initialize => 0,
        Call::Set => 1,
        Call::Get => 2,
        Call::Commit => 3,
        Call::Terminate => 4,
        Call::Navigate => 5,
        Call::Deliver => 6,
        Call::Leave => 7,
        Call::Act => 8,
    }
}
const CALL_BITS: u8 = 0x0F;
/// The activity is another one than the last entry's.
const ACTIVITY: u8 = 0x10;
/// There is an element.
const ELEMENT: u8 = 0x20;
/// The browser's outcome is not the plain one (no error, no flags, no result, no seeds, no sequencing).
const OUTCOME: u8 = 0x40;
/// This side's outcome differs.
const SERVER: u8 = 0x80;

/// A row of the journal under construction. Entries are written as they come, without being copied first.
pub(crate) struct Packer {
    writer: encode::Writer,
    /// Number of entries.
    pub(crate) entries: u32,
    /// Those whose outcome here differs from the browser's.
    pub(crate) differences: u32,
    /// Lowest and highest of their numbers.
    pub(crate) numbers: Option<(u64, u64)>,
}

impl Packer {
    pub(crate) fn new() -> Self {
        Self { writer: encode::Writer::new(ENTRIES), entries: 0, differences: 0, numbers: None }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// The next entry, with this side's outcome where it differs.
    pub(crate) fn push(&mut self, entry: &Entry, server: Option<&Outcome>) {
        self.writer.entry(entry, server);
        self.entries = self.entries.saturating_add(1);
        self.differences = self.differences.saturating_add(u32::from(server.is_some()));
        let (from, to) = self.numbers.unwrap_or((entry.seq, entry.seq));
        self.numbers = Some((from.min(entry.seq), to.max(entry.seq)));
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.writer.finish()
    }
}

pub(crate) fn unpack_entries(packed: &[u8]) -> Result<Vec<Recorded>, AppError> {
    let (bytes, has_sequencing) = match packed {
        [ENTRIES_WITHOUT_SEQUENCING, bytes @ ..] => (bytes, false),
        _ => (contents("journal", packed, ENTRIES)?, true),
    };
    decode::entries(bytes, has_sequencing)
        .ok_or_else(|| AppError::Unreadable("journal: a row is damaged".to_owned()))
}

/// One entry, to wait past a gap or to be kept as disputed.
pub(crate) fn pack_entry(entry: &Entry) -> Vec<u8> {
    let mut packer = Packer::new();
    packer.push(entry, None);
    packer.finish()
}

pub(crate) fn unpack_entry(packed: &[u8]) -> Result<Entry, AppError> {
    let entry = unpack_entries(packed)?.pop().map(|recorded| recorded.entry);
    entry.ok_or_else(|| AppError::Unreadable("journal: a waiting entry is empty".to_owned()))
}

pub(crate) fn pack_state(state: &State) -> Vec<u8> {
    let mut packed = vec![STATE];
    // Writing our own shapes into memory cannot fail: no maps with odd keys, no I/O.
    serde_json::to_writer(&mut packed, state).expect("a state serialises");
    packed
}

pub(crate) fn unpack_state(packed: &[u8]) -> Result<State, AppError> {
    let json = contents("snapshot", packed, STATE)?;
    serde_json::from_slice(json).map_err(|e| AppError::Unreadable(format!("snapshot: {e}")))
}

fn contents<'a>(what: &str, packed: &'a [u8], known: u8) -> Result<&'a [u8], AppError> {
    match packed {
        [form, contents @ ..] if *form == known => Ok(contents),
        [form, ..] => Err(AppError::Unreadable(format!("{what}: its form {form} is unknown here"))),
        [] => Err(AppError::Unreadable(format!("{what}: it was erased"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lyceum_attempt::sequenced::recorded::Recorded as Sequencing;

    fn plain(seq: u64, at: i64) -> Entry {
        Entry {
            seq,
            at,
            activity: String::new(),
            call: Call::Set,
            element: String::new(),
            value: String::new(),
            error: 0,
            flags: 0,
            result: String::new(),
            seeds: Vec::new(),
            sequencing: None,
        }
    }

    fn all_kinds() -> Vec<Recorded> {
        let seeds =
            vec![("cmi.objectives.0.id".to_owned(), "o\u{1F600}".to_owned()), (String::new(), String::new())];
        let full = Entry {
            activity: "a".into(),
            element: "cmi.suspend_data".into(),
            value: "x".repeat(70_000),
            error: u16::MAX,
            flags: 3,
            result: "resume".into(),
            seeds: seeds.clone(),
            sequencing: Some(Box::new(Sequencing {
                seed: Some(u64::MAX),
                resumed: true,
                ..Sequencing::default()
            })),
            ..plain(u64::MAX, i64::MIN)
        };
        let entries = [
            plain(1, 0),
            plain(0, i64::MAX),
            full.clone(),
            Entry { activity: "a".into(), value: "same activity".into(), ..plain(7, -5) },
            Entry { flags: 1, ..plain(8, 1_767_225_600_000) },
            Entry { result: "only this".into(), ..full },
        ];
        let calls = entries.into_iter().zip(CALLS.into_iter().cycle());
        let mut all: Vec<Recorded> =
            calls.map(|(entry, call)| Recorded { entry: Entry { call, ..entry }, server: None }).collect();
        all.extend(CALLS.map(|call| Recorded { entry: Entry { call, ..plain(9, 9) }, server: None }));
        all[1].server = Some(Outcome::default());
        all[2].server =
            Some(Outcome { error: 406, flags: 9, result: "r".into(), seeds, ..Outcome::default() });
        all[3].server = Some(Outcome { sequencing: all[2].entry.sequencing.clone(), ..Outcome::default() });
        all
    }

    fn packed(all: &[Recorded]) -> Vec<u8> {
        let mut packer = Packer::new();
        all.iter().for_each(|recorded| packer.push(&recorded.entry, recorded.server.as_ref()));
        packer.finish()
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let all = all_kinds();
        assert_eq!(unpack_entries(&packed(&all)).unwrap(), all);
        assert_eq!(unpack_entries(&packed(&[])).unwrap(), []);
        for recorded in &all {
            assert_eq!(unpack_entry(&pack_entry(&recorded.entry)).unwrap(), recorded.entry);
        }
        for (n, call) in CALLS.into_iter().enumerate() {
            assert_eq!(usize::from(number_of(call)), n);
        }
        let mut packer = Packer::new();
        packer.push(&plain(4, 0), None);
        packer.push(&plain(3, 0), Some(&Outcome::default()));
        assert_eq!((packer.entries, packer.differences, packer.numbers), (2, 1, Some((3, 4))));
    }

    #[test]
    fn rows_of_the_form_before_are_read() {
        let entry = Entry { activity: "a".into(), result: "resume".into(), ..plain(3, 5) };
        let mut row = packed(&[Recorded { entry: entry.clone(), server: None }]);
        // The outcome ends the row, and nothing recorded of sequencing is one byte at its end.
        assert_eq!(row.pop(), Some(0));
        row[0] = ENTRIES_WITHOUT_SEQUENCING;
        assert_eq!(unpack_entry(&row).unwrap(), entry);
    }

    #[test]
    fn damage_is_an_error_and_nothing_worse() {
        let whole = packed(&all_kinds());
        for cut in 0..whole.len().min(400) {
            // A cut between two entries leaves a shorter row, which the digest of the row tells; any other is refused here.
            let _ = unpack_entries(&whole[..cut]);
        }
        for at in 0..400 {
            for flip in [1, 0x80, 0xFF] {
                let mut damaged = whole.clone();
                damaged[at] ^= flip;
                let _ = unpack_entries(&damaged);
            }
        }
        let entry = pack_entry(&plain(1, 1));
        assert!(unpack_entries(&entry[..entry.len() - 1]).is_err());
        let huge_length =
            [ENTRIES, ELEMENT | 1, 2, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1];
        assert!(unpack_entries(&huge_length).is_err());
        for (packed, why) in [(&b""[..], "erased"), (b"\x03", "form 3"), (b"\x01\x0F", "damaged")] {
            assert!(unpack_entries(packed).unwrap_err().to_string().contains(why), "{packed:?}");
        }
    }

    #[test]
    fn a_usual_commit_is_short() {
        let set = |n: u64, element: &str, value: &str| Entry {
            activity: "item_1".into(),
            element: element.into(),
            value: value.into(),
            ..plain(n, 1_767_225_600_000 + n as i64)
        };
        let mut packer = Packer::new();
        for n in 1..=40 {
            packer.push(&set(n, "cmi.core.lesson_location", "page"), None);
        }
        // Thirty-three bytes an entry, of which twenty-eight are element and value.
        assert!(packer.finish().len() <= 40 * 33 + 16);
    }
}
