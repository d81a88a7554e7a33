//! Commits that were accepted while the database was away: append-only files in the data folder, flushed before anybody is
//! told, replayed in order when it is back.
//!
//! Each process has a folder of its own in `spool/` and holds a lock in it. What a process that died has left is taken over by
//! the next one that looks, before anything of its own. A record leaves the disk when the database has it; a crash in
//! between replays it again, which does no harm, since commits are idempotent by session and number.

mod coverage;
mod files;
mod frame;
mod record;
mod refused;

use std::collections::{HashMap, VecDeque};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lyceum_attempt::Millis;
use lyceum_store::{Faults, RegistrationId, SessionId};
use parking_lot::Mutex;
use serde::Serialize;

use coverage::Coverage;
use files::{Place, Segments};
pub(crate) use record::Record;

use crate::environment::{Random, bytes};
use crate::limits::SPOOL_BYTES;

const LOCK: &str = "lock";

/// Bytes for which there is room on a disk that is not full: some commits.
const TRIAL_BYTES: usize = 256 << 10;

/// How much waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SpoolStatus {
    /// Commits that wait for the database.
    pub length: usize,
    /// Their bytes on disk.
    pub bytes: u64,
    /// Since when the first of them waits, in milliseconds.
    pub age_ms: Millis,
}

/// The spool of this process, and what it took over.
pub(crate) struct Spool {
    root: PathBuf,
    own: PathBuf,
    /// Held while this process lives.
    _lock: File,
    index: Mutex<Index>,
    segments: Segments,
}

#[derive(Default)]
struct Index {
    queue: VecDeque<Waiting>,
    /// Records in each file. They are not queued in the order in which they lie there: who wrote them together with others got on
    /// when the system let it.
    files: HashMap<PathBuf, usize>,
    /// Records of each registration.
    registrations: HashMap<RegistrationId, usize>,
    /// What is known of a session's numbers while some of them are here. Whether the session is the registration's own is not
    /// known here: what others say of it counts for them alone.
    sessions: HashMap<(RegistrationId, SessionId), Coverage>,
    /// Folders of processes that died, with their locks, until all in them is replayed.
    adopted: Vec<(PathBuf, File)>,
    next_id: u64,
    /// Records that may be on disk and are not in the queue yet: no file may go meanwhile.
    appending: usize,
}

struct Waiting {
    id: u64,
    place: Place,
    registration: RegistrationId,
    session: SessionId,
    arrived_at: Millis,
    is_done: bool,
}

impl Spool {
    pub(crate) fn open(
        root: &Path,
        now: Millis,
        random: &dyn Random,
        faults: Option<Arc<dyn Faults>>,
    ) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        // Names sort by time, so what was left first is replayed first.
        let chance: String = bytes::<6>(random).iter().map(|b| format!("{b:02x}")).collect();
        let own = root.join(format!("{now:013}-{chance}"));
        let mut index = Index::default();
        let _starting = lock(root)?;
        adopt(root, &mut index)?;
        fs::create_dir(&own)?;
        let lock = lock(&own)?;
        crate::folder::sync(root)?;
        let segments = Segments::new(own.clone(), faults);
        Ok(Self { root: root.to_owned(), own, _lock: lock, index: Mutex::new(index), segments })
    }

    /// Takes over what processes that died meanwhile have left.
    pub(crate) fn adopt(&self) -> io::Result<()> {
        let _starting = lock(&self.root)?;
        adopt(&self.root, &mut self.index.lock())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.index.lock().queue.is_empty()
    }

    /// Whether commits of this registration wait: what comes now must wait behind them.
    pub(crate) fn holds(&self, registration: RegistrationId) -> bool {
        self.index.lock().registrations.contains_key(&registration)
    }

    pub(crate) fn status(&self, now: Millis) -> SpoolStatus {
        let index = self.index.lock();
        let waiting = || index.queue.iter().filter(|waiting| !waiting.is_done);
        SpoolStatus {
            length: waiting().count(),
            bytes: waiting().map(|waiting| waiting.place.bytes()).sum(),
            age_ms: waiting().next().map_or(0, |first| now.saturating_sub(first.arrived_at)),
        }
    }

    /// Puts a record on disk; blocks until it is there. Answers up to where the session's entries are durable without a gap,
    /// and what is missing below the last one. `known_to`: where the database or the browser said so before.
    pub(crate) fn append(&self, record: &Record, known_to: u64) -> io::Result<(u64, Vec<[u64; 2]>)> {
        if self.segments.bytes() >= SPOOL_BYTES {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "the spool is full"));
        }
        self.index.lock().appending += 1;
        let written = self.segments.append(&record.to_bytes());
        let mut index = self.index.lock();
        index.appending -= 1;
        index.add(written?, record);
        let coverage = index.sessions.entry((record.registration, record.session)).or_default();
        coverage.know(known_to);
        Ok((coverage.durable_to(), coverage.missing()))
    }

    /// Whether the disk takes something: writes a file, flushes it and removes it.
    pub(crate) fn try_disk(&self) -> io::Result<()> {
        let trial = self.own.join("trial");
        let written = File::create(&trial)
            .and_then(|mut file| file.write_all(&vec![1; TRIAL_BYTES]).and_then(|()| file.sync_all()));
        let removed = fs::remove_file(&trial);
        written.and(removed)
    }

    /// The first records that wait, at most one of each registration among the first `window`: these do not wait for each
    /// other. A record that cannot be read any more comes without contents.
    pub(crate) fn first(&self, window: usize) -> Vec<(u64, io::Result<Record>)> {
        let mut taken: Vec<RegistrationId> = Vec::new();
        let places: Vec<(u64, Place)> = {
            let index = self.index.lock();
            let waiting = index.queue.iter().filter(|waiting| !waiting.is_done).take(window);
            let firsts = waiting.filter(|waiting| {
                let is_first = !taken.contains(&waiting.registration);
                taken.push(waiting.registration);
                is_first
            });
            firsts.map(|waiting| (waiting.id, waiting.place.clone())).collect()
        };
        places
            .into_iter()
            .map(|(id, place)| (id, place.read().and_then(|bytes| Record::from_bytes(&bytes))))
            .collect()
    }

    /// The first waiting record of a registration.
    pub(crate) fn first_of(&self, registration: RegistrationId) -> Option<(u64, io::Result<Record>)> {
        let (id, place) = {
            let index = self.index.lock();
            if !index.registrations.contains_key(&registration) {
                return None;
            }
            let first = index.queue.iter().find(|w| !w.is_done && w.registration == registration)?;
            (first.id, first.place.clone())
        };
        Some((id, place.read().and_then(|bytes| Record::from_bytes(&bytes))))
    }

    /// The database has this record. Twice is as good as once.
    pub(crate) fn done(&self, id: u64) {
        let mut index = self.index.lock();
        index.finish(id);
        while index.queue.front().is_some_and(|waiting| waiting.is_done) {
            index.queue.pop_front();
        }
        if index.appending > 0 {
            return;
        }
        self.segments.keep_only(|file| index.files.contains_key(file));
        if index.queue.is_empty() {
            index.sessions.clear();
            for (folder, _lock) in index.adopted.drain(..) {
                if let Err(e) = fs::remove_dir_all(&folder) {
                    tracing::warn!(folder = %folder.display(), error = %e, "removing a spool that was replayed");
                }
            }
        }
    }

    /// Keeps a record that the database will never take, with the reason, where people find it.
    pub(crate) fn refuse(&self, record: &Record, why: &str) -> io::Result<()> {
        let _lock = lock(&self.root)?;
        refused::keep(&self.root, record, why)
    }

    /// The same for one whose learner was erased: only that it was there.
    pub(crate) fn refuse_erased(&self, record: &Record) -> io::Result<()> {
        let _lock = lock(&self.root)?;
        refused::keep_fact(&self.root, record)
    }

    /// Removes what was entered in these registrations from the records that were refused; answers how many those are.
    pub(crate) fn forget_refused(&self, of: &[RegistrationId]) -> io::Result<usize> {
        let _lock = lock(&self.root)?;
        refused::forget(&self.root, of)
    }
}

/// Held by whoever changes what all processes share.
fn lock(root: &Path) -> io::Result<File> {
    let file = File::create(root.join(LOCK))?;
    file.lock()?;
    Ok(file)
}

impl Index {
    fn add(&mut self, place: Place, record: &Record) {
        let id = self.next_id;
        self.next_id += 1;
        *self.files.entry(place.file().to_owned()).or_default() += 1;
        *self.registrations.entry(record.registration).or_default() += 1;
        let coverage = self.sessions.entry((record.registration, record.session)).or_default();
        record.request.entries.iter().for_each(|entry| coverage.add(entry.seq));
        self.queue.push_back(Waiting {
            id,
            place,
            registration: record.registration,
            session: record.session,
            arrived_at: record.arrived_at,
            is_done: false,
        });
    }

    fn finish(&mut self, id: u64) {
        let waiting = self.queue.iter_mut().find(|waiting| waiting.id == id && !waiting.is_done);
        let Some(waiting) = waiting else { return };
        waiting.is_done = true;
        let (registration, session) = (waiting.registration, waiting.session);
        if let Some(count) = self.files.get_mut(waiting.place.file()) {
            *count -= 1;
            if *count == 0 {
                self.files.remove(waiting.place.file());
            }
        }
        if let Some(count) = self.registrations.get_mut(&registration) {
            *count -= 1;
            if *count == 0 {
                self.registrations.remove(&registration);
                self.sessions.remove(&(registration, session));
            }
        }
    }
}

/// Takes the locks of folders that nobody holds any more, and reads what is in them.
fn adopt(root: &Path, index: &mut Index) -> io::Result<()> {
    let mut folders: Vec<PathBuf> = fs::read_dir(root)?.flatten().map(|entry| entry.path()).collect();
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    for folder in folders {
        let Ok(lock) = File::open(folder.join(LOCK)) else { continue };
        if lock.try_lock().is_err() {
            continue;
        }
        let found = files::records(&folder)?;
        if found.is_empty() {
            let _ = fs::remove_dir_all(&folder);
            continue;
        }
        tracing::info!(folder = %folder.display(), commits = found.len(), "commits that were accepted before wait for the database");
        for (place, bytes) in found {
            match Record::from_bytes(&bytes) {
                Ok(record) => index.add(place, &record),
                Err(e) => {
                    tracing::error!(file = %place.file().display(), error = %e, "a spooled record makes no sense");
                }
            }
        }
        index.adopted.push((folder, lock));
    }
    Ok(())
}

impl Drop for Spool {
    fn drop(&mut self) {
        if self.is_empty() {
            // Best effort; an empty one is removed at the next start.
            let _ = fs::remove_dir_all(&self.own);
        }
    }
}

#[cfg(test)]
mod tests;
