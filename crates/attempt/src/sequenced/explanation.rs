//! Why a request is possible or not, for an author.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use lyceum_sequencing::Outcome;
use serde::Serialize;

use super::recorded::kept;
use crate::plan::Plan;

/// What a request comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Something would be delivered, or the session would end in order.
    pub possible: bool,
    /// In one sentence.
    pub text: String,
    /// Exception code of the pseudo-code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<String>,
    /// The decisions on the way.
    pub steps: Vec<Step>,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Number of the process in the SN book.
    pub process: String,
    /// Title of the activity that it is about; empty for the course as a whole.
    pub about: String,
    /// What was decided and why.
    pub text: String,
}

pub(crate) fn of(plan: &Plan, outcome: &Outcome) -> Explanation {
    let text = match (outcome.delivered, outcome.ended, outcome.exception) {
        (Some(ix), ..) => {
            alloc::format!("It leads to \u{201c}{}\u{201d}.", plan.activities[ix.index()].title)
        }
        (_, Some(_), _) => "It leaves the course.".to_string(),
        (.., Some(exception)) => exception.meaning().to_string(),
        _ => "The part ends, and nothing follows by itself.".to_string(),
    };
    Explanation {
        possible: outcome.exception.is_none(),
        text,
        exception: outcome.exception.map(|exception| exception.code().to_string()),
        steps: steps(plan, outcome.trace.clone()),
    }
}

/// Decisions with the titles of their activities.
pub(crate) fn steps(plan: &Plan, trace: Vec<lyceum_sequencing::TraceLine>) -> Vec<Step> {
    let title =
        |id: &str| plan.index_of(id).map_or_else(|| id.to_string(), |i| plan.activities[i].title.clone());
    let step = |line: lyceum_sequencing::TraceLine| Step {
        about: line.activity.as_deref().map(title).unwrap_or_default(),
        process: line.process,
        text: line.text,
    };
    kept(trace).into_iter().map(step).collect()
}
