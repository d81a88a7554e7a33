//! Why an entry cannot be read. Such an error concerns this entry only; the archive stays usable.

use std::io;
use std::sync::Arc;

use crate::entry::Entry;

/// Why an entry cannot be read.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A folder or a refused entry.
    #[error("{entry:?} is not a file of the course")]
    NotAFile {
        /// Path of the entry.
        entry: String,
    },
    /// Larger than the caller wants to hold.
    #[error("{entry:?} has {size} bytes, {limit} are allowed here")]
    TooLarge {
        /// Path of the entry.
        entry: String,
        /// Its uncompressed size in bytes.
        size: u64,
        /// What the caller allowed, in bytes.
        limit: u64,
    },
    /// What lies in the archive is not what its directory says.
    #[error("{entry:?} is damaged in the package: {damage}. Make the package again and upload it")]
    Damaged {
        /// Path of the entry.
        entry: String,
        /// What is wrong.
        damage: Damage,
    },
    /// The file of the archive, or of the cache, cannot be read or written.
    #[error("the course's file cannot be read: {0}")]
    Io(Arc<io::Error>),
}

/// What is wrong with the data of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// No local header where the directory says (APPNOTE 4.3.7).
    #[error("there is no entry where the directory says")]
    LocalHeader,
    /// The data reach into the next entry or the directory.
    #[error("its data reach beyond its place")]
    OutOfPlace,
    /// The deflate stream is not valid, or ends too early or too late.
    #[error("its compressed data are not valid")]
    Deflate,
    /// More or fewer bytes than the directory says.
    #[error("its size is not what the directory says")]
    Size,
    /// The bytes are not those the checksum was made of.
    #[error("its checksum is wrong")]
    Checksum,
    /// An earlier verification found it damaged.
    #[error("a check found it damaged")]
    FoundBefore,
}

impl ReadError {
    pub(crate) fn damaged(entry: &Entry, damage: Damage) -> Self {
        Self::Damaged { entry: entry.name().into(), damage }
    }

    /// Whether the package is at fault, not this machine.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. })
    }
}

impl From<io::Error> for ReadError {
    /// Takes back a [`ReadError`] that went through [`std::io::Read`].
    fn from(error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(read_error) => read_error,
            Err(error) => Self::Io(Arc::new(error)),
        }
    }
}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> Self {
        Self::other(error)
    }
}
