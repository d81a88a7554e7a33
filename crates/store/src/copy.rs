//! Moves everything from one database to the other, table by table, parents first.
//!
//! One side is SQLite, whose migrated schema says which tables and columns there are: a table that a later migration adds is
//! copied without a word here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::error::DbError;
use crate::postgres::Server;
use crate::status::Gauge;
use crate::value::{Kind, Param, Row};
use crate::{Db, Options, postgres};

/// Rows that travel at once.
const BATCH: usize = 500;
/// Books of the database itself.
const OWN: &str = "schema_migrations";

/// Where to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From SQLite to PostgreSQL.
    ToServer,
    /// From PostgreSQL to SQLite.
    FromServer,
}

/// A table, with its columns and their kinds.
struct Table {
    name: String,
    columns: Vec<(String, Kind)>,
}

/// A value on its way.
enum Value {
    Null(Kind),
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl Value {
    fn read(row: &Row<'_>, column: usize, kind: Kind) -> Result<Self, DbError> {
        Ok(match kind {
            Kind::Int => row.opt_int(column)?.map(Self::Int),
            Kind::Text => row.opt_text(column)?.map(Self::Text),
            Kind::Blob => row.opt_blob(column)?.map(Self::Blob),
        }
        .unwrap_or(Self::Null(kind)))
    }

    fn param(&self) -> Param<'_> {
        match self {
            Self::Null(kind) => Param::Null(*kind),
            Self::Int(n) => Param::Int(*n),
            Self::Text(text) => Param::Text(text),
            Self::Blob(bytes) => Param::Blob(bytes),
        }
    }
}

/// Copies everything; answers the number of rows of each table. Blocks. Nobody may write to either side meanwhile.
///
/// # Errors
/// When a database fails, the target holds something already, or the counts differ afterwards. The target is then as it was.
pub fn copy(
    sqlite: &Path,
    url: &str,
    direction: Direction,
    now: i64,
) -> Result<BTreeMap<String, u64>, DbError> {
    Db::open(Options { path: sqlite, now, faults: None })?.close();
    let server = Server::new(url, now, Arc::<Gauge>::default())?;
    let there = server.connection()?;
    there.unlimit()?;
    let here = rusqlite::Connection::open(sqlite)?;
    here.pragma_update(None, "synchronous", "full")?;
    here.pragma_update(None, "foreign_keys", true)?;
    let tables = tables(&here)?;
    there.script("BEGIN ISOLATION LEVEL REPEATABLE READ")?;
    here.execute_batch(if direction == Direction::ToServer { "BEGIN" } else { "BEGIN IMMEDIATE" })?;
    let copied = match direction {
        Direction::ToServer => to_server(&here, &there, &tables),
        Direction::FromServer => from_server(&there, &here, &tables),
    }?;
    there.script("COMMIT")?;
    here.execute_batch("COMMIT")?;
    Ok(copied)
}

fn to_server(
    here: &rusqlite::Connection,
    there: &postgres::Connection,
    tables: &[Table],
) -> Result<BTreeMap<String, u64>, DbError> {
    clear(tables, |sql| there.count(sql), |sql| there.script(sql))?;
    let mut copied = BTreeMap::new();
    for table in tables {
        let mut select = here.prepare(&table.select())?;
        let mut rows = select.query([])?;
        let (mut batch, mut count) = (Vec::new(), 0_u64);
        let insert = table.insert();
        while let Some(row) = rows.next()? {
            batch.push(table.read(&Row::Sqlite(row))?);
            if batch.len() == BATCH {
                count += batch.len() as u64;
                there.insert_all(&insert, &params(&batch))?;
                batch.clear();
            }
        }
        count += batch.len() as u64;
        there.insert_all(&insert, &params(&batch))?;
        check(table, count, there.count(&table.count())?)?;
        copied.insert(table.name.clone(), count);
    }
    Ok(copied)
}

fn from_server(
    there: &postgres::Connection,
    here: &rusqlite::Connection,
    tables: &[Table],
) -> Result<BTreeMap<String, u64>, DbError> {
    let counted = |sql: &str| Ok(here.query_row(sql, [], |row| row.get::<_, i64>(0))?.unsigned_abs());
    clear(tables, counted, |sql| Ok(here.execute_batch(sql)?))?;
    let mut copied = BTreeMap::new();
    for table in tables {
        there.script(&format!("DECLARE copied NO SCROLL CURSOR FOR {}", table.select()))?;
        let mut insert = here.prepare(&crate::sql::to_sqlite(&table.insert()))?;
        let mut count = 0_u64;
        loop {
            let batch = there.fetch(&format!("FETCH {BATCH} FROM copied"), |row| table.read(row))?;
            for row in &batch {
                insert.execute(rusqlite::params_from_iter(row.iter().map(Value::param)))?;
            }
            count += batch.len() as u64;
            if batch.is_empty() {
                break;
            }
        }
        there.script("CLOSE copied")?;
        check(table, count, counted(&table.count())?)?;
        copied.insert(table.name.clone(), count);
    }
    Ok(copied)
}

/// Refuses a target that is in use, and removes what its migrations have put there.
fn clear(
    tables: &[Table],
    count: impl Fn(&str) -> Result<u64, DbError>,
    run: impl Fn(&str) -> Result<(), DbError>,
) -> Result<(), DbError> {
    for table in tables.iter().filter(|table| ["course", "learner", "api_key"].contains(&table.name.as_str()))
    {
        if count(&table.count())? > 0 {
            return Err(DbError::NotEmpty(table.name.clone()));
        }
    }
    tables.iter().rev().try_for_each(|table| run(&format!("DELETE FROM {}", table.name)))
}

fn check(table: &Table, sent: u64, found: u64) -> Result<(), DbError> {
    if sent == found {
        return Ok(());
    }
    Err(DbError::Corrupt(format!("{}: {sent} rows were copied, and {found} are there", table.name)))
}

fn params(batch: &[Vec<Value>]) -> Vec<Vec<Param<'_>>> {
    batch.iter().map(|row| row.iter().map(Value::param).collect()).collect()
}

impl Table {
    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.names(), self.name)
    }

    fn count(&self) -> String {
        format!("SELECT COUNT(*) FROM {}", self.name)
    }

    fn insert(&self) -> String {
        let places: Vec<String> = (1..=self.columns.len()).map(|n| format!("${n}")).collect();
        format!("INSERT INTO {} ({}) VALUES ({})", self.name, self.names(), places.join(", "))
    }

    fn read(&self, row: &Row<'_>) -> Result<Vec<Value>, DbError> {
        self.columns.iter().enumerate().map(|(at, (_, kind))| Value::read(row, at, *kind)).collect()
    }
}

/// All tables, each after those that it refers to.
fn tables(here: &rusqlite::Connection) -> Result<Vec<Table>, DbError> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut list =
        here.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")?;
    for name in list.query_map([], |row| row.get::<_, String>(0))? {
        names.insert(name?);
    }
    names.remove(OWN);
    let mut ordered: Vec<Table> = Vec::new();
    while !names.is_empty() {
        let mut ready = Vec::new();
        for name in &names {
            let mut parents = here.prepare("SELECT \"table\" FROM pragma_foreign_key_list(?1)")?;
            let parents: Vec<String> =
                parents.query_map([name], |row| row.get(0))?.collect::<Result<_, _>>()?;
            if parents.iter().all(|parent| parent == name || !names.contains(parent)) {
                ready.push(name.clone());
            }
        }
        if ready.is_empty() {
            return Err(DbError::Sql("tables refer to each other in a circle".to_owned()));
        }
        for name in ready {
            names.remove(&name);
            ordered.push(Table { columns: columns(here, &name)?, name });
        }
    }
    Ok(ordered)
}

fn columns(here: &rusqlite::Connection, table: &str) -> Result<Vec<(String, Kind)>, DbError> {
    let mut info = here.prepare("SELECT name, type FROM pragma_table_info(?1) ORDER BY cid")?;
    let all = info.query_map([table], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut columns = Vec::new();
    for column in all {
        let (name, kind) = column?;
        let kind = match kind.as_str() {
            "INTEGER" => Kind::Int,
            "TEXT" => Kind::Text,
            "BLOB" => Kind::Blob,
            other => return Err(DbError::Sql(format!("{table}.{name} is of the kind {other}"))),
        };
        columns.push((name, kind));
    }
    Ok(columns)
}
