//! A folder for what can be made again, used by one process at a time.
//!
//! `play` and `serve` may run on the same data at the same time; each then has a folder of its own, and the first one finds
//! what an earlier run left.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Processes that may share a data folder, each with its cache.
const MAX_FOLDERS: u32 = 64;

/// The folder, ours until this is dropped.
#[derive(Debug)]
pub(crate) struct CacheFolder {
    path: PathBuf,
    _lock: File,
}

/// Why there is no cache.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CacheError {
    #[error("the cache {0} cannot be used: {1}; correct its permissions or look for free space")]
    Unusable(PathBuf, io::Error),
    #[error("{MAX_FOLDERS} servers use the cache {0} already: give this one another data folder with --data")]
    AllTaken(PathBuf),
}

impl CacheFolder {
    /// The first folder inside `parent` that no other process uses.
    pub(crate) fn claim(parent: &Path) -> Result<Self, CacheError> {
        let unusable = |error| CacheError::Unusable(parent.to_owned(), error);
        fs::create_dir_all(parent).map_err(unusable)?;
        for number in 0..MAX_FOLDERS {
            let path = parent.join(format!("inflated-{number}"));
            let lock =
                OpenOptions::new().create(true).truncate(false).write(true).open(path.with_extension("lock"));
            let lock = lock.map_err(unusable)?;
            match lock.try_lock() {
                Ok(()) => return Ok(Self { path, _lock: lock }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(unusable(error)),
            }
        }
        Err(CacheError::AllTaken(parent.to_owned()))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::CacheFolder;

    #[test]
    fn two_processes_have_two_folders_and_the_next_run_finds_the_first() {
        let parent = tempfile::tempdir().expect("a fresh folder");
        let first = CacheFolder::claim(parent.path()).expect("a folder");
        let second = CacheFolder::claim(parent.path()).expect("another folder");
        assert_ne!(first.path(), second.path());
        let path = first.path().to_owned();
        drop(first);
        assert_eq!(CacheFolder::claim(parent.path()).expect("the first again").path(), path);
    }
}
