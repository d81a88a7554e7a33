//! What is kept at hand so that nothing is inflated twice.

mod inflated;
mod small;

pub use inflated::{FillJob, Inflated, Request};
pub use small::SmallFiles;

use crate::digest::Digest;
use crate::entry::EntryId;

/// In which form a file is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// The file itself.
    Identity,
    /// As a gzip file.
    Gzip,
}

/// One file of one course file, in one form. Course files never change, so nothing is ever outdated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CacheKey {
    /// Digest of the course file.
    pub course: Digest,
    /// The entry in it.
    pub entry: EntryId,
    /// The form.
    pub form: Form,
}
