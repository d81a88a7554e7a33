//! A database that fails when it is told to.

use std::sync::Mutex;

use lyceum_app::{DbError, Faults, WritePoint};

/// Fails once at a step of the writer, after letting a number of them pass.
#[derive(Debug, Default)]
pub struct FailOnce(Mutex<Option<(WritePoint, u32)>>);

impl FailOnce {
    /// Plans the failure of the next such step but `after`.
    pub fn plan(&self, point: WritePoint, after: u32) {
        *self.0.lock().expect("no test panics while it holds this") = Some((point, after));
    }

    /// Whether a failure is still to come.
    #[must_use]
    pub fn is_planned(&self) -> bool {
        self.0.lock().expect("no test panics while it holds this").is_some()
    }
}

impl Faults for FailOnce {
    fn at(&self, point: WritePoint) -> Result<(), DbError> {
        let mut planned = self.0.lock().expect("no test panics while it holds this");
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
