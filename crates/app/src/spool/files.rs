//! The spool's files: appended to by many at once, flushed together, removed one by one as they are replayed.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lyceum_store::Faults;
use parking_lot::Mutex;

use super::frame::{HEAD, contents, frame, scan};
use crate::folder::sync;

/// A file is closed and the next one begun at this size: a file goes when the last record in it is replayed.
pub(super) const SEGMENT_BYTES: u64 = 8 << 20;
const EXTENSION: &str = "log";

/// Where a record lies.
#[derive(Clone, Debug)]
pub(super) struct Place {
    file: PathBuf,
    at: u64,
    length: usize,
}

impl Place {
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    pub(super) fn bytes(&self) -> u64 {
        self.length as u64
    }

    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        let mut file = File::open(&self.file)?;
        file.seek(SeekFrom::Start(self.at))?;
        let mut framed = vec![0; self.length];
        file.read_exact(&mut framed)?;
        contents(&framed).map(<[u8]>::to_vec).ok_or_else(|| io::Error::other("a spooled record is damaged"))
    }
}

/// The files of this process.
pub(super) struct Segments {
    folder: PathBuf,
    /// What is to be written next, by whoever comes to the file first.
    batch: Mutex<Batch>,
    file: Mutex<Writer>,
    faults: Option<Arc<dyn Faults>>,
}

#[derive(Default)]
struct Batch {
    framed: Vec<u8>,
    records: usize,
    /// Number of the batch that is being collected.
    number: u64,
}

#[derive(Default)]
struct Writer {
    /// The file that is written to, and how long it is.
    open: Option<(File, PathBuf, u64)>,
    closed: Vec<(PathBuf, u64)>,
    segments: u64,
    /// Batches whose records' threads have not all been told yet: where they lie (file and offset) or why not, and how many
    /// threads.
    written: HashMap<u64, (Outcome, usize)>,
}

/// Where a batch begins: file and offset; or why it could not be written.
type Outcome = Result<(PathBuf, u64), (io::ErrorKind, String)>;

impl Segments {
    pub(super) fn new(folder: PathBuf, faults: Option<Arc<dyn Faults>>) -> Self {
        Self { folder, batch: Mutex::default(), file: Mutex::default(), faults }
    }

    /// Bytes in all files.
    pub(super) fn bytes(&self) -> u64 {
        let file = self.file.lock();
        file.open
            .iter()
            .map(|(_, _, length)| length)
            .chain(file.closed.iter().map(|(_, length)| length))
            .sum()
    }

    /// Appends a record and flushes it, together with all that others have brought meanwhile.
    pub(super) fn append(&self, record: &[u8]) -> io::Result<Place> {
        let framed = frame(record);
        let (number, offset) = {
            let mut batch = self.batch.lock();
            let offset = batch.framed.len();
            batch.framed.extend_from_slice(&framed);
            batch.records += 1;
            (batch.number, offset as u64)
        };
        let mut writer = self.file.lock();
        if !writer.written.contains_key(&number) {
            let all = {
                let mut batch = self.batch.lock();
                let next = Batch { number: batch.number + 1, ..Batch::default() };
                std::mem::replace(&mut *batch, next)
            };
            let written = writer.write(&self.folder, &all.framed, self.faults.as_deref());
            let outcome = written.map_err(|e| (e.kind(), e.to_string()));
            writer.written.insert(number, (outcome, all.records));
        }
        let (outcome, readers) = writer.written.get_mut(&number).expect("it was just written");
        *readers -= 1;
        let (outcome, is_last) = (outcome.clone(), *readers == 0);
        if is_last {
            writer.written.remove(&number);
        }
        let (file, at) = outcome.map_err(|(kind, why)| io::Error::new(kind, why))?;
        Ok(Place { file, at: at + offset, length: framed.len() })
    }

    /// Removes the files in which nothing waits any more. Only while nobody appends.
    pub(super) fn keep_only(&self, waits_in: impl Fn(&Path) -> bool) {
        let mut writer = self.file.lock();
        let mut gone: Vec<PathBuf> = Vec::new();
        let closed = std::mem::take(&mut writer.closed);
        for (file, length) in closed {
            if waits_in(&file) { writer.closed.push((file, length)) } else { gone.push(file) }
        }
        gone.extend(writer.open.take_if(|(_, file, _)| !waits_in(file)).map(|(_, file, _)| file));
        for file in gone {
            if let Err(e) = fs::remove_file(&file) {
                tracing::warn!(file = %file.display(), error = %e, "removing what was replayed");
            }
        }
    }
}

impl Writer {
    /// Writes and flushes; answers where it begins. What could not be written whole is cut off again.
    fn write(
        &mut self,
        folder: &Path,
        bytes: &[u8],
        faults: Option<&dyn Faults>,
    ) -> io::Result<(PathBuf, u64)> {
        if self.open.as_ref().is_some_and(|(_, _, length)| *length >= SEGMENT_BYTES)
            && let Some((_, path, length)) = self.open.take()
        {
            self.closed.push((path, length));
        }
        if self.open.is_none() {
            self.segments += 1;
            let path = folder.join(format!("{:08}.{EXTENSION}", self.segments));
            let file = OpenOptions::new().append(true).create_new(true).open(&path)?;
            sync(folder)?;
            self.open = Some((file, path, 0));
        }
        let (file, path, length) = self.open.as_mut().expect("it was just opened");
        let may_flush = || faults.map_or(Ok(()), |faults| faults.at_flush(path));
        let written = file.write_all(bytes).and_then(|()| may_flush()).and_then(|()| file.sync_data());
        if let Err(e) = written {
            // After a failed flush nobody knows what is on disk: never write behind it.
            let _ = file.set_len(*length);
            if let Some((_, path, length)) = self.open.take() {
                // One with nothing in it would stay for each try while the disk is full.
                if length > 0 {
                    self.closed.push((path, length));
                } else {
                    let _ = fs::remove_file(&path);
                }
            }
            return Err(e);
        }
        let at = *length;
        *length += bytes.len() as u64;
        Ok((path.clone(), at))
    }
}

/// What is in a folder's files, in order.
pub(super) fn records(folder: &Path) -> io::Result<Vec<(Place, Vec<u8>)>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == EXTENSION));
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let bytes = fs::read(&file)?;
        let (found, damaged) = scan(&bytes);
        if damaged > 0 {
            tracing::error!(file = %file.display(), damaged, "the spool is damaged: what could be read is replayed");
        }
        all.extend(found.into_iter().map(|(at, contents)| {
            let place = Place { file: file.clone(), at: at as u64, length: HEAD + contents.len() };
            (place, contents.to_vec())
        }));
    }
    Ok(all)
}

/// Appends a line to a file and flushes it. Behind one that a crash has torn it begins anew: only that one is lost.
pub(super) fn append_durably(path: &Path, line: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let mut text = Vec::with_capacity(1 + line.len());
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        file.read_exact(&mut last)?;
        text.extend((last != *b"\n").then_some(b'\n'));
    }
    text.extend_from_slice(line);
    file.write_all(&text)?;
    file.sync_all()
}
