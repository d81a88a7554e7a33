//! One session of an attempt in memory, and the arithmetic of its entries' numbers.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use lyceum_attempt::entry::Entry;
use lyceum_attempt::opening::Opening;
use lyceum_store::attempts::Session;
use lyceum_store::chain::OpeningDigest;
use lyceum_store::commits::SessionUpdate;

use super::Judged;
use crate::error::AppError;

/// A session. What waits past a gap is read when it is first needed.
pub(crate) struct LiveSession {
    pub(crate) row: Session,
    pub(crate) waiting: Option<Waiting>,
    /// What its opening says about how the attempt is judged; `None` where that cannot be read.
    pub(crate) judged: Option<Judged>,
    digest: OnceLock<Option<OpeningDigest>>,
}

/// What is special about a session's numbers; nearly always nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waiting {
    /// Entries past the gap, stored but not executed.
    pub(crate) pending: BTreeMap<u64, Entry>,
    /// Numbers that were passed over when the session ended with a gap, as inclusive ranges.
    pub(crate) holes: Vec<(u64, u64)>,
}

impl LiveSession {
    pub(crate) fn new(row: Session) -> Self {
        let judged = serde_json::from_str(&row.opening).ok();
        Self { row, waiting: None, judged, digest: OnceLock::new() }
    }

    pub(crate) fn opening(&self) -> Result<Opening, AppError> {
        serde_json::from_str(&self.row.opening)
            .map_err(|e| AppError::Unreadable(format!("session {}: {e}", self.row.id)))
    }

    /// What the session's rows are sealed with. An opening that was stored by an older version, with its members in another order
    /// than JSON that was read has them here, goes without: an export would tell it in other words.
    pub(crate) fn opening_digest(&self) -> Option<OpeningDigest> {
        let opening = &self.row.opening;
        *self.digest.get_or_init(|| {
            let is_canonical = canonical(opening).is_some_and(|text| text == *opening);
            is_canonical.then(|| OpeningDigest::of(opening))
        })
    }

    pub(crate) fn settle(&mut self, update: &SessionUpdate) {
        self.row.last_seen_at = self.row.last_seen_at.max(update.last_seen_at);
        self.row.durable_to = update.durable_to;
        self.row.executed_to = update.executed_to;
        self.row.ended = update.ended;
    }
}

/// JSON as it is told again after it was read; `None` where it is none.
fn canonical(json: &str) -> Option<String> {
    serde_json::from_str::<serde_json::Value>(json).ok().map(|value| value.to_string())
}

impl Waiting {
    /// All numbers up to here are on disk and part of the state.
    pub(crate) fn durable_to(&self, executed_to: u64) -> u64 {
        self.holes.first().map_or(executed_to, |(from, _)| from - 1)
    }

    /// Ranges that have not arrived, below what has.
    pub(crate) fn missing(&self, executed_to: u64, limit: usize) -> Vec<[u64; 2]> {
        let mut missing: Vec<[u64; 2]> = self.holes.iter().map(|(from, to)| [*from, *to]).collect();
        let mut next = executed_to + 1;
        for &seq in self.pending.keys() {
            if seq > next {
                missing.push([next, seq - 1]);
            }
            next = seq + 1;
        }
        missing.truncate(limit);
        missing
    }

    pub(crate) fn is_hole(&self, seq: u64) -> bool {
        self.holes.iter().any(|(from, to)| (*from..=*to).contains(&seq))
    }

    /// A number in a hole has arrived after all.
    pub(crate) fn fill(&mut self, seq: u64) {
        let Some(at) = self.holes.iter().position(|(from, to)| (*from..=*to).contains(&seq)) else { return };
        let (from, to) = self.holes.remove(at);
        if seq < to {
            self.holes.insert(at, (seq + 1, to));
        }
        if from < seq {
            self.holes.insert(at, (from, seq - 1));
        }
    }
}

/// The ranges in `durable_to + 1..=executed_to` that are not among the numbers `present`.
pub(crate) fn holes(
    durable_to: u64,
    executed_to: u64,
    present: impl IntoIterator<Item = u64>,
) -> Vec<(u64, u64)> {
    let mut numbers: Vec<u64> =
        present.into_iter().filter(|seq| *seq > durable_to && *seq <= executed_to).collect();
    numbers.sort_unstable();
    let mut holes = Vec::new();
    let mut next = durable_to + 1;
    for seq in numbers {
        if seq > next {
            holes.push((next, seq - 1));
        }
        next = next.max(seq + 1);
    }
    if next <= executed_to {
        holes.push((next, executed_to));
    }
    holes
}

#[cfg(test)]
mod tests {
    use super::*;
    use lyceum_attempt::entry::Call;

    fn entry(seq: u64) -> Entry {
        Entry {
            seq,
            at: 0,
            activity: String::new(),
            call: Call::Commit,
            element: String::new(),
            value: String::new(),
            error: 0,
            flags: 0,
            result: String::new(),
            seeds: Vec::new(),
            sequencing: None,
        }
    }

    #[test]
    fn holes_are_what_is_not_present() {
        assert_eq!(holes(3, 3, []), []);
        assert_eq!(holes(3, 9, [4, 5, 7]), [(6, 6), (8, 9)]);
        assert_eq!(holes(0, 4, [2, 2, 9, 1]), [(3, 4)]);
    }

    #[test]
    fn missing_names_holes_first_then_gaps() {
        let pending = [12, 13, 20].map(|seq| (seq, entry(seq))).into();
        let mut waiting = Waiting { pending, holes: vec![(4, 6)] };
        assert_eq!(waiting.durable_to(10), 3);
        assert_eq!(waiting.missing(10, 9), [[4, 6], [11, 11], [14, 19]]);
        assert_eq!(waiting.missing(10, 2).len(), 2);
        assert!(waiting.is_hole(5) && !waiting.is_hole(7));
        waiting.fill(5);
        assert_eq!(waiting.holes, [(4, 4), (6, 6)]);
        waiting.fill(4);
        waiting.fill(99);
        assert_eq!(waiting.durable_to(10), 5);
        waiting.fill(6);
        assert_eq!(waiting.durable_to(10), 10);
    }
}
