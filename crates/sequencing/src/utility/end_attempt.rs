use alloc::string::ToString;

use crate::{machine::Machine, tree::Ix, view::Purpose};

impl Machine<'_> {
    /// End Attempt Process (UP.4).
    pub(crate) fn end_attempt(&mut self, ix: Ix) {
        if self.tree.activity(ix).is_leaf() {
            self.conclude_leaf(ix);
        } else {
            self.conclude_cluster(ix);
        }
        self.deactivate(ix);
        self.view().note("UP.4", ix, || "the attempt ends".to_string());
        self.overall_rollup(ix);
        self.prepare_children(ix);
    }

    /// Makes an activity inactive; its clock stops.
    pub(crate) fn deactivate(&mut self, ix: Ix) {
        let now = self.now;
        let state = self.tracking.activity_mut(self.tree, ix);
        state.active = false;
        state.durations.leave(now, !state.suspended);
    }

    /// A leaf whose content said nothing is completed and satisfied by the visit alone, unless the author leaves
    /// that to the content (UP.4 1).
    fn conclude_leaf(&mut self, ix: Ix) {
        let delivery = self.tree.activity(ix).definition().delivery;
        let state = self.tracking.activity(ix);
        if !delivery.tracked || state.suspended {
            return;
        }
        let (completion_open, success_open) = (!state.content_said_completion, !state.content_said_success);
        let primary = self.tree.activity(ix).primary();
        if !delivery.completion_set_by_content
            && completion_open
            && self.view().completed(ix, primary, Purpose::Report).is_none()
        {
            self.set_completed(ix, primary, Some(true));
            self.view().note("UP.4", ix, || "counts as completed, since its content did not say".to_string());
        }
        if !delivery.objective_set_by_content
            && success_open
            && self.view().satisfied(ix, primary, Purpose::Report).is_none()
        {
            self.set_satisfied(ix, primary, Some(true));
            self.view().note("UP.4", ix, || "counts as satisfied, since its content did not say".to_string());
        }
    }

    /// A cluster is suspended exactly if one of its children is (UP.4 2).
    fn conclude_cluster(&mut self, ix: Ix) {
        let suspended = self.tree.children(ix).iter().any(|child| self.tracking.activity(*child).suspended);
        self.tracking.activity_mut(self.tree, ix).suspended = suspended;
    }
}
