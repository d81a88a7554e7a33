//! PostgreSQL's error codes in the store's words.

use std::error::Error as _;

use tokio_postgres::Error;
use tokio_postgres::config::SslMode;

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

/// Why a connection was not made, and whether it is of no use to try again.
pub(super) fn unconnected(e: &Error, asked: SslMode) -> (DbError, bool) {
    if let Some(told) = e.as_db_error() {
        let message = told.message();
        return match told.code().code() {
            // invalid_authorization_specification: no rule of the server lets this user in from here, in this way.
            "28000" if asked == SslMode::Disable => {
                let advice =
                    "if it takes encrypted connections only, write sslmode=verify-full or sslmode=require";
                (DbError::Denied(format!("{message}; {advice}")), true)
            }
            // Wrong user or password, no such database, no right to use it.
            code if matches!(&code[..2], "28" | "3D" | "42") => (DbError::Denied(message.to_owned()), true),
            _ => (DbError::Away(message.to_owned()), false),
        };
    }
    if let Some(why) = certificate(e) {
        return (DbError::Untrusted(why), true);
    }
    // The library has no other sign of it.
    if e.source().is_some_and(|cause| cause.to_string() == NO_TLS) {
        let advice =
            "it has no TLS: turn ssl on there, or write sslmode=disable where the network is trusted";
        return (DbError::Denied(advice.to_owned()), true);
    }
    (DbError::Away(with_cause(e)), false)
}

/// What tokio-postgres says when TLS is asked for and the server has none.
const NO_TLS: &str = "server does not support TLS";

/// What is wrong with the server's certificate, if that is why.
fn certificate(e: &Error) -> Option<String> {
    let io = e.source()?.downcast_ref::<std::io::Error>()?;
    let tls = io.get_ref()?.downcast_ref::<rustls::Error>()?;
    matches!(tls, rustls::Error::InvalidCertificate(_)).then(|| tls.to_string())
}
