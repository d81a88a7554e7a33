//! A thread with a connection that stores commits: all that wait go into one transaction, their statements sent one after the other
//! without waiting for an answer in between. With sixty-four learners one COMMIT, one flush and a few wake-ups serve them all.

use std::sync::mpsc::{Receiver, Sender};
use std::time::Instant;

use parking_lot::Mutex;

use super::{Connection, Worker};
use crate::commits::Storing;
use crate::error::DbError;
use crate::faults::WritePoint;
use crate::job::Job;

/// Commits in one transaction, at most.
const MAX_TOGETHER: usize = 64;

/// Whoever waits for a row that somebody else holds lets the others wait no longer than that.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = '100ms'";

pub(crate) struct Gatherer {
    worker: Worker,
    /// To those who do each job by itself.
    apart: Sender<Job>,
}

impl Gatherer {
    pub(crate) fn new(worker: Worker, apart: Sender<Job>) -> Self {
        Self { worker, apart }
    }

    /// Serves the shared queue until every sender is gone.
    pub(crate) fn serve(mut self, queue: &Mutex<Receiver<Storing>>) {
        while let Some(mut group) = gather(queue) {
            metrics::histogram!("lyceum_db_group_jobs").record(group.len() as f64);
            match self.worker.connection() {
                Err(e) => group.into_iter().for_each(|storing| storing.tell(Err(e.clone()))),
                Ok(connection) if group.len() > 1 => self.together(connection, group),
                Ok(connection) => {
                    if let Some(lone) = group.pop() {
                        self.worker.transaction(connection, Box::new(lone));
                    }
                }
            }
        }
    }

    /// All of them, or, when one stands in the way, each by itself: then only that one fails.
    fn together(&mut self, connection: Connection, mut group: Vec<Storing>) {
        let started = Instant::now();
        // Two servers whose groups meet on the same rows wait for each other in this order, never crosswise.
        group.sort_unstable_by_key(|storing| storing.registration());
        connection.begin(BEGIN);
        let stored = self.worker.fault(WritePoint::Job).and_then(|()| {
            let steps: Vec<_> = group.iter().flat_map(Storing::steps).collect();
            connection.exec_all(&steps)
        });
        let ended = match &stored {
            Ok(()) => self.worker.commit(&connection),
            Err(e) if connection.is_lost() => Err(e.clone()),
            Err(_) => connection.end("ROLLBACK"),
        };
        self.worker.ended(connection, started, &ended);
        match (stored, ended) {
            (Err(e), Ok(())) => {
                tracing::debug!(code = e.code(), error = %e, commits = group.len(), "not stored together");
                group.into_iter().for_each(|storing| self.alone(storing));
            }
            (_, ended) => group.into_iter().for_each(|storing| storing.tell(ended.clone())),
        }
    }

    fn alone(&self, storing: Storing) {
        if let Err(back) = self.apart.send(Box::new(storing)) {
            back.0.refuse(DbError::Closed);
        }
    }
}

/// Waits for a commit, and takes all that are there then.
fn gather(queue: &Mutex<Receiver<Storing>>) -> Option<Vec<Storing>> {
    // Held while waiting: exactly one idle thread listens, the others stand in line behind it.
    let queue = queue.lock();
    let mut group = vec![queue.recv().ok()?];
    group.extend(queue.try_iter().take(MAX_TOGETHER - 1));
    Some(group)
}
