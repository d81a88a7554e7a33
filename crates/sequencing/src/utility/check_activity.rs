use crate::{
    tree::{Ix, RuleKind},
    view::View,
};

impl View<'_> {
    /// Check Activity Process (UP.5): true if the activity is disabled by a rule or over one of its limits.
    pub(crate) fn is_blocked(&self, ix: Ix) -> bool {
        self.rule_applies(ix, RuleKind::Disabled) || self.limits_violated(ix)
    }
}
