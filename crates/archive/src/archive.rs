//! The open archive.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::entry::{Entry, EntryId, EntryKind, Method};
use crate::index::Index;
use crate::limits::Limits;
use crate::lookup::{Lookup, Rare};
use crate::problem::{OpenError, Policy, Problem};
use crate::read::{Damage, EntryReader, ReadError, local};
use crate::source::Source;

/// How to open an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenOptions {
    /// Bounds on what the archive may claim.
    pub limits: Limits,
    /// What becomes of an archive with refused entries.
    pub policy: Policy,
}

/// Consecutive bytes of the archive file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Position of the first byte in the file.
    pub offset: u64,
    /// Length in bytes.
    pub len: u64,
}

/// The three parts of a gzip file (RFC 1952) around a deflated entry as it lies in the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GzipParts {
    /// Fixed header: deflate, no name, no time.
    pub head: [u8; 10],
    /// The raw deflate stream.
    pub deflated: Span,
    /// CRC-32 and size modulo 2^32 from the directory.
    pub tail: [u8; 8],
}

impl GzipParts {
    /// How much longer the gzip file is than the deflate stream, in bytes.
    pub const FRAME_LEN: u64 = 18;

    /// Length of the gzip file in bytes.
    pub fn total_len(&self) -> u64 {
        self.deflated.len + Self::FRAME_LEN
    }
}

/// An open course archive: the index and the file. Shared by any number of threads; nothing in it changes but what it
/// learns about its entries.
#[derive(Debug)]
pub struct Archive {
    source: Arc<Source>,
    index: Index,
    rare: Rare,
    /// Position of each entry's data once its local header was read, else [`UNKNOWN`] or [`DAMAGED`].
    data_starts: Box<[AtomicU64]>,
}

const UNKNOWN: u64 = 0;
const DAMAGED: u64 = u64::MAX;
const GZIP_HEAD: [u8; 10] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];

impl Archive {
    /// Opens the archive at `path`: reads and judges its directory. Costs one pass over the directory, whatever the size
    /// of the archive.
    pub fn open(path: &Path, options: &OpenOptions) -> Result<Self, OpenError> {
        Self::from_file(File::open(path)?, options)
    }

    /// As [`open`](Self::open), for a file that is open already.
    pub fn from_file(file: File, options: &OpenOptions) -> Result<Self, OpenError> {
        let source = Source::from_file(file)?;
        let index = Index::read(&source, &options.limits, options.policy)?;
        let data_starts = index.entries.iter().map(|_| AtomicU64::new(UNKNOWN)).collect();
        Ok(Self { source: Arc::new(source), index, rare: Rare::default(), data_starts })
    }

    /// The file itself; positions are those of [`stored`](Self::stored) and [`gzip`](Self::gzip).
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// All entries in directory order, folders and refused ones included.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (EntryId, &Entry)> {
        self.index.entries.iter().enumerate().map(|(at, entry)| (EntryId(at as u32), entry))
    }

    /// The files that can be served, in directory order.
    pub fn files(&self) -> impl Iterator<Item = (EntryId, &Entry)> {
        self.entries().filter(|(_, entry)| entry.is_file())
    }

    /// One entry. An id of another archive gives another entry, or panics.
    pub fn entry(&self, id: EntryId) -> &Entry {
        &self.index.entries[id.index()]
    }

    /// What was found wrong while opening: notices, and refused entries under [`Policy::Skip`].
    pub fn problems(&self) -> &[Problem] {
        &self.index.problems
    }

    /// Roughly how much memory the open archive takes, in bytes.
    pub fn memory(&self) -> u64 {
        self.index.memory() + size_of::<Self>() as u64
    }

    /// Finds a file by an href of the course's manifest or pages, or by the path of a request.
    ///
    /// The href is read as written, then percent-decoded, then both again without query and fragment; in each reading
    /// `\` counts as `/`, a leading `/` is the course's root, `.` and `..` are resolved, and what leads out of the course
    /// is dropped. The first step that finds a file wins, each step trying all readings:
    /// 1. the exact name;
    /// 2. the same letters in another Unicode form (NFC and NFD), when only one file has them;
    /// 3. the same name but for case, when only one file has it;
    /// 4. for names in an unnamed code page: their very bytes, percent-encoded in the href;
    /// 5. for such names: the href's text in a code page that packagers use (850, Windows 1252, 1250, 1251, 1254,
    ///    866, GB 18030, Shift JIS, Big5, EUC-KR), when that leads to one file only.
    pub fn lookup(&self, href: &str) -> Option<EntryId> {
        Lookup { index: &self.index, rare: &self.rare }.file(href)
    }

    /// The folder that an href names (read as in [`lookup`](Self::lookup), exact case), without `/` at its end; "" is the
    /// root. Folders need no entry of their own.
    pub fn folder(&self, href: &str) -> Option<&str> {
        Lookup { index: &self.index, rare: &self.rare }.folder(href)
    }

    /// Where the data of a stored entry lie, to be sent as they are, in whole or in part. `None` for a deflated one.
    pub fn stored(&self, id: EntryId) -> Result<Option<Span>, ReadError> {
        match self.entry(id).method {
            Method::Stored => self.data(id).map(Some),
            Method::Deflated => Ok(None),
        }
    }

    /// The gzip file that a deflated entry becomes without being touched. `None` for a stored one.
    pub fn gzip(&self, id: EntryId) -> Result<Option<GzipParts>, ReadError> {
        let entry = self.entry(id);
        if entry.method == Method::Stored {
            return Ok(None);
        }
        let mut tail = [0; 8];
        tail[..4].copy_from_slice(&entry.crc32.to_le_bytes());
        tail[4..].copy_from_slice(&(entry.size as u32).to_le_bytes());
        Ok(Some(GzipParts { head: GZIP_HEAD, deflated: self.data(id)?, tail }))
    }

    /// Whether [`stored`](Self::stored) and [`gzip`](Self::gzip) answer without reading from the file. They do after the
    /// first time.
    pub fn is_located(&self, id: EntryId) -> bool {
        self.data_starts[id.index()].load(Ordering::Relaxed) != UNKNOWN
    }

    /// The whole file, its size and checksum verified. Fails with [`ReadError::TooLarge`] above `limit` bytes, before
    /// anything is read.
    pub fn read(&self, id: EntryId, limit: u64) -> Result<Vec<u8>, ReadError> {
        EntryReader::new(self, id)?.whole(limit)
    }

    /// Reads the file from its beginning. The reader's last call fails when size or checksum are wrong, so what was read
    /// before the end is not verified yet.
    pub fn reader(&self, id: EntryId) -> Result<EntryReader, ReadError> {
        EntryReader::new(self, id)
    }

    /// From now on every read of this entry fails. For what [`verify`](Self::verify) found in an earlier run.
    pub fn mark_damaged(&self, id: EntryId) {
        self.data_starts[id.index()].store(DAMAGED, Ordering::Relaxed);
    }

    /// Where the data of an entry lie. Reads the local header the first time.
    pub(crate) fn data(&self, id: EntryId) -> Result<Span, ReadError> {
        let entry = self.entry(id);
        let known = &self.data_starts[id.index()];
        let offset = match known.load(Ordering::Relaxed) {
            _ if entry.kind != EntryKind::File => {
                return Err(ReadError::NotAFile { entry: entry.name().into() });
            }
            DAMAGED => return Err(ReadError::damaged(entry, Damage::FoundBefore)),
            UNKNOWN => {
                let offset = local::data_start(&self.source, entry)?;
                // Several threads may store the same number; a mark of damage set meanwhile stays.
                let _ = known.compare_exchange(UNKNOWN, offset, Ordering::Relaxed, Ordering::Relaxed);
                offset
            }
            offset => offset,
        };
        Ok(Span { offset, len: entry.compressed })
    }
}
