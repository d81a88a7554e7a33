//! How long to wait before trying again: twice as long each time, up to a bound, and never the same for two who wait.

use std::time::Duration;

/// A series of waits.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// The first wait, at most.
    pub first: Duration,
    /// Every wait, at most.
    pub longest: Duration,
}

impl Backoff {
    /// The wait after `failures` failures in a row (from 1): between half and all of the series' next step, as `chance` falls.
    #[must_use]
    pub fn wait(&self, failures: u32, chance: u64) -> Duration {
        let doublings = failures.saturating_sub(1).min(20);
        let step = self.first.saturating_mul(1 << doublings).min(self.longest);
        let half = u64::try_from(step.as_micros() / 2).unwrap_or(u64::MAX / 2);
        Duration::from_micros(half + chance % (half + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_bound_and_differ() {
        let backoff = Backoff { first: Duration::from_millis(100), longest: Duration::from_millis(1_000) };
        for (failures, longest) in [(0, 100), (1, 100), (2, 200), (4, 800), (5, 1_000), (u32::MAX, 1_000)] {
            let longest = Duration::from_millis(longest);
            assert_eq!(backoff.wait(failures, 0), longest / 2, "{failures}");
            assert_eq!(backoff.wait(failures, (longest / 2).as_micros() as u64), longest, "{failures}");
            for chance in [1, 77_777, u64::MAX] {
                let wait = backoff.wait(failures, chance);
                assert!(wait >= longest / 2 && wait <= longest, "{failures} {chance}: {wait:?}");
            }
        }
    }
}
