//! `POST /play/{token}/renew`: a token with a later expiry.

use axum::extract::{Path, State};
use http::HeaderMap;
use lyceum_app::AccessError;
use serde_json::json;

use crate::answer::{self, Answer};
use crate::edge::Edge;
use crate::host;

pub(crate) async fn renew(State(edge): State<Edge>, Path(token): Path<String>, request: HeaderMap) -> Answer {
    match renewed(&edge, &token, &request) {
        Ok(answer) => answer,
        Err(error) => answer::refusal(error.kind(), error.code(), &error.to_string()),
    }
}

fn renewed(edge: &Edge, token: &str, request: &HeaderMap) -> Result<Answer, AccessError> {
    let label = edge.app.host_label(edge.app.registration_of(token)?);
    if !host::is_right(request, label.as_deref()) {
        return Ok(host::misdirected());
    }
    Ok(answer::json(&json!({"token": edge.app.renew(token)?})))
}
