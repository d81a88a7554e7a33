use alloc::string::ToString;

use crate::{
    machine::Machine,
    tree::{Ix, RuleKind},
};

impl Machine<'_> {
    /// Sequencing Exit Action Rules Subprocess (TB.2.1): the topmost cluster around the current activity with an exit rule
    /// that applies is ended as well, and becomes the current activity.
    pub(crate) fn exit_action_rules(&mut self, current: Ix) {
        let Some(parent) = self.tree.activity(current).parent() else { return };
        let view = self.view();
        let path = self.tree.path_down(parent);
        let leaving = path.into_iter().find(|ix| view.rule_applies(*ix, RuleKind::Exit));
        let Some(leaving) = leaving else { return };
        self.view().note("TB.2.1", leaving, || "is left because of its exit rule".to_string());
        self.terminate_descendents(leaving);
        self.end_attempt(leaving);
        self.tracking.set_current(Some(leaving));
    }
}
