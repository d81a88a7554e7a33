//! `POST /registrations/{id}/rollback`, `/override`, `/withdraw`, `/reset`: what an operator does to an attempt.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use lyceum_app::{Actor, AppError, RegistrationId, Standing, Target};
use lyceum_attempt::summary::{Completion, Score, Success};
use serde::Deserialize;

use crate::access::Operator;
use crate::pages::Pages;
use crate::problem;
use crate::view::Place;
use crate::visitor::Visitor;

/// What the forms send; each uses a part.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    reason: String,
    #[serde(default)]
    attempt: Option<u32>,
    #[serde(default)]
    to: String,
    #[serde(default)]
    completion: String,
    #[serde(default)]
    success: String,
    #[serde(default)]
    raw: String,
    #[serde(default)]
    max: String,
}

/// Which button.
#[derive(Clone, Copy)]
enum Deed {
    Rollback,
    Override,
    Withdraw,
    Reset,
}

pub(crate) async fn rollback(
    State(pages): State<Pages>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(wanted): Form<Wanted>,
) -> Response {
    answer(&pages, &visitor, &id, wanted, Deed::Rollback).await
}

pub(crate) async fn set(
    State(pages): State<Pages>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(wanted): Form<Wanted>,
) -> Response {
    answer(&pages, &visitor, &id, wanted, Deed::Override).await
}

pub(crate) async fn withdraw(
    State(pages): State<Pages>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(wanted): Form<Wanted>,
) -> Response {
    answer(&pages, &visitor, &id, wanted, Deed::Withdraw).await
}

pub(crate) async fn reset(
    State(pages): State<Pages>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(wanted): Form<Wanted>,
) -> Response {
    answer(&pages, &visitor, &id, wanted, Deed::Reset).await
}

async fn answer(pages: &Pages, visitor: &Visitor, id: &str, wanted: Wanted, deed: Deed) -> Response {
    match act(pages, visitor, id, wanted, deed).await {
        Ok(id) => Redirect::to(&format!("/registrations/{id}")).into_response(),
        Err(error) => problem::page(visitor.frame(Place::Registrations), &error),
    }
}

async fn act(
    pages: &Pages,
    visitor: &Visitor,
    id: &str,
    wanted: Wanted,
    deed: Deed,
) -> Result<RegistrationId, AppError> {
    let registration: RegistrationId =
        id.parse().map_err(|_| AppError::NotFound { what: "registration", id: id.to_owned() })?;
    let by = match &visitor.0 {
        Operator::Local => "operator at the server".to_owned(),
        Operator::Key { name, .. } => format!("key “{name}”"),
    };
    let actor = Actor { by, reason: wanted.reason.clone() };
    let (tenant, target) = (visitor.tenant(), Target { registration, attempt: wanted.attempt });
    match deed {
        Deed::Rollback => {
            let to = wanted
                .to
                .trim()
                .parse()
                .map_err(|e: lyceum_app::BadPoint| AppError::Malformed(e.to_string()))?;
            pages.app.rollback(tenant, target, to, &actor).await?
        }
        Deed::Override => pages.app.override_standing(tenant, target, &standing(wanted), &actor).await?,
        Deed::Withdraw => pages.app.withdraw_override(tenant, target, &actor).await?,
        Deed::Reset => pages.app.reset(tenant, registration, &actor).await?,
    };
    Ok(registration)
}

/// Empty fields are as reported.
fn standing(wanted: Wanted) -> Standing {
    let given = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let score = Score { raw: given(wanted.raw), max: given(wanted.max), ..Score::default() };
    Standing {
        completion: match wanted.completion.as_str() {
            "completed" => Some(Completion::Completed),
            "incomplete" => Some(Completion::Incomplete),
            _ => None,
        },
        success: match wanted.success.as_str() {
            "passed" => Some(Success::Passed),
            "failed" => Some(Success::Failed),
            _ => None,
        },
        score: score.raw.is_some().then_some(score),
    }
}
