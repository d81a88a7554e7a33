//! What an operator does with the whole of the data: copy it to another database, back it up, bring it back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use lyceum_store::{Db, DbError, Direction, Options, Remote, backup, copy, verify_chains};
use thiserror::Error;

use crate::folder::sync;
use crate::heads::FILE as HEADS;

const DATABASE: &str = "lyceum.db";
const SECRET: &str = "secret.key";
const OBJECTS: &str = "objects";
const SPOOL: &str = "spool";
const LOCK: &str = "lock";

/// Why it was not done.
#[derive(Debug, Error)]
pub enum MaintenanceError {
    /// A file or folder.
    #[error("{path} cannot be used: {source}")]
    File {
        /// Which.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// A backup, or something else, is there already.
    #[error("{0} is there already: choose another place")]
    Taken(String),
    /// A database is there already.
    #[error("{0} is there already: choose another place, or say --force to replace what is there")]
    Exists(String),
    /// A program works with the data folder.
    #[error("a server or another command uses {0}: stop it first")]
    InUse(String),
    /// There is nothing to work with.
    #[error("{0} holds no database of Lyceum")]
    NoDatabase(String),
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// What was copied.
#[derive(Debug)]
pub struct Copied {
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// Registrations whose hash chain was followed in the target.
    pub chains: u64,
}

/// Copies all records between the data folder's SQLite file and a PostgreSQL server, and follows every hash chain in the
/// target. Blocks; the packages stay where they are.
///
/// # Errors
/// When the target holds courses or learners already, a server runs on the data folder, or a database fails.
pub fn copy_database(
    data: &Path,
    url: &str,
    direction: Direction,
    now: i64,
) -> Result<Copied, MaintenanceError> {
    not_in_use(data)?;
    let file = data.join(DATABASE);
    if direction == Direction::ToServer && !file.is_file() {
        return Err(MaintenanceError::NoDatabase(data.display().to_string()));
    }
    fs::create_dir_all(data).map_err(failed(data))?;
    let rows = copy(&file, url, direction, now)?;
    let target = match direction {
        Direction::ToServer => Db::connect(&Remote { url, now, wait: false, faults: None })?,
        Direction::FromServer => Db::open(Options { path: &file, now, faults: None })?,
    };
    let chains = target.read(verify_chains).wait();
    target.close();
    Ok(Copied { rows, chains: chains? })
}

/// Makes a folder from which [`restore_data`] brings everything back: database, packages, secret key, signed heads, and commits
/// that were accepted and wait for the database. The server may run. Answers the number of packages.
///
/// # Errors
/// When the target exists, or a file cannot be read or written.
pub fn backup_data(data: &Path, target: &Path) -> Result<usize, MaintenanceError> {
    if target.exists() {
        return Err(MaintenanceError::Taken(target.display().to_string()));
    }
    let database = data.join(DATABASE);
    if !database.is_file() {
        return Err(MaintenanceError::NoDatabase(data.display().to_string()));
    }
    // Under another name until it is whole.
    let unfinished = target.with_extension("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(failed(&unfinished))?;
    }
    let copied = copy_data(data, &unfinished);
    if copied.is_err() {
        // It would take the room that may be what is missing.
        let _ = fs::remove_dir_all(&unfinished);
    }
    let packages = copied?;
    fs::rename(&unfinished, target).map_err(failed(target))?;
    Ok(packages)
}

fn copy_data(data: &Path, target: &Path) -> Result<usize, MaintenanceError> {
    fs::create_dir_all(target).map_err(failed(target))?;
    // What waits for the database first: what is replayed meanwhile is in the spool and in the database, which does no harm.
    copy_spool(data, target)?;
    // Signed heads before the records, which would lack what a later one names.
    add_heads(data, target)?;
    // The records next: every package that they name is there by then.
    backup(&data.join(DATABASE), &target.join(DATABASE))?;
    copy_rest(data, target)
}

/// Brings a backup back into a data folder. Answers the number of packages.
///
/// # Errors
/// When the data folder holds a database and `force` is not given, a server runs on it, or a file fails.
pub fn restore_data(source: &Path, data: &Path, force: bool) -> Result<usize, MaintenanceError> {
    let database = source.join(DATABASE);
    if !database.is_file() {
        return Err(MaintenanceError::NoDatabase(source.display().to_string()));
    }
    not_in_use(data)?;
    let present = data.join(DATABASE);
    if present.exists() && !force {
        return Err(MaintenanceError::Exists(present.display().to_string()));
    }
    fs::create_dir_all(data).map_err(failed(data))?;
    let packages = copy_rest(source, data)?;
    copy_spool(source, data)?;
    add_heads(source, data)?;
    let aside = data.join("lyceum.db.restored");
    copy_file(&database, &aside)?;
    for suffix in ["-wal", "-shm"] {
        let log = data.join(format!("{DATABASE}{suffix}"));
        if log.exists() {
            fs::remove_file(&log).map_err(failed(&log))?;
        }
    }
    fs::rename(&aside, &present).and_then(|()| sync(data)).map_err(failed(&present))?;
    Ok(packages)
}

fn copy_rest(from: &Path, to: &Path) -> Result<usize, MaintenanceError> {
    if from.join(SECRET).is_file() {
        copy_file(&from.join(SECRET), &to.join(SECRET))?;
    }
    let (source, target) = (from.join(OBJECTS), to.join(OBJECTS));
    fs::create_dir_all(&target).map_err(failed(&target))?;
    let mut packages = 0;
    for entry in fs::read_dir(&source).into_iter().flatten() {
        let file = entry.map_err(failed(&source))?.path();
        if let Some(name) = file.file_name().filter(|_| file.extension().is_some_and(|e| e == "zip")) {
            copy_file(&file, &target.join(name))?;
            packages += 1;
        }
    }
    sync(&target).map_err(failed(&target))?;
    Ok(packages)
}

/// Copies what was accepted and is not in the database yet (see `spool.rs`). Files may go meanwhile: what was in them is in the
/// database by then.
fn copy_spool(from: &Path, to: &Path) -> Result<(), MaintenanceError> {
    let (source, target) = (from.join(SPOOL), to.join(SPOOL));
    for folder in files_of(&source)?.into_iter().filter(|folder| folder.is_dir()) {
        let records: Vec<PathBuf> = files_of(&folder)?
            .into_iter()
            .filter(|file| file.extension().is_some_and(|e| e == "log"))
            .collect();
        let (Some(name), false) = (folder.file_name(), records.is_empty()) else { continue };
        let copy = target.join(name);
        fs::create_dir_all(&copy).map_err(failed(&copy))?;
        // Whoever takes it over locks it first.
        File::create(copy.join(LOCK)).map_err(failed(&copy))?;
        for file in records {
            let Some(name) = file.file_name() else { continue };
            match fs::copy(&file, copy.join(name)).and_then(|_| File::open(copy.join(name))?.sync_all()) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(failed(&file)(e)),
                _ => {}
            }
        }
        sync(&copy).map_err(failed(&copy))?;
    }
    Ok(())
}

/// Adds the signed heads of one folder to those of another. What was signed there stays: records that are older than it lack something.
fn add_heads(from: &Path, to: &Path) -> Result<(), MaintenanceError> {
    let (source, target) = (from.join(HEADS), to.join(HEADS));
    let read = |file: &Path| match fs::read_to_string(file) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(failed(file)),
    };
    let (added, mut heads) = (read(&source)?, read(&target)?);
    let known: BTreeSet<String> = heads.lines().map(str::to_owned).collect();
    for line in added.lines().filter(|line| !known.contains(*line)) {
        heads.push_str(line);
        heads.push('\n');
    }
    if heads.is_empty() {
        return Ok(());
    }
    let written = fs::write(&target, heads).and_then(|()| File::open(&target)?.sync_all());
    written.map_err(failed(&target))
}

/// What is in a folder; nothing where there is none.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, MaintenanceError> {
    match fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(failed(folder)(e)),
        Ok(entries) => Ok(entries.flatten().map(|entry| entry.path()).collect()),
    }
}

/// A flushed copy; permissions included.
fn copy_file(from: &Path, to: &Path) -> Result<(), MaintenanceError> {
    fs::copy(from, to).and_then(|_| File::open(to)?.sync_all()).map_err(failed(to))
}

/// Every process that works with the folder holds a lock in `incoming/` (see `folder.rs`).
fn not_in_use(data: &Path) -> Result<(), MaintenanceError> {
    for entry in fs::read_dir(data.join("incoming")).into_iter().flatten().flatten() {
        let lock: PathBuf = entry.path().join("lock");
        if File::open(lock).is_ok_and(|lock| lock.try_lock().is_err()) {
            return Err(MaintenanceError::InUse(data.display().to_string()));
        }
    }
    Ok(())
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> MaintenanceError {
    let path = path.display().to_string();
    move |source| MaintenanceError::File { path, source }
}
