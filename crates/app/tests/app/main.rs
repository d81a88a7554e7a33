//! Use cases through the application, as edges call it: each test on SQLite, and again on PostgreSQL.
#![allow(clippy::duplicate_mod)] // on purpose: the same tests on another database

mod maintenance;
mod packages;
mod postgres;
mod sqlite;
mod tampering;
