//! `POST /play/{token}/commits`: entries of a session. Answered when they are on disk; never redirected.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Path, Query, Request, State};
use http::header;
use lyceum_app::{AppError, Caller, CommitRequest};
use serde::Deserialize;

use crate::answer::{self, Answer};
use crate::edge::Edge;
use crate::{body, host};

/// What the address says about the body, since a beacon has no headers.
#[derive(Deserialize)]
pub(crate) struct Form {
    /// `z=1`: raw deflate.
    z: Option<String>,
}

pub(crate) async fn take(
    State(edge): State<Edge>,
    Path(token): Path<String>,
    Query(form): Query<Form>,
    request: Request,
) -> Answer {
    match commit(&edge, &token, form.z.as_deref() == Some("1"), request).await {
        Ok(answer) => answer,
        Err(error) => answer::refusal(error.kind(), error.code(), &error.to_string()),
    }
}

async fn commit(edge: &Edge, token: &str, is_deflated: bool, request: Request) -> Result<Answer, AppError> {
    // The token first: nobody without one makes the server read a body.
    let label = edge.app.host_label(edge.app.registration_of(token)?);
    if !host::is_right(request.headers(), label.as_deref()) {
        return Ok(host::misdirected());
    }
    let caller = caller(&request);
    let (parts, body) = request.into_parts();
    let body = match body::read(&parts.headers, is_deflated, body).await {
        Ok(body) => body,
        Err(error) => return Ok(error.answer()),
    };
    let answer = edge.app.commit(token, CommitRequest::from_json(&body)?, caller).await?;
    Ok(answer::json(&answer))
}

/// The other end of the connection. What proxies claim about it is not believed.
fn caller(request: &Request) -> Caller {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let user_agent = request.headers().get(header::USER_AGENT);
    Caller {
        ip: peer.map(|ConnectInfo(address)| address.ip()),
        user_agent: user_agent.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
    }
}
