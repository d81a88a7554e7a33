use crate::{
    definitions::{RollupAction, RollupConsideration},
    tree::Ix,
    view::View,
};

impl View<'_> {
    /// Check Child for Rollup Subprocess (RB.1.4.2): whether a child counts for rules with this action.
    pub(crate) fn contributes(&self, child: Ix, action: RollupAction) -> bool {
        let rollup = &self.activity(child).definition().rollup;
        let considerations = &rollup.considerations;
        let (counts, when) = match action {
            RollupAction::Satisfied => (rollup.objective_satisfied, considerations.required_for_satisfied),
            RollupAction::NotSatisfied => {
                (rollup.objective_satisfied, considerations.required_for_not_satisfied)
            }
            RollupAction::Completed => (rollup.progress_completion, considerations.required_for_completed),
            RollupAction::Incomplete => (rollup.progress_completion, considerations.required_for_incomplete),
        };
        counts && self.is_tracked(child) && self.is_considered(child, when)
    }

    fn is_considered(&self, child: Ix, when: RollupConsideration) -> bool {
        let state = self.state(child);
        match when {
            RollupConsideration::Always => true,
            RollupConsideration::IfAttempted => state.attempts > 0,
            RollupConsideration::IfNotSuspended => {
                let attempted = state.attempts > 0 || self.readings.unattempted_is_not_suspended;
                attempted && !state.suspended
            }
            RollupConsideration::IfNotSkipped => !self.is_skipped(child),
        }
    }
}
