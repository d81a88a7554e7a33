//! `GET /`: the courses, and the way in for new ones.

use axum::extract::State;
use axum::response::{Redirect, Response};
use lyceum_app::limits::MAX_PACKAGE_BYTES;
use lyceum_app::{CourseView, Standard};

use crate::pages::Pages;
use crate::view::words::{Moment, size};
use crate::view::{CourseRow, CoursesPage, Place};
use crate::visitor::Visitor;
use crate::{page, problem};

pub(crate) async fn page(State(pages): State<Pages>, visitor: Visitor) -> Response {
    let frame = visitor.frame(Place::Courses);
    match pages.app.courses(visitor.tenant()).await {
        Ok(courses) => page::html(&CoursesPage {
            frame,
            courses: courses.into_iter().map(row).collect(),
            max_bytes: MAX_PACKAGE_BYTES,
            max_size: size(MAX_PACKAGE_BYTES),
        }),
        Err(error) => problem::page(frame, &error),
    }
}

/// `GET /courses`: what people type who have seen a course's address.
pub(crate) async fn short() -> Redirect {
    Redirect::to("/")
}

fn row(course: CourseView) -> CourseRow {
    CourseRow {
        id: course.id.to_string(),
        standard: Standard::from_name(&course.standard).map_or("", Standard::title),
        title: course.title,
        version: course.version,
        learners: course.registrations,
        changed: Moment::parse(&course.updated),
    }
}
