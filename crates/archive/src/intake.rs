//! Taking in a course file: streamed to disk once, its digest taken on the way, durable before it has its name.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use crate::digest::{Digest, Digester};

/// After so many bytes what was written so far is sent to the disk, while more arrives: the last sync is then short.
const SYNC_EVERY: u64 = 32 << 20;
const SUFFIX: &str = ".part";

/// A course file on its way in. Dropped before [`Received::keep`], it leaves nothing behind.
#[derive(Debug)]
pub struct Intake {
    part: Part,
    file: File,
    digester: Digester,
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
                    return Ok(Self { part, file, digester: Digester::default(), early: None, synced: 0 });
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
        self.digester.bytes()
    }

    /// Ends the file. It is complete, but neither durable nor named yet.
    pub fn finish(mut self) -> Received {
        self.early = None;
        Received {
            digest: self.digester.finish(),
            bytes: self.digester.bytes(),
            part: self.part,
            file: self.file,
        }
    }

    fn sync_early(&mut self) -> io::Result<()> {
        self.synced = self.digester.bytes();
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
        self.digester.update(&bytes[..n]);
        if self.digester.bytes() - self.synced >= SYNC_EVERY {
            self.sync_early()?;
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
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
        let received = intake.finish();
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
        drop(intake.finish());
        drop(Intake::begin(folder.path()).unwrap());
        assert_eq!(names(folder.path()), [""; 0]);
        fs::write(folder.path().join("1-1.part"), b"crashed").unwrap();
        fs::write(folder.path().join("course.zip"), b"kept").unwrap();
        Intake::sweep(folder.path()).unwrap();
        assert_eq!(names(folder.path()), ["course.zip"]);
    }
}
