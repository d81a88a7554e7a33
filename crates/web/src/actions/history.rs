//! `GET /registrations/{id}/history`: every change of every value.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use lyceum_app::{AppError, Effect, Glob, HistoryItem, HistoryQuery, RegistrationId, Step};
use serde::Deserialize;

use crate::pages::Pages;
use crate::view::words::{Badge, count};
use crate::view::{HistoryPage, HistoryRow, Place, Why};
use crate::visitor::Visitor;
use crate::{page, problem};

/// Lines on one page.
const ROWS: usize = 200;
/// Characters of a value that are shown.
const MAX_VALUE: usize = 200;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    element: String,
    #[serde(default)]
    refused: Option<String>,
    #[serde(default)]
    navigation: Option<String>,
    #[serde(default)]
    after: Option<String>,
}

pub(crate) async fn page(
    State(pages): State<Pages>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    match make(&pages, &visitor, &id, wanted).await {
        Ok(page) => page::html(&page),
        Err(error) => problem::page(visitor.frame(Place::Registrations), &error),
    }
}

async fn make(pages: &Pages, visitor: &Visitor, id: &str, wanted: Wanted) -> Result<HistoryPage, AppError> {
    let id: RegistrationId =
        id.parse().map_err(|_| AppError::NotFound { what: "registration", id: id.to_owned() })?;
    let element = wanted.element.trim().to_owned();
    let query = HistoryQuery {
        element: (!element.is_empty()).then(|| Glob::new(&element)),
        refused: wanted.refused.is_some(),
        navigation: wanted.navigation.is_some(),
        after: wanted.after.as_deref().map(str::parse).transpose()?,
        limit: ROWS,
        ..HistoryQuery::default()
    };
    let (learner, course) = pages.app.registration_names(visitor.tenant(), id).await?;
    let found = pages.app.history(visitor.tenant(), id, &query).await?;
    Ok(HistoryPage {
        frame: visitor.frame(Place::Registrations),
        id: found.registration,
        learner,
        course,
        element,
        refused: query.refused,
        navigation: query.navigation,
        rows: found.items.into_iter().map(row).collect(),
        next: found.next,
        newest: found.newest,
        is_first: query.after.is_none(),
    })
}

fn row(of: HistoryItem) -> HistoryRow {
    let outcome = match of.effect {
        Effect::Accepted => Badge::new("accepted", ""),
        Effect::Refused if of.call == "navigate" => Badge::new("not possible", "warn"),
        Effect::Refused => Badge::new(format!("refused {}", of.error), "bad"),
        Effect::Uncounted => Badge::new("does not count", ""),
        Effect::Overtaken => Badge::new("overtaken", "warn"),
    };
    HistoryRow {
        why: (!of.decisions.is_empty()).then(|| Why {
            told: count(of.decisions.len(), "decision"),
            exception: of.exception.clone(),
            last: of.decisions.last().map(in_one).unwrap_or_default(),
            steps: of.decisions,
        }),
        // A blank, as RFC 3339 allows: a narrow column breaks there.
        at: of.server_time.replacen('T', " ", 1),
        attempt: of.attempt,
        commit: of.commit,
        user: of.user,
        call: of.call,
        element: of.element,
        is_gone: of.old.is_some() && of.new.is_none(),
        old: of.old.map(shortened).unwrap_or_default(),
        new: of.new.map(shortened).unwrap_or_default(),
        reason: of.reason,
        outcome,
    }
}

fn shortened(value: String) -> String {
    match value.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value,
    }
}

/// A decision as a sentence: about what, and what.
fn in_one(step: &Step) -> String {
    if step.about.is_empty() { step.text.clone() } else { format!("{}: {}", step.about, step.text) }
}
