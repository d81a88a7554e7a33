//! `imsss:rollupRules` and `adlseq:rollupConsiderations`.

use lyceum_sequencing::definitions::{
    ChildActivitySet, ConditionCombination, Decimal, RollupAction, RollupCondition, RollupConditionKind,
    RollupConsideration, RollupConsiderations, RollupControls, RollupRule,
};

use crate::{
    Code,
    scorm::{Reader, values::SHARE},
    xml::{Node, NodeExt},
};

impl Reader<'_, '_> {
    /// Everything but the considerations, which are another element.
    pub(super) fn rollup_rules(&mut self, node: Node<'_>, rollup: &mut RollupControls) {
        rollup.objective_satisfied = self.values.flag(node, "rollupObjectiveSatisfied", true);
        rollup.progress_completion = self.values.flag(node, "rollupProgressCompletion", true);
        rollup.objective_measure_weight = self.values.weight(node, "objectiveMeasureWeight");
        for rule in node.elements_named("rollupRule") {
            rollup.rules.extend(self.rollup_rule(rule));
        }
    }

    fn rollup_rule(&mut self, node: Node<'_>) -> Option<RollupRule> {
        let children = self.child_activity_set(node);
        let list = node.element("rollupConditions");
        let combination = list
            .and_then(|list| self.values.word(list, "conditionCombination", ConditionCombination::from_token))
            .unwrap_or(ConditionCombination::Any);
        let mut conditions = Vec::new();
        for condition in list.into_iter().flat_map(|list| list.elements_named("rollupCondition")) {
            let kind = self.values.word(condition, "condition", RollupConditionKind::from_token);
            let negated = self.is_negated(condition);
            conditions.extend(kind.map(|condition| RollupCondition { condition, negated }));
        }
        let element = node.element("rollupAction");
        let action =
            element.and_then(|element| self.values.word(element, "action", RollupAction::from_token));
        if action.is_none() || conditions.is_empty() {
            let missing = if action.is_none() { "action that is known" } else { "condition" };
            let message = format!("A rollup rule has no {missing}, so that it does nothing.");
            self.values.report(Code::RuleIncomplete, node, message);
        }
        Some(RollupRule { children, combination, conditions, action: action? })
    }

    fn child_activity_set(&mut self, node: Node<'_>) -> ChildActivitySet {
        let count = self.values.count(node, "minimumCount").unwrap_or(0);
        let percent = self.values.decimal(node, "minimumPercent", &SHARE, Decimal::ZERO);
        let set = |word: &str| match word.to_ascii_lowercase().as_str() {
            "all" => Some(ChildActivitySet::All),
            "any" => Some(ChildActivitySet::Any),
            "none" => Some(ChildActivitySet::None),
            "atleastcount" => Some(ChildActivitySet::AtLeastCount(count)),
            "atleastpercent" => Some(ChildActivitySet::AtLeastPercent(percent)),
            _ => None,
        };
        self.values.word(node, "childActivitySet", set).unwrap_or_default()
    }

    pub(super) fn rollup_considerations(&mut self, node: Node<'_>) -> RollupConsiderations {
        let values = &mut self.values;
        let mut required = |name| {
            values.word(node, name, RollupConsideration::from_token).unwrap_or(RollupConsideration::Always)
        };
        RollupConsiderations {
            required_for_satisfied: required("requiredForSatisfied"),
            required_for_not_satisfied: required("requiredForNotSatisfied"),
            required_for_completed: required("requiredForCompleted"),
            required_for_incomplete: required("requiredForIncomplete"),
            measure_satisfaction_if_active: self.values.flag(node, "measureSatisfactionIfActive", true),
        }
    }
}
