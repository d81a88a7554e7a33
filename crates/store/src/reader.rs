//! Threads that read. Each read sees one moment of the database, whatever is written meanwhile, and delays no writer.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use parking_lot::Mutex;

use crate::faults::Faults;
use crate::job::Job;
use crate::sqlite::Connection;
use crate::tx::Conn;

/// Reader threads. They share the page cache of the operating system and are idle mostly.
pub(crate) const READERS: usize = 3;

/// Serves the shared queue until every sender is gone.
pub(crate) fn serve(conn: &Connection, queue: &Mutex<Receiver<Job>>, faults: Option<&Arc<dyn Faults>>) {
    loop {
        // Held while waiting: exactly one idle reader listens, the others stand in line behind it.
        let received = queue.lock().recv();
        let Ok(job) = received else { return };
        let planned = faults.map_or(Ok(()), |faults| faults.at_read());
        let began = planned.and_then(|()| conn.control("BEGIN DEFERRED"));
        if let Err(e) = began {
            job.refuse(e);
            continue;
        }
        let done = job.run(Conn::Sqlite(conn));
        let ended = if conn.is_autocommit() { Ok(()) } else { conn.control("ROLLBACK") };
        (done.tell)(ended);
    }
}
