//! `POST /play/{token}/attempts`: the learner asks for a new attempt; answers the token of the page that begins it.

use axum::extract::{Path, State};
use http::HeaderMap;
use lyceum_app::AppError;
use serde_json::json;

use crate::answer::{self, Answer};
use crate::edge::Edge;
use crate::host;

pub(crate) async fn ask(State(edge): State<Edge>, Path(token): Path<String>, request: HeaderMap) -> Answer {
    match asked(&edge, &token, &request).await {
        Ok(answer) => answer,
        Err(error) => answer::refusal(error.kind(), error.code(), &error.to_string()),
    }
}

async fn asked(edge: &Edge, token: &str, request: &HeaderMap) -> Result<Answer, AppError> {
    let label = edge.app.host_label(edge.app.registration_of(token)?);
    if !host::is_right(request, label.as_deref()) {
        return Ok(host::misdirected());
    }
    Ok(answer::json(&json!({"token": edge.app.ask_for_attempt(token).await?})))
}
