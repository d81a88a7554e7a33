//! The store's functions, each test on SQLite and again on PostgreSQL.
#![allow(clippy::duplicate_mod)] // on purpose: the same tests on another database

mod postgres;
mod sqlite;
