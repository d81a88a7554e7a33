//! One transaction, as the store's own functions see it. Its methods are private to this crate: there is no SQL elsewhere.

use crate::error::DbError;
use crate::value::{Param, Row};
use crate::{postgres, sqlite};

/// The connection that a job runs on.
#[derive(Clone, Copy)]
pub(crate) enum Conn<'c> {
    Sqlite(&'c sqlite::Connection),
    Postgres(&'c postgres::Connection),
}

/// A statement that needs no other's answer.
pub(crate) struct Step<'p> {
    pub(crate) sql: &'static str,
    pub(crate) params: Vec<Param<'p>>,
    /// It must change exactly one row, else somebody else has changed what it was worked out from.
    pub(crate) of_one: bool,
}

impl Step<'_> {
    pub(crate) fn check(&self, changed: Result<u64, DbError>) -> Result<(), DbError> {
        match changed? {
            n if n != 1 && self.of_one => Err(DbError::Conflict),
            _ => Ok(()),
        }
    }
}

/// A running transaction, or one job's savepoint in it.
///
/// The first failing statement dooms the job: PostgreSQL would not take another one, so neither do we, and the job is rolled
/// back even if its code goes on and answers `Ok`. Foresee conflicts with `ON CONFLICT` instead of catching errors.
///
/// On SQLite writes run one after the other. On PostgreSQL they run side by side at READ COMMITTED: a job that writes what it
/// worked out from what it read must hold a row's lock before it reads (`registrations::advance` takes the registration's),
/// or check with `expect_one` that nothing changed.
pub struct Tx<'c> {
    conn: Conn<'c>,
    doomed: bool,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(conn: Conn<'c>) -> Self {
        Self { conn, doomed: false }
    }

    pub(crate) fn is_doomed(&self) -> bool {
        self.doomed
    }

    /// Waits until no other job holds this name, and holds it until the transaction ends: for what rows cannot guard.
    ///
    /// # Errors
    /// When the database fails, or another one holds it for too long.
    pub fn alone(&mut self, name: &'static str) -> Result<(), DbError> {
        match self.conn {
            // There is one writer at a time anyway.
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(_) => {
                self.query("SELECT pg_advisory_xact_lock(hashtext($1))", &[name.into()], |_| Ok(())).map(drop)
            }
        }
    }

    /// Runs a statement; answers how many rows it changed.
    pub(crate) fn exec(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, DbError> {
        self.guarded(|conn| match conn {
            Conn::Sqlite(conn) => conn.exec(sql, params),
            Conn::Postgres(conn) => conn.exec(sql, params),
        })
    }

    /// Runs statements in this order, on a server without waiting in between. The first one that fails, or misses its row, counts:
    /// [`DbError::Conflict`] is the optimistic check's word for the latter.
    pub(crate) fn exec_all(&mut self, steps: &[Step<'_>]) -> Result<(), DbError> {
        self.guarded(|conn| match conn {
            Conn::Sqlite(conn) => {
                steps.iter().try_for_each(|step| step.check(conn.exec(step.sql, &step.params)))
            }
            Conn::Postgres(conn) => conn.exec_all(steps),
        })
    }

    /// All rows of a query.
    pub(crate) fn query<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<Vec<T>, DbError> {
        self.guarded(|conn| match conn {
            Conn::Sqlite(conn) => conn.query(sql, params, read),
            Conn::Postgres(conn) => conn.query(sql, params, read),
        })
    }

    /// The first row of a query, if there is one.
    pub(crate) fn first<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<Option<T>, DbError> {
        self.guarded(|conn| match conn {
            Conn::Sqlite(conn) => conn.first(sql, params, read),
            Conn::Postgres(conn) => conn.first(sql, params, read),
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

    fn guarded<T>(&mut self, run: impl FnOnce(Conn<'c>) -> Result<T, DbError>) -> Result<T, DbError> {
        if self.doomed {
            return Err(DbError::Doomed);
        }
        let done = run(self.conn);
        self.doomed = done.is_err();
        done
    }
}
