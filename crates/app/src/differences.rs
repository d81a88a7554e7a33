//! What differs between two points in an attempt's life, or in two attempts'.

use lyceum_attempt::history::{ValueChange, compare, values};
use lyceum_attempt::state::State;
use lyceum_store::{RegistrationId, Tenant, attempts};
use serde::Serialize;

use crate::app::App;
use crate::error::AppError;
use crate::live::judge;
use crate::point::{Point, attempt_of};
use crate::views::{ScoreView, seconds, status};

/// The difference of two points.
#[derive(Clone, Debug, Serialize)]
pub struct Differences {
    /// The registration.
    pub registration: String,
    /// Where it stood first.
    pub from: Stand,
    /// Where it stood then.
    pub to: Stand,
    /// Every value that is another one.
    pub values: Vec<ValueDifference>,
}

/// Where an attempt stood at a point.
#[derive(Clone, Debug, Serialize)]
pub struct Stand {
    /// Number of the attempt.
    pub attempt: u32,
    /// Its last commit then; 0 before the first one.
    pub commit: u64,
    /// In one word: not-started, incomplete, completed, passed or failed.
    pub status: &'static str,
    /// Score.
    pub score: ScoreView,
    /// Time taken.
    pub total_seconds: f64,
    /// Whether a person had set status or score.
    pub overridden: bool,
    /// Hash of the state, 16 hexadecimal digits.
    pub state_hash: String,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ValueDifference {
    /// Identifier of the activity.
    pub activity: String,
    /// Element.
    pub element: String,
    /// At the first point; `None` where there was none.
    pub old: Option<String>,
    /// At the second.
    pub new: Option<String>,
}

impl From<ValueChange> for ValueDifference {
    fn from(change: ValueChange) -> Self {
        let ValueChange { activity, element, old, new } = change;
        Self { activity, element, old, new }
    }
}

impl App {
    /// What differs between two points. Without `attempt`, a moment means the attempt that was the newest one then, and a
    /// commit one of the newest attempt.
    ///
    /// # Errors
    /// When there is no such registration, attempt or commit, or its journal cannot be read.
    pub async fn differences(
        &self,
        tenant: Tenant,
        registration: RegistrationId,
        attempt: Option<u32>,
        (from, to): (Point, Point),
    ) -> Result<Differences, AppError> {
        let (from, earlier) = self.stand(tenant, registration, attempt, from).await?;
        let (to, later) = self.stand(tenant, registration, attempt, to).await?;
        let changes = compare(&values(&earlier), &values(&later));
        Ok(Differences {
            registration: registration.to_string(),
            from,
            to,
            values: changes.into_iter().map(Into::into).collect(),
        })
    }

    async fn stand(
        &self,
        tenant: Tenant,
        registration: RegistrationId,
        attempt: Option<u32>,
        point: Point,
    ) -> Result<(Stand, State), AppError> {
        let (row, rows) = self.rows_of(tenant, registration).await?;
        let attempt = attempt_of(&rows, attempt, Some(point))?;
        let commit = self.commit_at(tenant, attempt, point).await?;
        let plan = self.plan(tenant, row.course, attempt.version).await?;
        let state = self.state_after(tenant, attempt, plan.edition, commit).await?;
        let id = attempt.id;
        let sessions = self.0.db.read(move |tx| attempts::sessions(tenant, tx, id)).await?;
        let opening = sessions.iter().rev().find(|session| state.sessions().contains_key(&session.ordinal));
        let summary = judge(&plan, opening.map(|session| session.opening.as_str()), &state);
        let stand = Stand {
            attempt: attempt.number,
            commit,
            status: status(&summary, commit > 0),
            score: ScoreView::from(&summary.score),
            total_seconds: seconds(summary.total_time),
            overridden: summary.overridden,
            state_hash: format!("{:016x}", state.hash()),
        };
        Ok((stand, state))
    }
}
