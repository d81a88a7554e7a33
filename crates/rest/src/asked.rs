//! What every request says besides its body: who asks, from where, and what the address adds.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use http::request::Parts;
use http::{HeaderMap, header};
use lyceum_app::{App, AppError, Caller, Holder, NewLearner};
use serde::Deserialize;

use crate::answer::Refusal;

/// The query of every door.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Query {
    /// A session token, for those who cannot send headers. Keys are not taken here: addresses are logged.
    pub(crate) token: Option<String>,
    pub(crate) learner: Option<String>,
    pub(crate) learner_name: Option<String>,
    pub(crate) session_id: Option<String>,
    pub(crate) sequence: Option<String>,
    pub(crate) activity: Option<String>,
    pub(crate) terminate: Option<String>,
    pub(crate) new_attempt: Option<String>,
    pub(crate) before: Option<String>,
}

impl Query {
    pub(crate) fn learner(&self) -> Option<NewLearner> {
        let id = self.learner.clone()?;
        Some(NewLearner { id, name: self.learner_name.clone() })
    }
}

/// `1`, `true` or `yes`.
pub(crate) fn is_yes(text: Option<&str>) -> bool {
    text.is_some_and(|text| ["1", "true", "yes"].iter().any(|yes| yes.eq_ignore_ascii_case(text.trim())))
}

/// Reads the address.
pub(crate) fn query(parts: &Parts) -> Result<Query, Refusal> {
    let found = axum::extract::Query::<Query>::try_from_uri(&parts.uri);
    found.map(|axum::extract::Query(query)| query).map_err(|e| AppError::Malformed(e.body_text()).into())
}

/// Who asks. Before anything of a body is read.
pub(crate) async fn holder(app: &App, parts: &Parts, query: &Query) -> Result<Holder, Refusal> {
    let in_address = query.token.as_deref().filter(|token| !token.starts_with("lyceum_"));
    let credential = bearer(&parts.headers).or(in_address).unwrap_or_default();
    Ok(app.holder(credential).await?)
}

/// The other end of the connection. What proxies claim about it is not believed.
pub(crate) fn caller(parts: &Parts) -> Caller {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let user_agent = parts.headers.get(header::USER_AGENT);
    Caller {
        ip: peer.map(|ConnectInfo(address)| address.ip()),
        user_agent: user_agent.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}
