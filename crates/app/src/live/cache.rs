//! Attempts kept in memory between commits, and the lock that serialises a registration.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use lyceum_attempt::Millis;
use lyceum_store::RegistrationId;
use parking_lot::Mutex;

use super::Live;
use crate::limits::{LIVE_ATTEMPTS, LIVE_BYTES};

/// All slots.
#[derive(Default)]
pub(crate) struct Cache(Mutex<HashMap<RegistrationId, Arc<Slot>>>);

/// A registration's place. Whoever changes the registration holds its lock.
#[derive(Default)]
pub(crate) struct Slot {
    live: tokio::sync::Mutex<Option<Live>>,
    used: AtomicI64,
    weight: AtomicU64,
}

impl Slot {
    pub(crate) async fn lock(&self) -> tokio::sync::MutexGuard<'_, Option<Live>> {
        self.live.lock().await
    }

    /// Notes how much memory it takes from now on.
    pub(crate) fn weigh(&self, live: &Live) {
        self.weight.store(live.weight(), Ordering::Relaxed);
    }
}

impl Cache {
    pub(crate) fn slot(&self, registration: RegistrationId, now: Millis) -> Arc<Slot> {
        let mut slots = self.0.lock();
        if !slots.contains_key(&registration) {
            evict(&mut slots);
        }
        let slot = Arc::clone(slots.entry(registration).or_default());
        slot.used.store(now, Ordering::Relaxed);
        slot
    }
}

/// Makes room: drops the slots that were not used for longest and that nobody holds at the moment.
fn evict(slots: &mut HashMap<RegistrationId, Arc<Slot>>) {
    let mut bytes: u64 = slots.values().map(|slot| slot.weight.load(Ordering::Relaxed)).sum();
    if slots.len() < LIVE_ATTEMPTS && bytes < LIVE_BYTES {
        return;
    }
    let mut idle: Vec<(Millis, u64, RegistrationId)> = slots
        .iter()
        .filter(|(_, slot)| Arc::strong_count(slot) == 1)
        .map(|(id, slot)| (slot.used.load(Ordering::Relaxed), slot.weight.load(Ordering::Relaxed), *id))
        .collect();
    idle.sort_unstable();
    // A tenth more than needed, so that this is not done for each newcomer.
    let (most_slots, most_bytes) = (LIVE_ATTEMPTS / 10 * 9, LIVE_BYTES / 10 * 9);
    for (_, weight, id) in idle {
        if slots.len() < most_slots && bytes < most_bytes {
            break;
        }
        slots.remove(&id);
        bytes -= weight;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_idle_goes_first_and_what_is_held_stays() {
        let cache = Cache::default();
        let id = |n: usize| RegistrationId::from_bytes((n as u128).to_be_bytes());
        let held = cache.slot(id(0), 0);
        for n in 1..=LIVE_ATTEMPTS {
            cache.slot(id(n), n as Millis);
        }
        let slots = cache.0.lock();
        assert!(slots.len() <= LIVE_ATTEMPTS);
        assert!(
            slots.contains_key(&id(0))
                && !slots.contains_key(&id(1))
                && slots.contains_key(&id(LIVE_ATTEMPTS))
        );
        drop((slots, held));
    }
}
