//! PostgreSQL's error codes in the store's words.

use std::error::Error as _;

use tokio_postgres::Error;

use crate::error::DbError;

impl From<Error> for DbError {
    fn from(e: Error) -> Self {
        let Some(told) = e.as_db_error() else {
            return if e.is_closed() || is_of_the_network(&e) {
                Self::Away(with_cause(&e))
            } else {
                Self::Sql(with_cause(&e))
            };
        };
        let text = match told.detail() {
            Some(detail) => format!("{} ({detail})", told.message()),
            None => told.message().to_owned(),
        };
        let code = told.code().code();
        match (code, &code[..2]) {
            // lock_not_available, query_canceled (a time-out), too_many_connections
            ("55P03" | "57014" | "53300", _) => Self::Busy,
            // serialization_failure, deadlock_detected: somebody else was faster
            ("40001" | "40P01", _) => Self::Conflict,
            ("53100", _) => Self::Full(text),
            // read_only_sql_transaction: a standby, after a switch of roles. Connection exceptions, operator intervention,
            // insufficient resources.
            ("25006", _) | (_, "08" | "57" | "53") => Self::Away(text),
            (_, "23") => Self::Constraint(text),
            (_, "58") => Self::Io(text),
            (_, "XX") if matches!(code, "XX001" | "XX002") => Self::Corrupt(text),
            _ => Self::Sql(format!("{text} [{code}]")),
        }
    }
}

fn is_of_the_network(e: &Error) -> bool {
    let mut cause = e.source();
    while let Some(e) = cause {
        if e.is::<std::io::Error>() {
            return true;
        }
        cause = e.source();
    }
    false
}

fn with_cause(e: &Error) -> String {
    match e.source() {
        Some(cause) => format!("{e}: {cause}"),
        None => e.to_string(),
    }
}

/// The sentence about a connection that was not made.
pub(super) fn told(e: &Error) -> String {
    match e.as_db_error() {
        Some(told) => told.message().to_owned(),
        None => with_cause(e),
    }
}

/// Whether trying again cannot help: wrong password, no such database, no such user.
pub(super) fn is_final(e: &Error) -> bool {
    e.as_db_error().is_some_and(|told| matches!(&told.code().code()[..2], "28" | "3D" | "42"))
}
