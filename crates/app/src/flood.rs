//! The flood budget: what one registration may send at once, and how fast that comes back. It stops a course that commits in
//! a loop, and no learner.

use std::collections::HashMap;

use lyceum_attempt::Millis;
use lyceum_store::RegistrationId;
use parking_lot::Mutex;

use crate::error::AppError;
use crate::limits::{
    FLOOD_BYTES, FLOOD_BYTES_PER_SECOND, FLOOD_REGISTRATIONS, FLOOD_REQUESTS, FLOOD_REQUESTS_PER_SECOND,
};

/// How much one registration may send. The default is [`crate::limits`]'; a load test needs more from few learners.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FloodBudget {
    /// Requests at once.
    pub requests: f64,
    /// Requests that come back each second.
    pub requests_per_second: f64,
    /// Bytes of entries at once.
    pub bytes: f64,
    /// Bytes that come back each second.
    pub bytes_per_second: f64,
}

impl Default for FloodBudget {
    fn default() -> Self {
        Self {
            requests: FLOOD_REQUESTS,
            requests_per_second: FLOOD_REQUESTS_PER_SECOND,
            bytes: FLOOD_BYTES,
            bytes_per_second: FLOOD_BYTES_PER_SECOND,
        }
    }
}

impl FloodBudget {
    /// No limit.
    #[must_use]
    pub fn unlimited() -> Self {
        Self {
            requests: f64::INFINITY,
            requests_per_second: f64::INFINITY,
            bytes: f64::INFINITY,
            bytes_per_second: f64::INFINITY,
        }
    }
}

/// The budgets of all registrations that sent something lately.
#[derive(Default)]
pub(crate) struct FloodGate {
    whole: FloodBudget,
    left: Mutex<HashMap<RegistrationId, Budget>>,
}

#[derive(Clone, Copy)]
struct Budget {
    requests: f64,
    bytes: f64,
    at: Millis,
}

impl Budget {
    fn refill(&mut self, whole: &FloodBudget, now: Millis) {
        if now > self.at {
            let seconds = (now - self.at) as f64 / 1_000.0;
            self.requests = (self.requests + seconds * whole.requests_per_second).min(whole.requests);
            self.bytes = (self.bytes + seconds * whole.bytes_per_second).min(whole.bytes);
            self.at = now;
        }
    }

    fn is_full(&self, whole: &FloodBudget) -> bool {
        self.requests >= whole.requests && self.bytes >= whole.bytes
    }
}

impl FloodGate {
    pub(crate) fn new(whole: FloodBudget) -> Self {
        Self { whole, left: Mutex::default() }
    }

    /// Takes one request with so many bytes from the budget.
    pub(crate) fn take(
        &self,
        registration: RegistrationId,
        bytes: usize,
        now: Millis,
    ) -> Result<(), AppError> {
        let whole = &self.whole;
        let mut left = self.left.lock();
        if left.len() >= FLOOD_REGISTRATIONS && !left.contains_key(&registration) {
            forget_full(&mut left, whole, now);
        }
        let full = Budget { requests: whole.requests, bytes: whole.bytes, at: now };
        let budget = left.entry(registration).or_insert(full);
        budget.refill(whole, now);
        let bytes = bytes as f64;
        let wait = wait_for(1.0 - budget.requests, whole.requests_per_second)
            .max(wait_for(bytes - budget.bytes, whole.bytes_per_second));
        if wait > 0 {
            metrics::counter!("lyceum_flood_refused_total").increment(1);
            return Err(AppError::Flood { retry_after: wait });
        }
        budget.requests -= 1.0;
        budget.bytes -= bytes;
        Ok(())
    }
}

/// Milliseconds until `lacking` has come back.
fn wait_for(lacking: f64, per_second: f64) -> u64 {
    if lacking <= 0.0 { 0 } else { (lacking / per_second * 1_000.0).ceil() as u64 }
}

/// Full budgets say nothing. If everybody is sending, all are forgotten: rather generous than out of memory.
fn forget_full(left: &mut HashMap<RegistrationId, Budget>, whole: &FloodBudget, now: Millis) {
    left.retain(|_, budget| {
        budget.refill(whole, now);
        !budget.is_full(whole)
    });
    if left.len() >= FLOOD_REGISTRATIONS {
        left.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: RegistrationId = RegistrationId::from_bytes([1; 16]);

    fn requests_until_refused(gate: &FloodGate, now: Millis) -> u32 {
        (0..10_000).find(|_| gate.take(ID, 0, now).is_err()).unwrap()
    }

    #[test]
    fn a_burst_is_taken_then_a_trickle_and_others_are_not_concerned() {
        let gate = FloodGate::default();
        assert_eq!(requests_until_refused(&gate, 0), FLOOD_REQUESTS as u32);
        assert_eq!(requests_until_refused(&gate, 1_000), FLOOD_REQUESTS_PER_SECOND as u32);
        assert!(gate.take(RegistrationId::from_bytes([2; 16]), 0, 1_000).is_ok());
        let Err(AppError::Flood { retry_after }) = gate.take(ID, 0, 1_000) else { panic!("must be refused") };
        assert!(gate.take(ID, 0, 1_000 + retry_after as Millis).is_ok());
    }

    #[test]
    fn bytes_count_too_and_a_clock_that_goes_back_gives_nothing() {
        let gate = FloodGate::default();
        gate.take(ID, FLOOD_BYTES as usize, 10_000).unwrap();
        assert!(gate.take(ID, 1_000_000, 5_000).is_err());
        let Err(AppError::Flood { retry_after }) = gate.take(ID, 2_000_000, 10_000) else {
            panic!("must be refused")
        };
        assert_eq!(retry_after, 2_000);
        assert!(gate.take(ID, 2_000_000, 12_000).is_ok());
    }

    #[test]
    fn no_limit_is_none() {
        let gate = FloodGate::new(FloodBudget::unlimited());
        for now in [0, 0, 0, 1, 1, 5] {
            gate.take(ID, usize::MAX, now).unwrap();
        }
    }

    #[test]
    fn memory_is_bounded() {
        let gate = FloodGate::default();
        for n in 0..(FLOOD_REGISTRATIONS as u128 + 10) {
            gate.take(RegistrationId::from_bytes(n.to_be_bytes()), 0, 0).unwrap();
        }
        assert!(gate.left.lock().len() <= FLOOD_REGISTRATIONS);
    }
}
