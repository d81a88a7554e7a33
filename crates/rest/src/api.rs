//! `POST /scorm/api/{registration}`: one function of the run-time API.

use axum::extract::{Path, Request, State};
use lyceum_app::{ApiCall, App, AppError, RegistrationId};
use serde_json::{Map, Value, json};

use crate::answer::{self, Answer, Refusal};
use crate::{asked, body};

pub(crate) async fn call(State(app): State<App>, Path(id): Path<String>, request: Request) -> Answer {
    match carry_out(&app, &id, request).await {
        Ok(body) => answer::json(&body),
        Err(refusal) => refusal.of_call(),
    }
}

async fn carry_out(app: &App, id: &str, request: Request) -> Result<Value, Refusal> {
    let (parts, body) = request.into_parts();
    let query = asked::query(&parts)?;
    let holder = asked::holder(app, &parts, &query).await?;
    let id: RegistrationId =
        id.parse().map_err(|_| AppError::NotFound { what: "registration", id: shortened(id) })?;
    let body = body::read(&parts, body).await?;
    let call = ApiCall {
        action: text(&body, "action"),
        element: text(&body, "element"),
        value: text(&body, "value"),
        session: Some(text(&body, "session_id")).filter(|name| !name.is_empty()).or(query.session_id),
    };
    let reply = app.call_at_door(&holder, id, &call, &asked::caller(&parts)).await?;
    Ok(match reply.error {
        (0, _) => json!({"success": true, "data": {"result": reply.result}}),
        (code, message) => json!({"success": false, "error": {"code": code.to_string(), "message": message}}),
    })
}

/// The standards know strings only; pages send numbers, booleans, nothing at all.
fn text(body: &Map<String, Value>, name: &str) -> String {
    match body.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

pub(crate) fn shortened(text: &str) -> String {
    const SHOWN: usize = 100;
    text.chars().take(SHOWN).collect()
}
