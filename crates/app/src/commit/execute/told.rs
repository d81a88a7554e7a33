//! What is told of a commit: its line in the log, and the counts.

use std::collections::BTreeMap;

use crate::live::Live;

/// The line for the log, and the counts.
#[derive(Debug, Default)]
pub(in crate::commit) struct Told {
    pub(super) session: String,
    pub(super) entries: u32,
    pub(super) refused: BTreeMap<u16, u64>,
    pub(super) differences: u32,
    pub(super) repeated: usize,
    pub(super) disputed: usize,
    pub(super) waiting: usize,
    pub(super) state_differs: bool,
    pub(super) durable_to: u64,
}

impl Told {
    pub(in crate::commit) fn tell(self, live: &Live) {
        let refused: u64 = self.refused.values().sum();
        metrics::counter!("lyceum_commit_entries_total").increment(u64::from(self.entries));
        for (code, count) in &self.refused {
            metrics::counter!("lyceum_calls_refused_total", "code" => code.to_string()).increment(*count);
        }
        count("lyceum_outcome_differences_total", u64::from(self.differences));
        count("lyceum_state_differences_total", u64::from(self.state_differs));
        count("lyceum_disputed_entries_total", self.disputed as u64);
        tracing::info!(
            registration = %live.owner.registration, session = self.session, durable_to = self.durable_to,
            entries = self.entries, refused, differences = self.differences, repeated = self.repeated,
            disputed = self.disputed, waiting = self.waiting, state_differs = self.state_differs, "commit"
        );
    }
}

fn count(name: &'static str, n: u64) {
    if n > 0 {
        metrics::counter!(name).increment(n);
    }
}
