//! The 300 recorded walks of `../shared/adl/random`.

mod support;

use lyceum_sequencing::Readings;
use serde_json::Value;
use std::{collections::BTreeMap, io::BufRead};
use support::{shared::shared, walk::{Difference, Walk}};

fn replay(record: &Value, readings: Readings) -> (usize, Option<Difference>) {
    let mut walk = Walk::new(record, readings);
    let steps = record["steps"].as_array().unwrap();
    for (number, step) in steps.iter().enumerate() {
        if let Some(difference) = walk.step(number, step) {
            return (number, Some(difference));
        }
    }
    (steps.len(), None)
}

#[test]
fn walks_replay_as_the_sample_rte_recorded_them() {
    let Some(path) = shared("adl/random/walks.jsonl") else { return };
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let only = std::env::var("WALK").ok();
    let (mut steps, mut agreed, mut walks) = (0, 0, 0);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for line in file.lines() {
        let record: Value = serde_json::from_str(&line.unwrap()).unwrap();
        if only.as_deref().is_some_and(|only| record["id"] != only) {
            continue;
        }
        steps += record["steps"].as_array().unwrap().len();
        let (done, difference) = replay(&record, Readings::sample_rte());
        agreed += done;
        match difference {
            None => walks += 1,
            Some(difference) => {
                *kinds.entry(difference.what).or_default() += 1;
                let Difference { walk, step, what, detail } = difference;
                println!("{walk} {step} {what} {}", detail.chars().take(600).collect::<String>());
            }
        }
    }
    println!("{walks} walks, {agreed} of {steps} steps; {kinds:?}");
}
