use super::{Activity, Ix, RuleBounds};
use crate::definitions::LimitConditions;

/// What traversal and look-ahead ask of activity after activity, side by side in memory: most have no rule of the kind and no
/// limit, so that their definition need not be looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Brief {
    pub(crate) parent: Option<Ix>,
    pub(crate) depth: u32,
    /// Behind the last activity of its subtree.
    pub(crate) end: u32,
    /// Its children in the order of the manifest, as places in the tree's list of them.
    pub(super) first_child: u32,
    pub(super) end_of_children: u32,
    pub(crate) attempt_limit: Option<u32>,
    pub(crate) leaf: bool,
    pub(crate) visible: bool,
    pub(crate) flow: bool,
    pub(crate) choice: bool,
    pub(crate) prevents_activation: bool,
    /// It has limits.
    pub(crate) limited: bool,
    pub(super) rules: RuleBounds,
}

impl Brief {
    pub(super) fn of(activity: &Activity, rules: RuleBounds) -> Self {
        let definition = &activity.definition;
        Self {
            parent: activity.parent,
            depth: activity.depth,
            end: activity.end,
            first_child: activity.children.start,
            end_of_children: activity.children.end,
            attempt_limit: definition.limits.attempt_limit,
            leaf: activity.is_leaf(),
            visible: activity.visible,
            flow: definition.control.flow,
            choice: definition.control.choice,
            prevents_activation: definition.constrained_choice.prevent_activation,
            limited: definition.limits != LimitConditions::default(),
            rules,
        }
    }
}
