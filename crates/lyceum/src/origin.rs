//! The public names of the two origins: `scheme://host[:port]`, the content one with at most one leading `*` label.

use std::fmt;
use std::str::FromStr;

/// An origin as a person writes it on the command line, checked and normalised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) https: bool,
    /// Lower case; an IPv6 address in brackets; `*.` in front where every label there belongs to us.
    pub(crate) host: String,
    pub(crate) port: u16,
}

/// Why a text is no origin.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OriginError {
    #[error("`{0}` must begin with http:// or https://")]
    Scheme(String),
    #[error("`{0}` must end after the host and port: both origins are served from the root of their host")]
    Path(String),
    #[error("`{0}` has no valid host name (letters, digits, dots and hyphens; `*` only as the first label)")]
    Host(String),
    #[error("`{0}` has no valid port (1 to 65535)")]
    Port(String),
}

impl Origin {
    pub(crate) fn http(host: &str, port: u16) -> Self {
        Self { https: false, host: host.to_owned(), port }
    }

    /// `host` or `host:port`, the way a browser sends it in the Host header.
    pub(crate) fn authority(&self) -> String {
        if self.port == default_port(self.https) {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    pub(crate) fn is_wildcard(&self) -> bool {
        self.host.starts_with("*.")
    }

    /// The host without the wildcard label.
    pub(crate) fn base_host(&self) -> &str {
        self.host.strip_prefix("*.").unwrap_or(&self.host)
    }

    /// Whether only this machine can reach the name.
    pub(crate) fn is_loopback(&self) -> bool {
        matches!(self.host.as_str(), "localhost" | "[::1]")
            || is_loopback_v4(&self.host)
            || self.host.ends_with(".localhost")
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.https { "https" } else { "http" }, self.authority())
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let lower = text.trim().to_ascii_lowercase();
        let (https, rest) = match (lower.strip_prefix("https://"), lower.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err(OriginError::Scheme(text.to_owned())),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#', '@']) {
            return Err(OriginError::Path(text.to_owned()));
        }
        let (host, port) = split_port(rest);
        let port = match port {
            None => default_port(https),
            Some(digits) => digits
                .parse()
                .ok()
                .filter(|&port| port != 0)
                .ok_or_else(|| OriginError::Port(text.to_owned()))?,
        };
        if !is_host(host) {
            return Err(OriginError::Host(text.to_owned()));
        }
        Ok(Self { https, host: host.to_owned(), port })
    }
}

fn default_port(https: bool) -> u16 {
    if https { 443 } else { 80 }
}

/// Splits `host:port`; the colons of a bracketed IPv6 address belong to the host.
pub(crate) fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return inner.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let name = host.strip_prefix("*.").unwrap_or(host);
    name.split('.')
        .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

fn is_loopback_v4(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_origins() {
        let table = [
            ("http://localhost:8700", "http://localhost:8700", "localhost:8700"),
            ("HTTPS://LMS.Example/", "https://lms.example", "lms.example"),
            ("https://lms.example:443", "https://lms.example", "lms.example"),
            ("http://[::1]:80", "http://[::1]", "[::1]"),
            ("https://*.courses.example:8443", "https://*.courses.example:8443", "*.courses.example:8443"),
        ];
        for (text, shown, authority) in table {
            let origin: Origin = text.parse().expect(text);
            assert_eq!(
                (origin.to_string().as_str(), origin.authority().as_str()),
                (shown, authority),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_what_is_no_origin() {
        type Kind = fn(String) -> OriginError;
        let table: [(&str, Kind); 8] = [
            ("lms.example", OriginError::Scheme),
            ("ftp://lms.example", OriginError::Scheme),
            ("https://lms.example/lyceum", OriginError::Path),
            ("https://user@lms.example", OriginError::Path),
            ("https://", OriginError::Host),
            ("https://a.*.example", OriginError::Host),
            ("https://lms.example:0", OriginError::Port),
            ("https://lms.example:http", OriginError::Port),
        ];
        for (text, error) in table {
            assert_eq!(text.parse::<Origin>(), Err(error(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn knows_names_that_stay_on_the_machine() {
        let table = [
            ("http://localhost:1", true),
            ("http://127.0.0.1:1", true),
            ("http://127.8.0.1:1", true),
            ("http://[::1]:1", true),
            ("http://*.localhost:1", true),
            ("http://localhost.example", false),
            ("http://10.0.0.1", false),
        ];
        for (text, loopback) in table {
            assert_eq!(text.parse::<Origin>().expect(text).is_loopback(), loopback, "{text}");
        }
    }
}
