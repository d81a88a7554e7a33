//! The handle that the rest of the program holds.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::answer::Answer;
use crate::commits::{Change, Storing};
use crate::doors::DoorCommit;
use crate::error::DbError;
use crate::faults::Faults;
use crate::id::{SessionId, Tenant};
use crate::job::{Job, pack};
use crate::migrate;
use crate::postgres::{Gatherer, Mode, Server, Worker};
use crate::reader::{self, READERS};
use crate::sqlite;
use crate::status::{Gauge, Status};
use crate::tx::Tx;
use crate::writer::Writer;

/// How long a connection waits for another process's lock before it answers [`DbError::Busy`].
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Names of the threads: that read, that write, and that store commits on a server.
const READER: &str = "lyceum-db-read";
const WRITER: &str = "lyceum-db-write";
const GATHERER: &str = "lyceum-db-commit";

/// Pages of write-ahead log before they are folded into the main file (4 KiB each). Four times SQLite's default: hot rows are
/// written back less often, at the price of a log of some sixteen megabytes.
const CHECKPOINT_PAGES: i64 = 4_000;

/// Page cache of the writing connection, in KiB.
const WRITER_CACHE_KIB: i64 = 16 * 1024;
/// Page cache of each reading connection, in KiB.
const READER_CACHE_KIB: i64 = 2 * 1024;

/// How to open the database.
pub struct Options<'a> {
    /// The file. Made if absent; its folder must exist.
    pub path: &'a Path,
    /// Milliseconds since 1970, recorded with each migration that is applied.
    pub now: i64,
    /// See [`Faults`]; `None` in a server.
    pub faults: Option<Arc<dyn Faults>>,
}

/// Connections to a server that store commits. While one waits for the disk there the other sends; more would only take smaller groups.
const REMOTE_GATHERERS: usize = 2;
/// Connections to a server that write whatever else there is.
const REMOTE_WRITERS: usize = 6;
/// Connections to a server that read.
const REMOTE_READERS: usize = 4;

/// How to use a database on a PostgreSQL server.
pub struct Remote<'a> {
    /// `postgres://user:password@host:port/database?sslmode=…`.
    pub url: &'a str,
    /// Milliseconds since 1970, recorded with each migration that is applied.
    pub now: i64,
    /// A server that cannot be reached now is tried again with each job, instead of being an error.
    pub wait: bool,
    /// See [`Faults`]; `None` in a server.
    pub faults: Option<Arc<dyn Faults>>,
}

/// The database. Cheap to clone; the threads end when [`Db::close`] is called or the last clone goes.
#[derive(Clone)]
pub struct Db(Arc<Shared>);

struct Shared {
    /// `None` once closed.
    queues: RwLock<Option<Queues>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    gauge: Arc<Gauge>,
    /// SQLite's file; `None`: a server.
    file: Option<PathBuf>,
}

struct Queues {
    writes: Sender<Job>,
    reads: Sender<Job>,
    /// On a server, where commits are gathered apart from other writes.
    commits: Option<Sender<Storing>>,
}

impl Db {
    /// Opens the file, brings its schema up to date and starts the threads.
    ///
    /// # Errors
    /// When the file cannot be opened, is damaged, or belongs to a newer program.
    pub fn open(options: Options<'_>) -> Result<Self, DbError> {
        let mut conn = connect(options.path)?;
        configure_writer(&conn)?;
        migrate::run(&mut conn, options.now)?;
        let mut threads = Vec::with_capacity(1 + READERS);
        let (writes, write_queue) = channel();
        let gauge = Arc::<Gauge>::default();
        let (conn, faults) = (sqlite::Connection::new(conn), options.faults);
        let writer = Writer { conn, faults: faults.clone(), gauge: Arc::clone(&gauge) };
        threads.push(spawn(WRITER, move || writer.serve(&write_queue))?);
        let (reads, read_queue) = channel();
        start_readers(options.path, read_queue, faults.as_ref(), &mut threads)?;
        let queues = RwLock::new(Some(Queues { writes, reads, commits: None }));
        Ok(Self(Arc::new(Shared {
            queues,
            threads: Mutex::new(threads),
            gauge,
            file: Some(options.path.to_owned()),
        })))
    }

    /// Connects to a server, brings its schema up to date and starts the threads.
    ///
    /// # Errors
    /// When the address makes no sense, the server cannot be reached (unless [`Remote::wait`]), refuses us, or has the
    /// schema of a newer program.
    pub fn connect(remote: &Remote<'_>) -> Result<Self, DbError> {
        let gauge = Arc::<Gauge>::default();
        let server = Arc::new(Server::new(remote.url, remote.now, Arc::clone(&gauge))?);
        let first = {
            let (server, wait) = (Arc::clone(&server), remote.wait);
            // Connections are driven by runtimes of their own, which async threads do not allow.
            Builder::new().name("lyceum-db-connect".to_owned()).spawn(move || server.first(wait))
        };
        let first = first.map_err(|e| DbError::Io(e.to_string()))?.join();
        first.unwrap_or_else(|_| Err(DbError::Panicked("connecting to the database".to_owned())))?;
        let mut threads = Vec::new();
        let worker = |mode| Worker::new(Arc::clone(&server), mode, remote.faults.clone());
        let writes = start(&mut threads, WRITER, REMOTE_WRITERS, || {
            let worker = worker(Mode::Write);
            move |queue: &Mutex<Receiver<Job>>| worker.serve(queue)
        })?;
        let reads = start(&mut threads, READER, REMOTE_READERS, || {
            let worker = worker(Mode::Read);
            move |queue: &Mutex<Receiver<Job>>| worker.serve(queue)
        })?;
        let commits = start(&mut threads, GATHERER, REMOTE_GATHERERS, || {
            let gatherer = Gatherer::new(worker(Mode::Write), writes.clone());
            move |queue: &Mutex<Receiver<Storing>>| gatherer.serve(queue)
        })?;
        let queues = RwLock::new(Some(Queues { writes, reads, commits: Some(commits) }));
        Ok(Self(Arc::new(Shared { queues, threads: Mutex::new(threads), gauge, file: None })))
    }

    /// How the database did when it was last used.
    #[must_use]
    pub fn status(&self) -> Status {
        self.0.gauge.status()
    }

    /// Runs `work` in a write transaction on a writer thread. Answered after COMMIT (SQLite with `synchronous=FULL`, PostgreSQL
    /// with `synchronous_commit=on`): then it is on disk. If `work` fails or panics, or any of its statements failed, nothing of it is stored.
    ///
    /// Keep it short: everybody's writes wait for it. Compute first, then write.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, DbError> + Send + 'static,
    ) -> Answer<T> {
        self.submit(|queues| &queues.writes, work)
    }

    /// Stores what a commit changes, as [`crate::commits::store`] does, and gives it back after COMMIT; `note`: the number by which a
    /// door's caller knows this commit of the session. Commits that wait at the same time are stored together.
    ///
    /// The answer is [`DbError::Conflict`] when the registration has changed since [`Change::revision`], or the number was taken.
    pub fn store(
        &self,
        tenant: Tenant,
        change: Box<Change>,
        note: Option<(SessionId, DoorCommit)>,
    ) -> Answer<Box<Change>> {
        let (storing, answer) = Storing::new(tenant, change, note);
        match self.0.queues.read().as_ref() {
            None => storing.tell(Err(DbError::Closed)),
            Some(Queues { commits: Some(commits), .. }) if storing.is_sociable() => {
                if let Err(back) = commits.send(storing) {
                    back.0.tell(Err(DbError::Closed));
                }
            }
            Some(queues) => send(&queues.writes, Box::new(storing)),
        }
        answer
    }

    /// Runs `work` on a reader thread, on one consistent moment of the database.
    pub fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, DbError> + Send + 'static,
    ) -> Answer<T> {
        self.submit(|queues| &queues.reads, work)
    }

    fn submit<T: Send + 'static>(
        &self,
        queue: impl FnOnce(&Queues) -> &Sender<Job>,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, DbError> + Send + 'static,
    ) -> Answer<T> {
        let (job, answer) = pack(work);
        match self.0.queues.read().as_ref() {
            Some(queues) => send(queue(queues), job),
            None => job.refuse(DbError::Closed),
        }
        answer
    }

    /// Brings the write-ahead log into SQLite's file and empties it, so that what was overwritten is in neither. Nothing to do on a
    /// server. Blocks until readers and writers let it.
    ///
    /// # Errors
    /// [`DbError::Busy`] when they do not; it can be tried again.
    pub fn fold_log(&self) -> Result<(), DbError> {
        let Some(file) = &self.0.file else { return Ok(()) };
        let is_busy: bool =
            connect(file)?.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if is_busy { Err(DbError::Busy) } else { Ok(()) }
    }

    /// Takes no more work, finishes what was accepted, closes the file. Blocks meanwhile; do not call it on an async thread.
    pub fn close(&self) {
        let queues = self.0.queues.write().take();
        // Held to the end: whoever closes it too waits until it is closed.
        let mut threads = self.0.threads.lock();
        let mut of = |name: &str| -> Vec<_> {
            threads.extract_if(.., |thread| thread.thread().name() == Some(name)).collect()
        };
        let Some(Queues { writes, reads, commits }) = queues else { return };
        // The writer last, alone: of two that close at once, neither may find itself the last one, and then the write-ahead log
        // is not folded into the file. And what could not be stored together goes to it.
        drop(reads);
        join(of(READER));
        drop(commits);
        join(of(GATHERER));
        drop(writes);
        join(of(WRITER));
    }
}

/// A queue without its thread: the job comes back and is refused.
fn send(queue: &Sender<Job>, job: Job) {
    if let Err(back) = queue.send(job) {
        back.0.refuse(DbError::Closed);
    }
}

/// Starts threads that share a queue.
fn start<J: Send + 'static, S: FnOnce(&Mutex<Receiver<J>>) + Send + 'static>(
    threads: &mut Vec<JoinHandle<()>>,
    name: &str,
    count: usize,
    serve: impl Fn() -> S,
) -> Result<Sender<J>, DbError> {
    let (sender, queue) = channel();
    let queue = Arc::new(Mutex::new(queue));
    for _ in 0..count {
        let (queue, serve) = (Arc::clone(&queue), serve());
        threads.push(spawn(name, move || serve(&queue))?);
    }
    Ok(sender)
}

fn join(threads: Vec<JoinHandle<()>>) {
    for thread in threads {
        if thread.join().is_err() {
            tracing::error!("a database thread had panicked");
        }
    }
}

fn start_readers(
    path: &Path,
    queue: Receiver<Job>,
    faults: Option<&Arc<dyn Faults>>,
    threads: &mut Vec<JoinHandle<()>>,
) -> Result<(), DbError> {
    let queue = Arc::new(Mutex::new(queue));
    for _ in 0..READERS {
        let conn = connect(path)?;
        conn.pragma_update(None, "query_only", true)?;
        conn.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
        let (conn, queue, faults) = (sqlite::Connection::new(conn), Arc::clone(&queue), faults.cloned());
        threads.push(spawn(READER, move || reader::serve(&conn, &queue, faults.as_ref()))?);
    }
    Ok(())
}

pub(crate) fn connect(path: &Path) -> Result<Connection, DbError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    // Otherwise SQLite compiles a cached statement anew whenever a value is bound that its plan could have been made for.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(conn)
}

/// What durability stands on, and what is only speed.
fn configure_writer(conn: &Connection) -> Result<(), DbError> {
    let mode: String = conn.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        return Err(DbError::Io(format!(
            "this file system cannot hold a write-ahead log (journal mode is {mode}); use a local disk"
        )));
    }
    conn.pragma_update(None, "synchronous", "full")?;
    // Where fsync does not reach the platter (macOS), these do; elsewhere they are without effect.
    conn.pragma_update(None, "fullfsync", true)?;
    conn.pragma_update(None, "checkpoint_fullfsync", true)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    // What was erased is gone from the file, not only from its index.
    conn.pragma_update(None, "secure_delete", true)?;
    conn.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    conn.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    Ok(())
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, DbError> {
    Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .map_err(|e| DbError::Io(format!("no thread for {name}: {e}")))
}
