//! Answers: JSON, and errors in the words of each door.

use axum::body::Body;
use http::{HeaderValue, Method, Response, StatusCode, header};
use lyceum_app::{AppError, ErrorKind};
use serde_json::{Value, json};

use crate::body::BodyError;

/// What every handler gives back.
pub(crate) type Answer = Response<Body>;

/// General exception in every edition: what a player's API tells its content when a commit failed.
const GENERAL_ERROR: u16 = 101;

/// Why there is no answer of the wanted kind.
#[derive(Debug)]
pub(crate) enum Refusal {
    App(AppError),
    Body(BodyError),
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<BodyError> for Refusal {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}

impl Refusal {
    fn told(&self) -> (u16, &'static str, String) {
        match self {
            Self::App(error) => (error.kind().status(), error.code(), error.to_string()),
            Self::Body(error) => (error.status(), error.code(), error.to_string()),
        }
    }

    fn answer(&self, body: &Value) -> Answer {
        let status = StatusCode::from_u16(self.told().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = build(status, body);
        let wait = match self {
            Self::App(error) => match error.kind() {
                ErrorKind::TooMany { retry_after } => Some(retry_after.div_ceil(1_000).max(1)),
                ErrorKind::Unavailable => Some(1),
                _ => None,
            },
            Self::Body(_) => None,
        };
        if let Some(seconds) = wait {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }

    /// For those who commit: also as scorm-again reads it.
    pub(crate) fn of_commit(&self) -> Answer {
        let (_, code, message) = self.told();
        self.answer(&json!({
            "ok": false, "error": {"code": code, "message": message}, "result": "false", "errorCode": GENERAL_ERROR,
        }))
    }

    pub(crate) fn of_call(&self) -> Answer {
        let (_, code, message) = self.told();
        self.answer(&json!({"success": false, "error": {"code": code, "message": message}}))
    }
}

pub(crate) fn json(body: &Value) -> Answer {
    build(StatusCode::OK, body)
}

/// In the words of all doors at once.
pub(crate) fn no_such_method(method: &Method) -> Answer {
    let error = json!({"code": "no-such-method", "message": format!("this address does not take {method}; docs/doors.md says what it takes")});
    build(
        StatusCode::METHOD_NOT_ALLOWED,
        &json!({"ok": false, "success": false, "error": error, "result": "false", "errorCode": GENERAL_ERROR}),
    )
}

fn build(status: StatusCode, body: &Value) -> Answer {
    let mut answer = Answer::new(Body::from(body.to_string()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}
