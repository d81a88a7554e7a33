//! The anchors of the commit figures: how many rows of a commit's size SQLite itself makes durable, 64 in a transaction, and what
//! one in a transaction of its own costs.
//!
//! It is the library that the program carries, on the same disk, with nothing around it.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};

use super::program::cpu_seconds_of;

/// Bytes of a row: what a commit of 40 elements with 4 KB of suspend data weighs as text.
const ROW_BYTES: usize = 6144;

/// What SQLite itself can do with `synchronous=FULL` and a write-ahead log.
pub(crate) struct Limit {
    /// Rows per second.
    pub(crate) rate: f64,
    /// Processor time of a row, in milliseconds.
    pub(crate) cpu_ms: f64,
}

/// Adds rows for a while, `group` in a transaction. Nothing else may run in this process meanwhile.
pub(crate) fn limit(folder: &Path, duration: Duration, group: u32) -> Result<Limit> {
    let file = folder.join("limit.db");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("limit.db{suffix}")));
    }
    let mut database = Connection::open(&file)?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", "FULL")?;
    database.execute_batch(
        "CREATE TABLE row (id INTEGER PRIMARY KEY, attempt INTEGER, seq INTEGER, body BLOB, UNIQUE (attempt, seq))",
    )?;
    let body: Vec<u8> = (0..ROW_BYTES).map(|at| 32 + u8::try_from(at * 31 % 90).unwrap_or(0)).collect();
    let process = std::process::id();
    let cpu = cpu_seconds_of(process)?;
    let begun = Instant::now();
    let mut rows = 0_u32;
    while begun.elapsed() < duration {
        let transaction = database.transaction()?;
        {
            let mut insert =
                transaction.prepare_cached("INSERT INTO row (attempt, seq, body) VALUES (?1, ?2, ?3)")?;
            for _ in 0..group {
                insert.execute(params![rows % 1000, rows / 1000, body])?;
                rows += 1;
            }
        }
        transaction.commit()?;
    }
    let rate = f64::from(rows) / begun.elapsed().as_secs_f64();
    Ok(Limit { rate, cpu_ms: (cpu_seconds_of(process)? - cpu) * 1e3 / f64::from(rows) })
}

/// Reads every value of every table, and answers how long that takes, in seconds: the least that an export needs.
pub(crate) fn read_all(file: &Path) -> Result<f64> {
    let database = Connection::open(file)?;
    let begun = Instant::now();
    let mut tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let tables: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut bytes = 0;
    for table in tables {
        let mut all = database.prepare(&format!("SELECT * FROM \"{table}\""))?;
        let columns = all.column_count();
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                bytes += match row.get_ref(column)? {
                    ValueRef::Text(value) | ValueRef::Blob(value) => value.len(),
                    _ => 8,
                };
            }
        }
    }
    anyhow::ensure!(bytes > 0, "{} is empty", file.display());
    Ok(begun.elapsed().as_secs_f64())
}
