use alloc::{boxed::Box, vec::Vec};

use super::Slot;
use crate::definitions::{
    Condition as Kind, ConditionCombination, Decimal, PostAction, PreAction, RuleConditions, SequencingRules,
};

/// The sequencing rules of one activity, sorted by what they are asked for, each list in document order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    pub(crate) skip: Box<[Rule]>,
    pub(crate) disabled: Box<[Rule]>,
    pub(crate) hidden_from_choice: Box<[Rule]>,
    pub(crate) stop_forward_traversal: Box<[Rule]>,
    pub(crate) exit: Box<[Rule]>,
    pub(crate) post: Box<[(PostAction, Rule)]>,
}

/// The "if" part of a rule.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) combination: ConditionCombination,
    pub(crate) conditions: Box<[Condition]>,
}

/// One condition with its objective looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Condition {
    pub(crate) kind: Kind,
    pub(crate) negated: bool,
    /// The objective that is looked at; `None` where the author names one that the activity does not have, so
    /// that nothing about it can ever be known.
    pub(crate) objective: Option<Slot>,
    pub(crate) threshold: Decimal,
}

impl Rules {
    /// `slot` finds an objective of the activity; without an id the primary one.
    pub(super) fn compile(rules: &SequencingRules, slot: impl Fn(Option<&str>) -> Option<Slot>) -> Self {
        let compile = |conditions| Rule::compile(conditions, &slot);
        let pre = |action: PreAction| -> Box<[Rule]> {
            rules
                .pre
                .iter()
                .filter(|rule| rule.action == action)
                .map(|rule| compile(&rule.conditions))
                .collect()
        };
        Self {
            skip: pre(PreAction::Skip),
            disabled: pre(PreAction::Disabled),
            hidden_from_choice: pre(PreAction::HiddenFromChoice),
            stop_forward_traversal: pre(PreAction::StopForwardTraversal),
            exit: rules.exit.iter().map(|rule| compile(&rule.conditions)).collect(),
            post: rules.post.iter().map(|rule| (rule.action, compile(&rule.conditions))).collect(),
        }
    }
}

impl Rule {
    fn compile(rule: &RuleConditions, slot: &impl Fn(Option<&str>) -> Option<Slot>) -> Self {
        let conditions: Vec<Condition> = rule
            .conditions
            .iter()
            .map(|condition| Condition {
                kind: condition.condition,
                negated: condition.negated,
                objective: slot(condition.referenced_objective.as_deref()),
                threshold: condition.measure_threshold,
            })
            .collect();
        Self { combination: rule.combination, conditions: conditions.into() }
    }
}
