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

/// A server, how its certificate is looked at, and by which one it knows this program.
pub(crate) struct Address {
    pub(crate) config: Config,
    pub(crate) trust: Trust,
    pub(crate) identity: Option<Identity>,
}

/// Files with a certificate and its key, for a server that asks whom it speaks to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// Whom an encrypted connection is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Whoever answers: encrypted, but not sure with whom. What `prefer` and `require` mean to PostgreSQL's own clients.
    Anybody,
    /// The same authorities as for [`Trust::Verified`], whatever the name in the certificate.
    Authority(Option<PathBuf>),
    /// A certificate for the host's name by one of the system's authorities, or by those in this file.
    Verified(Option<PathBuf>),
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self, DbError> {
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(DbError::Address("it does not begin with postgres://".to_owned()));
        }
        let (plain, tls) = split_tls(url);
        // The parser's error does not repeat the address, which may hold a password.
        let mut config = Config::from_str(&plain).map_err(|e| DbError::Address(e.to_string()))?;
        let (ssl, trust) = match (tls.mode.unwrap_or("prefer"), tls.root) {
            ("disable", _) => (SslMode::Disable, Trust::Anybody),
            ("prefer", None) => (SslMode::Prefer, Trust::Anybody),
            ("require", None) => (SslMode::Require, Trust::Anybody),
            ("verify-ca", root) => (SslMode::Require, Trust::Authority(root)),
            ("prefer" | "require" | "verify-full", root) => (SslMode::Require, Trust::Verified(root)),
            (other, _) => {
                return Err(DbError::Address(format!(
                    "sslmode is disable, prefer, require, verify-ca or verify-full, not {other}"
                )));
            }
        };
        let identity = match (tls.certificate, tls.key) {
            (Some(certificate), Some(key)) => Some(Identity { certificate, key }),
            (None, None) => None,
            _ => return Err(DbError::Address("sslcert and sslkey name a file each: give both".to_owned())),
        };
        config.ssl_mode(ssl);
        if config.get_password().is_none()
            && let Ok(password) = std::env::var("PGPASSWORD")
        {
            config.password(password);
        }
        config.connect_timeout(CONNECT_TIMEOUT).keepalives_idle(KEEPALIVE_IDLE).application_name("lyceum");
        Ok(Self { config, trust, identity })
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

/// What an address says about TLS.
#[derive(Default)]
struct Tls<'u> {
    mode: Option<&'u str>,
    root: Option<PathBuf>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
}

/// The address without what only the TLS side understands; and that.
fn split_tls(url: &str) -> (String, Tls<'_>) {
    let mut tls = Tls::default();
    let Some((place, query)) = url.split_once('?') else { return (url.to_owned(), tls) };
    let file = |value: &str| Some(value.replace("%2F", "/").replace("%20", " ").into());
    let mut rest = Vec::new();
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslmode", value)) => tls.mode = Some(value),
            Some(("sslrootcert", "system")) => {}
            Some(("sslrootcert", value)) => tls.root = file(value),
            Some(("sslcert", value)) => tls.certificate = file(value),
            Some(("sslkey", value)) => tls.key = file(value),
            _ => rest.push(pair),
        }
    }
    let plain = if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) };
    (plain, tls)
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
            (
                "postgres://h/d?sslmode=verify-ca&sslcert=a.pem&sslkey=a.key",
                Some((SslMode::Require, Trust::Authority(None))),
            ),
            ("postgres://h/d?sslcert=a.pem", None),
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
