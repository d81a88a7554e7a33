//! `/registrations/{id}/launch`: on to the player, with a fresh launch link.
//!
//! By `GET` only from our own pages or a typed address: a course that could send the browser here would learn another
//! learner's link. Everybody else gets a page with a button, whose `POST` proves that a person pressed it.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::HeaderMap;
use lyceum_app::{AppError, LaunchKind, RegistrationId};

use crate::page;
use crate::pages::Pages;
use crate::problem;
use crate::proof::is_ours;
use crate::view::{MessagePage, Place, PostAction};
use crate::visitor::Visitor;

pub(crate) async fn link(
    State(pages): State<Pages>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if is_ours(&headers, pages.app.app_url()) { go(&pages, &visitor, &id).await } else { ask(&visitor, &id) }
}

pub(crate) async fn button(State(pages): State<Pages>, visitor: Visitor, Path(id): Path<String>) -> Response {
    go(&pages, &visitor, &id).await
}

async fn go(pages: &Pages, visitor: &Visitor, id: &str) -> Response {
    match launch_link(pages, visitor, id).await {
        Ok(link) => Redirect::to(&link).into_response(),
        Err(error) => problem::page(visitor.frame(Place::Registrations), &error),
    }
}

async fn launch_link(pages: &Pages, visitor: &Visitor, id: &str) -> Result<String, AppError> {
    let id: RegistrationId =
        id.parse().map_err(|_| AppError::NotFound { what: "registration", id: id.to_owned() })?;
    pages.app.launch_link(visitor.tenant(), id, LaunchKind::Short).await
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
