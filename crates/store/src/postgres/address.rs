//! Where the server is, from `postgres://user:password@host:port/database?sslmode=…`.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::error::DbError;

/// A server that has not taken a connection by then is away.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// A connection on which nothing arrived for so long is probed by the system.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(15);

/// A server, and how its certificate is looked at.
pub(crate) struct Address {
    pub(crate) config: Config,
    pub(crate) trust: Trust,
}

/// Whom an encrypted connection is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Whoever answers: encrypted, but not sure with whom. What `prefer` and `require` mean to PostgreSQL's own clients.
    Anybody,
    /// A certificate for the host's name by one of the system's authorities, or by those in this file.
    Verified(Option<PathBuf>),
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self, DbError> {
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(DbError::Address("it does not begin with postgres://".to_owned()));
        }
        let (plain, mode, root) = split_tls(url);
        // The parser's error does not repeat the address, which may hold a password.
        let mut config = Config::from_str(&plain).map_err(|e| DbError::Address(e.to_string()))?;
        let (ssl, trust) = match (mode.as_deref().unwrap_or("prefer"), root) {
            ("disable", _) => (SslMode::Disable, Trust::Anybody),
            ("prefer", None) => (SslMode::Prefer, Trust::Anybody),
            ("require", None) => (SslMode::Require, Trust::Anybody),
            ("prefer" | "require" | "verify-ca" | "verify-full", root) => {
                (SslMode::Require, Trust::Verified(root.map(Into::into)))
            }
            (other, _) => {
                return Err(DbError::Address(format!(
                    "sslmode is disable, prefer, require or verify-full, not {other}"
                )));
            }
        };
        config.ssl_mode(ssl);
        if config.get_password().is_none()
            && let Ok(password) = std::env::var("PGPASSWORD")
        {
            config.password(password);
        }
        config.connect_timeout(CONNECT_TIMEOUT).keepalives_idle(KEEPALIVE_IDLE).application_name("lyceum");
        Ok(Self { config, trust })
    }

    /// The place for people, without user and password.
    pub(crate) fn shown(&self) -> String {
        let hosts = self
            .config
            .get_hosts()
            .iter()
            .zip(self.config.get_ports().iter().chain(std::iter::repeat(&5432)));
        let hosts: Vec<String> = hosts
            .map(|(host, port)| match host {
                Host::Tcp(name) => format!("{name}:{port}"),
                #[cfg(unix)]
                Host::Unix(path) => path.display().to_string(),
            })
            .collect();
        format!("{}/{}", hosts.join(","), self.config.get_dbname().unwrap_or_default())
    }
}

/// The address without what only the TLS side understands; `sslmode` and `sslrootcert`.
fn split_tls(url: &str) -> (String, Option<String>, Option<String>) {
    let Some((place, query)) = url.split_once('?') else { return (url.to_owned(), None, None) };
    let (mut mode, mut root, mut rest) = (None, None, Vec::new());
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value.to_owned()),
            Some(("sslrootcert", "system")) => {}
            Some(("sslrootcert", value)) => root = Some(value.replace("%2F", "/").replace("%20", " ")),
            _ => rest.push(pair),
        }
    }
    let plain = if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) };
    (plain, mode, root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_encryption_is_asked_for() {
        let table = [
            ("postgres://h/d", Some((SslMode::Prefer, Trust::Anybody))),
            ("postgresql://u:p@h:1/d?sslmode=disable", Some((SslMode::Disable, Trust::Anybody))),
            ("postgres://h/d?sslmode=require&application_name=x", Some((SslMode::Require, Trust::Anybody))),
            ("postgres://h/d?sslmode=verify-full", Some((SslMode::Require, Trust::Verified(None)))),
            (
                "postgres://h/d?sslrootcert=%2Fetc/ca.pem",
                Some((SslMode::Require, Trust::Verified(Some("/etc/ca.pem".into())))),
            ),
            ("postgres://h/d?sslmode=sometimes", None),
            ("postgres://h:port/d", None),
            ("mysql://h/d", None),
        ];
        for (url, expected) in table {
            let found = Address::parse(url).ok().map(|a| (a.config.get_ssl_mode(), a.trust));
            assert_eq!(found, expected, "{url}");
        }
    }

    #[test]
    fn what_is_shown_holds_no_secret() {
        let address = Address::parse("postgres://user:secret@db.example:6543/lyceum").unwrap();
        assert_eq!(address.shown(), "db.example:6543/lyceum");
        let address = Address::parse("postgres:///lyceum?host=/run/postgresql&user=u").unwrap();
        assert_eq!(address.shown(), "/run/postgresql/lyceum");
        let wrong = Address::parse("postgres://user:secret@db.example:x/lyceum").err().unwrap();
        assert!(!wrong.to_string().contains("secret"), "{wrong}");
    }
}
