//! Whether the database answers, and when to ask it again after it did not.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::backoff::Backoff;
use crate::error::DbError;

/// How long a server that did not answer is left alone.
const BACKOFF: Backoff = Backoff { first: Duration::from_millis(100), longest: Duration::from_secs(2) };

/// How the database does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// It answered when it was last asked.
    pub connected: bool,
    /// How often it has failed since it last answered.
    pub failed_attempts: u32,
    /// The last failure, while it lasts.
    pub error: Option<DbError>,
}

/// Keeps the status; shared by the database threads.
#[derive(Default)]
pub(crate) struct Gauge(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    failures: u32,
    error: Option<DbError>,
    /// Until then nobody tries; `None` while all is well.
    closed_until: Option<Instant>,
}

/// How a job may go to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// All is well, as far as is known.
    Open,
    /// It failed before, and this one finds out whether it still does.
    Trial,
}

impl Gauge {
    pub(crate) fn status(&self) -> Status {
        let inner = self.0.lock();
        Status {
            connected: inner.error.is_none(),
            failed_attempts: inner.failures,
            error: inner.error.clone(),
        }
    }

    /// Notes how a transaction ended, for a database that is always tried.
    pub(crate) fn note(&self, outcome: &Result<(), DbError>) {
        match outcome {
            Ok(()) => self.succeeded(),
            Err(e) if e.is_trouble() => self.count(e, None),
            Err(_) => {}
        }
    }

    pub(crate) fn succeeded(&self) {
        let mut inner = self.0.lock();
        if inner.failures > 0 {
            tracing::info!(failures = inner.failures, "the database answers again");
            *inner = Inner::default();
        }
    }

    /// Closes the door for a while; `chance` decides for how long.
    pub(crate) fn failed(&self, e: &DbError, now: Instant, chance: u64) {
        let failures = self.0.lock().failures.saturating_add(1);
        self.count(e, Some(now + BACKOFF.wait(failures, chance)));
    }

    fn count(&self, e: &DbError, closed_until: Option<Instant>) {
        let mut inner = self.0.lock();
        inner.failures = inner.failures.saturating_add(1);
        inner.error = Some(e.clone());
        inner.closed_until = closed_until;
    }

    /// While the server is away everybody is refused at once, except for one now and then who tries.
    pub(crate) fn admit(&self, now: Instant) -> Result<Admission, DbError> {
        let mut inner = self.0.lock();
        match (inner.closed_until, &inner.error) {
            (Some(until), Some(e)) if now < until => Err(e.clone()),
            (Some(_), Some(_)) => {
                // The others wait for what this one finds.
                inner.closed_until = Some(now + BACKOFF.longest);
                Ok(Admission::Trial)
            }
            _ => Ok(Admission::Open),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tries_while_the_others_are_refused() {
        let (gauge, start) = (Gauge::default(), Instant::now());
        assert_eq!(gauge.admit(start), Ok(Admission::Open));
        let away = DbError::Away("planned".into());
        gauge.failed(&away, start, u64::MAX);
        assert_eq!(gauge.admit(start), Err(away.clone()));
        let later = start + BACKOFF.first;
        assert_eq!(gauge.admit(later), Ok(Admission::Trial));
        assert_eq!(gauge.admit(later), Err(away.clone()), "one at a time");
        gauge.failed(&away, later, 0);
        let status = gauge.status();
        assert_eq!((status.connected, status.failed_attempts), (false, 2));
        gauge.succeeded();
        assert_eq!(gauge.admit(later), Ok(Admission::Open));
        assert_eq!(gauge.status(), Status { connected: true, failed_attempts: 0, error: None });
    }
}
