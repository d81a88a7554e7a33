//! `GET /scorm/launch/{topic}/`: on to the player with a fresh launch link; as JSON for programs that want the link or a token.

use axum::extract::{Path, Request, State};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use lyceum_app::{App, LaunchKind, TopicLearner};
use serde_json::json;

use crate::answer::{self, Answer, Refusal};
use crate::asked::{self, is_yes};

pub(crate) async fn open(State(app): State<App>, Path(topic): Path<String>, request: Request) -> Answer {
    match answered(&app, topic, &request.into_parts().0).await {
        Ok(answer) => answer,
        Err(refusal) => refusal.of_call(),
    }
}

async fn answered(app: &App, topic: String, parts: &Parts) -> Result<Answer, Refusal> {
    let query = asked::query(parts)?;
    let holder = asked::holder(app, parts, &query).await?;
    let of = TopicLearner { topic, learner: query.learner() };
    let registration = app.registration_at_door(&holder, of).await?;
    let link = if is_yes(query.new_attempt.as_deref()) {
        app.new_attempt_link(holder.tenant(), registration, LaunchKind::Short).await?
    } else {
        app.launch_link(holder.tenant(), registration, LaunchKind::Short).await?
    };
    let accepts = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepts.contains("application/json") {
        let token = app.door_token(&holder, registration);
        let registration = registration.to_string();
        return Ok(answer::json(
            &json!({"ok": true, "launch_url": link, "registration": registration, "token": token}),
        ));
    }
    let mut answer = answer::json(&json!({"ok": true}));
    *answer.status_mut() = StatusCode::FOUND;
    if let Ok(link) = HeaderValue::from_str(&link) {
        answer.headers_mut().insert(header::LOCATION, link);
    }
    Ok(answer)
}
