//! Rollup beside a second telling of RB.1.1 to RB.1.4 that knows nothing of the engine but what it shows.
//!
//! Without global objectives, which let clusters depend on each other in circles, every cluster above an activity that has
//! just ended must be what its children make it.

use crate::random_tree::{BEGIN, Dice, items, report};
use lyceum_sequencing::{
    ActivityStatus, Edition, Item, Ix, Request, Sequencer, Tree,
    definitions::{
        ChildActivitySet, ConditionCombination, Decimal, Definition, RandomizationControls, RollupAction,
        RollupCondition, RollupConditionKind as Kind, RollupConsideration,
    },
};
use std::sync::Arc;

/// A cluster, seen from outside.
struct Cluster<'a> {
    sequencer: &'a Sequencer,
    ix: Ix,
}

impl Cluster<'_> {
    fn definition(&self, ix: Ix) -> &Definition {
        self.sequencer.tree().activity(ix).definition()
    }

    fn tracked_children(&self) -> impl Iterator<Item = (Ix, ActivityStatus)> {
        let children = self.sequencer.tree().children(self.ix).iter();
        children
            .filter(|child| self.definition(**child).delivery.tracked)
            .map(|child| (*child, self.sequencer.status(*child)))
    }

    /// What the cluster may know about a child (SN 3.2.6, 3.2.7).
    fn seen<T>(&self, status: &ActivityStatus, only_current: bool, value: Option<T>) -> Option<T> {
        value.filter(|_| !(only_current && status.of_former_attempt))
    }

    fn satisfied(&self, status: &ActivityStatus) -> Option<bool> {
        let only_current = self.definition(self.ix).control.use_current_attempt_objective_info;
        self.seen(status, only_current, status.values.satisfied)
    }

    fn measure(&self, status: &ActivityStatus) -> Option<Decimal> {
        let only_current = self.definition(self.ix).control.use_current_attempt_objective_info;
        self.seen(status, only_current, status.values.measure)
    }

    fn completed(&self, status: &ActivityStatus) -> Option<bool> {
        let only_current = self.definition(self.ix).control.use_current_attempt_progress_info;
        self.seen(status, only_current, status.values.completed)
    }

    /// RB.1.1 a.
    fn average_measure(&self) -> Option<f64> {
        let (mut total, mut weights, mut known) = (0.0, 0.0, false);
        for (child, status) in self.tracked_children() {
            let weight = number(self.definition(child).rollup.objective_measure_weight);
            let measure = self.measure(&status);
            total += weight * measure.map_or(0.0, number);
            weights += weight;
            known |= measure.is_some();
        }
        (known && weights > 0.0).then(|| total / weights)
    }

    /// RB.1.4 for one rule: RB.1.4.2 says which children count, RB.1.4.1 what each answers.
    fn applies(
        &self,
        action: RollupAction,
        set: ChildActivitySet,
        of_child: impl Fn(&ActivityStatus) -> Option<bool>,
    ) -> bool {
        let counts = |(child, status): &(Ix, ActivityStatus)| {
            let rollup = &self.definition(*child).rollup;
            let when = &rollup.considerations;
            let (included, when) = match action {
                RollupAction::Satisfied => (rollup.objective_satisfied, when.required_for_satisfied),
                RollupAction::NotSatisfied => (rollup.objective_satisfied, when.required_for_not_satisfied),
                RollupAction::Completed => (rollup.progress_completion, when.required_for_completed),
                RollupAction::Incomplete => (rollup.progress_completion, when.required_for_incomplete),
            };
            included
                && match when {
                    RollupConsideration::IfAttempted => status.attempts > 0,
                    RollupConsideration::IfNotSuspended => status.attempts > 0 && !status.suspended,
                    _ => true,
                }
        };
        let answers: Vec<Option<bool>> =
            self.tracked_children().filter(counts).map(|(_, status)| of_child(&status)).collect();
        let yes = answers.iter().filter(|answer| **answer == Some(true)).count();
        match set {
            ChildActivitySet::All => yes == answers.len(),
            ChildActivitySet::None => answers.iter().all(|answer| *answer == Some(false)),
            ChildActivitySet::Any => yes > 0,
            // Where nobody counts, nothing is reached.
            _ if answers.is_empty() => false,
            ChildActivitySet::AtLeastCount(count) => yes >= count as usize,
            ChildActivitySet::AtLeastPercent(share) => {
                yes as f64 >= number(share) * answers.len() as f64 - 1e-9
            }
        }
    }

    /// RB.1.4.1.
    fn conditions(
        &self,
        status: &ActivityStatus,
        how: ConditionCombination,
        conditions: &[RollupCondition],
    ) -> Option<bool> {
        let answers = conditions.iter().map(|condition| {
            let holds = match condition.condition {
                Kind::Satisfied => self.satisfied(status)?,
                Kind::ObjectiveStatusKnown => self.satisfied(status).is_some(),
                Kind::ObjectiveMeasureKnown => self.measure(status).is_some(),
                Kind::Completed => self.completed(status)?,
                Kind::ActivityProgressKnown => self.completed(status).is_some(),
                Kind::Attempted => status.attempts > 0,
                _ => false,
            };
            Some(holds != condition.negated)
        });
        let answers: Vec<Option<bool>> = answers.collect();
        let decides = Some(how == ConditionCombination::Any);
        if answers.contains(&decides) {
            decides
        } else if answers.contains(&None) {
            None
        } else {
            Some(decides == Some(false))
        }
    }

    /// RB.1.2 b, RB.1.3 b: what the rules of two opposite actions say; the positive one goes last.
    fn by_rules(&self, negative: RollupAction, positive: RollupAction) -> Option<bool> {
        let rules = &self.definition(self.ix).rollup.rules;
        let own = rules.iter().any(|rule| [negative, positive].contains(&rule.action));
        let says = |action| {
            if own {
                rules.iter().filter(|rule| rule.action == action).any(|rule| {
                    self.applies(action, rule.children, |status| {
                        self.conditions(status, rule.combination, &rule.conditions)
                    })
                })
            } else {
                self.applies(action, ChildActivitySet::All, |status| match action {
                    RollupAction::Satisfied => self.satisfied(status),
                    RollupAction::Completed => self.completed(status),
                    RollupAction::NotSatisfied => Some(self.satisfied(status).is_some()),
                    RollupAction::Incomplete => Some(self.completed(status).is_some()),
                })
            }
        };
        if says(positive) {
            Some(true)
        } else if says(negative) {
            Some(false)
        } else {
            None
        }
    }

    fn check(&self) -> Result<(), String> {
        let status = self.sequencer.status(self.ix).values;
        let id = self.sequencer.tree().activity(self.ix).id();
        let measure = status.measure.map(number);
        let average = self.average_measure();
        if measure.is_some() != average.is_some()
            || measure.zip(average).is_some_and(|(one, other)| (one - other).abs() > 1e-6)
        {
            return Err(format!("{id}: measure {measure:?} instead of {average:?}"));
        }
        let definition = self.definition(self.ix);
        let satisfied = self.by_rules(RollupAction::NotSatisfied, RollupAction::Satisfied);
        if !definition.objectives.primary.satisfied_by_measure
            && satisfied.is_some()
            && satisfied != status.satisfied
        {
            return Err(format!("{id}: satisfied {:?} instead of {satisfied:?}", status.satisfied));
        }
        let completed = self.by_rules(RollupAction::Incomplete, RollupAction::Completed);
        if !definition.completion.completed_by_measure && completed.is_some() && completed != status.completed
        {
            return Err(format!("{id}: completed {:?} instead of {completed:?}", status.completed));
        }
        Ok(())
    }
}

fn number(decimal: Decimal) -> f64 {
    decimal.units() as f64 / Decimal::UNITS_PER_ONE as f64
}

/// Leaves out what the second telling does not know.
fn simplify(item: &mut Item) {
    let definition = &mut item.definition;
    definition.randomization = RandomizationControls::default();
    definition.objectives.primary.maps.clear();
    definition.objectives.others.clear();
    let considerations = &mut definition.rollup.considerations;
    for when in [&mut considerations.required_for_satisfied, &mut considerations.required_for_completed] {
        if *when == RollupConsideration::IfNotSkipped {
            *when = RollupConsideration::Always;
        }
    }
    let of_limits = [Kind::AttemptLimitExceeded, Kind::TimeLimitExceeded, Kind::OutsideAvailableTimeRange];
    for condition in definition.rollup.rules.iter_mut().flat_map(|rule| &mut rule.conditions) {
        if of_limits.contains(&condition.condition) {
            condition.condition = Kind::Attempted;
        }
    }
}

#[test]
fn clusters_are_what_their_children_make_them() {
    let mut checked = 0;
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let mut items = items(&mut dice, 30);
        items.iter_mut().for_each(simplify);
        let tree = Arc::new(Tree::new(Edition::Fourth, true, items).expect("a tree"));
        let mut sequencer = Sequencer::new(tree.clone(), 1);
        for step in 0..40 {
            let target = format!("i{}", dice.below(tree.len()));
            let request = if dice.once_in(2) { Request::Choice(target) } else { Request::Jump(target) };
            let begin = if sequencer.current().is_none() { &Request::Start } else { &request };
            let Some(leaf) = sequencer.navigate(begin, BEGIN).delivered else { continue };
            sequencer.apply_runtime(leaf, &report(&mut dice), BEGIN);
            if sequencer.navigate(&Request::Exit, BEGIN).delivered.is_some() {
                continue;
            }
            let path = std::iter::successors(tree.activity(leaf).parent(), |ix| tree.activity(*ix).parent());
            for ix in path.filter(|ix| tree.activity(*ix).definition().delivery.tracked) {
                let outcome = Cluster { sequencer: &sequencer, ix }.check();
                assert_eq!(outcome, Ok(()), "seed {seed} step {step}, after {leaf:?} has ended");
                checked += 1;
            }
        }
    }
    assert!(checked > 3_000, "only {checked} clusters were looked at");
}
