//! The server behind the address: connecting, with the schema brought up to date before anything else.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::Address;
use super::connection::{Connection, Refused};
use super::tls;
use crate::error::DbError;
use crate::migrate;
use crate::status::{Admission, Gauge};

/// Shared by all database threads.
pub(crate) struct Server {
    address: Address,
    tls: MakeRustlsConnect,
    /// When the program started, recorded with each migration.
    now: i64,
    is_migrated: Mutex<bool>,
    pub(crate) gauge: Arc<Gauge>,
}

impl Server {
    pub(crate) fn new(url: &str, now: i64, gauge: Arc<Gauge>) -> Result<Self, DbError> {
        let address = Address::parse(url)?;
        let tls = tls::connector(&address)?;
        Ok(Self { address, tls, now, is_migrated: Mutex::default(), gauge })
    }

    pub(crate) fn shown(&self) -> String {
        self.address.shown()
    }

    /// A connection that can be worked with: `held`, if it still is one, or a new one. While the server is away most are
    /// refused at once.
    pub(super) fn ready(&self, held: Option<Connection>, is_old: bool) -> Result<Connection, DbError> {
        let admission = self.gauge.admit(Instant::now())?;
        let held = held.filter(|connection| !connection.is_lost());
        if admission == Admission::Open
            && !is_old
            && let Some(connection) = held
        {
            return Ok(connection);
        }
        let asked = held.filter(|connection| connection.ping().is_ok());
        let ready = asked.map_or_else(|| self.connect().map_err(|refused| refused.error), Ok);
        match &ready {
            Ok(_) => self.gauge.succeeded(),
            Err(e) => self.failed(e),
        }
        ready
    }

    pub(super) fn failed(&self, e: &DbError) {
        self.gauge.failed(e, Instant::now(), RandomState::new().hash_one(0));
        metrics::counter!("lyceum_db_failures_total", "code" => e.code()).increment(1);
        tracing::warn!(code = e.code(), error = %e, server = self.shown(), "no database");
    }

    /// The first connection. `wait`: a server that is away is tried again later, one that refuses us is not.
    pub(crate) fn first(&self, wait: bool) -> Result<(), DbError> {
        match self.connect() {
            Ok(_) => Ok(()),
            Err(refused) if wait && !refused.is_final && refused.error.is_trouble() => {
                self.failed(&refused.error);
                Ok(())
            }
            Err(refused) => Err(refused.error),
        }
    }

    /// A connection for work outside the pool, on the calling thread.
    pub(crate) fn connection(&self) -> Result<Connection, DbError> {
        self.connect().map_err(|refused| refused.error)
    }

    fn connect(&self) -> Result<Connection, Refused> {
        let connection = Connection::open(&self.address.config, self.tls.clone())?;
        let mut is_migrated = self.is_migrated.lock();
        if !*is_migrated {
            migrate::on_postgres(&connection, self.now)?;
            *is_migrated = true;
        }
        Ok(connection)
    }
}
