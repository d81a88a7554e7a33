//! `POST /courses/{id}/registrations`: puts a learner on a course.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use lyceum_app::{AppError, CourseId, NewLearner, Registered};
use serde::Deserialize;

use crate::pages::Pages;
use crate::problem;
use crate::view::Place;
use crate::visitor::Visitor;

#[derive(Deserialize)]
pub(crate) struct Enrol {
    /// Name for people.
    learner: String,
    /// Name that programs know the learner by; the same as the other if empty.
    #[serde(default)]
    external: String,
}

pub(crate) async fn enrol(
    State(pages): State<Pages>,
    visitor: Visitor,
    Path(course): Path<String>,
    Form(form): Form<Enrol>,
) -> Response {
    match register(&pages, &visitor, &course, form).await {
        Ok(Registered { registration, .. }) => {
            Redirect::to(&format!("/registrations/{registration}")).into_response()
        }
        Err(error) => problem::page(visitor.frame(Place::Courses), &error),
    }
}

async fn register(
    pages: &Pages,
    visitor: &Visitor,
    course: &str,
    form: Enrol,
) -> Result<Registered, AppError> {
    let id: CourseId =
        course.parse().map_err(|_| AppError::NotFound { what: "course", id: course.to_owned() })?;
    let external = if form.external.trim().is_empty() { form.learner.clone() } else { form.external };
    let learner = NewLearner { id: external, name: Some(form.learner) };
    pages.app.register(visitor.tenant(), id, learner).await
}
