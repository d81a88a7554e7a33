use alloc::string::ToString;

use crate::{definitions::RollupAction, machine::Machine, tree::Ix, view::Purpose};

impl Machine<'_> {
    /// Objective rollup of a cluster: by its measure if the author says so, else by rules (SN 4.6.5).
    pub(crate) fn objective_rollup(&mut self, cluster: Ix) {
        if self.tree.objective(self.tree.activity(cluster).primary()).satisfied_by_measure {
            self.objective_rollup_using_measure(cluster);
        } else {
            self.objective_rollup_using_rules(cluster);
        }
    }

    /// Objective Rollup Using Measure Process (RB.1.2 a). Satisfaction follows from the measure wherever it is read, so it
    /// only has to be recorded for global objectives.
    pub(crate) fn objective_rollup_using_measure(&mut self, cluster: Ix) {
        let primary = self.tree.activity(cluster).primary();
        if !self.tree.objective(primary).satisfied_by_measure {
            return;
        }
        let measure = self.view().measure(cluster, primary, Purpose::Report);
        self.record_satisfaction_by_measure(cluster, primary, measure);
        self.view().note("RB.1.2 a", cluster, || {
            match self.view().satisfied(cluster, primary, Purpose::Report) {
                Some(true) => "satisfied, by its measure",
                Some(false) => "not satisfied, by its measure",
                None => "its measure decides, and says nothing yet",
            }
            .to_string()
        });
    }

    /// Objective Rollup Using Rules Process (RB.1.2 b). Satisfied rules come last, so they win.
    fn objective_rollup_using_rules(&mut self, cluster: Ix) {
        let primary = self.tree.activity(cluster).primary();
        for (action, satisfied) in [(RollupAction::NotSatisfied, false), (RollupAction::Satisfied, true)] {
            if self.view().rollup_rule_applies(cluster, action) {
                self.set_satisfied(cluster, primary, Some(satisfied));
                self.view().note("RB.1.2 b", cluster, || action.to_string());
            }
        }
    }
}
