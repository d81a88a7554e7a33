//! Which activities are open where prerequisites are the only rules (SCORM 1.2, AICC).

use alloc::vec::Vec;

use lyceum_sequencing::prerequisites::{Known, are_met};

use crate::plan::Plan;
use crate::rollup::{self, Status};
use crate::settings::Settings;
use crate::state::State;
use crate::summary::{Completion, Success};

/// Whether each activity of the plan may be opened: its own prerequisites and those of the clusters around it are met.
pub(crate) fn open(plan: &Plan, settings: &Settings, state: &State) -> Vec<bool> {
    if plan.activities.iter().all(|activity| activity.prerequisites.is_none()) {
        return alloc::vec![true; plan.activities.len()];
    }
    let statuses = rollup::activities(plan, settings, state);
    let known = |id: &str| plan.index_of(id).map(|i| of(&statuses[i]));
    let mut open: Vec<bool> = Vec::with_capacity(plan.activities.len());
    for activity in &plan.activities {
        let around = activity.parent.is_none_or(|parent| open[parent as usize]);
        let own = activity.prerequisites.as_deref().is_none_or(|script| are_met(script, &known));
        open.push(around && own);
    }
    open
}

fn of(status: &Status) -> Known {
    let words = match (status.success, status.completion) {
        (Success::Passed, _) => "passed",
        (Success::Failed, _) => "failed",
        (_, Completion::Completed) => "completed",
        (_, Completion::Incomplete) => "incomplete",
        (_, Completion::Unknown) => "not attempted",
    };
    Known { done: matches!(words, "passed" | "completed"), status: words }
}
