//! How long a navigation with full look-ahead takes, and how much it has to store: `cargo run --release -p
//! lyceum-sequencing --example navigation`.
//!
//! The trees are those of `../shared/bench/scorm_again_bench.mjs`: fan-out 10, filled breadth first; clusters with flow and
//! rollup rules; leaves satisfied by measure with a skip rule, every tenth writing a global objective that disables the next.
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

use lyceum_sequencing::{
    Edition, Item, Ix, Reported, Request, RuntimeData, Sequencer, Tree,
    definitions::{
        ChildActivitySet, Condition, ConditionCombination, Decimal, Definition, MappedFields, Objective,
        ObjectiveMap, PreAction, RollupAction, RollupCondition, RollupConditionKind, RollupRule,
        RuleCondition, RuleConditions, SequencingRule,
    },
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

const FAN_OUT: usize = 10;
const SIZES: [usize; 4] = [10, 100, 1_000, 5_000];
const NAVIGATIONS: usize = 2_000;

fn main() {
    println!("activities      p50       p99       max   look-ahead p50   changes max   state");
    for size in SIZES {
        Figures::measure(size).print(size);
    }
}

#[derive(Default)]
struct Figures {
    /// Report, navigation, look-ahead and serialised changes together.
    whole: Vec<Duration>,
    look_ahead: Vec<Duration>,
    changes: usize,
    state: usize,
}

impl Figures {
    fn measure(size: usize) -> Self {
        let tree = Arc::new(tree(size));
        let mut sequencer = Sequencer::new(tree, 1);
        let mut figures = Self::default();
        let passed = RuntimeData {
            completion: Reported::said(Some(true)),
            scaled: Decimal::parse("0.9").ok(),
            ..RuntimeData::default()
        };
        for number in 0..NAVIGATIONS {
            let began = Instant::now();
            if let Some(current) = sequencer.current() {
                sequencer.apply_runtime(current, &passed, 0);
            }
            let request = if number == 0 { Request::Start } else { Request::Continue };
            let outcome = sequencer.navigate(&request, 0);
            let changes = serde_json::to_string(&sequencer.take_changes()).expect("JSON");
            let looks = Instant::now();
            let found = sequencer.look_ahead(None, 0);
            figures.look_ahead.push(looks.elapsed());
            figures.whole.push(began.elapsed());
            figures.changes = figures.changes.max(changes.len());
            assert!(found.entries.len() == size, "every activity is in the table of contents");
            if outcome.ended.is_some() {
                sequencer.navigate(&Request::Start, 0);
            }
        }
        figures.state = serde_json::to_string(&sequencer.state()).expect("JSON").len();
        figures
    }

    fn print(mut self, size: usize) {
        self.whole.sort_unstable();
        self.look_ahead.sort_unstable();
        let at = |times: &[Duration], share: usize| {
            let time = times[(times.len() * share / 100).min(times.len() - 1)];
            format!("{:>7.3} ms", time.as_secs_f64() * 1_000.0)
        };
        let (p50, p99, max) = (at(&self.whole, 50), at(&self.whole, 99), at(&self.whole, 100));
        let look = at(&self.look_ahead, 50);
        println!("{size:>10} {p50} {p99} {max}       {look}       {:>6} B {:>7} B", self.changes, self.state);
    }
}

fn tree(size: usize) -> Tree {
    let mut children = vec![Vec::new(); size];
    for number in 1..size {
        children[(number - 1) / FAN_OUT].push(number);
    }
    let mut leaf_numbers = vec![None; size];
    let leaves = (0..size).filter(|number| children[*number].is_empty());
    leaves.zip(1..).for_each(|(number, leaf)| leaf_numbers[number] = Some(leaf));
    let mut items = Vec::with_capacity(size);
    let mut waiting = vec![(0, 0)];
    while let Some((number, depth)) = waiting.pop() {
        let definition = leaf_numbers[number].map_or_else(cluster, leaf);
        items.push(Item { id: format!("A{number}"), depth, visible: true, definition });
        waiting.extend(children[number].iter().rev().map(|child| (*child, depth + 1)));
    }
    let tree = Tree::new(Edition::Fourth, true, items).expect("a tree");
    assert!(tree.find("A0") == Some(Ix::ROOT));
    tree
}

fn cluster() -> Definition {
    let mut definition = Definition::default();
    definition.control.flow = true;
    let condition = |condition, negated| RollupCondition { condition, negated };
    let rule =
        |children, action, combination, conditions| RollupRule { children, combination, conditions, action };
    let (all, any) = (ConditionCombination::All, ConditionCombination::Any);
    definition.rollup.rules = vec![
        rule(
            ChildActivitySet::All,
            RollupAction::Satisfied,
            any,
            vec![condition(RollupConditionKind::Satisfied, false)],
        ),
        rule(
            ChildActivitySet::All,
            RollupAction::Completed,
            any,
            vec![condition(RollupConditionKind::Completed, false)],
        ),
        rule(
            ChildActivitySet::Any,
            RollupAction::NotSatisfied,
            all,
            vec![
                condition(RollupConditionKind::Attempted, false),
                condition(RollupConditionKind::Satisfied, true),
            ],
        ),
    ];
    definition
}

fn leaf(number: usize) -> Definition {
    let mut definition = Definition::default();
    let primary = &mut definition.objectives.primary;
    primary.id = Some(format!("leaf{number}"));
    primary.satisfied_by_measure = true;
    primary.min_normalized_measure = Decimal::from_units(Decimal::UNITS_PER_ONE * 6 / 10);
    let condition = |condition, negated, objective: Option<&str>| RuleCondition {
        condition,
        negated,
        referenced_objective: objective.map(str::to_owned),
        measure_threshold: Decimal::ZERO,
    };
    let rule = |action, conditions| SequencingRule {
        conditions: RuleConditions { combination: ConditionCombination::All, conditions },
        action,
    };
    definition.rules.pre.push(rule(
        PreAction::Skip,
        vec![
            condition(Condition::Satisfied, false, None),
            condition(Condition::AttemptLimitExceeded, false, None),
        ],
    ));
    let satisfied = MappedFields { satisfied_status: true, ..MappedFields::default() };
    let both = MappedFields { normalized_measure: true, ..satisfied };
    let map = |target: usize, read, write| ObjectiveMap { target: format!("G{target}"), read, write };
    if number.is_multiple_of(FAN_OUT) {
        definition.objectives.primary.maps.push(map(number, MappedFields::default(), both));
    }
    if number % FAN_OUT == 1 && number > 1 {
        definition.objectives.others.push(Objective {
            id: Some("prev".to_owned()),
            maps: vec![map(number - 1, satisfied, MappedFields::default())],
            ..Objective::default()
        });
        definition.rules.pre.push(rule(
            PreAction::Disabled,
            vec![
                condition(Condition::ObjectiveStatusKnown, false, Some("prev")),
                condition(Condition::Satisfied, true, Some("prev")),
            ],
        ));
    }
    definition
}
