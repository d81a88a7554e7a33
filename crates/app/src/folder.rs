//! The data folder.
//!
//! | name | is |
//! |---|---|
//! | `lyceum.db` | the database |
//! | `secret.key` | the key of all tokens, readable by its owner only |
//! | `objects/<sha256>.zip` | the packages, one immutable file each |
//! | `incoming/<random>/` | files that a running process is taking in; `lock` in it is held while the process lives |
//! | `incoming/lock` | held while a process starts |
//! | `spool/<time>-<random>/` | commits accepted while the database was away; `refused.jsonl` beside them what it never took |
//! | `cache/` | what can be made again: inflated files |

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lyceum_archive::Digest;
use lyceum_attempt::Millis;
use lyceum_store::Faults;

use crate::environment::{Random, bytes};
use crate::error::StartError;
use crate::spool::Spool;

const LOCK: &str = "lock";
const SECRET_BYTES: usize = 32;

/// The folder, opened by this process.
#[derive(Debug)]
pub(crate) struct DataFolder {
    root: PathBuf,
    incoming: PathBuf,
    /// Held while this process lives: others see by it that `incoming` is in use.
    _lock: File,
}

impl DataFolder {
    /// Makes what is missing, and removes what processes that died were taking in.
    pub(crate) fn open(root: &Path, random: &dyn Random) -> Result<Self, StartError> {
        for folder in [root, &root.join("objects"), &root.join("incoming"), &root.join("cache")] {
            make_private(folder).map_err(failed(folder))?;
        }
        sync(root).map_err(failed(root))?;
        let all = root.join("incoming");
        let name: String = bytes::<8>(random).iter().map(|b| format!("{b:02x}")).collect();
        let incoming = all.join(name);
        let lock = sweep_and_claim(&all, &incoming).map_err(failed(&incoming))?;
        Ok(Self { root: root.to_owned(), incoming, _lock: lock })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.root.join("lyceum.db")
    }

    /// Where this process takes in files; on the same file system as the objects.
    pub(crate) fn incoming(&self) -> &Path {
        &self.incoming
    }

    /// The place for commits that the database cannot take now.
    pub(crate) fn spool(
        &self,
        now: Millis,
        random: &dyn Random,
        faults: Option<Arc<dyn Faults>>,
    ) -> Result<Spool, StartError> {
        let root = self.root.join("spool");
        make_private(&root).and_then(|()| Spool::open(&root, now, random, faults)).map_err(failed(&root))
    }

    pub(crate) fn objects(&self) -> PathBuf {
        self.root.join("objects")
    }

    pub(crate) fn object(&self, key: &str) -> PathBuf {
        self.objects().join(key)
    }

    /// The key of all tokens; made at the first start.
    pub(crate) fn secret(&self, random: &dyn Random) -> Result<[u8; SECRET_BYTES], StartError> {
        let path = self.root.join("secret.key");
        if !path.exists() {
            self.make_secret(&path, random).map_err(failed(&path))?;
        }
        let secret = fs::read(&path).map_err(failed(&path))?;
        secret.try_into().map_err(|_| StartError::BadSecret(path.display().to_string()))
    }

    /// Written aside and linked into place, so that of two processes that start at once both end up with the same key.
    fn make_secret(&self, path: &Path, random: &dyn Random) -> io::Result<()> {
        let aside = self.incoming.join("secret.key");
        let mut file = private(&aside)?;
        file.write_all(&bytes::<SECRET_BYTES>(random))?;
        file.sync_all()?;
        let linked = match fs::hard_link(&aside, path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            // A file system without links.
            Err(_) => fs::rename(&aside, path),
            Ok(()) => fs::remove_file(&aside),
        };
        linked?;
        sync(&self.root)
    }
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        // Best effort; what stays is removed at the next start.
        let _ = fs::remove_dir_all(&self.incoming);
    }
}

/// The object's name in the store.
pub(crate) fn object_key(digest: &Digest) -> String {
    format!("{digest}.zip")
}

/// The digest in an object's name.
pub(crate) fn digest_of_key(key: &str) -> Option<Digest> {
    key.strip_suffix(".zip")?.parse().ok()
}

/// Removes the folders of processes that hold their lock no longer, and makes this process's own. One process at a time:
/// else one could be swept away between making its folder and locking it.
fn sweep_and_claim(all: &Path, own: &Path) -> io::Result<File> {
    let starting = File::create(all.join(LOCK))?;
    starting.lock()?;
    for entry in fs::read_dir(all)? {
        let folder = entry?.path();
        let is_alive = File::open(folder.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_err());
        if folder.is_dir() && !is_alive {
            tracing::info!(folder = %folder.display(), "removing what a process that died was taking in");
            fs::remove_dir_all(&folder)?;
        }
    }
    fs::create_dir(own)?;
    let lock = File::create(own.join(LOCK))?;
    lock.lock()?;
    Ok(lock)
}

/// A rename is on disk once its folder is.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).open(path)
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> StartError {
    let path = path.display().to_string();
    move |source| StartError::Folder { path, source }
}
