use alloc::{format, string::String};

use crate::{
    definitions::PostAction,
    tree::{Ix, Rule},
    view::View,
};

impl View<'_> {
    /// Sequencing Rules Check Process (UP.2) for precondition and exit rules of one action: true if one of them
    /// applies.
    pub(crate) fn rule_applies(&self, ix: Ix, action: &'static str, rules: &[Rule]) -> bool {
        let Some(rule) = rules.iter().find(|rule| self.check_rule(ix, rule) == Some(true)) else {
            return false;
        };
        self.note("UP.2", ix, || format!("rule applies: if {} then {action}", describe(rule)));
        true
    }

    /// Sequencing Rules Check Process (UP.2) for postcondition rules: the action of the first one that applies.
    pub(crate) fn post_condition(&self, ix: Ix) -> Option<PostAction> {
        let rules = &self.activity(ix).rules.post;
        let (action, rule) = rules.iter().find(|(_, rule)| self.check_rule(ix, rule) == Some(true))?;
        self.note("UP.2", ix, || format!("rule applies: if {} then {action}", describe(rule)));
        Some(*action)
    }

    /// Sequencing Rule Check Subprocess (UP.2.1). Without conditions the result is unknown.
    fn check_rule(&self, ix: Ix, rule: &Rule) -> Option<bool> {
        if rule.conditions.is_empty() {
            return None;
        }
        self.combine(rule.combination, rule.conditions.iter().map(|condition| self.condition(ix, condition)))
    }

    /// A precondition rule says skip.
    pub(crate) fn is_skipped(&self, ix: Ix) -> bool {
        self.rule_applies(ix, "skip", &self.activity(ix).rules.skip)
    }

    /// A precondition rule says hiddenFromChoice.
    pub(crate) fn is_hidden_from_choice(&self, ix: Ix) -> bool {
        self.rule_applies(ix, "hiddenFromChoice", &self.activity(ix).rules.hidden_from_choice)
    }

    /// A precondition rule says stopForwardTraversal.
    pub(crate) fn stops_forward_traversal(&self, ix: Ix) -> bool {
        self.rule_applies(ix, "stopForwardTraversal", &self.activity(ix).rules.stop_forward_traversal)
    }
}

/// The conditions in words: `all of (not satisfied, attempted)`.
fn describe(rule: &Rule) -> String {
    let mut text = format!("{} of (", rule.combination);
    for (i, condition) in rule.conditions.iter().enumerate() {
        let separator = if i > 0 { ", " } else { "" };
        let not = if condition.negated { "not " } else { "" };
        text.push_str(&format!("{separator}{not}{}", condition.kind));
    }
    text.push(')');
    text
}
