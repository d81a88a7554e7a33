//! Trouble on demand: where a simulated database fails.

use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::error::DbError;

/// A step of the writer at which a simulated disk may fail or a simulated machine may stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WritePoint {
    /// Before BEGIN.
    Begin,
    /// Before a job's own statements.
    Job,
    /// Before COMMIT.
    Commit,
    /// After COMMIT, before anybody is answered: an error here stands for a machine that died in between.
    Committed,
}

/// Trouble on demand, for fault simulation; the server runs without.
pub trait Faults: Send + Sync {
    /// What happens at this step.
    ///
    /// # Errors
    /// The error that the database would have answered.
    fn at(&self, point: WritePoint) -> Result<(), DbError>;

    /// What happens before a read.
    ///
    /// # Errors
    /// The error that the database would have answered.
    fn at_read(&self) -> Result<(), DbError> {
        Ok(())
    }

    /// What happens before a file beside the database is flushed. What was written since the last time is only there for sure
    /// when this and the flush have succeeded.
    ///
    /// # Errors
    /// The error that the file system would have answered.
    fn at_flush(&self, file: &Path) -> io::Result<()> {
        let _ = file;
        Ok(())
    }
}

pub(crate) fn fault_at(faults: Option<&Arc<dyn Faults>>, point: WritePoint) -> Result<(), DbError> {
    faults.map_or(Ok(()), |faults| faults.at(point))
}
