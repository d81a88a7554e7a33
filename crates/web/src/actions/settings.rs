//! `POST /courses/{id}/settings`: changes the settings of a course.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use lyceum_app::{AppError, CourseId, CourseSettings, SettingChange, SettingSource, SettingView};

use crate::pages::Pages;
use crate::problem;
use crate::view::{Place, SettingField, SettingGroup};
use crate::visitor::Visitor;

pub(crate) async fn change(
    State(pages): State<Pages>,
    visitor: Visitor,
    Path(course): Path<String>,
    Form(changes): Form<Vec<SettingChange>>,
) -> Response {
    match set(&pages, &visitor, &course, &changes).await {
        Ok(settings) => Redirect::to(&format!("/courses/{}#settings", settings.course_id)).into_response(),
        Err(error) => problem::page(visitor.frame(Place::Courses), &error),
    }
}

async fn set(
    pages: &Pages,
    visitor: &Visitor,
    course: &str,
    changes: &[SettingChange],
) -> Result<CourseSettings, AppError> {
    let id: CourseId =
        course.parse().map_err(|_| AppError::NotFound { what: "course", id: course.to_owned() })?;
    pages.app.change_course_settings(visitor.tenant(), id, changes).await
}

/// The form's fields by the question they belong to. A group where something is set is open.
pub(crate) fn groups(of: CourseSettings) -> Vec<SettingGroup> {
    let mut groups: Vec<SettingGroup> = Vec::new();
    for setting in of.settings {
        let title = setting.group.title();
        if groups.last().is_none_or(|group| group.title != title) {
            groups.push(SettingGroup { title, changed: 0, fields: Vec::new() });
        }
        if let Some(group) = groups.last_mut() {
            group.changed += usize::from(setting.source == SettingSource::Course);
            group.fields.push(field(setting));
        }
    }
    groups
}

fn field(of: SettingView) -> SettingField {
    SettingField {
        name: of.name,
        label: label(of.name),
        value: if of.source == SettingSource::Course { of.value } else { String::new() },
        default: of.default,
        words: of.words,
        is_open: of.is_open,
        allowed: of.allowed,
        what: of.what.replace('`', ""),
    }
}

/// `mastery_score` for people: Mastery score.
fn label(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
