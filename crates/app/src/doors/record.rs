//! What a caller is told: the enrollment, its attempt, and the simple record that old dashboards show. All of it is read from the same rows; none is a
//! second truth.

use lyceum_attempt::summary::{Completion, Score, Success, Summary};
use lyceum_store::{RegistrationId, Tenant};
use serde::Serialize;
use serde_json::Number;

use super::Holder;
use crate::app::App;
use crate::error::AppError;
use crate::live::{Live, Which};
use crate::token::Owner;
use crate::views::{ScoreView, status};

/// One learner on one course.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EnrollmentRecord {
    /// Id of the registration.
    pub id: String,
    /// not-started, incomplete, completed, passed or failed.
    pub status: &'static str,
    /// Attempts begun.
    pub total_attempts: u32,
    /// The highest score of all attempts: raw where there is one, else scaled.
    pub best_score: Option<Number>,
    /// Status or score were set by hand.
    pub overridden: bool,
}

/// The attempt that was written to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttemptRecord {
    /// Id.
    pub id: String,
    /// From 1.
    pub number: u32,
    /// The caller's name of the session, else its id; `None` where nothing was written.
    pub session_id: Option<String>,
    /// Whether it is completed.
    pub completed: bool,
    /// Raw score.
    pub score_raw: Option<Number>,
    /// unknown, incomplete or completed.
    pub completion_status: Completion,
    /// unknown, passed or failed.
    pub success_status: Success,
    /// Commits in its journal.
    pub commit_count: u64,
    /// Status or score were set by hand.
    pub overridden: bool,
}

/// What old dashboards show of a learner and a topic.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProgressRecord {
    /// Whether the course is completed.
    pub completed: bool,
    /// Its score: raw where there is one, else scaled.
    pub score: Option<Number>,
    /// Time taken, in seconds.
    pub total_seconds: f64,
    /// Status or score were set by hand.
    pub overridden: bool,
}

/// All three.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standings {
    /// One learner on one course.
    pub enrollment: EnrollmentRecord,
    /// The newest attempt, or the one that was written to.
    pub attempt: Option<AttemptRecord>,
    /// The course as it stands.
    pub progress: ProgressRecord,
}

impl App {
    /// Where a learner stands; `None` where she is not registered.
    ///
    /// # Errors
    /// When the registration is out of the holder's reach, or the database fails.
    pub async fn standings(&self, holder: &Holder, id: RegistrationId) -> Result<Standings, AppError> {
        let row = self.registration_within_reach(holder, id).await?;
        let tenant: Tenant = holder.tenant();
        let live = self.load(Owner { tenant, registration: id }, Which::Newest).await?;
        Ok(match live {
            Some(live) => of_live(&live, None),
            None => Standings {
                enrollment: EnrollmentRecord {
                    id: id.to_string(),
                    status: status(&row.summary, false),
                    total_attempts: 0,
                    best_score: None,
                    overridden: row.summary.overridden,
                },
                attempt: None,
                progress: progress(&row.summary),
            },
        })
    }
}

pub(super) fn of_live(live: &Live, session: Option<String>) -> Standings {
    let (course, attempt) = (&live.registration.summary, &live.attempt.summary);
    let best = live.others.iter().chain([attempt]).filter_map(|summary| shown(&summary.score));
    let best = best.max_by(|a, b| a.as_f64().unwrap_or(f64::MIN).total_cmp(&b.as_f64().unwrap_or(f64::MIN)));
    Standings {
        enrollment: EnrollmentRecord {
            id: live.owner.registration.to_string(),
            status: status(course, true),
            total_attempts: live.registration.attempts,
            best_score: best,
            overridden: course.overridden,
        },
        attempt: Some(AttemptRecord {
            id: live.attempt.id.to_string(),
            number: live.attempt.number,
            session_id: session,
            completed: attempt.completion == Completion::Completed,
            score_raw: ScoreView::from(&attempt.score).raw,
            completion_status: attempt.completion,
            success_status: attempt.success,
            commit_count: live.attempt.commits,
            overridden: attempt.overridden,
        }),
        progress: progress(course),
    }
}

fn progress(summary: &Summary) -> ProgressRecord {
    ProgressRecord {
        completed: summary.completion == Completion::Completed,
        score: shown(&summary.score),
        total_seconds: crate::views::seconds(summary.total_time),
        overridden: summary.overridden,
    }
}

fn shown(score: &Score) -> Option<Number> {
    let view = ScoreView::from(score);
    view.raw.or(view.scaled)
}
