//! The files of a package, wherever they lie: in an archive, in a folder, in memory.

mod memory;
mod names;

pub use memory::MemoryTree;
pub use names::NameIndex;

/// Read access to the files of a package.
///
/// Names are paths from the root of the package, separated by `/`, without a leading one. Folders are not
/// listed.
pub trait FileTree {
    /// The names of all files.
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_>;

    /// The file that a course means by a path, if there is one.
    ///
    /// The path is what a manifest says, from the root of the package, with `.` and `..` resolved and without
    /// query and fragment. It may be percent-encoded, and it may differ from the file's name in case or in the
    /// direction of slashes: courses are made on systems where that does not matter. An exact match goes first.
    /// [`NameIndex`] does this.
    fn find(&self, path: &str) -> Option<&str>;

    /// The content of a file.
    ///
    /// # Errors
    /// [`ReadError`] when there is no such file, when it has more than `limit` bytes, or when it cannot be read.
    fn read(&self, name: &str, limit: u64) -> Result<Vec<u8>, ReadError>;

    /// Length of a file in bytes, if there is such a file.
    fn size(&self, name: &str) -> Option<u64>;
}

/// Why a file of a package cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No file has this name.
    #[error("the package has no such file")]
    NotFound,
    /// The file is longer than the caller accepts.
    #[error("the file has more than {limit} bytes, the most that is accepted here")]
    TooLarge {
        /// The caller's bound in bytes.
        limit: u64,
    },
    /// The file is there but damaged, encrypted or otherwise out of reach; the reason in words.
    #[error("the file cannot be read: {0}")]
    Damaged(String),
}
