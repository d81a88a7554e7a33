//! The database on a PostgreSQL server: pooled connections on threads of their own, one transaction for each job.
//!
//! PostgreSQL shares one flush of its log among all transactions that commit at the same time, so several connections gain
//! what the one writer of SQLite gains by its group.

mod address;
mod connection;
#[cfg(test)]
mod encrypted_tests;
mod error;
mod server;
#[cfg(test)]
mod tests;
mod tls;
mod value;
mod worker;

pub(crate) use connection::Connection;
pub(crate) use server::Server;
pub(crate) use value::Whole;
pub(crate) use worker::{Mode, Worker};
