//! Many seeds, on all processors.

use std::panic::catch_unwind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use crate::{Counts, Run, Violation, run};

/// What came of many seeds.
#[derive(Debug, Default)]
pub struct Tally {
    /// Seeds that were run to their end.
    pub seeds: u64,
    /// How much happened in all of them.
    pub counts: Counts,
    /// Those in which something does not hold, the lowest seed first.
    pub failed: Vec<Run>,
}

/// Runs `count` seeds from `first` on; with `stops_early` none is begun after the first failure.
#[must_use]
pub fn many(first: u64, count: u64, stops_early: bool) -> Tally {
    let (next, failed, tally) = (AtomicU64::new(0), AtomicBool::new(false), Mutex::new(Tally::default()));
    let work = || {
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= count || stops_early && failed.load(Ordering::Relaxed) {
                break;
            }
            let run = catch_unwind(|| run(first + n, false)).unwrap_or_else(|_| panicked(first + n));
            let mut tally = tally.lock().expect("no worker panics while it holds this");
            tally.seeds += 1;
            tally.counts += run.counts;
            if !run.violations.is_empty() {
                failed.store(true, Ordering::Relaxed);
                tally.failed.push(run);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut tally = tally.into_inner().expect("no worker panicked");
    tally.failed.sort_by_key(|run| run.seed);
    tally
}

/// Nothing may panic, whatever fails; the panic itself has been told on the error stream.
fn panicked(seed: u64) -> Run {
    let violation = Violation { invariant: "panic", what: "something panicked".to_owned() };
    Run { seed, violations: vec![violation], counts: Counts::default(), digest: 0, story: Vec::new() }
}
