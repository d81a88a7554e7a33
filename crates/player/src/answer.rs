//! Answers in their few shapes: text, JSON, page, error.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use lyceum_app::ErrorKind;
use serde::Serialize;
use serde_json::json;

/// What every handler gives back.
pub(crate) type Answer = Response<Body>;

pub(crate) fn text(status: StatusCode, text: &'static str) -> Answer {
    build(status, "text/plain; charset=utf-8", Body::from(text))
}

pub(crate) fn html(status: StatusCode, page: String) -> Answer {
    build(status, "text/html; charset=utf-8", Body::from(page))
}

pub(crate) fn json(value: &impl Serialize) -> Answer {
    match serde_json::to_vec(value) {
        Ok(body) => build(StatusCode::OK, "application/json", Body::from(body)),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            self::error(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something broke inside the server; its log tells more.")
        }
    }
}

/// An error for programs: `{"error":{"code","message"}}`.
pub(crate) fn error(status: StatusCode, code: &str, message: &str) -> Answer {
    let body = json!({"error": {"code": code, "message": message}});
    build(status, "application/json", Body::from(body.to_string()))
}

/// A use case's error for programs.
pub(crate) fn refusal(kind: ErrorKind, code: &str, message: &str) -> Answer {
    let mut answer = error(status(kind), code, message);
    if let Some(wait) = retry_after(kind) {
        answer.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    answer
}

pub(crate) fn status(kind: ErrorKind) -> StatusCode {
    StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Whole seconds, never 0: a client that waits for nothing waits in a loop.
fn retry_after(kind: ErrorKind) -> Option<HeaderValue> {
    match kind {
        ErrorKind::TooMany { retry_after } => Some(HeaderValue::from(retry_after.div_ceil(1_000).max(1))),
        ErrorKind::Unavailable => Some(HeaderValue::from(1)),
        _ => None,
    }
}

fn build(status: StatusCode, media_type: &'static str, body: Body) -> Answer {
    let mut answer = Answer::new(body);
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    answer
}
