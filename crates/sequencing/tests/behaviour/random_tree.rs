//! Random trees, requests and reports, all from one seed.

use lyceum_sequencing::{
    Edition, Item, Reported, Request, RuntimeData, RuntimeObjective, Tree,
    definitions::{
        ChildActivitySet, Condition, ConditionCombination, Decimal, Definition, ExitAction, Instant,
        MappedFields, Objective, ObjectiveMap, PostAction, PreAction, RandomizationTiming, RollupAction,
        RollupCondition, RollupConditionKind, RollupConsideration, RollupRule, RuleCondition, RuleConditions,
        SequencingRule, TimeSpan,
    },
};

/// Throws dice (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 8) as usize % bound
    }

    /// True once in `n` throws.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn measure(&mut self) -> Decimal {
        Decimal::from_units(self.below(11) as i64 * Decimal::UNITS_PER_ONE / 10)
    }

    fn maybe<T>(&mut self, n: usize, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.once_in(n) { Some(value(self)) } else { None }
    }
}

/// Where the clock of the fuzzed sequencers begins.
pub const BEGIN: i64 = 1_800_000_000_000;

pub fn tree(dice: &mut Dice, largest: usize) -> Tree {
    let edition = dice.pick(&[Edition::Second, Edition::Third, Edition::Fourth, Edition::Fourth]);
    let globals_outlive_attempt = !dice.once_in(3);
    Tree::new(edition, globals_outlive_attempt, items(dice, largest)).expect("a tree")
}

pub fn items(dice: &mut Dice, largest: usize) -> Vec<Item> {
    let size = 1 + dice.below(largest);
    let mut depth = 0;
    let item = |number| {
        depth = if number == 0 { 0 } else { 1 + dice.below((depth as usize + 1).min(4)) as u32 };
        let visible = !dice.once_in(10);
        Item { id: format!("i{number}"), depth, visible, definition: definition(dice) }
    };
    (0..size).map(item).collect()
}

fn definition(dice: &mut Dice) -> Definition {
    let mut definition = Definition::default();
    let control = &mut definition.control;
    control.flow = !dice.once_in(4);
    control.choice = !dice.once_in(6);
    control.choice_exit = !dice.once_in(8);
    control.forward_only = dice.once_in(8);
    control.use_current_attempt_objective_info = !dice.once_in(3);
    control.use_current_attempt_progress_info = !dice.once_in(3);
    definition.constrained_choice.constrain_choice = dice.once_in(10);
    definition.constrained_choice.prevent_activation = dice.once_in(10);
    definition.delivery.tracked = !dice.once_in(10);
    definition.delivery.completion_set_by_content = dice.once_in(3);
    definition.delivery.objective_set_by_content = dice.once_in(3);
    definition.completion.completed_by_measure = dice.once_in(6);
    definition.completion.min_progress_measure = dice.measure();
    definition.completion.progress_weight = dice.measure();
    objectives(dice, &mut definition);
    rules(dice, &mut definition);
    rollup(dice, &mut definition);
    limits(dice, &mut definition);
    let timings =
        [RandomizationTiming::Never, RandomizationTiming::Once, RandomizationTiming::OnEachNewAttempt];
    let random = &mut definition.randomization;
    if dice.once_in(4) {
        random.selection_timing = dice.pick(&timings);
        random.randomization_timing = dice.pick(&timings);
        random.reorder_children = !dice.once_in(3);
        random.select_count = dice.maybe(2, |dice| dice.below(5) as u32);
    }
    definition
}

fn objectives(dice: &mut Dice, definition: &mut Definition) {
    definition.objectives.primary = objective(dice, "primary");
    if dice.once_in(3) {
        definition.objectives.others.push(objective(dice, "other"));
    }
}

fn objective(dice: &mut Dice, id: &str) -> Objective {
    let maps = (0..dice.below(3)).map(|_| ObjectiveMap {
        target: format!("g{}", dice.below(4)),
        read: fields(dice),
        write: fields(dice),
    });
    let maps = maps.collect();
    Objective {
        id: Some(id.to_owned()),
        satisfied_by_measure: dice.once_in(3),
        min_normalized_measure: dice.measure(),
        maps,
    }
}

fn fields(dice: &mut Dice) -> MappedFields {
    MappedFields {
        satisfied_status: dice.once_in(2),
        normalized_measure: dice.once_in(2),
        raw_score: dice.once_in(3),
        min_score: dice.once_in(3),
        max_score: dice.once_in(3),
        completion_status: dice.once_in(3),
        progress_measure: dice.once_in(3),
    }
}

fn rules(dice: &mut Dice, definition: &mut Definition) {
    let rules = &mut definition.rules;
    if dice.once_in(3) {
        rules.pre.push(SequencingRule { conditions: conditions(dice), action: dice.pick(PreAction::ALL) });
    }
    if dice.once_in(4) {
        rules.post.push(SequencingRule { conditions: conditions(dice), action: dice.pick(PostAction::ALL) });
    }
    if dice.once_in(8) {
        rules.exit.push(SequencingRule { conditions: conditions(dice), action: ExitAction::Exit });
    }
}

fn combination(dice: &mut Dice) -> ConditionCombination {
    dice.pick(&[ConditionCombination::All, ConditionCombination::Any])
}

fn conditions(dice: &mut Dice) -> RuleConditions {
    let conditions = (0..dice.below(3)).map(|_| RuleCondition {
        condition: dice.pick(Condition::ALL),
        negated: dice.once_in(2),
        referenced_objective: dice.pick(&[None, Some("primary"), Some("other")]).map(str::to_owned),
        measure_threshold: dice.measure(),
    });
    let conditions = conditions.collect();
    RuleConditions { combination: combination(dice), conditions }
}

fn rollup(dice: &mut Dice, definition: &mut Definition) {
    let rollup = &mut definition.rollup;
    rollup.objective_satisfied = !dice.once_in(6);
    rollup.progress_completion = !dice.once_in(6);
    rollup.objective_measure_weight = dice.measure();
    rollup.considerations.required_for_satisfied = dice.pick(RollupConsideration::ALL);
    rollup.considerations.required_for_completed = dice.pick(RollupConsideration::ALL);
    rollup.considerations.measure_satisfaction_if_active = !dice.once_in(4);
    let sets = [
        ChildActivitySet::All,
        ChildActivitySet::Any,
        ChildActivitySet::None,
        ChildActivitySet::AtLeastCount(dice.below(4) as u32),
        ChildActivitySet::AtLeastPercent(dice.measure()),
    ];
    let rules = (0..dice.below(4).saturating_sub(1)).map(|_| RollupRule {
        children: dice.pick(&sets),
        combination: combination(dice),
        conditions: vec![RollupCondition {
            condition: dice.pick(RollupConditionKind::ALL),
            negated: dice.once_in(2),
        }],
        action: dice.pick(RollupAction::ALL),
    });
    let rules = rules.collect();
    definition.rollup.rules = rules;
}

fn limits(dice: &mut Dice, definition: &mut Definition) {
    let span = |_: &mut Dice| TimeSpan { text: "PT1H".to_owned(), hundredths: 360_000 };
    let limits = &mut definition.limits;
    limits.attempt_limit = dice.maybe(8, |dice| dice.below(3) as u32);
    limits.attempt_absolute_duration = dice.maybe(20, span);
    limits.attempt_experienced_duration = dice.maybe(20, span);
    limits.activity_absolute_duration = dice.maybe(20, span);
    limits.activity_experienced_duration = dice.maybe(20, span);
    let instant = |dice: &mut Dice| Instant {
        text: String::new(),
        unix_ms: BEGIN + (dice.below(9) as i64 - 4) * 3_600_000,
    };
    limits.begin_time = dice.maybe(30, instant);
    limits.end_time = dice.maybe(30, instant);
}

pub fn request(dice: &mut Dice, tree: &Tree) -> Request {
    let target = format!("i{}", dice.below(tree.len() + 1));
    match dice.below(22) {
        0..=5 => Request::Continue,
        6 | 7 => Request::Previous,
        8..=12 => Request::Choice(target),
        13 => Request::Jump(target),
        14 => Request::Exit,
        15 if dice.once_in(2) => Request::ExitAll,
        15 => Request::RetryAll,
        16 => Request::SuspendAll,
        17 => Request::ResumeAll,
        18 => Request::Retry,
        19 => Request::Abandon,
        20 => {
            if dice.once_in(2) {
                Request::AbandonAll
            } else {
                Request::Forward
            }
        }
        _ => Request::Start,
    }
}

pub fn report(dice: &mut Dice) -> RuntimeData {
    let reported = |dice: &mut Dice| match dice.below(5) {
        0 => Reported::said(Some(true)),
        1 => Reported::said(Some(false)),
        2 => Reported::said(None),
        3 => Reported::concluded(true),
        _ => Reported::default(),
    };
    let objectives =
        ["primary", "other", "unheard of"].into_iter().filter(|_| dice.once_in(2)).collect::<Vec<_>>();
    let objectives = objectives.into_iter().map(|id| RuntimeObjective {
        id: id.to_owned(),
        success: reported(dice),
        completion: reported(dice),
        scaled: dice.maybe(2, Dice::measure),
        raw: dice.maybe(3, Dice::measure),
        min: dice.maybe(3, Dice::measure),
        max: dice.maybe(3, Dice::measure),
        progress_measure: dice.maybe(2, Dice::measure),
    });
    let objectives = objectives.collect();
    RuntimeData {
        completion: reported(dice),
        success: reported(dice),
        scaled: dice.maybe(2, Dice::measure),
        progress_measure: dice.maybe(2, Dice::measure),
        objectives,
        suspend: dice.once_in(4),
        session_time: dice.maybe(2, |dice| dice.below(3_600_000) as i64),
    }
}
