//! One connection. It belongs to the thread that made it, drives its own runtime, and gives up on a server that stands still.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::config::SslMode;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Error, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::DbError;
use crate::tx::Step;
use crate::value::{Param, Row};

/// How long the server may work on one statement, and wait for one lock: it gives up by itself then. Large values are packed by
/// lz4 where the server has it: its own way takes a sixth of what a commit costs it, for hardly less space.
const SESSION: &str = "SET statement_timeout = '20s'; SET lock_timeout = '3s'; \
    SET idle_in_transaction_session_timeout = '60s'; \
    SELECT set_config('synchronous_commit', 'on', false) \
    WHERE current_setting('synchronous_commit') IN ('off', 'local'); \
    SELECT set_config('default_toast_compression', 'lz4', false) FROM pg_settings \
    WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)";

/// A server that has not answered a statement by then does not answer any more (it is stopped, or the network is).
const SILENCE: Duration = Duration::from_secs(25);

/// The same for the question whether it is still there.
const PING: Duration = Duration::from_secs(2);

/// A connection with its prepared statements.
pub(crate) struct Connection {
    runtime: Runtime,
    client: Client,
    statements: RefCell<HashMap<(usize, usize), Statement>>,
    /// Goes out together with the first statement: one round trip less.
    begin: Cell<Option<&'static str>>,
    is_lost: Cell<bool>,
    is_silent: Cell<bool>,
}

impl Connection {
    pub(super) fn open(config: &Config, tls: MakeRustlsConnect) -> Result<Self, Refused> {
        let runtime =
            Builder::new_current_thread().enable_all().build().map_err(|e| DbError::Io(e.to_string()))?;
        let client = runtime.block_on(async {
            let connect = tokio::time::timeout(SILENCE, config.connect(tls)).await;
            let made = connect.map_err(|_| silent())?;
            let (client, connection) = made.map_err(|e| Refused::of(&e, config.get_ssl_mode()))?;
            tokio::spawn(async move {
                if let Err(e) = connection.await {
                    tracing::warn!(error = %DbError::from(e), "the connection to the database broke");
                }
            });
            client.batch_execute(SESSION).await.map_err(|e| Refused::of(&e, config.get_ssl_mode()))?;
            Ok::<_, Refused>(client)
        })?;
        Ok(Self {
            runtime,
            client,
            statements: RefCell::default(),
            begin: Cell::new(None),
            is_lost: Cell::new(false),
            is_silent: Cell::new(false),
        })
    }

    /// Whether nothing can be asked on it any more.
    pub(super) fn is_lost(&self) -> bool {
        // Nobody drives the connection between jobs: see what arrived meanwhile, such as its end.
        self.runtime.block_on(tokio::task::yield_now());
        self.is_lost.get() || self.client.is_closed()
    }

    /// Whether it was given up because no answer came.
    pub(super) fn is_silent(&self) -> bool {
        self.is_silent.get()
    }

    /// Asks the server whether it is there.
    pub(super) fn ping(&self) -> Result<(), DbError> {
        self.within(PING, self.client.batch_execute(""))
    }

    /// Begins a transaction with the next statement.
    pub(super) fn begin(&self, sql: &'static str) {
        self.begin.set(Some(sql));
    }

    /// Ends the transaction, if a statement has begun it.
    pub(super) fn end(&self, sql: &'static str) -> Result<(), DbError> {
        if self.begin.take().is_some() { Ok(()) } else { self.batch(sql) }
    }

    /// Runs statements without parameters and without rows.
    pub(super) fn batch(&self, sql: &str) -> Result<(), DbError> {
        self.within(SILENCE, self.client.batch_execute(sql))
    }

    /// Lets this connection wait and work for as long as it takes, until [`Self::limit`].
    pub(crate) fn unlimit(&self) -> Result<(), DbError> {
        self.batch(
            "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0",
        )
    }

    /// The limits of everyday work.
    pub(crate) fn limit(&self) -> Result<(), DbError> {
        self.batch(SESSION)
    }

    /// The number that a query counts.
    pub(crate) fn count(&self, sql: &str) -> Result<u64, DbError> {
        let row = self.runtime.block_on(self.client.query_one(sql, &[]))?;
        Row::Postgres(&row).count(0)
    }

    /// All rows of a query without parameters.
    pub(crate) fn fetch<T>(
        &self,
        sql: &str,
        mut read: impl FnMut(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<Vec<T>, DbError> {
        let rows = self.runtime.block_on(self.client.query(sql, &[]))?;
        rows.iter().map(|row| read(&Row::Postgres(row))).collect()
    }

    /// Runs a statement once for each row of parameters, without waiting in between.
    pub(crate) fn insert_all(&self, sql: &str, rows: &[Vec<Param<'_>>]) -> Result<(), DbError> {
        let Some(first) = rows.first() else { return Ok(()) };
        let types: Vec<Type> = first.iter().map(Param::postgres_type).collect();
        self.runtime.block_on(async {
            let statement = self.client.prepare_typed(sql, &types).await?;
            let params: Vec<Vec<&(dyn ToSql + Sync)>> = rows.iter().map(|row| dynamic(row)).collect();
            let all = params.iter().map(|params| self.client.execute(&statement, params));
            futures_util::future::try_join_all(all).await?;
            Ok(())
        })
    }

    /// Runs a long script without parameters, however long it takes.
    pub(crate) fn script(&self, sql: &str) -> Result<(), DbError> {
        Ok(self.runtime.block_on(self.client.batch_execute(sql))?)
    }

    pub(crate) fn exec(&self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, DbError> {
        let statement = self.statement(sql, params)?;
        self.begun(self.client.execute(&statement, &dynamic(params)))
    }

    /// Sends all of them before it waits for the first answer.
    pub(crate) fn exec_all(&self, steps: &[Step<'_>]) -> Result<(), DbError> {
        let mut requests = Vec::with_capacity(steps.len());
        for step in steps {
            requests.push((self.statement(step.sql, &step.params)?, dynamic(&step.params)));
        }
        let all = requests.iter().map(|(statement, params)| self.client.execute(statement, params));
        // What follows a failed one fails too, but does not say why.
        let answers = self.begun(async { Ok(futures_util::future::join_all(all).await) })?;
        steps.iter().zip(answers).try_for_each(|(step, answer)| step.check(self.judged(answer)))
    }

    pub(crate) fn query<T>(
        &self,
        sql: &'static str,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<Vec<T>, DbError> {
        let rows = self.rows(sql, params)?;
        rows.iter().map(|row| read(&Row::Postgres(row))).collect()
    }

    pub(crate) fn first<T>(
        &self,
        sql: &'static str,
        params: &[Param<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<Option<T>, DbError> {
        let rows = self.rows(sql, params)?;
        rows.first().map(|row| read(&Row::Postgres(row))).transpose()
    }

    fn rows(&self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<tokio_postgres::Row>, DbError> {
        let statement = self.statement(sql, params)?;
        self.begun(self.client.query(&statement, &dynamic(params)))
    }

    /// The prepared statement. Texts are constants, so their place in memory is a good key.
    fn statement(&self, sql: &'static str, params: &[Param<'_>]) -> Result<Statement, DbError> {
        let key = (sql.as_ptr().addr(), sql.len());
        if let Some(statement) = self.statements.borrow().get(&key) {
            return Ok(statement.clone());
        }
        let types: Vec<Type> = params.iter().map(Param::postgres_type).collect();
        // Within the transaction, so that it is refused where the transaction has failed.
        let statement = self.begun(self.client.prepare_typed(sql, &types))?;
        self.statements.borrow_mut().insert(key, statement.clone());
        Ok(statement)
    }

    /// Runs one request, together with the BEGIN that is still due.
    fn begun<T>(&self, request: impl Future<Output = Result<T, Error>>) -> Result<T, DbError> {
        match self.begin.take() {
            None => self.within(SILENCE, request),
            Some(begin) => self.within(SILENCE, async {
                let (begun, done) = tokio::join!(self.client.batch_execute(begin), request);
                begun.and(done)
            }),
        }
    }

    fn within<T>(
        &self,
        limit: Duration,
        request: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, DbError> {
        let answer = self.runtime.block_on(async { tokio::time::timeout(limit, request).await });
        answer.map_or_else(
            |_| {
                self.is_lost.set(true);
                self.is_silent.set(true);
                Err(silent())
            },
            |answer| self.judged(answer),
        )
    }

    /// Whether a failure ends the connection.
    fn judged<T>(&self, answer: Result<T, Error>) -> Result<T, DbError> {
        answer.map_err(|e| {
            // "Cached plan must not change result type": another program changed the schema. Prepare everything anew.
            let is_stale = e.code().is_some_and(|code| code.code() == "0A000");
            self.is_lost.set(self.is_lost.get() || is_stale || self.client.is_closed());
            e.into()
        })
    }
}

fn dynamic<'p>(params: &'p [Param<'p>]) -> Vec<&'p (dyn ToSql + Sync)> {
    params.iter().map(|param| param as &(dyn ToSql + Sync)).collect()
}

pub(super) fn silent() -> DbError {
    DbError::Away("it does not answer".to_owned())
}

/// Why there is no connection.
pub(super) struct Refused {
    pub(super) error: DbError,
    /// Trying again does not help.
    pub(super) is_final: bool,
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Self { error, is_final: false }
    }
}

impl Refused {
    fn of(e: &Error, asked: SslMode) -> Self {
        let (error, is_final) = super::error::unconnected(e, asked);
        Self { error, is_final }
    }
}
