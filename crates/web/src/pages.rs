//! The routes.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use lyceum_app::App;

use crate::access::Access;
use crate::actions::{
    correct, course, courses, enrol, history, launch, registration, registrations, settings, sign_in,
    sign_out, upload,
};
use crate::shield::{Shield, shield};
use crate::view::Place;
use crate::visitor::{Visitor, door, proven};
use crate::{assets, problem};

/// What the actions share. Cheap to clone.
#[derive(Clone)]
pub struct Pages {
    pub(crate) app: App,
    pub(crate) access: Access,
    /// The content origin, for the policy that lets a launch button lead there.
    pub(crate) content_url: String,
}

impl Pages {
    /// Pages on an application.
    #[must_use]
    pub fn new(app: App, access: Access, content_url: String) -> Self {
        Self { app, access, content_url }
    }
}

/// Everything that answers on the application's origin.
pub fn router(pages: Pages) -> Router {
    let shielded = Shield::new(&pages.content_url);
    let inside = Router::new()
        .route("/", get(courses::page))
        .route("/courses", get(courses::short).post(upload::import).layer(DefaultBodyLimit::disable()))
        .route("/courses/{id}", get(course::page))
        .route("/courses/{id}/versions", post(upload::version).layer(DefaultBodyLimit::disable()))
        .route("/courses/{id}/settings", post(settings::change))
        .route("/courses/{id}/registrations", post(enrol::enrol))
        .route("/registrations", get(registrations::page))
        .route("/registrations/{id}", get(registration::page))
        .route("/registrations/{id}/history", get(history::page))
        .route("/registrations/{id}/rollback", post(correct::rollback))
        .route("/registrations/{id}/override", post(correct::set))
        .route("/registrations/{id}/withdraw", post(correct::withdraw))
        .route("/registrations/{id}/reset", post(correct::reset))
        .route("/registrations/{id}/launch", get(launch::link).post(launch::button))
        .fallback(nothing)
        .layer(from_fn_with_state(pages.clone(), door));
    let outside = Router::new()
        .route("/assets/{hash}/{file}", get(assets::get))
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/sign-out", post(sign_out::sign_out));
    inside
        .merge(outside)
        .layer(from_fn_with_state(pages.clone(), proven))
        .layer(from_fn_with_state(shielded, shield))
        .with_state(pages)
}

async fn nothing(visitor: Visitor) -> Response {
    let text = "The address may be incomplete, or what it led to was deleted.".to_owned();
    problem::message(visitor.frame(Place::Elsewhere), StatusCode::NOT_FOUND, "There is no such page", text)
}
