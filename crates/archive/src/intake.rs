//! Taking in a course file: streamed to disk once, its digest taken on the way, durable before it has its name.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use crate::digest::{Digest, Digester};
use crate::source::Source;

/// After so many bytes what was written so far is sent to the disk, while more arrives: the last sync is then short.
const SYNC_EVERY: u64 = 32 << 20;
/// From so many bytes on the digest is taken on a thread of its own.
const DIGEST_HERE: u64 = 4 << 20;
const DIGEST_BUFFER: usize = 256 << 10;
const SUFFIX: &str = ".part";

/// A course file on its way in. Dropped before [`Received::keep`], it leaves nothing behind.
#[derive(Debug)]
pub struct Intake {
    part: Part,
    file: File,
    bytes: u64,
    digesting: Digesting,
    early: Option<EarlySync>,
    synced: u64,
}

impl Intake {
    /// Begins a new file in `folder`, which must be on the file system where the file is to stay.
    pub fn begin(folder: &Path) -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("{}-{number}{SUFFIX}", std::process::id()));
            match OpenOptions::new().read(true).write(true).create_new(true).open(&path) {
                Ok(file) => {
                    let part = Part(Some(path));
                    let digesting = Digesting::Here(Digester::default());
                    return Ok(Self { part, file, bytes: 0, digesting, early: None, synced: 0 });
                }
                // Left by a crashed process that had the same number.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(e),
            }
        }
    }

    /// Removes what crashed intakes left in `folder`. Only while no other intake writes there.
    pub fn sweep(folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(SUFFIX) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Bytes taken in so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Ends the file. It is complete, but neither durable nor named yet.
    pub fn finish(mut self) -> io::Result<Received> {
        self.early = None;
        let digest = self.digesting.finish()?;
        Ok(Received { digest, bytes: self.bytes, part: self.part, file: self.file })
    }

    fn sync_early(&mut self) -> io::Result<()> {
        self.synced = self.bytes;
        if self.early.is_none() {
            self.early = Some(EarlySync::start(self.file.try_clone()?));
        }
        if let Some(early) = &self.early {
            early.ask();
        }
        Ok(())
    }
}

impl Write for Intake {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.bytes += n as u64;
        self.digesting.written(&bytes[..n], self.bytes, &self.file)?;
        if self.bytes - self.synced >= SYNC_EVERY {
            self.sync_early()?;
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Where the digest is taken: of a small file as it passes by; of a large one on a thread of its own, which reads what was
/// just written back from the page cache. So writing and digesting each have a core.
#[derive(Debug)]
enum Digesting {
    Here(Digester),
    There { written: Sender<u64>, thread: JoinHandle<io::Result<Digester>> },
}

impl Digesting {
    fn written(&mut self, piece: &[u8], total: u64, file: &File) -> io::Result<()> {
        match self {
            Self::Here(digester) => {
                digester.update(piece);
                if total >= DIGEST_HERE {
                    *self = Self::move_there(std::mem::take(digester), file.try_clone()?);
                }
            }
            // A thread that failed says why in the end.
            Self::There { written, .. } => drop(written.send(total)),
        }
        Ok(())
    }

    fn move_there(mut digester: Digester, file: File) -> Self {
        let (written, waiting) = channel::<u64>();
        let thread = std::thread::spawn(move || {
            let source = Source::from_file(file)?;
            let mut buffer = vec![0; DIGEST_BUFFER];
            while let Ok(total) = waiting.recv() {
                while digester.bytes() < total {
                    let len = (total - digester.bytes()).min(DIGEST_BUFFER as u64) as usize;
                    source.read_exact_at(&mut buffer[..len], digester.bytes())?;
                    digester.update(&buffer[..len]);
                }
            }
            Ok(digester)
        });
        Self::There { written, thread }
    }

    fn finish(self) -> io::Result<Digest> {
        match self {
            Self::Here(digester) => Ok(digester.finish()),
            Self::There { written, thread } => {
                drop(written);
                let digester =
                    thread.join().map_err(|_| io::Error::other("the digest's thread panicked"))??;
                Ok(digester.finish())
            }
        }
    }
}

/// A thread that syncs when asked. Its errors do not matter: the sync that counts comes in [`Received::keep`].
#[derive(Debug)]
struct EarlySync {
    asks: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl EarlySync {
    fn start(file: File) -> Self {
        let (asks, asked) = channel();
        let thread = std::thread::spawn(move || {
            while asked.recv().is_ok() {
                let _ = file.sync_data();
            }
        });
        Self { asks: Some(asks), thread: Some(thread) }
    }

    fn ask(&self) {
        if let Some(asks) = &self.asks {
            let _ = asks.send(());
        }
    }
}

impl Drop for EarlySync {
    fn drop(&mut self) {
        self.asks = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A complete file that has no name yet.
#[derive(Debug)]
pub struct Received {
    digest: Digest,
    bytes: u64,
    part: Part,
    file: File,
}

impl Received {
    /// Digest of the whole file.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Length of the file in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Another handle of the file, to look into it before it is kept.
    pub fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Makes the file durable and gives it its name: after this returns it survives a power cut. A file that is there
    /// already under this name is replaced; with names made from digests that changes nothing.
    pub fn keep(mut self, path: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        if let Some(part) = &self.part.0 {
            fs::rename(part, path)?;
        }
        self.part.0 = None;
        sync_folder(path.parent().unwrap_or(Path::new(".")))
    }
}

/// A rename is durable once its folder is. Windows keeps no such promise to make.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// A file that is removed unless its path is taken out.
#[derive(Debug)]
struct Part(Option<PathBuf>);

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_kept_file_is_whole_and_carries_its_digest() {
        let folder = tempfile::tempdir().unwrap();
        let content: Vec<u8> = (0..(SYNC_EVERY + 12_345)).map(|i| (i * 7 / 13) as u8).collect();
        let mut intake = Intake::begin(folder.path()).unwrap();
        content.chunks(1 << 20).for_each(|piece| intake.write_all(piece).unwrap());
        assert_eq!(intake.bytes(), content.len() as u64);
        let received = intake.finish().unwrap();
        assert_eq!((received.digest(), received.bytes()), Digest::of(&content[..]).unwrap());
        let path = folder.path().join("course.zip");
        received.keep(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), content);
        assert_eq!(names(folder.path()), ["course.zip"]);
    }

    #[test]
    fn what_is_not_kept_leaves_nothing_and_leftovers_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let mut intake = Intake::begin(folder.path()).unwrap();
        intake.write_all(b"half").unwrap();
        drop(intake.finish().unwrap());
        drop(Intake::begin(folder.path()).unwrap());
        assert_eq!(names(folder.path()), [""; 0]);
        fs::write(folder.path().join("1-1.part"), b"crashed").unwrap();
        fs::write(folder.path().join("course.zip"), b"kept").unwrap();
        Intake::sweep(folder.path()).unwrap();
        assert_eq!(names(folder.path()), ["course.zip"]);
    }
}
