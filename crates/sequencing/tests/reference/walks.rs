//! The 300 recorded walks of `../shared/adl/random`.

use crate::{
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

#[test]
fn walks_replay_as_the_sample_rte_recorded_them() {
    let Some(path) = shared("adl/random/walks.jsonl") else { return };
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let only = std::env::var("WALK").ok();
    let (mut steps, mut agreed, mut walks, mut reordered) = (0, 0, 0, 0);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for line in file.lines() {
        let record: Value = serde_json::from_str(&line.unwrap()).unwrap();
        if only.as_deref().is_some_and(|only| record["id"] != only) {
            continue;
        }
        steps += record["steps"].as_array().unwrap().len();
        let (done, reorder, difference) = replay(&record, Readings::sample_rte());
        agreed += done;
        reordered += reorder;
        match difference {
            None => walks += 1,
            Some(difference) => {
                *kinds.entry(difference.what).or_default() += 1;
                let Difference { walk, step, what, detail } = difference;
                println!("{walk} {step} {what} {}", detail.chars().take(600).collect::<String>());
            }
        }
    }
    println!("{walks} walks, {agreed} of {steps} steps, {reordered} by another order of rollup; {kinds:?}");
}
