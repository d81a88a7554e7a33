//! All SQL and all migrations.
//!
//! A use case hands [`Db::write`] or [`Db::read`] a closure, which runs on a database thread and calls the functions of the
//! modules here; each takes the tenant first. [`Db::open`] is SQLite, [`Db::connect`] PostgreSQL. [`Tx`] lets
//! nobody else run SQL.
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
mod backoff;
mod backup;
#[cfg(test)]
mod both_tests;
pub mod chain;
pub mod commits;
mod copy;
pub mod course_settings;
pub mod courses;
mod db;
pub mod doors;
mod error;
mod faults;
pub mod heads;
mod id;
mod job;
pub mod keys;
mod migrate;
mod postgres;
mod reader;
pub mod records;
pub mod registrations;
pub mod scratch;
pub mod settings;
pub mod shared;
mod sql;
mod sqlite;
mod status;
mod summary;
pub mod tenants;
mod tx;
mod value;
mod writer;
#[cfg(test)]
mod writer_tests;

pub use answer::Answer;
pub use backoff::Backoff;
pub use backup::{backup, verify_chains};
pub use copy::{Direction, copy};
pub use db::{BUSY_TIMEOUT, Db, Options, Remote};
pub use error::DbError;
pub use faults::{Faults, WritePoint};
pub use id::{AttemptId, BadId, CourseId, KeyId, LearnerId, RegistrationId, SessionId, Tenant};
pub use status::Status;
pub use tx::Tx;
pub use writer::MAX_GROUP;
