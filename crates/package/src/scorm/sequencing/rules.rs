//! `imsss:sequencingRules`.

use lyceum_sequencing::definitions::{
    Condition, ConditionCombination, Decimal, Definition, ExitAction, PostAction, PreAction, RuleCondition,
    RuleConditions, SequencingRule, SequencingRules,
};

use crate::{
    Code,
    diagnostic::quoted,
    scorm::{
        Reader,
        values::{MEASURE, Values},
    },
    xml::{Node, NodeExt},
};

impl Reader<'_, '_> {
    pub(super) fn sequencing_rules(&mut self, node: Node<'_>, rules: &mut SequencingRules) {
        for rule in node.elements() {
            match rule.tag_name().name().to_ascii_lowercase().as_str() {
                "preconditionrule" => rules.pre.extend(self.rule(rule, PreAction::from_token)),
                "postconditionrule" => rules.post.extend(self.rule(rule, PostAction::from_token)),
                "exitconditionrule" => rules.exit.extend(self.rule(rule, ExitAction::from_token)),
                other => self.values.unknown_word(rule, "an element", other),
            }
        }
    }

    fn rule<Action>(
        &mut self,
        node: Node<'_>,
        action: impl Fn(&str) -> Option<Action>,
    ) -> Option<SequencingRule<Action>> {
        let conditions = self.rule_conditions(node);
        let element = node.element("ruleAction");
        let action = element.and_then(|element| self.values.word(element, "action", action));
        if action.is_none() || conditions.conditions.is_empty() {
            let missing = if action.is_none() { "action that is known" } else { "condition" };
            let message = format!("A rule has no {missing}, so that it does nothing.");
            self.values.report(Code::RuleIncomplete, node, message);
        }
        Some(SequencingRule { conditions, action: action? })
    }

    fn rule_conditions(&mut self, rule: Node<'_>) -> RuleConditions {
        let mut read = RuleConditions::default();
        let Some(node) = rule.element("ruleConditions") else {
            return read;
        };
        let combination = self.values.word(node, "conditionCombination", ConditionCombination::from_token);
        read.combination = combination.unwrap_or(ConditionCombination::All);
        for condition in node.elements_named("ruleCondition") {
            read.conditions.extend(self.rule_condition(condition));
        }
        read
    }

    fn rule_condition(&mut self, node: Node<'_>) -> Option<RuleCondition> {
        Some(RuleCondition {
            condition: self.values.word(node, "condition", Condition::from_token)?,
            negated: self.is_negated(node),
            referenced_objective: Values::id(node, "referencedObjective"),
            measure_threshold: self.values.decimal(node, "measureThreshold", &MEASURE, Decimal::ZERO),
        })
    }

    /// The operator of a condition: `not` or `noOp`.
    pub(super) fn is_negated(&mut self, node: Node<'_>) -> bool {
        let negates = |word: &str| match word.to_ascii_lowercase().as_str() {
            "not" => Some(true),
            "noop" => Some(false),
            _ => None,
        };
        self.values.word(node, "operator", negates).unwrap_or(false)
    }

    /// Rules may only look at objectives of their own activity.
    pub(super) fn check_referenced_objectives(&mut self, node: Node<'_>, definition: &Definition) {
        let rules = &definition.rules;
        let conditions = (rules.pre.iter().map(|rule| &rule.conditions))
            .chain(rules.post.iter().map(|rule| &rule.conditions))
            .chain(rules.exit.iter().map(|rule| &rule.conditions));
        for condition in conditions.flat_map(|conditions| &conditions.conditions) {
            let Some(id) = &condition.referenced_objective else { continue };
            if definition.objectives.find(id).is_none() {
                let message = format!(
                    "A rule looks at the objective {}, which the activity does not define: the condition {} is never \
                     known. Add the objective, with a map if it comes from another activity.",
                    quoted(id),
                    condition.condition
                );
                self.values.report(Code::RuleObjectiveUnknown, node, message);
            }
        }
    }
}
