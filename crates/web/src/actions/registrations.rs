//! `GET /registrations`: who takes what, the newest first.

use axum::extract::{Query, State};
use axum::response::Response;
use lyceum_app::{AppError, RegistrationId, RegistrationView};
use serde::Deserialize;

use crate::pages::Pages;
use crate::view::{Place, RegistrationsPage};
use crate::visitor::Visitor;
use crate::wording::registration_row;
use crate::{page, problem};

/// Registrations on one page.
const MAX_ROWS: usize = 100;

/// Registrations looked at for one search, so that a search for nothing ends soon.
const MAX_SEARCHED: usize = 20_000;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    /// Words that learner, course and status must contain.
    #[serde(default)]
    q: String,
    /// The registration that the last page ended with.
    #[serde(default)]
    before: Option<String>,
}

/// A page of rows, and where the next one begins.
struct Found {
    rows: Vec<RegistrationView>,
    next: Option<RegistrationId>,
}

pub(crate) async fn page(
    State(pages): State<Pages>,
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Response {
    let frame = visitor.frame(Place::Registrations);
    match search(&pages, &visitor, &wanted).await {
        Ok(found) => page::html(&RegistrationsPage {
            frame,
            registrations: found.rows.into_iter().map(registration_row).collect(),
            with_course: true,
            query: wanted.q,
            next: found.next.map(|id| id.to_string()),
            is_first: wanted.before.is_none(),
        }),
        Err(error) => problem::page(frame, &error),
    }
}

async fn search(pages: &Pages, visitor: &Visitor, wanted: &Wanted) -> Result<Found, AppError> {
    let words: Vec<String> = wanted.q.split_whitespace().map(str::to_lowercase).collect();
    let mut before = wanted.before.as_deref().and_then(|id| id.parse().ok());
    let (mut rows, mut searched) = (Vec::new(), 0);
    loop {
        let some = pages.app.registrations(visitor.tenant(), None, before).await?;
        let Some(last) = some.last().map(|row| row.id) else { return Ok(Found { rows, next: None }) };
        searched += some.len();
        before = Some(last);
        rows.extend(some.into_iter().filter(|row| matches(row, &words)));
        if rows.len() > MAX_ROWS {
            rows.truncate(MAX_ROWS);
            return Ok(Found { next: rows.last().map(|row| row.id), rows });
        }
        if searched >= MAX_SEARCHED {
            return Ok(Found { rows, next: before });
        }
    }
}

fn matches(row: &RegistrationView, words: &[String]) -> bool {
    let text = [&row.learner_name, &row.learner, &row.course, row.status].join(" ").to_lowercase();
    words.iter().all(|word| text.contains(word))
}
