//! The one thread that writes. Whatever waits in its queue goes into one transaction, and everybody is answered after COMMIT:
//! with sixty-four learners waiting, one flush of the disk serves them all.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use crate::error::DbError;
use crate::faults::{Faults, WritePoint, fault_at};
use crate::job::{Done, Job};
use crate::sqlite::Connection;
use crate::status::Gauge;
use crate::tx::Conn;

/// Jobs in one transaction, at most. More would only make the first one wait longer.
pub const MAX_GROUP: usize = 512;

/// How often BEGIN is tried while another process holds the write lock; each try waits [`crate::BUSY_TIMEOUT`].
const BEGIN_TRIES: u32 = 3;

pub(crate) struct Writer {
    pub(crate) conn: Connection,
    pub(crate) faults: Option<Arc<dyn Faults>>,
    pub(crate) gauge: Arc<Gauge>,
}

impl Writer {
    /// Serves the queue until every sender is gone and nothing is left in it, then closes the file.
    pub(crate) fn serve(self, queue: &Receiver<Job>) {
        let mut done = Vec::with_capacity(MAX_GROUP);
        while let Ok(first) = queue.recv() {
            let started = Instant::now();
            let outcome = self.transaction(first, queue, &mut done);
            metrics::histogram!("lyceum_db_group_jobs").record(done.len() as f64);
            metrics::histogram!("lyceum_db_transaction_seconds").record(started.elapsed().as_secs_f64());
            self.gauge.note(&outcome);
            if let Err(e) = &outcome {
                metrics::counter!("lyceum_db_failures_total", "code" => e.code()).increment(1);
                tracing::error!(code = e.code(), jobs = done.len(), error = %e, "write transaction failed");
            }
            for job in done.drain(..) {
                (job.tell)(outcome.clone());
            }
        }
        // The last connection that closes folds the write-ahead log into the main file.
        if let Err(e) = self.conn.close() {
            tracing::warn!(error = %e, "closing the database");
        }
    }

    /// Runs the first job and all that arrive meanwhile. Jobs that ran are in `done`, others were refused.
    fn transaction(&self, first: Job, queue: &Receiver<Job>, done: &mut Vec<Done>) -> Result<(), DbError> {
        if let Err(e) = self.begin() {
            first.refuse(e.clone());
            return Err(e);
        }
        let mut next = Some(first);
        while let Some(job) = next {
            self.savepoint(job, done).inspect_err(|_| self.abandon())?;
            next = if done.len() < MAX_GROUP { queue.try_recv().ok() } else { None };
        }
        self.commit().inspect_err(|_| self.abandon())
    }

    fn begin(&self) -> Result<(), DbError> {
        self.fault(WritePoint::Begin)?;
        let mut tries = 1;
        loop {
            match self.conn.control("BEGIN IMMEDIATE") {
                Err(DbError::Busy) if tries < BEGIN_TRIES => tries += 1,
                other => return other,
            }
        }
    }

    /// One job in its own savepoint, so that its failure is nobody else's. An error here is the whole transaction's.
    fn savepoint(&self, job: Job, done: &mut Vec<Done>) -> Result<(), DbError> {
        let opened = self.fault(WritePoint::Job).and_then(|()| self.conn.control("SAVEPOINT job"));
        if let Err(e) = opened {
            job.refuse(e.clone());
            return Err(e);
        }
        let ran = job.run(Conn::Sqlite(&self.conn));
        let error = ran.error.clone();
        done.push(ran);
        match error {
            None => self.conn.control("RELEASE job"),
            // A full disk and its like make SQLite roll back everything at once: the others' work is gone too.
            Some(e) if self.conn.is_autocommit() => Err(e),
            Some(_) => {
                self.conn.control("ROLLBACK TO job")?;
                self.conn.control("RELEASE job")
            }
        }
    }

    fn commit(&self) -> Result<(), DbError> {
        let committed = self.fault(WritePoint::Commit).and_then(|()| self.conn.control("COMMIT"));
        // Whether a COMMIT that failed will be found after a crash is not known; callers repeat, which does no harm.
        committed.map_err(|e| DbError::Unknown(e.to_string()))?;
        self.fault(WritePoint::Committed)
    }

    fn abandon(&self) {
        if !self.conn.is_autocommit()
            && let Err(e) = self.conn.control("ROLLBACK")
        {
            tracing::error!(error = %e, "rolling back");
        }
    }

    fn fault(&self, point: WritePoint) -> Result<(), DbError> {
        fault_at(self.faults.as_ref(), point)
    }
}
