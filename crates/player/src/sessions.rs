//! `POST /play/{token}/sessions`: opens a session and answers everything that the page and its engine need.

use axum::body::Body;
use axum::extract::{Path, State};
use http::HeaderMap;
use lyceum_app::{AppError, OpenSession};

use crate::answer::{self, Answer};
use crate::edge::Edge;
use crate::{body, host};

pub(crate) async fn open(
    State(edge): State<Edge>,
    Path(token): Path<String>,
    request: HeaderMap,
    body: Body,
) -> Answer {
    match open_session(&edge, &token, &request, body).await {
        Ok(answer) => answer,
        Err(error) => answer::refusal(error.kind(), error.code(), &error.to_string()),
    }
}

async fn open_session(edge: &Edge, token: &str, request: &HeaderMap, body: Body) -> Result<Answer, AppError> {
    // The token first: nobody without one makes the server read a body.
    let label = edge.app.host_label(edge.app.registration_of(token)?);
    if !host::is_right(request, label.as_deref()) {
        return Ok(host::misdirected());
    }
    let body = match body::read(request, false, body).await {
        Ok(body) => body,
        Err(error) => return Ok(error.answer()),
    };
    let asked: OpenSession = serde_json::from_slice(&body).map_err(|error| AppError::Malformed(error.to_string()))?;
    Ok(answer::json(&edge.app.open_session(token, asked).await?))
}
