//! The local header before an entry's data (APPNOTE 4.3.7). Only its two lengths are believed; everything else is taken
//! from the directory.

use super::error::{Damage, ReadError};
use crate::entry::Entry;
use crate::source::Source;

const SIGNATURE: &[u8] = b"PK\x03\x04";
const LEN: usize = 30;

/// Position of the entry's data.
pub(crate) fn data_start(source: &Source, entry: &Entry) -> Result<u64, ReadError> {
    let mut header = [0; LEN];
    source.read_exact_at(&mut header, entry.header_offset)?;
    if !header.starts_with(SIGNATURE) {
        return Err(ReadError::damaged(entry, Damage::LocalHeader));
    }
    let len_at = |at: usize| u64::from(u16::from_le_bytes([header[at], header[at + 1]]));
    let start = entry.header_offset + LEN as u64 + len_at(26) + len_at(28);
    if start.checked_add(entry.compressed).is_none_or(|end| end > entry.data_limit) {
        return Err(ReadError::damaged(entry, Damage::OutOfPlace));
    }
    Ok(start)
}
