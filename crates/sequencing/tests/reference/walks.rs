//! The 300 recorded walks of `../shared/adl/random`.

use crate::{
    deviations::{Deviations, is_paragraph},
    shared::shared,
    walk::{Difference, Walk},
};
use lyceum_sequencing::Readings;
use serde_json::Value;
use std::{collections::BTreeMap, io::BufRead};

/// Orders of rolling up clusters of equal depth that are tried where a step differs.
const ROLLUP_ORDERS: u32 = 40;

/// What the record does not tell about the Sample RTE: in which order a hash table gave it the clusters, and which of them it
/// had looked at before.
fn alternatives(readings: Readings) -> impl Iterator<Item = Readings> {
    (0..ROLLUP_ORDERS).flat_map(move |rollup_order| {
        [(true, true), (false, true), (true, false), (false, false)].into_iter().map(
            move |(passes, writes)| Readings {
                rollup_order,
                first_rollup_passes_over_measures: passes,
                reading_measures_writes_satisfaction: writes,
                ..readings
            },
        )
    })
}

/// Replays a walk. Where a step differs, another order of rollup is tried, since the record follows one that nobody prescribes.
fn replay(record: &Value, readings: Readings) -> (usize, usize, Option<Difference>) {
    let mut walk = Walk::new(record, readings);
    let steps = record["steps"].as_array().unwrap();
    let mut reordered = 0;
    for (number, step) in steps.iter().enumerate() {
        let before = walk.clone();
        let Some(difference) = walk.step(number, step) else { continue };
        let other = alternatives(readings).find_map(|readings| {
            let mut other = before.clone();
            other.set_readings(readings);
            other.step(number, step).is_none().then_some(other)
        });
        let Some(other) = other else {
            for line in &walk.trace {
                println!("{:9} {:6} {}", line.process, line.activity.as_deref().unwrap_or(""), line.text);
            }
            return (number, reordered, Some(difference));
        };
        walk = other;
        walk.set_readings(readings);
        reordered += 1;
    }
    (steps.len(), reordered, None)
}

/// Number of steps that agree when no other order of rollup is tried.
fn replay_in_order(record: &Value, readings: Readings) -> usize {
    let mut walk = Walk::new(record, readings);
    let steps = record["steps"].as_array().expect("steps");
    let differs = |(number, step)| walk.step(number, step).is_some();
    steps.iter().enumerate().position(differs).unwrap_or(steps.len())
}

/// The walks, one record a line; none where the shared material is missing.
fn records() -> impl Iterator<Item = Value> {
    let file = shared("adl/random/walks.jsonl").map(|path| std::fs::File::open(path).expect("the walks"));
    let lines = file.into_iter().flat_map(|file| std::io::BufReader::new(file).lines());
    lines.map(|line| serde_json::from_str(&line.expect("a line")).expect("a record"))
}

/// `WALK=rt-100003` looks at one walk only, with a trace of the step that differs.
fn wanted(record: &Value) -> bool {
    std::env::var("WALK").is_ok_and(|only| record["id"] == *only) || std::env::var_os("WALK").is_none()
}

#[test]
fn walks_agree_except_where_the_sample_rte_is_listed_as_wrong() {
    let deviations = Deviations::read();
    let (mut steps, mut agreed, mut reordered) = (0, 0, 0);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unlisted = Vec::new();
    for record in records().filter(wanted) {
        let id = record["id"].as_str().expect("an id");
        steps += record["steps"].as_array().expect("steps").len();
        let (done, other_order, difference) = replay(&record, Readings::sample_rte());
        agreed += done;
        reordered += other_order;
        match (difference, deviations.ends.get(id)) {
            (None, None) => {}
            (Some(difference), Some((step, kind))) if difference.step == *step && difference.fits(kind) => {
                *kinds.entry(kind).or_default() += 1;
            }
            (None, Some((step, kind))) => {
                unlisted.push(format!("{id} {step} {kind}: does not differ any more; take the line out"));
            }
            (Some(difference), _) => unlisted.push(difference.to_string()),
        }
    }
    println!(
        "{agreed} of {steps} steps agree, {reordered} by another order of rollup; walks end by {kinds:?}"
    );
    assert!(unlisted.is_empty(), "{} differences are not listed:\n{}", unlisted.len(), unlisted.join("\n"));
}

/// A reading that makes no difference would be a deviation that nobody has seen.
#[test]
fn every_reading_of_the_sample_rte_is_listed_and_matters() {
    let deviations = Deviations::read();
    let Value::Object(all) = serde_json::to_value(Readings::sample_rte()).expect("JSON") else {
        panic!("readings are named");
    };
    let followed: Vec<&String> =
        all.iter().filter(|(_, on)| **on == Value::Bool(true)).map(|(name, _)| name).collect();
    let listed: Vec<&str> = deviations.readings.keys().copied().collect();
    assert_eq!(
        followed, listed,
        "the readings in deviations.txt are those that Readings::sample_rte follows"
    );
    let mut paragraphs = deviations
        .kinds
        .values()
        .copied()
        .chain(deviations.readings.values().map(|reading| reading.paragraph));
    assert_eq!(paragraphs.find(|text| !is_paragraph(text)), None, "not a paragraph of the book");
    let witnesses: BTreeMap<String, Value> = records()
        .map(|record| (record["id"].as_str().expect("an id").to_owned(), record))
        .filter(|(id, _)| deviations.readings.values().any(|reading| reading.witness == *id))
        .collect();
    for (name, reading) in &deviations.readings {
        let Some(record) = witnesses.get(reading.witness) else { continue };
        let mut without = all.clone();
        without.insert((*name).to_owned(), Value::Bool(false));
        let without: Readings = serde_json::from_value(Value::Object(without)).expect("readings");
        let with_it = replay(record, Readings::sample_rte()).0;
        let without_it = replay_in_order(record, without);
        assert!(without_it < with_it, "{name}: {} does not depend on it", reading.witness);
    }
}
