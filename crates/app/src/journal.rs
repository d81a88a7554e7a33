//! The packed form of journal entries and of states, as they lie in the database.
//!
//! The first byte names the form. 1: JSON, as the browser sends it; a list of recorded entries, or a state.

use lyceum_attempt::entry::{Entry, Recorded};
use lyceum_attempt::state::State;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::AppError;

const JSON: u8 = 1;

pub(crate) fn pack_entries(entries: &[Recorded]) -> Vec<u8> {
    pack(&entries)
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
    // Writing our own shapes into memory cannot fail: no maps with odd keys, no I/O.
    serde_json::to_writer(&mut packed, value).expect("entries and states serialise");
    packed
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
