//! `/registrations/{id}/launch`: on to the player, with a fresh launch link.
//!
//! By `GET` only from our own pages or a typed address: a course that could send the browser here would learn another
//! learner's link. Everybody else gets a page with a button, whose `POST` proves that a person pressed it.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::HeaderMap;
use lyceum_app::{AppError, LaunchKind, RegistrationId};
use serde::Deserialize;

use crate::page;
use crate::pages::Pages;
use crate::problem;
use crate::proof::is_ours;
use crate::view::{MessagePage, Place, PostAction};
use crate::visitor::Visitor;

/// What the address asks for.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    /// `1`: a new attempt.
    #[serde(default)]
    new_attempt: String,
}

pub(crate) async fn link(
    State(pages): State<Pages>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if is_ours(&headers, pages.app.app_url()) {
        go(&pages, &visitor, &id, false).await
    } else {
        ask(&visitor, &id)
    }
}

pub(crate) async fn button(
    State(pages): State<Pages>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    go(&pages, &visitor, &id, wanted.new_attempt == "1").await
}

async fn go(pages: &Pages, visitor: &Visitor, id: &str, is_anew: bool) -> Response {
    match launch_link(pages, visitor, id, is_anew).await {
        Ok(link) => Redirect::to(&link).into_response(),
        Err(error) => problem::page(visitor.frame(Place::Registrations), &error),
    }
}

async fn launch_link(pages: &Pages, visitor: &Visitor, id: &str, is_anew: bool) -> Result<String, AppError> {
    let id: RegistrationId =
        id.parse().map_err(|_| AppError::NotFound { what: "registration", id: id.to_owned() })?;
    if is_anew {
        pages.app.new_attempt_link(visitor.tenant(), id, LaunchKind::Short).await
    } else {
        pages.app.launch_link(visitor.tenant(), id, LaunchKind::Short).await
    }
}

fn ask(visitor: &Visitor, id: &str) -> Response {
    // Only an id of ours may stand in the form's address.
    let post = id
        .parse::<RegistrationId>()
        .ok()
        .map(|id| PostAction { path: format!("/registrations/{id}/launch"), label: "Launch" });
    page::html(&MessagePage {
        frame: visitor.frame(Place::Registrations),
        headline: "Launch the course?".to_owned(),
        text: "Another page led here. Go on if you meant to open this learner's course.".to_owned(),
        post,
    })
}
