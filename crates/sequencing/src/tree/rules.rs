use alloc::vec::Vec;
use core::ops::Range;

use super::Slot;
use crate::definitions::{
    Condition as ConditionKind, ConditionCombination, Decimal, ExitAction, PostAction, PreAction,
    RuleConditions, SequencingRules,
};

/// The sequencing rules of all activities. Those of one activity lie side by side, sorted by what they are asked for, and
/// within that in document order; their conditions likewise.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    rules: Vec<Rule>,
    conditions: Vec<Condition>,
}

/// What rules are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RuleKind {
    Skip,
    Disabled,
    HiddenFromChoice,
    StopForwardTraversal,
    Exit,
    /// Post condition rules, whatever their action.
    Post,
}

impl RuleKind {
    /// The token of the action; for post condition rules it lies with each rule.
    pub(crate) const fn token(self) -> &'static str {
        match self {
            Self::Skip => PreAction::Skip.token(),
            Self::Disabled => PreAction::Disabled.token(),
            Self::HiddenFromChoice => PreAction::HiddenFromChoice.token(),
            Self::StopForwardTraversal => PreAction::StopForwardTraversal.token(),
            Self::Exit => ExitAction::Exit.token(),
            Self::Post => "",
        }
    }
}

/// Where the rules of an activity lie: those of a kind from its entry to the next one.
pub(crate) type RuleBounds = [u32; 7];

/// The "if" part of a rule.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) combination: ConditionCombination,
    conditions: Range<u32>,
    /// The "then" part of a post condition rule.
    pub(crate) post: Option<PostAction>,
}

/// One condition with its objective looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Condition {
    pub(crate) kind: ConditionKind,
    pub(crate) negated: bool,
    /// The objective that is looked at; `None` where the author names one that the activity does not have, so
    /// that nothing about it can ever be known.
    pub(crate) objective: Option<Slot>,
    pub(crate) threshold: Decimal,
}

impl Rules {
    /// The rules of a kind.
    pub(super) fn of(&self, bounds: &RuleBounds, kind: RuleKind) -> &[Rule] {
        let (first, end) = (bounds[kind as usize], bounds[kind as usize + 1]);
        &self.rules[first as usize..end as usize]
    }

    pub(super) fn conditions(&self, rule: &Rule) -> &[Condition] {
        &self.conditions[rule.conditions.start as usize..rule.conditions.end as usize]
    }

    /// Adds the rules of the next activity. `slot` finds an objective of it; without an id the primary one.
    pub(super) fn add(
        &mut self,
        rules: &SequencingRules,
        slot: impl Fn(Option<&str>) -> Option<Slot>,
    ) -> RuleBounds {
        const PRE: [PreAction; 4] = [
            PreAction::Skip,
            PreAction::Disabled,
            PreAction::HiddenFromChoice,
            PreAction::StopForwardTraversal,
        ];
        let mut bounds = RuleBounds::default();
        for (kind, action) in PRE.into_iter().enumerate() {
            bounds[kind] = self.rules.len() as u32;
            for rule in rules.pre.iter().filter(|rule| rule.action == action) {
                self.add_rule(&rule.conditions, None, &slot);
            }
        }
        bounds[RuleKind::Exit as usize] = self.rules.len() as u32;
        for rule in &rules.exit {
            self.add_rule(&rule.conditions, None, &slot);
        }
        bounds[RuleKind::Post as usize] = self.rules.len() as u32;
        for rule in &rules.post {
            self.add_rule(&rule.conditions, Some(rule.action), &slot);
        }
        bounds[RuleKind::Post as usize + 1] = self.rules.len() as u32;
        bounds
    }

    fn add_rule(
        &mut self,
        rule: &RuleConditions,
        post: Option<PostAction>,
        slot: &impl Fn(Option<&str>) -> Option<Slot>,
    ) {
        let first = self.conditions.len() as u32;
        self.conditions.extend(rule.conditions.iter().map(|condition| Condition {
            kind: condition.condition,
            negated: condition.negated,
            objective: slot(condition.referenced_objective.as_deref()),
            threshold: condition.measure_threshold,
        }));
        let conditions = first..self.conditions.len() as u32;
        self.rules.push(Rule { combination: rule.combination, conditions, post });
    }
}
