//! Rules in one line: `not satisfied & attempted then skip`.

use lyceum_sequencing::definitions::{
    ChildActivitySet, Condition, ConditionCombination, Decimal, Definition, ExitAction, PostAction,
    PreAction, RollupAction, RollupCondition, RollupConditionKind, RollupRule, RuleCondition, RuleConditions,
    SequencingRule,
};

/// `CONDITIONS then ACTION`: a sequencing rule, sorted by its action.
pub fn add_rule(definition: &mut Definition, text: &str) {
    let (conditions, action) = text.split_once(" then ").expect("a rule has a then");
    let (combination, words) = split(conditions);
    let conditions =
        RuleConditions { combination, conditions: words.into_iter().map(rule_condition).collect() };
    let rules = &mut definition.rules;
    if let Some(action) = PreAction::from_token(action) {
        rules.pre.push(SequencingRule { conditions, action });
    } else if let Some(action) = PostAction::from_token(action) {
        rules.post.push(SequencingRule { conditions, action });
    } else {
        let action = ExitAction::from_token(action).unwrap_or_else(|| panic!("no action: {action}"));
        rules.exit.push(SequencingRule { conditions, action });
    }
}

/// `SET CONDITIONS then ACTION`: a rollup rule; a set such as `any`, `atLeastCount:2` or `atLeastPercent:0.5`.
pub fn add_rollup_rule(definition: &mut Definition, text: &str) {
    let (set, rest) = text.split_once(' ').expect("a rollup rule has a set of children");
    let (conditions, action) = rest.split_once(" then ").expect("a rollup rule has a then");
    let (combination, words) = split(conditions);
    definition.rollup.rules.push(RollupRule {
        children: child_set(set),
        combination,
        conditions: words.into_iter().map(rollup_condition).collect(),
        action: RollupAction::from_token(action).unwrap_or_else(|| panic!("no rollup action: {action}")),
    });
}

fn child_set(text: &str) -> ChildActivitySet {
    match text.split_once(':').unwrap_or((text, "")) {
        ("all", _) => ChildActivitySet::All,
        ("any", _) => ChildActivitySet::Any,
        ("none", _) => ChildActivitySet::None,
        ("atLeastCount", count) => ChildActivitySet::AtLeastCount(count.parse().expect("a count")),
        ("atLeastPercent", share) => ChildActivitySet::AtLeastPercent(decimal(share)),
        _ => panic!("no set of children: {text}"),
    }
}

/// Conditions joined by `&` (all) or `|` (any).
fn split(text: &str) -> (ConditionCombination, Vec<&str>) {
    let (combination, joint) = if text.contains(" | ") {
        (ConditionCombination::Any, " | ")
    } else {
        (ConditionCombination::All, " & ")
    };
    (combination, text.split(joint).collect())
}

fn negation(text: &str) -> (bool, &str) {
    text.strip_prefix("not ").map_or((false, text), |rest| (true, rest))
}

/// `satisfied`, `not completed(objective)`, `measure>0.5`.
fn rule_condition(text: &str) -> RuleCondition {
    let (negated, text) = negation(text);
    let (word, objective) = match text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        Some((word, objective)) => (word, Some(objective.to_owned())),
        None => (text, None),
    };
    let (condition, threshold) = if let Some(threshold) = word.strip_prefix("measure>") {
        (Condition::ObjectiveMeasureGreaterThan, decimal(threshold))
    } else if let Some(threshold) = word.strip_prefix("measure<") {
        (Condition::ObjectiveMeasureLessThan, decimal(threshold))
    } else {
        (Condition::from_token(word).unwrap_or_else(|| panic!("no condition: {word}")), Decimal::ZERO)
    };
    RuleCondition { condition, negated, referenced_objective: objective, measure_threshold: threshold }
}

fn rollup_condition(text: &str) -> RollupCondition {
    let (negated, word) = negation(text);
    let condition =
        RollupConditionKind::from_token(word).unwrap_or_else(|| panic!("no rollup condition: {word}"));
    RollupCondition { condition, negated }
}

pub fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_else(|_| panic!("no number: {text}"))
}
