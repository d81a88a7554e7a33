//! All SQL and all migrations.
//!
//! A use case hands [`Db::write`] or [`Db::read`] a closure, which runs on a database thread and calls the functions of the
//! modules here; each takes the tenant first. [`tx::Tx`] lets nobody else run SQL.
//!
//! ```no_run
//! # use lyceum_store::{Db, DbError, Options, Tenant, settings};
//! # fn main() -> Result<(), DbError> {
//! let db = Db::open(Options { path: "lyceum.db".as_ref(), now: 0, faults: None })?;
//! db.write(|tx| settings::put(Tenant::DEFAULT, tx, "greeting", "Hello")).wait()?; // is on disk now
//! let greeting = db.read(|tx| settings::get(Tenant::DEFAULT, tx, "greeting")).wait()?;
//! # assert_eq!(greeting.as_deref(), Some("Hello")); db.close(); Ok(()) }
//! ```
#![forbid(unsafe_code)]

mod answer;
pub mod attempts;
pub mod chain;
pub mod commits;
pub mod courses;
mod db;
mod error;
mod id;
mod job;
pub mod keys;
mod migrate;
mod reader;
pub mod registrations;
pub mod settings;
mod sql;
mod summary;
pub mod tenants;
mod tx;
mod value;
mod writer;
#[cfg(test)]
mod writer_tests;

pub use answer::Answer;
pub use db::{BUSY_TIMEOUT, Db, Options};
pub use error::DbError;
pub use id::{AttemptId, BadId, CourseId, KeyId, LearnerId, RegistrationId, SessionId, Tenant};
pub use tx::Tx;
pub use writer::{Faults, MAX_GROUP, WritePoint};
