//! The tests on PostgreSQL, where it is installed; else on SQLite after all, and a word about it.

use std::path::Path;

use lyceum_store::{Db, Options, Remote};

fn open(folder: &Path) -> Db {
    let opened = match lyceum_testkit::postgres::fresh_schema() {
        Some(url) => Db::connect(&Remote { url: &url, now: 1, wait: false, faults: None }),
        None => Db::open(Options { path: &folder.join("lyceum.db"), now: 1, faults: None }),
    };
    opened.unwrap()
}

#[path = "journal.rs"]
mod journal;
