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

/// The budgets of all registrations that sent something lately.
#[derive(Default)]
pub(crate) struct FloodGate(Mutex<HashMap<RegistrationId, Budget>>);

#[derive(Clone, Copy)]
struct Budget {
    requests: f64,
    bytes: f64,
    at: Millis,
}

impl Budget {
    fn full(at: Millis) -> Self {
        Self { requests: FLOOD_REQUESTS, bytes: FLOOD_BYTES, at }
    }

    fn refill(&mut self, now: Millis) {
        let seconds = now.saturating_sub(self.at).max(0) as f64 / 1_000.0;
        self.requests = (self.requests + seconds * FLOOD_REQUESTS_PER_SECOND).min(FLOOD_REQUESTS);
        self.bytes = (self.bytes + seconds * FLOOD_BYTES_PER_SECOND).min(FLOOD_BYTES);
        self.at = self.at.max(now);
    }

    fn is_full(&self) -> bool {
        self.requests >= FLOOD_REQUESTS && self.bytes >= FLOOD_BYTES
    }
}

impl FloodGate {
    /// Takes one request with so many bytes from the budget.
    pub(crate) fn take(
        &self,
        registration: RegistrationId,
        bytes: usize,
        now: Millis,
    ) -> Result<(), AppError> {
        let mut budgets = self.0.lock();
        if budgets.len() >= FLOOD_REGISTRATIONS && !budgets.contains_key(&registration) {
            forget_full(&mut budgets, now);
        }
        let budget = budgets.entry(registration).or_insert_with(|| Budget::full(now));
        budget.refill(now);
        let bytes = bytes as f64;
        let wait = wait_for(1.0 - budget.requests, FLOOD_REQUESTS_PER_SECOND)
            .max(wait_for(bytes - budget.bytes, FLOOD_BYTES_PER_SECOND));
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
fn forget_full(budgets: &mut HashMap<RegistrationId, Budget>, now: Millis) {
    budgets.retain(|_, budget| {
        budget.refill(now);
        !budget.is_full()
    });
    if budgets.len() >= FLOOD_REGISTRATIONS {
        budgets.clear();
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
    fn memory_is_bounded() {
        let gate = FloodGate::default();
        for n in 0..(FLOOD_REGISTRATIONS as u128 + 10) {
            gate.take(RegistrationId::from_bytes(n.to_be_bytes()), 0, 0).unwrap();
        }
        assert!(gate.0.lock().len() <= FLOOD_REGISTRATIONS);
    }
}
