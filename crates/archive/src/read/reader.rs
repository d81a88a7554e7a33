//! An entry as a stream, inflated and checked.

use std::io::{self, Read};
use std::sync::Arc;

use flate2::{Decompress, FlushDecompress, Status};

use super::error::{Damage, ReadError};
use crate::archive::Archive;
use crate::entry::{Entry, EntryId, Method};
use crate::source::Source;

/// Piece in which compressed data are read from the file.
const INPUT_LEN: usize = 64 * 1024;

/// Reads one entry from its beginning. The read that reaches the end verifies size and checksum and fails with a
/// [`ReadError`] inside the [`io::Error`] when they are wrong. It holds the file, not the [`Archive`].
#[derive(Debug)]
pub struct EntryReader {
    source: Arc<Source>,
    name: Box<str>,
    size: u64,
    crc32: u32,
    /// What is left of the data in the file.
    position: u64,
    left: u64,
    inflate: Option<Inflate>,
    given: u64,
    checksum: crc32fast::Hasher,
    ended: bool,
}

struct Inflate {
    stream: Decompress,
    input: Box<[u8]>,
    filled: usize,
    used: usize,
}

impl std::fmt::Debug for Inflate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inflate").field("unread", &(self.filled - self.used)).finish_non_exhaustive()
    }
}

impl EntryReader {
    pub(crate) fn new(archive: &Archive, id: EntryId) -> Result<Self, ReadError> {
        let span = archive.data(id)?;
        let entry: &Entry = archive.entry(id);
        let inflate = (entry.method == Method::Deflated).then(|| Inflate {
            stream: Decompress::new(false),
            input: vec![0; INPUT_LEN.min(span.len as usize)].into(),
            filled: 0,
            used: 0,
        });
        Ok(Self {
            source: Arc::clone(archive.source()),
            name: entry.name.clone(),
            size: entry.size,
            crc32: entry.crc32,
            position: span.offset,
            left: span.len,
            inflate,
            given: 0,
            checksum: crc32fast::Hasher::new(),
            ended: false,
        })
    }

    /// Reads everything, or nothing when that is more than `limit` bytes.
    pub(crate) fn whole(mut self, limit: u64) -> Result<Vec<u8>, ReadError> {
        let too_large = || ReadError::TooLarge { entry: self.name.to_string(), size: self.size, limit };
        let size = usize::try_from(self.size).ok().filter(|_| self.size <= limit).ok_or_else(too_large)?;
        let mut bytes = vec![0; size];
        let mut at = 0;
        while at < size {
            at += match self.read(&mut bytes[at..])? {
                0 => break,
                n => n,
            };
        }
        // One byte more shows an entry that goes on beyond its size, and verifies the checksum.
        match self.read(&mut [0])? {
            0 => Ok(bytes),
            _ => Err(self.damaged(Damage::Size)),
        }
    }

    fn damaged(&self, damage: Damage) -> ReadError {
        ReadError::Damaged { entry: self.name.to_string(), damage }
    }

    fn read_stored(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let wanted = out.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        self.source.read_exact_at(&mut out[..wanted], self.position)?;
        self.position += wanted as u64;
        self.left -= wanted as u64;
        Ok(wanted)
    }

    /// Inflates until `out` has at least a byte, or the stream ends.
    fn read_deflated(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(mut inflate) = self.inflate.take() else { return Ok(0) };
        loop {
            if inflate.used == inflate.filled && self.left > 0 {
                let wanted = inflate.input.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
                self.read_stored(&mut inflate.input[..wanted])?;
                (inflate.used, inflate.filled) = (0, wanted);
            }
            let (read_before, written_before) = (inflate.stream.total_in(), inflate.stream.total_out());
            let input = &inflate.input[inflate.used..inflate.filled];
            let status = inflate.stream.decompress(input, out, FlushDecompress::None);
            let used = (inflate.stream.total_in() - read_before) as usize;
            let written = (inflate.stream.total_out() - written_before) as usize;
            inflate.used += used;
            match status {
                Ok(Status::StreamEnd) if inflate.used == inflate.filled && self.left == 0 => {
                    return Ok(written);
                }
                // Bytes after the end of the stream: a browser would take them for the gzip trailer.
                Ok(Status::StreamEnd) | Err(_) => return Err(self.damaged(Damage::Deflate).into()),
                Ok(_) if written > 0 => {
                    self.inflate = Some(inflate);
                    return Ok(written);
                }
                Ok(_) if used == 0 => return Err(self.damaged(Damage::Deflate).into()),
                Ok(_) => {}
            }
        }
    }

    fn check_end(&mut self) -> io::Result<()> {
        self.ended = true;
        if self.given != self.size {
            return Err(self.damaged(Damage::Size).into());
        }
        if self.checksum.clone().finalize() != self.crc32 {
            return Err(self.damaged(Damage::Checksum).into());
        }
        Ok(())
    }
}

impl Read for EntryReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.ended || out.is_empty() {
            return Ok(0);
        }
        let n = if self.inflate.is_some() { self.read_deflated(out)? } else { self.read_stored(out)? };
        self.checksum.update(&out[..n]);
        self.given += n as u64;
        if self.given > self.size {
            return Err(self.damaged(Damage::Size).into());
        }
        if n == 0 {
            self.check_end()?;
        }
        Ok(n)
    }
}
