//! `GET /registrations/{id}`: where a learner stands, with every current value.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use lyceum_app::{
    ActivityReport, AppError, AttemptReport, LaunchKind, RegistrationId, RegistrationReport, SessionReport,
};
use serde::Deserialize;

use crate::pages::Pages;
use crate::view::words::{Moment, count, duration};
use crate::view::{ActivityPart, AttemptPart, Place, RegistrationPage, SessionRow, SetByHand, ValueRow};
use crate::visitor::Visitor;
use crate::wording::{marked, score, standing};
use crate::{page, problem};

const MINUTE_MILLIS: i64 = 60_000;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    /// Words that a value's element or text must contain.
    #[serde(default)]
    q: String,
    /// Where the form for a rollback is to begin with.
    #[serde(default)]
    to: String,
    #[serde(default)]
    attempt: Option<u32>,
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

async fn make(
    pages: &Pages,
    visitor: &Visitor,
    id: &str,
    wanted: Wanted,
) -> Result<RegistrationPage, AppError> {
    let id: RegistrationId =
        id.parse().map_err(|_| AppError::NotFound { what: "registration", id: id.to_owned() })?;
    let report = pages.app.registration_report(visitor.tenant(), id).await?;
    let launch_link = pages.app.launch_link(visitor.tenant(), id, LaunchKind::Short).await?;
    let may_ask = pages.app.may_ask_for_attempt(visitor.tenant(), id).await?;
    Ok(assemble(visitor, report, launch_link, may_ask, wanted))
}

fn assemble(
    visitor: &Visitor,
    report: RegistrationReport,
    launch_link: String,
    may_ask: bool,
    wanted: Wanted,
) -> RegistrationPage {
    let query = wanted.q;
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let has_begun = !report.attempts.is_empty();
    let newest = report.attempts.last().map_or(0, |attempt| attempt.number);
    let parts = report.attempts.iter().rev();
    let attempts: Vec<AttemptPart> = parts.map(|part| attempt(part, newest, &words)).collect();
    let values =
        attempts.iter().flat_map(|attempt| &attempt.activities).map(|activity| activity.values.len()).sum();
    RegistrationPage {
        frame: visitor.frame(Place::Registrations),
        id: report.id,
        learner: report.learner.name,
        course_id: report.course.id,
        course: report.course.title,
        standing: marked(standing(report.completion, report.success, has_begun), report.overridden),
        score: score(&report.score),
        time: duration(report.total_seconds),
        first_access: report.first_access.as_deref().map(Moment::parse),
        last_access: report.last_access.as_deref().map(Moment::parse),
        launch_link,
        may_ask,
        launch_note: format!(
            "Good for {} minutes; whoever opens it takes the course as this learner.",
            lyceum_app::limits::LAUNCH_LIFE / MINUTE_MILLIS
        ),
        attempts,
        query,
        value_count: values,
        overridden: report.overridden,
        rollback_to: wanted.to,
        rollback_attempt: wanted.attempt.unwrap_or(newest),
    }
}

fn attempt(of: &AttemptReport, newest: u32, words: &[String]) -> AttemptPart {
    // What one looks for is nearly always in the newest attempt's first activity that has values.
    let first = of.activities.iter().position(|activity| !activity.cmi.is_empty());
    let opened = |at: usize| !words.is_empty() || (of.number == newest && Some(at) == first);
    let activities =
        of.activities.iter().enumerate().map(|(at, part)| activity(part, opened(at), words)).collect();
    let ended = match (&of.ended, of.exit) {
        (Some(_), _) => "ended".to_owned(),
        (None, Some("lease")) => "the last page vanished".to_owned(),
        (None, Some("suspend")) => "suspended".to_owned(),
        (None, Some("exit")) => "left".to_owned(),
        (None, _) => "going on".to_owned(),
    };
    let note = format!(
        "course version {}, {}, {}, {ended}",
        of.course_version,
        count(of.sessions.len(), "session"),
        count(usize::try_from(of.commits).unwrap_or(usize::MAX), "commit"),
    );
    AttemptPart {
        number: of.number,
        started: Moment::parse(&of.started),
        note,
        overridden: of.overridden.as_ref().map(|set| SetByHand {
            by: set.by.clone(),
            at: Moment::parse(&set.at),
            reason: set.reason.clone(),
        }),
        activities,
        sessions: of.sessions.iter().map(session).collect(),
    }
}

fn activity(of: &ActivityReport, open: bool, words: &[String]) -> ActivityPart {
    let found = of.cmi.iter().filter(|(element, value)| {
        let text = format!("{element} {value}").to_lowercase();
        words.iter().all(|word| text.contains(word))
    });
    let has_begun = !of.cmi.is_empty() || of.total_seconds > 0.0;
    ActivityPart {
        title: of.title.clone(),
        standing: standing(of.completion, of.success, has_begun),
        score: score(&of.score),
        time: duration(of.total_seconds),
        values: found
            .map(|(element, value)| ValueRow { element: element.clone(), value: value.clone() })
            .collect(),
        open,
    }
}

fn session(of: &SessionReport) -> SessionRow {
    let ended = match of.ended_by {
        Some("exit") => "left",
        Some("suspend") => "suspended",
        Some("lease") => "page vanished",
        Some(other) => other,
        None => "open",
    };
    SessionRow {
        opened: Moment::parse(&of.opened),
        last_seen: Moment::parse(&of.last_seen),
        ended: ended.to_owned(),
        entries: of.entries,
    }
}
