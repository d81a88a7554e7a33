//! Who may see the pages, until there are accounts: a person at this machine, or somebody who holds an operator key.

use std::net::IpAddr;

use http::{HeaderMap, header};
use lyceum_app::{App, Tenant};

/// Headers that only a proxy adds: with one of them, a loopback peer says nothing about where the person sits.
const PROXY_HEADERS: [&str; 6] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/// Decides who is an operator. Cheap to clone.
#[derive(Clone)]
pub struct Access {
    app: App,
    is_loopback: bool,
}

/// Somebody who may use the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operator {
    /// A person at this machine.
    Local,
    /// The holder of a key.
    Key {
        /// Whose courses and learners it opens.
        tenant: Tenant,
        /// What the key is for.
        name: String,
    },
}

impl Operator {
    /// Whose courses and learners are meant.
    #[must_use]
    pub fn tenant(&self) -> Tenant {
        match self {
            Self::Local => Tenant::DEFAULT,
            Self::Key { tenant, .. } => *tenant,
        }
    }
}

/// Why somebody is no operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No key came with the request.
    NoKey,
    /// A key that is unknown or was revoked.
    BadKey,
    /// Keys cannot be checked now.
    Unavailable,
}

impl Access {
    /// `is_loopback`: the application's public name is one that stays on this machine.
    #[must_use]
    pub fn new(app: App, is_loopback: bool) -> Self {
        Self { app, is_loopback }
    }

    /// Who sent a request.
    ///
    /// # Errors
    /// When it is nobody who may use the pages.
    pub async fn of(&self, peer: IpAddr, headers: &HeaderMap) -> Result<Operator, Refusal> {
        let secret = bearer(headers).or_else(|| cookie(headers, self.cookie_name()));
        match secret {
            Some(secret) => self.of_key(secret).await,
            None if self.is_local(peer, headers) => Ok(Operator::Local),
            None => Err(Refusal::NoKey),
        }
    }

    /// Who holds a key.
    ///
    /// # Errors
    /// When nobody does.
    pub(crate) async fn of_key(&self, secret: &str) -> Result<Operator, Refusal> {
        match self.app.check_key(secret).await {
            Ok(Some(holder)) => Ok(Operator::Key { tenant: holder.tenant, name: holder.name }),
            Ok(None) => Err(Refusal::BadKey),
            Err(error) => {
                tracing::error!(%error, "an operator key could not be checked");
                Err(Refusal::Unavailable)
            }
        }
    }

    fn is_local(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        let through_proxy = PROXY_HEADERS.iter().any(|name| headers.contains_key(*name));
        self.is_loopback && peer.to_canonical().is_loopback() && !through_proxy
    }

    fn is_https(&self) -> bool {
        self.app.app_url().starts_with("https://")
    }

    /// The prefix makes browsers refuse the cookie from any other host, and works with https only.
    fn cookie_name(&self) -> &'static str {
        if self.is_https() { "__Host-lyceum-key" } else { "lyceum-key" }
    }

    /// The `Set-Cookie` that keeps a key for a working day; an empty one ends the sign-in.
    pub(crate) fn set_cookie(&self, secret: &str) -> String {
        const WORKING_DAY_SECONDS: u32 = 12 * 60 * 60;
        let age = if secret.is_empty() { 0 } else { WORKING_DAY_SECONDS };
        let secure = if self.is_https() { "; Secure" } else { "" };
        format!("{}={secret}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}", self.cookie_name())
    }
}

/// The key of `Authorization: Bearer KEY`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};

    use super::{bearer, cookie};

    #[test]
    fn keys_are_found_in_header_and_cookie() {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("bearer  abc "));
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; lyceum-key=secret"));
        headers.append(header::COOKIE, HeaderValue::from_static("xlyceum-key=other"));
        assert_eq!(bearer(&headers), Some("abc"));
        assert_eq!(cookie(&headers, "lyceum-key"), Some("secret"));
        assert_eq!(cookie(&headers, "key"), None);
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Basic abc"));
        assert_eq!(bearer(&headers), None);
    }
}
