//! Which of a session's entries are on disk, as far as is known without the database.

use std::collections::BTreeMap;

use crate::limits::MAX_MISSING_RANGES;

/// Numbers that are durable: all up to `known_to`, and the ranges in the spool.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    known_to: u64,
    /// First and last numbers of ranges that do not touch.
    ranges: BTreeMap<u64, u64>,
}

impl Coverage {
    /// Everything up to here is durable.
    pub(super) fn know(&mut self, to: u64) {
        self.known_to = self.known_to.max(to);
    }

    pub(super) fn add(&mut self, seq: u64) {
        let (mut from, mut to) = (seq, seq);
        if let Some((&before, &end)) = self.ranges.range(..=seq).next_back() {
            if end >= seq {
                return;
            }
            if end + 1 == seq {
                from = before;
            }
        }
        if let Some(end) = seq.checked_add(1).and_then(|next| self.ranges.remove(&next)) {
            to = end;
        }
        self.ranges.insert(from, to);
    }

    /// The last number below which nothing is missing.
    pub(super) fn durable_to(&self) -> u64 {
        let mut durable = self.known_to;
        for (&from, &to) in &self.ranges {
            if from > durable + 1 {
                break;
            }
            durable = durable.max(to);
        }
        durable
    }

    /// Ranges that are not here although later ones are.
    pub(super) fn missing(&self) -> Vec<[u64; 2]> {
        let (mut durable, mut missing) = (self.known_to, Vec::new());
        for (&from, &to) in &self.ranges {
            if from > durable + 1 {
                missing.push([durable + 1, from - 1]);
            }
            durable = durable.max(to);
        }
        missing.truncate(MAX_MISSING_RANGES);
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_grow_together() {
        let mut coverage = Coverage::default();
        for seq in [5, 7, 6, 5, 9, 12] {
            coverage.add(seq);
        }
        assert_eq!((coverage.durable_to(), coverage.missing()), (0, vec![[1, 4], [8, 8], [10, 11]]));
        coverage.know(4);
        assert_eq!((coverage.durable_to(), coverage.missing()), (7, vec![[8, 8], [10, 11]]));
        coverage.know(2);
        coverage.add(8);
        coverage.add(u64::MAX);
        assert_eq!(coverage.durable_to(), 9);
        coverage.know(20);
        assert_eq!(coverage.durable_to(), 20);
    }
}
