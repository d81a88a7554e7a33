//! A database that fails when it is told to.

use std::io;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use lyceum_app::{DbError, Faults, WritePoint};

/// Fails once at a step of the writer, after letting a number of them pass; or is away altogether, until it is back.
#[derive(Debug, Default)]
pub struct FailOnce {
    planned: Mutex<Option<(WritePoint, u32)>>,
    is_away: AtomicBool,
    is_full: AtomicBool,
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

    /// From now on files beside the database cannot be flushed, for want of space, or can again.
    pub fn full(&self, is_full: bool) {
        self.is_full.store(is_full, Ordering::SeqCst);
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

    fn at_flush(&self, _: &Path) -> io::Result<()> {
        if self.is_full.load(Ordering::SeqCst) { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
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
