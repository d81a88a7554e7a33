//! Enrollments, listed and checked: whether what is rolled up agrees with the attempts below.

use lyceum_attempt::Millis;
use lyceum_attempt::summary::{Completion, Summary};
use lyceum_store::attempts::Attempt;
use lyceum_store::registrations::{self, Filter, Registration};
use lyceum_store::{CourseId, RegistrationId, Tenant, attempts};
use serde::Serialize;

use crate::app::App;
use crate::error::AppError;
use crate::limits::PAGE;
use crate::live::together;
use crate::report::ScoresReport;
use crate::views::{RegistrationView, ScoreView, rfc3339};

/// Which enrollments. All by default.
#[derive(Clone, Debug, Default)]
pub struct EnrollmentFilter {
    /// Of the learner that callers know by this name.
    pub learner: Option<String>,
    /// On this course.
    pub course: Option<CourseId>,
    /// Only those that were begun, are not completed, and show no sign of life for so many milliseconds.
    pub abandoned: Option<Millis>,
}

/// One learner on one course, with what its attempts come to.
#[derive(Clone, Debug, Serialize)]
pub struct Enrollment {
    /// As lists show it.
    #[serde(flatten)]
    pub registration: RegistrationView,
    /// When it was first completed, RFC 3339.
    pub completed: Option<String>,
    /// When it was first passed, RFC 3339.
    pub satisfied: Option<String>,
    /// First, last and best score.
    pub scores: ScoresReport,
    /// Commits of all attempts.
    pub commits: u64,
    /// Where the rows do not agree; nothing, as it should be.
    pub problems: Vec<String>,
}

impl App {
    /// Enrollments, the newest first, each checked against its attempts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn enrollments(
        &self,
        tenant: Tenant,
        of: &EnrollmentFilter,
    ) -> Result<Vec<Enrollment>, AppError> {
        let filter =
            Filter { course: of.course, learner: of.learner.as_deref().map(|name| name.trim().to_owned()) };
        let cutoff = of.abandoned.map(|silent| self.now().saturating_sub(silent));
        let (mut found, mut before): (Vec<Enrollment>, Option<RegistrationId>) = (Vec::new(), None);
        loop {
            let filter = filter.clone();
            let read = self.0.db.read(move |tx| {
                let rows = registrations::list(tenant, tx, &filter, before, PAGE)?;
                let with = |row: Registration, tx: &mut lyceum_store::Tx<'_>| {
                    attempts::list(tenant, tx, row.id).map(|attempts| (row, attempts))
                };
                rows.into_iter().map(|row| with(row, tx)).collect::<Result<Vec<_>, _>>()
            });
            let rows = read.await?;
            let Some((last, _)) = rows.last() else { return Ok(found) };
            before = Some(last.id);
            let wanted =
                rows.into_iter().filter(|(row, _)| cutoff.is_none_or(|cutoff| is_abandoned(row, cutoff)));
            found.extend(wanted.map(|(row, attempts)| enrollment(row, &attempts)));
        }
    }
}

fn is_abandoned(row: &Registration, cutoff: Millis) -> bool {
    let is_open = row.attempts > 0 && row.summary.completion != Completion::Completed;
    is_open && row.summary.last_access.unwrap_or(row.created_at) < cutoff
}

fn enrollment(row: Registration, attempts: &[Attempt]) -> Enrollment {
    let first = |of: fn(&Attempt) -> Option<Millis>| attempts.iter().filter_map(of).min().map(rfc3339);
    let scores: Vec<ScoreView> =
        attempts.iter().map(|attempt| ScoreView::from(&attempt.summary.score)).collect();
    Enrollment {
        completed: first(|attempt| attempt.completed_at),
        satisfied: first(|attempt| attempt.satisfied_at),
        scores: ScoresReport::of(scores.iter()),
        commits: attempts.iter().map(|attempt| attempt.commits).sum(),
        problems: problems(&row, attempts),
        registration: row.into(),
    }
}

fn problems(row: &Registration, attempts: &[Attempt]) -> Vec<String> {
    let mut problems = Vec::new();
    let counted = attempts.len();
    if counted != row.attempts as usize {
        problems.push(format!("it counts {} attempts, and has {counted}", row.attempts));
    }
    if attempts.iter().zip(1..).any(|(attempt, number)| attempt.number != number) {
        problems.push("its attempts are not numbered one after the other".to_owned());
    }
    let commits: u64 = attempts.iter().map(|attempt| attempt.commits).sum();
    if commits != row.chain_length {
        problems
            .push(format!("its chain has {} links, and its attempts {commits} commits", row.chain_length));
    }
    let rolled_up = attempts.last().map_or_else(Summary::default, |newest| {
        together(attempts.iter().map(|attempt| &attempt.summary), &newest.summary)
    });
    // A registration's summary follows with a commit; an attempt that has none yet has not said anything.
    let is_silent = attempts.last().is_none_or(|newest| newest.commits == 0);
    if !is_silent && rolled_up != row.summary {
        problems.push("its status, score or time is not what its attempts come to".to_owned());
    }
    problems
}
