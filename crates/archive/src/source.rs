//! A file that is read by position, by any number of threads at once.

use std::fs::File;
use std::io;
use std::path::Path;

/// An open file and its length at the time of opening. Reads carry their own position, so one handle serves everybody.
#[derive(Debug)]
pub struct Source {
    file: File,
    len: u64,
}

impl Source {
    /// Opens the file at `path` for reading.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::from_file(File::open(path)?)
    }

    /// Takes over an open file; its current position does not matter.
    pub fn from_file(file: File) -> io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self { file, len })
    }

    /// Length in bytes when the file was opened. Course files never change; a shorter file gives read errors later.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether the file was empty when it was opened.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Fills `buf` from `offset`, or fails with [`io::ErrorKind::UnexpectedEof`].
    pub fn read_exact_at(&self, mut buf: &mut [u8], mut offset: u64) -> io::Result<()> {
        while !buf.is_empty() {
            match self.read_at(buf, offset) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(n) => {
                    buf = &mut buf[n..];
                    offset += n as u64;
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// Reads what one system call gives, 0 at the end of the file.
    #[cfg(unix)]
    pub fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.file, buf, offset)
    }

    /// Reads what one system call gives, 0 at the end of the file.
    #[cfg(windows)]
    pub fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(&self.file, buf, offset)
    }

    /// Reads only what the system holds in memory, so that it may be called where blocking is forbidden. `None` when
    /// the disk would have to be asked, or when the system or file system has no such call: then use
    /// [`read_at`](Self::read_at) on a thread that may block. Like that it may give less than asked for.
    #[cfg(target_os = "linux")]
    pub fn read_cached_at(&self, buf: &mut [u8], offset: u64) -> io::Result<Option<usize>> {
        use rustix::io::{Errno, ReadWriteFlags, preadv2};
        let mut target = [io::IoSliceMut::new(buf)];
        match preadv2(&self.file, &mut target, offset, ReadWriteFlags::NOWAIT) {
            Ok(n) => Ok(Some(n)),
            Err(Errno::AGAIN | Errno::INTR | Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// Reads only what the system holds in memory: here the system cannot tell, so always `None`.
    #[cfg(not(target_os = "linux"))]
    pub fn read_cached_at(&self, _buf: &mut [u8], _offset: u64) -> io::Result<Option<usize>> {
        Ok(None)
    }
}
