//! `/scorm/progress/{topic}/`: a player commits its data model; a dashboard asks where a learner stands.

use axum::extract::{Path, Request, State};
use http::request::Parts;
use lyceum_app::{App, ForeignCommit, NewLearner, TopicLearner};
use serde_json::{Value, json};

use crate::answer::{self, Answer, Refusal};
use crate::asked::{self, Query, is_yes};
use crate::body;
use crate::payload::{Payload, sequence};

pub(crate) async fn commit(State(app): State<App>, Path(topic): Path<String>, request: Request) -> Answer {
    match take(&app, topic, request).await {
        Ok(body) => answer::json(&body),
        Err(refusal) => refusal.of_commit(),
    }
}

async fn take(app: &App, topic: String, request: Request) -> Result<Value, Refusal> {
    let (parts, body) = request.into_parts();
    let query = asked::query(&parts)?;
    let holder = asked::holder(app, &parts, &query).await?;
    let payload = Payload::read(body::read(&parts, body).await?)?;
    // All of it is understood before anybody is registered.
    let sequence = payload.sequence.or(sequence(query.sequence.as_deref())?);
    let learner = learner(&query, &payload, matches!(holder, lyceum_app::Holder::Key { .. }));
    let registration = app.registration_at_door(&holder, TopicLearner { topic, learner }).await?;
    let commit = ForeignCommit {
        session: payload.session.or(query.session_id),
        sequence,
        activity: payload.activity.or(query.activity),
        values: payload.values,
        ends: payload.ends || is_yes(query.terminate.as_deref()),
        new_attempt: payload.new_attempt || is_yes(query.new_attempt.as_deref()),
        span: None,
    };
    let done = app.commit_at_door(&holder, registration, &commit, &asked::caller(&parts)).await?;
    // The issue's own words, and scorm-again's: a commit that was stored has succeeded, whatever single values came to.
    let mut body = json!({"ok": true, "result": "true", "errorCode": 0});
    if let (Value::Object(body), Ok(Value::Object(done))) = (&mut body, serde_json::to_value(&done)) {
        body.extend(done);
    }
    Ok(body)
}

fn learner(query: &Query, payload: &Payload, takes_fallback: bool) -> Option<NewLearner> {
    let fallback = || payload.learner_id.clone().filter(|_| takes_fallback);
    let id = query.learner.clone().or_else(|| payload.learner.clone()).or_else(fallback)?;
    Some(NewLearner { id, name: query.learner_name.clone().or_else(|| payload.learner_name.clone()) })
}

pub(crate) async fn show(State(app): State<App>, Path(topic): Path<String>, request: Request) -> Answer {
    match standings(&app, topic, &request.into_parts().0).await {
        Ok(body) => answer::json(&body),
        Err(refusal) => refusal.of_commit(),
    }
}

async fn standings(app: &App, topic: String, parts: &Parts) -> Result<Value, Refusal> {
    let query = asked::query(parts)?;
    let holder = asked::holder(app, parts, &query).await?;
    let of = TopicLearner { topic, learner: query.learner() };
    let Some(registration) = app.known_at_door(&holder, of).await? else {
        let progress = json!({"completed": false, "score": null, "total_seconds": 0.0});
        return Ok(json!({"ok": true, "enrollment": null, "attempt": null, "progress": progress}));
    };
    let mut body = json!({"ok": true});
    let found = app.standings(&holder, registration).await?;
    if let (Value::Object(body), Ok(Value::Object(found))) = (&mut body, serde_json::to_value(&found)) {
        body.extend(found);
    }
    Ok(body)
}
