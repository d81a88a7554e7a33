//! The tests on SQLite.

use std::path::Path;

use lyceum_store::{Db, Options};

fn open(folder: &Path) -> Db {
    Db::open(Options { path: &folder.join("lyceum.db"), now: 1, faults: None }).unwrap()
}

#[path = "journal.rs"]
mod journal;
