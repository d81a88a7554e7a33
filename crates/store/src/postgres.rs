//! The database on a PostgreSQL server: pooled connections on threads of their own, one transaction for each job. Only commits, of
//! which there are many at a time, share one.

mod address;
mod connection;
#[cfg(test)]
mod encrypted_tests;
mod error;
mod group;
#[cfg(test)]
mod group_tests;
mod server;
#[cfg(test)]
mod tests;
mod tls;
mod value;
mod worker;

pub(crate) use connection::Connection;
pub(crate) use group::Gatherer;
pub(crate) use server::Server;
pub(crate) use value::Whole;
pub(crate) use worker::{Mode, Worker};
