use alloc::string::ToString;

use crate::{definitions::RollupAction, machine::Machine, tree::Ix};

impl Machine<'_> {
    /// Activity progress rollup of a cluster: by Activity Progress Rollup Using Measure Process (RB.1.3 a) if the author says so,
    /// which has nothing to do here, since completion follows from the measure wherever it is read; else by rules.
    pub(crate) fn progress_rollup(&mut self, cluster: Ix) {
        let by_measure = self.tree.activity(cluster).definition().completion.completed_by_measure;
        if !by_measure || !self.tree.edition().rolls_up_progress_measures() {
            self.progress_rollup_using_rules(cluster);
        }
    }

    /// Activity Progress Rollup Using Rules Process (RB.1.3 b). Completed rules come last, so they win.
    fn progress_rollup_using_rules(&mut self, cluster: Ix) {
        let primary = self.tree.activity(cluster).primary();
        for (action, completed) in [(RollupAction::Incomplete, false), (RollupAction::Completed, true)] {
            if self.view().rollup_rule_applies(cluster, action) {
                self.set_completed(cluster, primary, Some(completed));
                self.view().note("RB.1.3 b", cluster, || action.to_string());
            }
        }
    }
}
