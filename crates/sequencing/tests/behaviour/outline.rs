//! Activity trees in a few lines: one activity a line, its depth by indentation, then its definition in words.

use crate::rule::{add_rollup_rule, add_rule, decimal};
use lyceum_sequencing::{
    Edition, Item, Tree,
    definitions::{
        Definition, Instant, MappedFields, Objective, ObjectiveMap, RandomizationTiming, RollupConsideration,
        TimeSpan,
    },
};

/// Blanks per level.
const STEP: usize = 2;

/// Reads an outline. Lines beginning with `if` or `rollup` are rules of the activity before them.
pub fn tree(edition: Edition, globals_outlive_attempt: bool, lines: &[&str]) -> Tree {
    let mut items: Vec<Item> = Vec::new();
    for line in lines {
        let text = line.trim_start();
        let last = items.last_mut().map(|item| &mut item.definition);
        if let (Some(rule), Some(definition)) = (text.strip_prefix("if "), last) {
            add_rule(definition, rule);
        } else if let (Some(rule), Some(item)) = (text.strip_prefix("rollup "), items.last_mut()) {
            add_rollup_rule(&mut item.definition, rule);
        } else {
            items.push(activity(text, (line.len() - text.len()) / STEP));
        }
    }
    Tree::new(edition, globals_outlive_attempt, items).expect("a tree")
}

fn activity(text: &str, depth: usize) -> Item {
    let mut words = text.split(' ');
    let id = words.next().expect("an identifier").to_owned();
    let depth = u32::try_from(depth).expect("a depth");
    let mut item = Item { id, depth, visible: true, definition: Definition::default() };
    for word in words {
        describe(&mut item, word);
    }
    item
}

fn describe(item: &mut Item, word: &str) {
    let definition = &mut item.definition;
    let (name, value) = word.split_once('=').unwrap_or((word, ""));
    let span = || Some(TimeSpan::parse(value).expect("a duration"));
    let instant = || Some(Instant::parse(value).expect("a date and time"));
    let consideration = || RollupConsideration::from_token(value).expect("a consideration");
    let rollup = &mut definition.rollup;
    match name {
        "invisible" => item.visible = false,
        "flow" => definition.control.flow = true,
        "noChoice" => definition.control.choice = false,
        "noChoiceExit" => definition.control.choice_exit = false,
        "forwardOnly" => definition.control.forward_only = true,
        "preventActivation" => definition.constrained_choice.prevent_activation = true,
        "constrainChoice" => definition.constrained_choice.constrain_choice = true,
        "untracked" => definition.delivery.tracked = false,
        "contentSays" => {
            definition.delivery.completion_set_by_content = true;
            definition.delivery.objective_set_by_content = true;
        }
        "attemptLimit" => definition.limits.attempt_limit = Some(value.parse().expect("a count")),
        "attemptAbsolute" => definition.limits.attempt_absolute_duration = span(),
        "attemptExperienced" => definition.limits.attempt_experienced_duration = span(),
        "activityAbsolute" => definition.limits.activity_absolute_duration = span(),
        "activityExperienced" => definition.limits.activity_experienced_duration = span(),
        "begin" => definition.limits.begin_time = instant(),
        "end" => definition.limits.end_time = instant(),
        "select" => {
            let (timing, count) = value.split_once(':').expect("select=once:2");
            definition.randomization.selection_timing = self::timing(timing);
            definition.randomization.select_count = Some(count.parse().expect("a count"));
        }
        "reorder" => {
            definition.randomization.randomization_timing = timing(value);
            definition.randomization.reorder_children = true;
        }
        "reorderTimingOnly" => definition.randomization.randomization_timing = timing(value),
        "completedBy" => {
            definition.completion.completed_by_measure = true;
            definition.completion.min_progress_measure = decimal(value);
        }
        "progressWeight" => definition.completion.progress_weight = decimal(value),
        "measureWeight" => rollup.objective_measure_weight = decimal(value),
        "satisfiedBy" => {
            definition.objectives.primary.satisfied_by_measure = true;
            definition.objectives.primary.min_normalized_measure = decimal(value);
        }
        "requiredForSatisfied" => rollup.considerations.required_for_satisfied = consideration(),
        "requiredForCompleted" => rollup.considerations.required_for_completed = consideration(),
        "primary" => definition.objectives.primary.id = Some(value.to_owned()),
        "objective" => definition
            .objectives
            .others
            .push(Objective { id: Some(value.to_owned()), ..Objective::default() }),
        "read" | "write" => map(definition, name == "write", value),
        _ => panic!("unknown word {word}"),
    }
}

fn timing(word: &str) -> RandomizationTiming {
    RandomizationTiming::from_token(word).unwrap_or_else(|| panic!("no timing: {word}"))
}

/// `OBJECTIVE:GLOBAL:FIELD+FIELD`; the primary objective is `-` where it has no id.
fn map(definition: &mut Definition, write: bool, text: &str) {
    let [id, target, fields] = text.split(':').collect::<Vec<_>>()[..] else {
        panic!("OBJECTIVE:GLOBAL:FIELDS instead of {text}");
    };
    let mut mapped = MappedFields::default();
    for field in fields.split('+') {
        *match field {
            "satisfied" => &mut mapped.satisfied_status,
            "measure" => &mut mapped.normalized_measure,
            "raw" => &mut mapped.raw_score,
            "min" => &mut mapped.min_score,
            "max" => &mut mapped.max_score,
            "completed" => &mut mapped.completion_status,
            "progress" => &mut mapped.progress_measure,
            _ => panic!("no field: {field}"),
        } = true;
    }
    let objectives = &mut definition.objectives;
    let objective = if id == "-" || objectives.primary.id.as_deref() == Some(id) {
        &mut objectives.primary
    } else {
        let others = objectives.others.iter_mut();
        others.into_iter().find(|objective| objective.id.as_deref() == Some(id)).expect("an objective")
    };
    let nothing = MappedFields::default();
    let (read, write) = if write { (nothing, mapped) } else { (mapped, nothing) };
    objective.maps.push(ObjectiveMap { target: target.to_owned(), read, write });
}
