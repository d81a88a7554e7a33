//! A thread with a connection: takes a job, runs it in a transaction, answers after COMMIT.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::connection::silent;
use super::{Connection, Server};
use crate::error::DbError;
use crate::faults::{Faults, WritePoint, fault_at};
use crate::job::{Done, Job};
use crate::tx::Conn;

/// A connection that was not used for so long is asked whether it still is one.
const OLD: Duration = Duration::from_secs(30);

/// What a thread's transactions are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Read,
}

impl Mode {
    fn begin(self) -> &'static str {
        match self {
            // Row locks and the check of revisions make writers of the same registration take turns.
            Self::Write => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
            Self::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }
}

pub(crate) struct Worker {
    server: Arc<Server>,
    mode: Mode,
    faults: Option<Arc<dyn Faults>>,
    connection: Option<Connection>,
    used: Instant,
}

impl Worker {
    pub(crate) fn new(server: Arc<Server>, mode: Mode, faults: Option<Arc<dyn Faults>>) -> Self {
        Self { server, mode, faults, connection: None, used: Instant::now() }
    }

    /// Serves the shared queue until every sender is gone.
    pub(crate) fn serve(mut self, queue: &Mutex<Receiver<Job>>) {
        loop {
            // Held while waiting: exactly one idle thread listens, the others stand in line behind it.
            let received = queue.lock().recv();
            let Ok(job) = received else { return };
            match self.connection() {
                Ok(connection) => self.transaction(connection, job),
                Err(e) => job.refuse(e),
            }
        }
    }

    /// One to begin a transaction on.
    pub(super) fn connection(&mut self) -> Result<Connection, DbError> {
        self.fault_at_begin().inspect_err(|e| self.server.gauge.note(&Err(e.clone())))?;
        let is_old = self.used.elapsed() > OLD;
        self.server.ready(self.connection.take(), is_old)
    }

    pub(super) fn transaction(&mut self, connection: Connection, job: Job) {
        let started = Instant::now();
        connection.begin(self.mode.begin());
        let opened = self.fault(WritePoint::Job);
        let (done, outcome) = match opened {
            Err(e) => {
                let ended = connection.end("ROLLBACK");
                job.refuse(e);
                (None, ended)
            }
            Ok(()) => {
                let done = job.run(Conn::Postgres(&connection));
                let outcome = self.end(&connection, &done);
                (Some(done), outcome)
            }
        };
        self.ended(connection, started, &outcome);
        if let Some(done) = done {
            (done.tell)(outcome);
        }
    }

    /// Notes how a transaction ended, and keeps the connection for the next.
    pub(super) fn ended(&mut self, connection: Connection, started: Instant, outcome: &Result<(), DbError>) {
        match outcome {
            Ok(()) => self.server.gauge.succeeded(),
            Err(e) => tracing::error!(code = e.code(), error = %e, "transaction failed"),
        }
        if connection.is_silent() {
            self.server.failed(&silent());
        }
        metrics::histogram!("lyceum_db_transaction_seconds").record(started.elapsed().as_secs_f64());
        self.used = Instant::now();
        // Whatever could not be ended properly is ended with the connection.
        if outcome.is_ok() && !connection.is_lost() {
            self.connection = Some(connection);
        }
    }

    fn end(&self, connection: &Connection, done: &Done) -> Result<(), DbError> {
        match &done.error {
            Some(e) if connection.is_lost() => Err(e.clone()),
            Some(_) => connection.end("ROLLBACK"),
            None if self.mode == Mode::Read => connection.end("COMMIT"),
            None => self.commit(connection),
        }
    }

    pub(super) fn commit(&self, connection: &Connection) -> Result<(), DbError> {
        self.fault(WritePoint::Commit).map_err(|e| DbError::Unknown(e.to_string()))?;
        connection.end("COMMIT").map_err(|e| match e {
            // The server had the time to say that it did not.
            DbError::Conflict | DbError::Constraint(_) | DbError::Full(_) => e,
            other => DbError::Unknown(other.to_string()),
        })?;
        self.fault(WritePoint::Committed)
    }

    fn fault_at_begin(&self) -> Result<(), DbError> {
        match self.mode {
            Mode::Write => self.fault(WritePoint::Begin),
            Mode::Read => self.faults.as_ref().map_or(Ok(()), |faults| faults.at_read()),
        }
    }

    pub(super) fn fault(&self, point: WritePoint) -> Result<(), DbError> {
        if self.mode == Mode::Read { Ok(()) } else { fault_at(self.faults.as_ref(), point) }
    }
}
