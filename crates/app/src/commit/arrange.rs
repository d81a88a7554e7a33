//! Sorts what arrives by what it means: next in line, past a gap, too late, or known already.

use std::borrow::Cow;
use std::collections::BTreeMap;

use lyceum_attempt::entry::{Entry, Recorded};

use crate::live::Waiting;

/// The entries of one arrival, sorted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Arranged<'a> {
    /// To be executed now, in order, those that waited included.
    pub(crate) run: Vec<Cow<'a, Entry>>,
    /// To wait until the gap before them closes.
    pub(crate) wait: Vec<&'a Entry>,
    /// From a gap that was passed over when the session had ended.
    pub(crate) late: Vec<&'a Entry>,
    /// Came under numbers that other entries have.
    pub(crate) disputed: Vec<&'a Entry>,
    /// Came again, just as they are.
    pub(crate) repeated: usize,
}

/// `stored` holds the executed entries under the numbers that come again.
pub(crate) fn arrange<'a>(
    incoming: &'a [Entry],
    executed_to: u64,
    waiting: &Waiting,
    stored: &BTreeMap<u64, Recorded>,
) -> Arranged<'a> {
    let mut arranged = Arranged::default();
    // What nearly every arrival looks like.
    if waiting.pending.is_empty()
        && incoming.iter().zip(executed_to + 1..).all(|(entry, next)| entry.seq == next)
    {
        arranged.run = incoming.iter().map(Cow::Borrowed).collect();
        return arranged;
    }
    let mut fresh: BTreeMap<u64, &Entry> = BTreeMap::new();
    for entry in incoming {
        let seq = entry.seq;
        if seq <= executed_to && !waiting.is_hole(seq) {
            arranged.known(entry, stored.get(&seq).map(|recorded| &recorded.entry));
        } else if let Some(first) = waiting.pending.get(&seq).or_else(|| fresh.get(&seq).copied()) {
            arranged.known(entry, Some(first));
        } else {
            fresh.insert(seq, entry);
        }
    }
    for next in executed_to + 1.. {
        if let Some(entry) = waiting.pending.get(&next) {
            arranged.run.push(Cow::Owned(entry.clone()));
        } else if let Some(entry) = fresh.remove(&next) {
            arranged.run.push(Cow::Borrowed(entry));
        } else {
            break;
        }
    }
    for (seq, entry) in fresh {
        if seq <= executed_to { &mut arranged.late } else { &mut arranged.wait }.push(entry);
    }
    arranged
}

impl<'a> Arranged<'a> {
    /// The first one under a number wins. One that cannot be compared (its text was erased) is taken for a repetition.
    fn known(&mut self, entry: &'a Entry, first: Option<&Entry>) {
        if first.is_some_and(|first| first != entry) {
            self.disputed.push(entry);
        } else {
            self.repeated += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lyceum_attempt::entry::Call;

    fn entry(seq: u64, value: &str) -> Entry {
        Entry {
            seq,
            at: 0,
            activity: "a".into(),
            call: Call::Set,
            element: "e".into(),
            value: value.into(),
            error: 0,
            flags: 0,
            result: String::new(),
            seeds: Vec::new(),
            sequencing: None,
        }
    }

    fn recorded(seq: u64, value: &str) -> Recorded {
        Recorded { entry: entry(seq, value), server: None }
    }

    fn numbers<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Vec<u64> {
        entries.into_iter().map(|entry| entry.seq).collect()
    }

    fn waiting(pending: &[u64], holes: &[(u64, u64)]) -> Waiting {
        let pending = pending.iter().map(|seq| (*seq, entry(*seq, "v"))).collect();
        Waiting { pending, holes: holes.to_vec() }
    }

    #[test]
    fn every_kind_of_arrival() {
        type Case<'a> = (&'a str, &'a [u64], u64, Waiting, [&'a [u64]; 3], usize);
        let cases: [Case<'_>; 9] = [
            // what, incoming, executed to, waiting -> run, wait, late; repeated
            ("in order", &[1, 2], 0, waiting(&[], &[]), [&[1, 2], &[], &[]], 0),
            ("shuffled", &[3, 1, 2], 0, waiting(&[], &[]), [&[1, 2, 3], &[], &[]], 0),
            ("twice in one", &[1, 1], 0, waiting(&[], &[]), [&[1], &[], &[]], 1),
            ("again", &[1, 2, 3], 2, waiting(&[], &[]), [&[3], &[], &[]], 2),
            ("past a gap", &[3, 5], 0, waiting(&[], &[]), [&[], &[3, 5], &[]], 0),
            ("gap closes", &[1], 0, waiting(&[2, 3, 5], &[]), [&[1, 2, 3], &[], &[]], 0),
            ("waiting again", &[3], 0, waiting(&[3], &[]), [&[], &[], &[]], 1),
            ("late", &[4, 5], 9, waiting(&[], &[(4, 6)]), [&[], &[], &[4, 5]], 0),
            ("late and next", &[4, 10], 9, waiting(&[], &[(4, 4)]), [&[10], &[], &[4]], 0),
        ];
        for (what, incoming, executed_to, waiting, [run, wait, late], repeated) in cases {
            let incoming: Vec<Entry> = incoming.iter().map(|seq| entry(*seq, "v")).collect();
            let stored = (1..=executed_to).map(|seq| (seq, recorded(seq, "v"))).collect();
            let found = arrange(&incoming, executed_to, &waiting, &stored);
            assert_eq!(numbers(found.run.iter().map(AsRef::as_ref)), run, "{what}: run");
            assert_eq!(numbers(found.wait), wait, "{what}: wait");
            assert_eq!(numbers(found.late), late, "{what}: late");
            assert_eq!((found.repeated, found.disputed.len()), (repeated, 0), "{what}");
        }
    }

    #[test]
    fn another_entry_under_a_taken_number_is_disputed() {
        let stored = [(1, recorded(1, "first"))].into();
        let incoming = [entry(1, "second"), entry(2, "x"), entry(2, "y"), entry(4, "other")];
        let found = arrange(&incoming, 1, &waiting(&[4], &[]), &stored);
        assert_eq!(found.disputed, [&entry(1, "second"), &entry(2, "y"), &entry(4, "other")]);
        assert_eq!(found.run, [Cow::Owned(entry(2, "x"))]);
    }
}
