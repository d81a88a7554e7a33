//! Writing packed entries.
//!
//! An entry is: one byte with the call and what follows; its number and its time as differences from the last entry's;
//! the activity, if it is another one; the element, if there is one; the value; the browser's outcome, if it is not plain;
//! this side's, if it differs. Numbers are variable-length, seven bits a byte, the lowest first; signed ones zigzag. Texts
//! are their length in bytes and UTF-8. What is recorded of sequencing is JSON, empty where there is nothing.

use lyceum_attempt::entry::{Entry, Outcome};
use lyceum_attempt::sequenced::recorded::Recorded as Sequencing;

use super::{ACTIVITY, ELEMENT, OUTCOME, SERVER, number_of};

/// Entries on their way into bytes.
pub(super) struct Writer {
    bytes: Vec<u8>,
    seq: u64,
    at: i64,
    activity: String,
}

impl Writer {
    pub(super) fn new(form: u8) -> Self {
        Self { bytes: vec![form], seq: 0, at: 0, activity: String::new() }
    }

    pub(super) fn entry(&mut self, entry: &Entry, server: Option<&Outcome>) {
        // Every field by name: one that is added must find its place here.
        let Entry { seq, at, activity, call, element, value, error, flags, result, seeds, sequencing } =
            entry;
        let is_plain =
            *error == 0 && *flags == 0 && result.is_empty() && seeds.is_empty() && sequencing.is_none();
        let is_elsewhere = *activity != self.activity;
        let flag = |is_there: bool, bit: u8| if is_there { bit } else { 0 };
        self.bytes.push(
            number_of(*call)
                | flag(is_elsewhere, ACTIVITY)
                | flag(!element.is_empty(), ELEMENT)
                | flag(!is_plain, OUTCOME)
                | flag(server.is_some(), SERVER),
        );
        self.signed(seq.wrapping_sub(self.seq).cast_signed());
        self.signed(at.wrapping_sub(self.at));
        (self.seq, self.at) = (*seq, *at);
        if is_elsewhere {
            self.text(activity);
            self.activity.clone_from(activity);
        }
        if !element.is_empty() {
            self.text(element);
        }
        self.text(value);
        if !is_plain {
            self.outcome(*error, *flags, result, seeds, sequencing.as_deref());
        }
        if let Some(Outcome { error, flags, result, seeds, sequencing }) = server {
            self.outcome(*error, *flags, result, seeds, sequencing.as_deref());
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn outcome(
        &mut self,
        error: u16,
        flags: u16,
        result: &str,
        seeds: &[(String, String)],
        sequencing: Option<&Sequencing>,
    ) {
        self.number(error.into());
        self.number(flags.into());
        self.text(result);
        self.number(seeds.len() as u64);
        for (element, value) in seeds {
            self.text(element);
            self.text(value);
        }
        // Our own shape with string keys: writing it cannot fail.
        let sequencing = sequencing.and_then(|recorded| serde_json::to_string(recorded).ok());
        self.text(sequencing.as_deref().unwrap_or_default());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn signed(&mut self, number: i64) {
        self.number(((number << 1) ^ (number >> 63)).cast_unsigned());
    }

    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }
}
