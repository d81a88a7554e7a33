//! `GET /courses/{id}/registrations`: who takes a course, and where each stands.

use axum::extract::{Path, Request, State};
use http::request::Parts;
use lyceum_app::limits::PAGE;
use lyceum_app::{App, AppError, Holder, RegistrationId};
use serde_json::{Value, json};

use crate::answer::{self, Answer, Refusal};
use crate::api::shortened;
use crate::asked;

pub(crate) async fn list(State(app): State<App>, Path(course): Path<String>, request: Request) -> Answer {
    match page(&app, &course, &request.into_parts().0).await {
        Ok(body) => answer::json(&body),
        Err(refusal) => refusal.of_call(),
    }
}

async fn page(app: &App, course: &str, parts: &Parts) -> Result<Value, Refusal> {
    let query = asked::query(parts)?;
    let holder = asked::holder(app, parts, &query).await?;
    if let Holder::Session { .. } = holder {
        return Err(AppError::OutOfReach("list").into());
    }
    let course = app.course_of_topic(holder.tenant(), course).await?;
    let before: Option<RegistrationId> = query
        .before
        .as_deref()
        .map(|id| id.parse().map_err(|_| AppError::NotFound { what: "registration", id: shortened(id) }))
        .transpose()?;
    let rows = app.registrations(holder.tenant(), Some(course), before).await?;
    let is_full = rows.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX);
    let next = rows.last().filter(|_| is_full).map(|row| row.id.to_string());
    Ok(json!({"success": true, "data": {"course": course.to_string(), "registrations": rows, "next": next}}))
}
