//! Where entries lie beside each other.

use crate::entry::Entry;

/// Length of a local header without name and extra field (APPNOTE 4.3.7).
pub(crate) const LOCAL_HEADER_LEN: u64 = 30;

fn in_file_order(entries: &[Entry]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_unstable_by_key(|&at| (entries[at].header_offset, at));
    order
}

/// Lets each entry's data end before the next header begins.
pub(crate) fn set_data_limits(entries: &mut [Entry]) {
    let order = in_file_order(entries);
    for pair in order.windows(2) {
        let next = entries[pair[1]].header_offset;
        let entry = &mut entries[pair[0]];
        entry.data_limit = entry.data_limit.min(next);
    }
}

/// Pairs (entry, earlier entry whose data it lies in). Name and extra field of the local header are not known here, so
/// an overlap by fewer bytes than those is found only when the entry is read.
pub(crate) fn overlaps(entries: &[Entry]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut furthest: Option<(u64, usize)> = None;
    for at in in_file_order(entries) {
        let entry = &entries[at];
        let end = entry.header_offset.saturating_add(LOCAL_HEADER_LEN).saturating_add(entry.compressed);
        if let Some((reached, other)) = furthest
            && entry.header_offset < reached
        {
            found.push((at, other));
        }
        if furthest.is_none_or(|(reached, _)| end > reached) {
            furthest = Some((end, at));
        }
    }
    found
}
