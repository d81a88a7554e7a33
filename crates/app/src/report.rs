//! What `lyceum registration ID` says: the enrollment, its attempts, every value.

use std::collections::BTreeMap;

use lyceum_attempt::Millis;
use lyceum_attempt::act::{Override, Standing};
use lyceum_attempt::plan::Activity;
use lyceum_attempt::records::Records;
use lyceum_attempt::rollup;
use lyceum_attempt::settings::Settings;
use lyceum_attempt::summary::{Completion, Success, Summary};
use lyceum_attempt::visit::VisitEnd;
use lyceum_store::attempts::{EndedBy, Session};
use lyceum_store::registrations::Registration;
use lyceum_store::{RegistrationId, Tenant};
use serde::Serialize;

use crate::app::App;
use crate::error::AppError;
use crate::live::{Live, Which};
use crate::point::Point;
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
    /// Whether a person has set status or score of the newest attempt.
    pub overridden: bool,
    /// When it was first completed, RFC 3339; of the attempts as they stand now.
    pub completed: Option<String>,
    /// When it was first passed, RFC 3339.
    pub satisfied: Option<String>,
    /// Attempts begun.
    pub attempt_count: u32,
    /// Commits of all attempts.
    pub commits: u64,
    /// Of the first attempt that has a score, of the last one, and the best.
    pub scores: ScoresReport,
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

/// Scores over all attempts; `null` where none has one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ScoresReport {
    /// Of the first attempt that has one.
    pub first: Option<ScoreView>,
    /// Of the last attempt that has one.
    pub last: Option<ScoreView>,
    /// The highest: scaled where there is that, else raw.
    pub best: Option<ScoreView>,
}

impl ScoresReport {
    /// Of attempts' scores, the first one first.
    pub(crate) fn of<'a>(scores: impl Iterator<Item = &'a ScoreView>) -> Self {
        let scored: Vec<&ScoreView> = scores.filter(|score| **score != ScoreView::default()).collect();
        let height = |score: &ScoreView| {
            let number = score.scaled.as_ref().or(score.raw.as_ref());
            number.and_then(serde_json::Number::as_f64).unwrap_or(f64::MIN)
        };
        Self {
            first: scored.first().copied().cloned(),
            last: scored.last().copied().cloned(),
            best: scored.iter().copied().max_by(|a, b| height(a).total_cmp(&height(b))).cloned(),
        }
    }
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
    /// The course's standard: which data model its content speaks.
    pub standard: &'static str,
    /// unknown, incomplete or completed.
    pub completion: Completion,
    /// unknown, passed or failed.
    pub success: Success,
    /// Score.
    pub score: ScoreView,
    /// Since when it is completed, RFC 3339.
    pub completed: Option<String>,
    /// Since when it is passed, RFC 3339.
    pub satisfied: Option<String>,
    /// Whether content has terminated in the last visit.
    pub terminated: bool,
    /// Time taken: as the content reported, else as measured.
    pub total_seconds: f64,
    /// Time measured alone.
    pub measured_seconds: f64,
    /// Number of the last session's last entry.
    pub last_seq: u64,
    /// `cmi.entry` that the content was given last.
    pub entry: Option<String>,
    /// How the last session ended: exit, suspend, lease for a page that vanished, time-out where the learner's time was used up.
    pub exit: Option<&'static str>,
    /// Version of the course.
    pub course_version: u32,
    /// Commits in its journal.
    pub commits: u64,
    /// Hash of its state, 16 hexadecimal digits.
    pub state_hash: String,
    /// What a person has set in the place of the content's status and score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overridden: Option<OverrideReport>,
    /// Sessions, the first one first.
    pub sessions: Vec<SessionReport>,
    /// Activities that launch something, in the course's order.
    pub activities: Vec<ActivityReport>,
}

/// An override in force.
#[derive(Clone, Debug, Serialize)]
pub struct OverrideReport {
    /// What was set; what is missing is the content's.
    #[serde(flatten)]
    pub standing: Standing,
    /// Who said so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When, RFC 3339.
    pub at: String,
}

impl From<&Override> for OverrideReport {
    fn from(of: &Override) -> Self {
        Self {
            standing: of.standing.clone(),
            by: of.by.clone(),
            reason: of.reason.clone(),
            at: rfc3339(of.at),
        }
    }
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
        let (row, rows) = self.rows_of(tenant, id).await?;
        let mut attempts = Vec::with_capacity(rows.len());
        for attempt in rows {
            let owner = Owner { tenant, registration: id };
            if let Some(live) = self.load(owner, Which::Attempt(attempt.id)).await? {
                attempts.push(attempt_report(&live));
            }
        }
        Ok(assemble(row, attempts))
    }

    /// Names for people: the learner's and the course's.
    ///
    /// # Errors
    /// When there is no such registration.
    pub async fn registration_names(
        &self,
        tenant: Tenant,
        id: RegistrationId,
    ) -> Result<(String, String), AppError> {
        let (row, _) = self.rows_of(tenant, id).await?;
        Ok((row.learner.name, row.course_title))
    }

    /// The same as it stood at a moment, by the server's clock: what had arrived then.
    ///
    /// # Errors
    /// When there is no such registration.
    pub async fn registration_report_at(
        &self,
        tenant: Tenant,
        id: RegistrationId,
        at: Millis,
    ) -> Result<RegistrationReport, AppError> {
        let (mut row, rows) = self.rows_of(tenant, id).await?;
        let (mut attempts, mut standing, mut before) = (Vec::new(), Summary::default(), Vec::new());
        row.attempts = 0;
        for attempt in rows.iter().filter(|attempt| attempt.started_at <= at) {
            let n = self.commit_at(tenant, attempt, Point::At(at)).await?;
            let owner = Owner { tenant, registration: id };
            let Some(mut live) = self.load_after(owner, attempt.id, n).await? else { continue };
            live.attempt.commits = n;
            live.attempt.completed_at = live.attempt.completed_at.filter(|completed| *completed <= at);
            live.attempt.satisfied_at = live.attempt.satisfied_at.filter(|satisfied| *satisfied <= at);
            live.attempt.ended_at = live.attempt.ended_at.filter(|ended| *ended <= at);
            live.sessions.retain(|_, session| session.row.opened_at <= at);
            for session in live.sessions.values_mut() {
                session.row.ended = session.row.ended.filter(|(ended, _)| *ended <= at);
                session.row.last_seen_at = session.row.last_seen_at.min(at);
                session.row.executed_to = live.engines.state().applied(session.row.ordinal);
                session.row.durable_to = live.engines.state().applied(session.row.ordinal);
            }
            (live.others, live.is_newest) = (before.clone(), true);
            standing = live.registration_summary(&live.summary());
            before.push(live.summary());
            attempts.push(attempt_report(&live));
            row.attempts += 1;
        }
        row.summary = standing;
        Ok(assemble(row, attempts))
    }
}

fn assemble(row: Registration, attempts: Vec<AttemptReport>) -> RegistrationReport {
    let summary = &row.summary;
    RegistrationReport {
        id: row.id.to_string(),
        course: CourseRef { id: row.course.to_string(), title: row.course_title },
        learner: LearnerRef { id: row.learner.external_id, name: row.learner.name },
        status: status(summary, row.attempts > 0),
        completion: summary.completion,
        success: summary.success,
        score: ScoreView::from(&summary.score),
        overridden: summary.overridden,
        completed: attempts.iter().filter_map(|attempt| attempt.completed.clone()).min(),
        satisfied: attempts.iter().filter_map(|attempt| attempt.satisfied.clone()).min(),
        attempt_count: row.attempts,
        commits: attempts.iter().map(|attempt| attempt.commits).sum(),
        scores: ScoresReport::of(attempts.iter().map(|attempt| &attempt.score)),
        total_seconds: seconds(summary.total_time),
        measured_seconds: seconds(summary.measured_time),
        first_access: summary.first_access.map(rfc3339),
        last_access: summary.last_access.map(rfc3339),
        attempts,
    }
}

fn attempt_report(live: &Live) -> AttemptReport {
    let mut sessions: Vec<&Session> = live.sessions.values().map(|session| &session.row).collect();
    sessions.sort_by_key(|session| session.ordinal);
    let (state, summary) = (live.engines.state(), live.summary());
    let settings = live.newest_opening().map(|opening| opening.settings.clone()).unwrap_or_default();
    let visits = || state.activities().values().flat_map(|activity| activity.visits());
    let last = visits().max_by_key(|visit| visit.started);
    let is_timed_out = last.is_some_and(|visit| visit.end == Some(VisitEnd::TimedOut));
    AttemptReport {
        number: live.attempt.number,
        started: rfc3339(live.attempt.started_at),
        ended: live.attempt.ended_at.map(rfc3339),
        standard: live.plan.edition.name(),
        completion: summary.completion,
        success: summary.success,
        score: ScoreView::from(&summary.score),
        completed: live.attempt.completed_at.map(rfc3339),
        satisfied: live.attempt.satisfied_at.map(rfc3339),
        terminated: last.is_some_and(|visit| visit.end == Some(VisitEnd::Terminated)),
        total_seconds: seconds(summary.total_time),
        measured_seconds: seconds(summary.measured_time),
        last_seq: sessions.last().map_or(0, |session| session.executed_to),
        entry: last.map(|visit| visit.entry.clone()),
        exit: sessions.last().and_then(|session| session.ended).map(|(_, by)| match by {
            EndedBy::Exit if is_timed_out => "time-out",
            by => by.word(),
        }),
        course_version: live.attempt.version,
        commits: live.attempt.commits,
        state_hash: format!("{:016x}", state.hash()),
        overridden: state.overridden().map(OverrideReport::from),
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
