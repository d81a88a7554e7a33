//! An act of somebody other than the learner, as a row of the journal.

use lyceum_attempt::Millis;
use lyceum_attempt::act::{Act, NO_SESSION as NO_ORDINAL};
use lyceum_attempt::entry::{Call, Entry, Recorded};
use lyceum_store::commits::{Change, NO_SESSION};

use super::execute::{Arrival, change_of, log_row};
use crate::journal::Packer;
use crate::live::Live;

/// Folds the act in, and answers what it changes. `result` is the entry's recorded outcome.
pub(crate) fn act(live: &mut Live, act: &Act, result: String, salt: [u8; 16], now: Millis) -> Change {
    let entry = Entry {
        seq: 0,
        at: now,
        activity: String::new(),
        call: Call::Act,
        element: String::new(),
        value: act.to_value(),
        error: 0,
        flags: 0,
        result,
        seeds: Vec::new(),
        sequencing: None,
    };
    let mut journal = Packer::new();
    journal.push(&entry, None);
    live.engines.fold(&Recorded { entry, server: None }, NO_ORDINAL);
    let hash = live.engines.state().hash();
    let row = log_row(live, NO_SESSION, journal, Arrival::default(), salt, hash, now);
    change_of(live, Some(row), now)
}
