//! What `lyceum registration ID` says: the enrollment, its attempts, every value.

use std::collections::BTreeMap;

use lyceum_attempt::plan::Activity;
use lyceum_attempt::records::Records;
use lyceum_attempt::rollup;
use lyceum_attempt::settings::Settings;
use lyceum_attempt::summary::{Completion, Success};
use lyceum_store::attempts::Session;
use lyceum_store::{RegistrationId, Tenant, attempts, registrations};
use serde::Serialize;

use crate::app::App;
use crate::error::AppError;
use crate::live::{Live, Which};
use crate::token::Owner;
use crate::views::{ScoreView, rfc3339, seconds, status};

/// The contract of `lyceum registration ID --json`.
#[derive(Clone, Debug, Serialize)]
pub struct RegistrationReport {
    /// Id.
    pub id: String,
    /// The course.
    pub course: CourseRef,
    /// The learner.
    pub learner: LearnerRef,
    /// In one word: not-started, incomplete, completed, passed or failed.
    pub status: &'static str,
    /// unknown, incomplete or completed.
    pub completion: Completion,
    /// unknown, passed or failed.
    pub success: Success,
    /// Score.
    pub score: ScoreView,
    /// Time taken: as the content reported, else as measured.
    pub total_seconds: f64,
    /// Time measured alone.
    pub measured_seconds: f64,
    /// RFC 3339.
    pub first_access: Option<String>,
    /// RFC 3339.
    pub last_access: Option<String>,
    /// Attempts, the first one first.
    pub attempts: Vec<AttemptReport>,
}

/// The course of a registration.
#[derive(Clone, Debug, Serialize)]
pub struct CourseRef {
    /// Id.
    pub id: String,
    /// Title of its newest version.
    pub title: String,
}

/// The learner of a registration.
#[derive(Clone, Debug, Serialize)]
pub struct LearnerRef {
    /// The name callers know her by.
    pub id: String,
    /// The name for people.
    pub name: String,
}

/// One attempt.
#[derive(Clone, Debug, Serialize)]
pub struct AttemptReport {
    /// From 1.
    pub number: u32,
    /// RFC 3339.
    pub started: String,
    /// RFC 3339; `None` while it goes on.
    pub ended: Option<String>,
    /// `cmi.entry` that the content was given last.
    pub entry: Option<String>,
    /// How the last session ended: exit, suspend, or lease for a page that vanished.
    pub exit: Option<&'static str>,
    /// Version of the course.
    pub course_version: u32,
    /// Commits in its journal.
    pub commits: u64,
    /// Hash of its state, 16 hexadecimal digits.
    pub state_hash: String,
    /// Sessions, the first one first.
    pub sessions: Vec<SessionReport>,
    /// Activities that launch something, in the course's order.
    pub activities: Vec<ActivityReport>,
}

/// One session.
#[derive(Clone, Debug, Serialize)]
pub struct SessionReport {
    /// Id.
    pub id: String,
    /// RFC 3339.
    pub opened: String,
    /// Last sign of life, RFC 3339.
    pub last_seen: String,
    /// RFC 3339.
    pub ended: Option<String>,
    /// exit, suspend or lease.
    pub ended_by: Option<&'static str>,
    /// Entries on disk.
    pub entries: u64,
}

/// One activity.
#[derive(Clone, Debug, Serialize)]
pub struct ActivityReport {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// unknown, incomplete or completed.
    pub completion: Completion,
    /// unknown, passed or failed.
    pub success: Success,
    /// Score.
    pub score: ScoreView,
    /// Time taken.
    pub total_seconds: f64,
    /// Every value that the content set.
    pub cmi: BTreeMap<String, String>,
    /// Interactions, objectives, comments, preferences and shared data as records.
    #[serde(skip_serializing_if = "Records::is_empty")]
    pub records: Records,
}

impl App {
    /// Everything about a registration, rebuilt from what is on disk.
    ///
    /// # Errors
    /// When there is no such registration.
    pub async fn registration_report(
        &self,
        tenant: Tenant,
        id: RegistrationId,
    ) -> Result<RegistrationReport, AppError> {
        let read = self.0.db.read(move |tx| {
            let Some(row) = registrations::find(tenant, tx, id)? else { return Ok(None) };
            Ok(Some((row, attempts::list(tenant, tx, id)?)))
        });
        let found = read.await?;
        let (row, rows) =
            found.ok_or_else(|| AppError::NotFound { what: "registration", id: id.to_string() })?;
        let mut attempts = Vec::with_capacity(rows.len());
        for attempt in rows {
            let owner = Owner { tenant, registration: id };
            if let Some(live) = self.load(owner, Which::Attempt(attempt.id)).await? {
                attempts.push(attempt_report(&live));
            }
        }
        let summary = &row.summary;
        Ok(RegistrationReport {
            id: id.to_string(),
            course: CourseRef { id: row.course.to_string(), title: row.course_title },
            learner: LearnerRef { id: row.learner.external_id, name: row.learner.name },
            status: status(summary, row.attempts > 0),
            completion: summary.completion,
            success: summary.success,
            score: ScoreView::from(&summary.score),
            total_seconds: seconds(summary.total_time),
            measured_seconds: seconds(summary.measured_time),
            first_access: summary.first_access.map(rfc3339),
            last_access: summary.last_access.map(rfc3339),
            attempts,
        })
    }
}

fn attempt_report(live: &Live) -> AttemptReport {
    let mut sessions: Vec<&Session> = live.sessions.values().map(|session| &session.row).collect();
    sessions.sort_by_key(|session| session.ordinal);
    let state = live.engines.state();
    let settings = live.newest_opening().unwrap_or_default().settings;
    let visits = || state.activities().values().flat_map(|activity| activity.visits());
    AttemptReport {
        number: live.attempt.number,
        started: rfc3339(live.attempt.started_at),
        ended: live.attempt.ended_at.map(rfc3339),
        entry: visits().max_by_key(|visit| visit.started).map(|visit| visit.entry.clone()),
        exit: sessions.last().and_then(|session| session.ended).map(|(_, by)| by.word()),
        course_version: live.attempt.version,
        commits: live.attempt.commits,
        state_hash: format!("{:016x}", state.hash()),
        sessions: sessions.into_iter().map(session_report).collect(),
        activities: live
            .plan
            .launchable()
            .map(|(_, activity)| activity_report(live, &settings, activity))
            .collect(),
    }
}

fn session_report(session: &Session) -> SessionReport {
    SessionReport {
        id: session.id.to_string(),
        opened: rfc3339(session.opened_at),
        last_seen: rfc3339(session.last_seen_at),
        ended: session.ended.map(|(at, _)| rfc3339(at)),
        ended_by: session.ended.map(|(_, by)| by.word()),
        entries: session.durable_to,
    }
}

fn activity_report(live: &Live, settings: &Settings, activity: &Activity) -> ActivityReport {
    let known = live.engines.state().activity(&activity.id);
    let status = rollup::activity(live.plan.edition, settings, activity, known);
    ActivityReport {
        id: activity.id.clone(),
        title: activity.title.clone(),
        completion: status.completion,
        success: status.success,
        score: ScoreView::from(&status.score),
        total_seconds: known.map_or(0.0, |known| seconds(known.counted_time())),
        cmi: known.map(cmi).unwrap_or_default(),
        records: known.map(|known| Records::of(known.model())).unwrap_or_default(),
    }
}

fn cmi(known: &lyceum_attempt::state::ActivityState) -> BTreeMap<String, String> {
    known.model().iter().map(|(element, value)| (element, value.to_owned())).collect()
}
