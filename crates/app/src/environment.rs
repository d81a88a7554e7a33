//! Time and chance, the two things that no test can live with: everything here takes them from outside.

use std::pin::Pin;
use std::time::Duration;

use lyceum_attempt::Millis;
use uuid::Builder;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> Millis;

    /// Passes when so much time has.
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(time))
    }

    /// Passes when whoever waits for an answer gives up after so much time.
    fn patience(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.sleep(time)
    }
}

/// Where unguessable bytes come from.
pub trait Random: Send + Sync {
    /// Fills the whole slice.
    fn fill(&self, bytes: &mut [u8]);
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        jiff::Timestamp::now().as_millisecond()
    }
}

/// The operating system's secure random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // Without random numbers there are no secrets; a server must not go on with guessable ones.
        getrandom::fill(bytes).expect("the operating system gives random numbers");
    }
}

pub(crate) fn bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

/// A new UUIDv7: sorts by time, so rows that are made together lie together.
pub(crate) fn new_uuid(clock: &dyn Clock, random: &dyn Random) -> uuid::Uuid {
    let millis = u64::try_from(clock.now()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &bytes(random)).into_uuid()
}
