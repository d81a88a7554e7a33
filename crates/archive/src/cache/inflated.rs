//! Inflated files on disk, for ranges and for clients that take no gzip.
//!
//! Layout: `FOLDER/<digest of the course file>/<entry>`; `FOLDER/part-*` while a file is written. A file gets its name
//! only when it is whole. It is not synced: after a crash it may be anything, so the first use in each run of the program
//! compares it with the entry's checksum.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::time::SystemTime;

use parking_lot::Mutex;

use crate::digest::Digest;
use crate::entry::EntryId;
use crate::pool::CourseObject;
use crate::read::ReadError;
use crate::source::Source;

/// Handles kept open. Files beyond that are opened again when they are wanted.
const OPEN_FILES: usize = 256;
const BUFFER_LEN: usize = 128 * 1024;
const PART_PREFIX: &str = "part-";

type Key = (Digest, EntryId);
type Notify = Box<dyn FnOnce(Result<Arc<Source>, ReadError>) + Send>;

/// A bounded cache of inflated files on disk. Each file is inflated once, however many ask for it at the same time.
#[derive(Debug)]
pub struct Inflated {
    folder: PathBuf,
    capacity: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    kept: HashMap<Key, Kept>,
    filling: HashMap<Key, Vec<Notify>>,
    /// Bytes on disk, with those that running fills will need.
    bytes: u64,
    open: usize,
    clock: u64,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kept, filling) = (self.kept.len(), self.filling.len());
        write!(f, "State {{ kept: {kept}, filling: {filling}, bytes: {} }}", self.bytes)
    }
}

#[derive(Debug)]
struct Kept {
    size: u64,
    used: u64,
    file: Option<Arc<Source>>,
    /// Whether this run of the program wrote or compared it.
    trusted: bool,
}

/// The answer to [`Inflated::request`].
#[derive(Debug)]
pub enum Request {
    /// Here it is. `notify` is not called.
    Ready(Arc<Source>),
    /// Nobody works on it yet: run the job on a thread that may block. It calls `notify`.
    Fill(FillJob),
    /// Somebody works on it already; `notify` will be called.
    Waiting,
    /// Larger than the whole cache: read it with [`Archive::reader`](crate::Archive::reader). `notify` is not called.
    TooLarge,
}

impl Inflated {
    /// Opens the cache in `folder` (made when missing), with what an earlier run left there, and keeps at most `capacity`
    /// bytes from now on.
    pub fn open(folder: &Path, capacity: u64) -> io::Result<Arc<Self>> {
        fs::create_dir_all(folder)?;
        let cache = Self { folder: folder.into(), capacity, state: Mutex::default() };
        let mut found = Vec::new();
        for course in fs::read_dir(folder)? {
            let path = course?.path();
            match path.file_name().and_then(|n| n.to_str()).and_then(|n| n.parse().ok()) {
                Some(digest) => scan(&path, digest, &mut found)?,
                None if file_name(&path).starts_with(PART_PREFIX) => fs::remove_file(&path)?,
                None => {}
            }
        }
        found.sort_unstable_by_key(|(key, _, modified)| (*modified, *key));
        let mut state = cache.state.lock();
        for (key, size, _) in found {
            let used = state.tick();
            state.bytes += size;
            state.kept.insert(key, Kept { size, used, file: None, trusted: false });
        }
        let surplus = state.evict(capacity);
        drop(state);
        cache.remove_files(&surplus);
        Ok(Arc::new(cache))
    }

    /// Asks for a file. Never blocks for long. Unless the answer is `Ready` or `TooLarge`, `notify` is called once, on
    /// the thread that runs the job.
    pub fn request(
        self: &Arc<Self>,
        course: &Arc<CourseObject>,
        id: EntryId,
        notify: impl FnOnce(Result<Arc<Source>, ReadError>) + Send + 'static,
    ) -> Request {
        let key = (course.digest(), id);
        if course.entry(id).size() > self.capacity {
            return Request::TooLarge;
        }
        let mut state = self.state.lock();
        let used = state.tick();
        if let Some(kept) = state.kept.get_mut(&key) {
            kept.used = used;
            if let Some(file) = &kept.file {
                return Request::Ready(Arc::clone(file));
            }
        }
        if let Some(waiting) = state.filling.get_mut(&key) {
            waiting.push(Box::new(notify));
            return Request::Waiting;
        }
        state.filling.insert(key, vec![Box::new(notify)]);
        Request::Fill(FillJob { cache: Arc::clone(self), course: Arc::clone(course), id, done: false })
    }

    /// As [`request`](Self::request), waiting for the file. `None` when it is larger than the whole cache.
    pub fn file(
        self: &Arc<Self>,
        course: &Arc<CourseObject>,
        id: EntryId,
    ) -> Result<Option<Arc<Source>>, ReadError> {
        let (tell, told) = channel();
        let notify = move |result| {
            let _ = tell.send(result);
        };
        match self.request(course, id, notify) {
            Request::Ready(file) => return Ok(Some(file)),
            Request::TooLarge => return Ok(None),
            Request::Fill(job) => job.run(),
            Request::Waiting => {}
        }
        told.recv().unwrap_or_else(|_| Err(abandoned())).map(Some)
    }

    /// Removes everything of one course.
    pub fn remove_course(&self, digest: &Digest) {
        let mut state = self.state.lock();
        let keys: Vec<Key> = state.kept.keys().filter(|key| key.0 == *digest).copied().collect();
        keys.iter().for_each(|key| state.remove(key));
        drop(state);
        self.remove_files(&keys);
        let _ = fs::remove_dir(self.folder.join(digest.to_string()));
    }

    /// Bytes on disk, with those that are just being written.
    pub fn bytes(&self) -> u64 {
        self.state.lock().bytes
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(key.0.to_string()).join(key.1.0.to_string())
    }

    /// A file that cannot be removed stays on disk uncounted until the next start finds it again.
    fn remove_files(&self, keys: &[Key]) {
        for key in keys {
            let _ = fs::remove_file(self.path(key));
        }
    }
}

/// What an earlier run left of one course.
fn scan(folder: &Path, digest: Digest, found: &mut Vec<(Key, u64, SystemTime)>) -> io::Result<()> {
    for file in fs::read_dir(folder)? {
        let file = file?;
        let metadata = file.metadata()?;
        if let Ok(entry) = file_name(&file.path()).parse() {
            let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            found.push(((digest, EntryId(entry)), metadata.len(), modified));
        }
    }
    Ok(())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn abandoned() -> ReadError {
    io::Error::other("the inflating of the file was abandoned").into()
}

impl State {
    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    fn remove(&mut self, key: &Key) {
        if let Some(kept) = self.kept.remove(key) {
            self.bytes -= kept.size;
            self.open -= usize::from(kept.file.is_some());
        }
    }

    /// Forgets the files that were not used for longest until at most `capacity` bytes are left.
    fn evict(&mut self, capacity: u64) -> Vec<Key> {
        if self.bytes <= capacity {
            return Vec::new();
        }
        let mut by_use: Vec<(u64, Key)> = self.kept.iter().map(|(key, kept)| (kept.used, *key)).collect();
        by_use.sort_unstable();
        let mut evicted = Vec::new();
        for (_, key) in by_use {
            if self.bytes <= capacity {
                break;
            }
            self.remove(&key);
            evicted.push(key);
        }
        evicted
    }

    /// Keeps `file` as open, and closes the one that was not used for longest when that makes too many.
    fn keep(&mut self, key: Key, file: &Arc<Source>) {
        let used = self.tick();
        let kept = Kept { size: file.len(), used, file: Some(Arc::clone(file)), trusted: true };
        self.kept.insert(key, kept);
        self.open += 1;
        if self.open > OPEN_FILES {
            let open = self.kept.values_mut().filter(|kept| kept.file.is_some());
            if let Some(oldest) = open.min_by_key(|kept| kept.used) {
                oldest.file = None;
                self.open -= 1;
            }
        }
    }
}

/// The work of getting one file ready. Dropped without [`run`](Self::run), it tells everybody that it failed.
#[derive(Debug)]
pub struct FillJob {
    cache: Arc<Inflated>,
    course: Arc<CourseObject>,
    id: EntryId,
    done: bool,
}

impl FillJob {
    /// Opens or inflates the file, and tells everybody who waits. Blocks as long as that takes.
    pub fn run(mut self) {
        let result = match self.reopen() {
            Some(file) => Ok(file),
            None => self.inflate(),
        };
        self.finish(&result);
    }

    fn key(&self) -> Key {
        (self.course.digest(), self.id)
    }

    /// The file of an earlier use or run, if it is there and right.
    fn reopen(&self) -> Option<Arc<Source>> {
        let trusted = self.cache.state.lock().kept.get(&self.key())?.trusted;
        let file = Source::open(&self.cache.path(&self.key())).ok();
        let entry = self.course.entry(self.id);
        let right =
            file.filter(|f| f.len() == entry.size() && (trusted || checksum(f).ok() == Some(entry.crc32())));
        // The room it takes is asked for anew when it is inflated.
        self.cache.state.lock().remove(&self.key());
        let file = Arc::new(right?);
        let mut state = self.cache.state.lock();
        state.bytes += file.len();
        state.keep(self.key(), &file);
        Some(file)
    }

    fn inflate(&self) -> Result<Arc<Source>, ReadError> {
        let size = self.course.entry(self.id).size();
        let mut state = self.cache.state.lock();
        state.bytes += size;
        let evicted = state.evict(self.cache.capacity);
        drop(state);
        self.cache.remove_files(&evicted);
        let written = self.write();
        let mut state = self.cache.state.lock();
        match &written {
            Ok(file) => state.keep(self.key(), file),
            Err(_) => state.bytes -= size,
        }
        written
    }

    fn write(&self) -> Result<Arc<Source>, ReadError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let part = self.cache.folder.join(format!("{PART_PREFIX}{}-{number}", std::process::id()));
        let written = self.write_part(&part);
        if written.is_err() {
            let _ = fs::remove_file(&part);
        }
        written
    }

    fn write_part(&self, part: &Path) -> Result<Arc<Source>, ReadError> {
        let mut reader = self.course.reader(self.id)?;
        let mut file = File::options().read(true).write(true).create(true).truncate(true).open(part)?;
        let mut buffer = vec![0; BUFFER_LEN];
        loop {
            match reader.read(&mut buffer)? {
                0 => break,
                n => file.write_all(&buffer[..n])?,
            }
        }
        let path = self.cache.path(&self.key());
        fs::create_dir_all(path.parent().unwrap_or(&self.cache.folder))?;
        fs::rename(part, &path)?;
        Ok(Arc::new(Source::from_file(file)?))
    }

    fn finish(&mut self, result: &Result<Arc<Source>, ReadError>) {
        self.done = true;
        let waiting = self.cache.state.lock().filling.remove(&self.key());
        for notify in waiting.into_iter().flatten() {
            notify(result.clone());
        }
    }
}

impl Drop for FillJob {
    fn drop(&mut self) {
        if !self.done {
            self.finish(&Err(abandoned()));
        }
    }
}

fn checksum(file: &Source) -> io::Result<u32> {
    let mut buffer = vec![0; BUFFER_LEN];
    let (mut checksum, mut at) = (crc32fast::Hasher::new(), 0);
    while at < file.len() {
        let wanted = buffer.len().min((file.len() - at) as usize);
        file.read_exact_at(&mut buffer[..wanted], at)?;
        checksum.update(&buffer[..wanted]);
        at += wanted as u64;
    }
    Ok(checksum.finalize())
}
