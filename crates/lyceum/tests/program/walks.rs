//! Walks of `../shared/adl/random`, recorded with ADL's Sample RTE, replayed line by line through `lyceum simulate`.
//!
//! The program follows the SN book, the Sample RTE does not always: a walk is compared up to its first step that differs. Where
//! and why the two part is listed and explained in `crates/sequencing/tests/reference/deviations.txt`, whose tests follow all
//! walks to their ends; here counts that must not change show that the program says what the engine says.

use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::run::lyceum;
use crate::shared::shared;

/// Every so many walks are replayed by the ordinary tests; all of them where `LYCEUM_ALL_WALKS` is set.
const EVERY: usize = 8;
/// What agrees: walks from their beginning to their end, and steps up to the first that differs, of every eighth walk and of all.
const AGREE: [(usize, usize); 2] = [(4, 3_075), (40, 22_374)];

/// Whether all recordings are to be replayed; the ordinary tests take a share.
pub(crate) fn takes_all() -> bool {
    std::env::var_os("LYCEUM_ALL_WALKS").is_some()
}

#[test]
fn recorded_walks_agree_line_by_line() {
    let Some(file) = shared("adl/random/walks.jsonl") else { return };
    let all = takes_all();
    let lines = std::io::BufReader::new(std::fs::File::open(file).expect("the walks")).lines();
    let records: Vec<Value> = lines
        .step_by(if all { 1 } else { EVERY })
        .map(|line| serde_json::from_str(&line.expect("a line")).expect("a record"))
        .collect();
    assert!(records.len() >= 30, "{} walks", records.len());
    let folder = tempfile::tempdir().expect("a folder");
    let (mut whole, mut steps) = (0, 0);
    for record in &records {
        let agreed = replay(record, folder.path());
        whole += usize::from(agreed == steps_of(record).len());
        steps += agreed;
    }
    assert_eq!((whole, steps), AGREE[usize::from(all)], "of {} walks", records.len());
}

fn steps_of(record: &Value) -> &[Value] {
    record["steps"].as_array().expect("steps")
}

/// Steps up to the first one that differs; one walk differs in its first.
fn replay(record: &Value, folder: &Path) -> usize {
    let manifest = folder.join("imsmanifest.xml");
    std::fs::write(&manifest, record["manifest"].as_str().expect("a manifest")).expect("a file");
    let mut program = lyceum(&["simulate", &manifest.to_string_lossy(), "--now", "2026-01-01T00:00:00Z"]);
    let mut program =
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
    let mut stdin = program.stdin.take().expect("piped");
    let typed: String = steps_of(record).iter().map(|step| format!("{}\n", step["do"])).collect();
    let typing = std::thread::spawn(move || stdin.write_all(typed.as_bytes()));
    let output = program.wait_with_output().expect("it ends");
    // A program that has ended before reads no more.
    let _ = typing.join().expect("no panic");
    assert!(output.status.success(), "{}", record["id"]);
    let answers = String::from_utf8(output.stdout).expect("UTF-8");
    let answers = answers.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    let pairs = steps_of(record).iter().zip(answers);
    pairs.take_while(|(step, answer): &(_, Value)| agrees(step, answer)).count()
}

/// What content reads, what is delivered, where the learner is, and the attempts of all activities that the record names. What the
/// Sample RTE says may be requested comes from another algorithm of its own; `cmi.entry` and statuses follow from its readings.
fn agrees(step: &Value, answer: &Value) -> bool {
    let same = |name: &str| step.get(name).is_none_or(|expected| same_value(expected, &answer[name]));
    let reads = step["do"][1].as_str().filter(|_| step["do"][0] == "get").unwrap_or_default();
    let is_of_its_own = reads.starts_with("adl.nav.") || reads == "cmi.entry";
    let answers = is_of_its_own || ["ret", "err", "nav"].into_iter().all(same);
    if !answers {
        return false;
    }
    let Some(expected) = step.get("seq") else { return true };
    let ours = &answer["seq"];
    if expected["refused"] == Value::Bool(true) {
        return ours["delivered"].is_null();
    }
    let places = ["delivered", "current", "suspended_at"].iter().all(|name| expected[name] == ours[name]);
    let ended = expected["ended"].as_bool().unwrap_or(false) == ours["ended"].as_bool().unwrap_or(false);
    let attempts = expected["tracking"].as_object().into_iter().flatten().all(|(id, state)| {
        let mine = &ours["tracking"][id];
        ["attempts", "active", "suspended"].iter().all(|name| state[name] == mine[name])
    });
    places && ended && attempts
}

/// Numbers as numbers.
fn same_value(expected: &Value, answer: &Value) -> bool {
    let number = |value: &Value| value.as_str().and_then(|text| text.parse::<f64>().ok());
    expected == answer || number(expected).zip(number(answer)).is_some_and(|(a, b)| (a - b).abs() < 1e-6)
}
