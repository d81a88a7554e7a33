use alloc::{format, string::String, vec::Vec};

use crate::{
    definitions::{Condition as Kind, ConditionCombination, PostAction},
    tree::{Condition, Ix, Rule, RuleKind},
    view::View,
};

impl View<'_> {
    /// Sequencing Rules Check Process (UP.2) for precondition and exit rules of one action: true if one of them
    /// applies.
    pub(crate) fn rule_applies(&self, ix: Ix, kind: RuleKind) -> bool {
        self.first_that_applies(ix, kind).is_some()
    }

    /// Sequencing Rules Check Process (UP.2) for postcondition rules: the action of the first one that applies.
    pub(crate) fn post_condition(&self, ix: Ix) -> Option<PostAction> {
        self.first_that_applies(ix, RuleKind::Post)?.post
    }

    fn first_that_applies(&self, ix: Ix, kind: RuleKind) -> Option<&Rule> {
        let rule = self.tree.rules(ix, kind).iter().find(|rule| self.check_rule(ix, rule) == Some(true))?;
        self.note("UP.2", ix, || {
            let action = rule.post.map_or_else(|| kind.token(), PostAction::token);
            format!("rule applies: if {} then {action}", self.describe(ix, rule))
        });
        Some(rule)
    }

    /// Sequencing Rule Check Subprocess (UP.2.1). Without conditions the result is unknown.
    fn check_rule(&self, ix: Ix, rule: &Rule) -> Option<bool> {
        let conditions = self.tree.conditions(rule);
        if conditions.is_empty() {
            return None;
        }
        self.combine(rule.combination, conditions.iter().map(|condition| self.condition(ix, condition)))
    }

    /// A precondition rule says skip.
    pub(crate) fn is_skipped(&self, ix: Ix) -> bool {
        self.rule_applies(ix, RuleKind::Skip)
    }

    /// A precondition rule says hiddenFromChoice.
    pub(crate) fn is_hidden_from_choice(&self, ix: Ix) -> bool {
        self.rule_applies(ix, RuleKind::HiddenFromChoice)
    }

    /// A precondition rule says stopForwardTraversal.
    pub(crate) fn stops_forward_traversal(&self, ix: Ix) -> bool {
        self.rule_applies(ix, RuleKind::StopForwardTraversal)
    }
}

impl View<'_> {
    /// The conditions in words: `not satisfied and completed of "quiz"`.
    fn describe(&self, ix: Ix, rule: &Rule) -> String {
        let joint = match rule.combination {
            ConditionCombination::All => " and ",
            ConditionCombination::Any => " or ",
        };
        let words = self.tree.conditions(rule).iter().map(|condition| self.describe_condition(ix, condition));
        words.collect::<Vec<_>>().join(joint)
    }

    fn describe_condition(&self, ix: Ix, condition: &Condition) -> String {
        let not = if condition.negated { "not " } else { "" };
        let mut text = format!("{not}{}", condition.kind);
        if matches!(condition.kind, Kind::ObjectiveMeasureGreaterThan | Kind::ObjectiveMeasureLessThan) {
            text.push_str(&format!(" {}", condition.threshold));
        }
        if condition.objective != Some(self.activity(ix).primary()) {
            let id = condition.objective.and_then(|slot| self.tree.objective(slot).id.as_deref());
            text.push_str(&format!(" of \"{}\"", id.unwrap_or("an objective that it does not have")));
        }
        text
    }
}
