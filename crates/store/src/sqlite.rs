//! A connection to the embedded database.

use std::cell::RefCell;
use std::collections::HashMap;

use rusqlite::params_from_iter;

use crate::error::DbError;
use crate::sql::to_sqlite;
use crate::value::{Param, Row};

/// Prepared statements kept per connection. More than this crate has, so that none is ever prepared twice.
const STATEMENT_CACHE: usize = 256;

/// A connection with the rewritten texts of its statements.
pub(crate) struct Connection {
    inner: rusqlite::Connection,
    texts: RefCell<HashMap<(usize, usize), Box<str>>>,
}

impl Connection {
    pub(crate) fn new(inner: rusqlite::Connection) -> Self {
        inner.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
        Self { inner, texts: RefCell::default() }
    }

    /// Closes the file; the last connection folds the write-ahead log into it.
    pub(crate) fn close(self) -> Result<(), DbError> {
        self.inner.close().map_err(|(_, e)| e.into())
    }

    /// Whether no transaction is open, be it that SQLite gave it up by itself.
    pub(crate) fn is_autocommit(&self) -> bool {
        self.inner.is_autocommit()
    }

    /// Runs a statement without parameters and without rows, such as BEGIN.
    pub(crate) fn control(&self, sql: &'static str) -> Result<(), DbError> {
        self.inner.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    pub(crate) fn exec(&self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, DbError> {
        self.with_text(sql, |text| {
            let mut statement = self.inner.prepare_cached(text)?;
            Ok(statement.execute(params_from_iter(params))? as u64)
        })
    }

    pub(crate) fn query<T>(
        &self,
        sql: &'static str,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<Vec<T>, DbError> {
        self.with_text(sql, |text| {
            let mut statement = self.inner.prepare_cached(text)?;
            let mut rows = statement.query(params_from_iter(params))?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(read(&Row::Sqlite(row))?);
            }
            Ok(all)
        })
    }

    pub(crate) fn first<T>(
        &self,
        sql: &'static str,
        params: &[Param<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<Option<T>, DbError> {
        self.with_text(sql, |text| {
            let mut statement = self.inner.prepare_cached(text)?;
            let mut rows = statement.query(params_from_iter(params))?;
            match rows.next()? {
                Some(row) => read(&Row::Sqlite(row)).map(Some),
                None => Ok(None),
            }
        })
    }

    /// The statement's text for this database. Texts are constants, so their place in memory is a good key.
    fn with_text<T>(
        &self,
        sql: &'static str,
        run: impl FnOnce(&str) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let mut texts = self.texts.borrow_mut();
        let text = texts.entry((sql.as_ptr().addr(), sql.len())).or_insert_with(|| to_sqlite(sql).into());
        run(text)
    }
}
