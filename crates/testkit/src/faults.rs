//! A database that fails when it is told to.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use lyceum_app::{DbError, Faults, WritePoint};

/// Fails once at a step of the writer, after letting a number of them pass; or is away altogether, until it is back.
#[derive(Debug, Default)]
pub struct FailOnce {
    planned: Mutex<Option<(WritePoint, u32)>>,
    is_away: AtomicBool,
}

impl FailOnce {
    /// Plans the failure of the next such step but `after`.
    pub fn plan(&self, point: WritePoint, after: u32) {
        *self.planned.lock().expect("no test panics while it holds this") = Some((point, after));
    }

    /// From now on the database does not answer, or does again.
    pub fn away(&self, is_away: bool) {
        self.is_away.store(is_away, Ordering::SeqCst);
    }

    fn there(&self) -> Result<(), DbError> {
        if self.is_away.load(Ordering::SeqCst) { Err(DbError::Away("planned".to_owned())) } else { Ok(()) }
    }

    /// Whether a failure is still to come.
    #[must_use]
    pub fn is_planned(&self) -> bool {
        self.planned.lock().expect("no test panics while it holds this").is_some()
    }
}

impl Faults for FailOnce {
    fn at_read(&self) -> Result<(), DbError> {
        self.there()
    }

    fn at(&self, point: WritePoint) -> Result<(), DbError> {
        self.there()?;
        let mut planned = self.planned.lock().expect("no test panics while it holds this");
        match &mut *planned {
            Some((at, 0)) if *at == point => {
                *planned = None;
                Err(DbError::Io("planned".to_owned()))
            }
            Some((at, after)) if *at == point => {
                *after -= 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
