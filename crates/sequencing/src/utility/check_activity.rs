use crate::{tree::Ix, view::View};

impl View<'_> {
    /// Check Activity Process (UP.5): true if the activity is disabled by a rule or over one of its limits.
    pub(crate) fn is_blocked(&self, ix: Ix) -> bool {
        self.tree.brief(ix).may_block
            && (self.rule_applies(ix, "disabled", &self.activity(ix).rules.disabled)
                || self.limits_violated(ix))
    }
}
