//! The doors: the real router on a real application, whole answers; each test on SQLite, and again on PostgreSQL.
#![allow(clippy::duplicate_mod)] // on purpose: the same tests on another database

mod postgres;
mod sqlite;
