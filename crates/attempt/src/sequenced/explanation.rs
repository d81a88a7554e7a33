//! Why a request is possible or not, for an author.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use lyceum_sequencing::{Outcome, TraceLine};
use serde::{Deserialize, Serialize};

use super::recorded::{Recorded, kept};
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
pub(crate) fn steps(plan: &Plan, trace: Vec<TraceLine>) -> Vec<Step> {
    let title = |id: &str| plan.index_of(id).map(|i| plan.activities[i].title.as_str());
    kept(trace).iter().map(|line| step(line, title)).collect()
}

/// The decisions that an entry of the journal has recorded. `title` answers the title of an activity.
pub fn recorded<'a>(of: &Recorded, title: impl Fn(&str) -> Option<&'a str>) -> Vec<Step> {
    of.trace.iter().map(|line| step(line, &title)).collect()
}

fn step<'a>(line: &TraceLine, title: impl Fn(&str) -> Option<&'a str>) -> Step {
    let about = line.activity.as_deref().map(|id| title(id).unwrap_or(id));
    Step {
        process: line.process.clone(),
        about: about.unwrap_or_default().to_string(),
        text: line.text.clone(),
    }
}
