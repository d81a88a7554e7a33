//! One transaction, as the store's own functions see it. Its methods are private to this crate: there is no SQL elsewhere.

use std::cell::RefCell;
use std::collections::HashMap;

use rusqlite::{Connection, params_from_iter};

use crate::error::DbError;
use crate::sql::to_sqlite;
use crate::value::{Param, Row};

/// Prepared statements kept per connection. More than this crate has, so that none is ever prepared twice.
const STATEMENT_CACHE: usize = 256;

/// A connection with the rewritten texts of its statements.
pub(crate) struct Conn {
    pub(crate) sqlite: Connection,
    texts: RefCell<HashMap<(usize, usize), Box<str>>>,
}

impl Conn {
    pub(crate) fn new(sqlite: Connection) -> Self {
        sqlite.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
        Self { sqlite, texts: RefCell::default() }
    }

    pub(crate) fn into_sqlite(self) -> Connection {
        self.sqlite
    }

    /// Runs a statement without parameters and without rows, such as BEGIN.
    pub(crate) fn control(&self, sql: &'static str) -> Result<(), DbError> {
        self.sqlite.prepare_cached(sql)?.execute([])?;
        Ok(())
    }
}

/// A running transaction, or one job's savepoint in it.
///
/// The first failing statement dooms the job: PostgreSQL would not take another one, so neither do we, and the job is rolled
/// back even if its code goes on and answers `Ok`. Foresee conflicts with `ON CONFLICT` instead of catching errors.
pub struct Tx<'c> {
    conn: &'c Conn,
    doomed: bool,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(conn: &'c Conn) -> Self {
        Self { conn, doomed: false }
    }

    pub(crate) fn is_doomed(&self) -> bool {
        self.doomed
    }

    /// Runs a statement; answers how many rows it changed.
    pub(crate) fn exec(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, DbError> {
        let changed = self.guarded(|conn| {
            with_text(conn, sql, |text| {
                let mut statement = conn.sqlite.prepare_cached(text)?;
                Ok(statement.execute(params_from_iter(params))?)
            })
        })?;
        Ok(changed as u64)
    }

    /// All rows of a query.
    pub(crate) fn query<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<Vec<T>, DbError> {
        self.guarded(|conn| {
            with_text(conn, sql, |text| {
                let mut statement = conn.sqlite.prepare_cached(text)?;
                let mut rows = statement.query(params_from_iter(params))?;
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    all.push(read(&Row(row))?);
                }
                Ok(all)
            })
        })
    }

    /// The first row of a query, if there is one.
    pub(crate) fn first<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<Option<T>, DbError> {
        self.guarded(|conn| {
            with_text(conn, sql, |text| {
                let mut statement = conn.sqlite.prepare_cached(text)?;
                let mut rows = statement.query(params_from_iter(params))?;
                match rows.next()? {
                    Some(row) => read(&Row(row)).map(Some),
                    None => Ok(None),
                }
            })
        })
    }

    /// Ends the job with [`DbError::Conflict`] unless exactly one row was changed: the optimistic check.
    pub(crate) fn expect_one(&mut self, changed: u64) -> Result<(), DbError> {
        if changed == 1 {
            return Ok(());
        }
        self.doomed = true;
        Err(DbError::Conflict)
    }

    fn guarded<T>(&mut self, run: impl FnOnce(&Conn) -> Result<T, DbError>) -> Result<T, DbError> {
        if self.doomed {
            return Err(DbError::Doomed);
        }
        let done = run(self.conn);
        self.doomed = done.is_err();
        done
    }
}

/// The statement's text for this database. Texts are constants, so their place in memory is a good key.
fn with_text<T>(
    conn: &Conn,
    sql: &'static str,
    run: impl FnOnce(&str) -> Result<T, DbError>,
) -> Result<T, DbError> {
    let mut texts = conn.texts.borrow_mut();
    let text = texts.entry((sql.as_ptr().addr(), sql.len())).or_insert_with(|| to_sqlite(sql).into());
    run(text)
}
