use alloc::format;

use crate::{
    definitions::{
        ChildActivitySet, ConditionCombination, Decimal, RollupAction, RollupCondition, RollupConditionKind,
        RollupRule,
    },
    tree::Ix,
    view::View,
};

/// How the contributing children answered a rule's conditions.
#[derive(Default)]
struct Answers {
    yes: u64,
    no: u64,
    unknown: u64,
}

impl View<'_> {
    /// Rollup Rule Check Subprocess (RB.1.4): whether a rule of the cluster with this action applies. The default rules
    /// stand in where the author has no rule of the kind (SN 4.6.5, 4.6.6).
    pub(crate) fn rollup_rule_applies(&self, cluster: Ix, action: RollupAction) -> bool {
        let rules = &self.activity(cluster).definition().rollup.rules;
        if rules.iter().any(|rule| is_about_satisfaction(rule.action) == is_about_satisfaction(action)) {
            rules.iter().any(|rule| rule.action == action && self.rollup_rule(cluster, rule))
        } else {
            self.default_rollup_rule(cluster, action)
        }
    }

    fn default_rollup_rule(&self, cluster: Ix, action: RollupAction) -> bool {
        use RollupConditionKind as Kind;
        let plain = |condition| RollupCondition { condition, negated: false };
        let not = |condition| RollupCondition { condition, negated: true };
        let known_status = self.tree.edition().default_rules_ask_for_known_status();
        let conditions: &[RollupCondition] = match action {
            RollupAction::Satisfied => &[plain(Kind::Satisfied)],
            RollupAction::Completed => &[plain(Kind::Completed)],
            RollupAction::NotSatisfied if known_status => &[plain(Kind::ObjectiveStatusKnown)],
            RollupAction::Incomplete if known_status => &[plain(Kind::ActivityProgressKnown)],
            RollupAction::NotSatisfied => &[plain(Kind::Attempted), not(Kind::Satisfied)],
            RollupAction::Incomplete => &[plain(Kind::Attempted), not(Kind::Completed)],
        };
        let children = ChildActivitySet::All;
        self.rule_over_children(cluster, action, children, ConditionCombination::Any, conditions)
    }

    fn rollup_rule(&self, cluster: Ix, rule: &RollupRule) -> bool {
        self.rule_over_children(cluster, rule.action, rule.children, rule.combination, &rule.conditions)
    }

    fn rule_over_children(
        &self,
        cluster: Ix,
        action: RollupAction,
        children: ChildActivitySet,
        combination: ConditionCombination,
        conditions: &[RollupCondition],
    ) -> bool {
        let mut answers = Answers::default();
        for child in self.rollup_children(cluster) {
            if self.contributes(*child, action) {
                match self.rollup_conditions(*child, combination, conditions) {
                    Some(true) => answers.yes += 1,
                    Some(false) => answers.no += 1,
                    None => answers.unknown += 1,
                }
            }
        }
        let applies = self.suffice(&answers, children);
        self.note("RB.1.4", cluster, || {
            let Answers { yes, no, unknown } = answers;
            let verdict = if applies { "applies" } else { "does not apply" };
            format!("rule for {action} {verdict}: of the children that count, {yes} meet it, {no} do not, {unknown} are unknown")
        });
        applies
    }

    /// Whether the answers meet the rule's child activity set (RB.1.4 1.2.4 to 1.2.9). Where no child contributes, that is
    /// true of all of them and of none of them: ADL's test cases RU-11, RU-15b and RU-15c depend on it.
    fn suffice(&self, answers: &Answers, children: ChildActivitySet) -> bool {
        let contributing = answers.yes + answers.no + answers.unknown;
        let readings = &self.readings;
        if contributing == 0 {
            return matches!(children, ChildActivitySet::All | ChildActivitySet::None);
        }
        let nothing_known = answers.unknown == contributing;
        match children {
            ChildActivitySet::All => answers.yes == contributing,
            ChildActivitySet::Any => answers.yes > 0,
            ChildActivitySet::None => answers.no == contributing,
            ChildActivitySet::AtLeastCount(_) | ChildActivitySet::AtLeastPercent(_)
                if nothing_known && readings.minimum_needs_knowledge =>
            {
                false
            }
            ChildActivitySet::AtLeastCount(0) if readings.minimum_needs_knowledge => false,
            ChildActivitySet::AtLeastCount(count) => answers.yes >= u64::from(count),
            ChildActivitySet::AtLeastPercent(share) => {
                let (one, share) = (i128::from(Decimal::UNITS_PER_ONE), i128::from(share.units()));
                let needed = share * i128::from(contributing);
                let needed =
                    if readings.minimum_needs_knowledge { (needed + one / 2) / one * one } else { needed };
                i128::from(answers.yes) * one >= needed
            }
        }
    }
}

fn is_about_satisfaction(action: RollupAction) -> bool {
    matches!(action, RollupAction::Satisfied | RollupAction::NotSatisfied)
}
