//! What one API call costs natively: `cargo run --release -p lyceum-cmi --example bench`.
#![allow(clippy::print_stdout, reason = "a table is the purpose of this program")]

use lyceum_cmi::{Edition, Inputs, Model, NoHost, Rules, Runtime};
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

/// Interactions of a full model.
const INTERACTIONS: usize = 1_000;
const SUSPEND_DATA: usize = 64_000;
/// Repetitions of which the best counts.
const ROUNDS: usize = 7;

fn main() {
    println!("{:<52} {:>12} {:>12}", "nanoseconds a call", "SCORM 1.2", "SCORM 2004");
    let editions = [Edition::Scorm12, Edition::Scorm2004Ed4];
    for (name, cell) in CELLS {
        let figures = editions.map(|edition| best(edition, *cell));
        println!("{name:<52} {:>12.0} {:>12.0}", figures[0], figures[1]);
    }
}

/// Number of calls, the instance they run on, and the calls.
type Round = (usize, Runtime, Run);
type Run = Box<dyn FnMut(&mut Runtime)>;
type Cell = fn(Edition) -> Round;

const CELLS: &[(&str, Cell)] = &[
    ("Initialize (with construction)", construct),
    ("SetValue scalar (score)", set_score),
    ("SetValue vocabulary", set_status),
    ("SetValue suspend_data, 4 KB", set_suspend_4k),
    ("SetValue suspend_data, 64,000 characters", set_suspend_64k),
    ("SetValue interactions, 1,000 x 5, fresh", set_interactions),
    ("SetValue one field among 1,000 interactions", overwrite_field),
    ("GetValue scalar", get_location),
    ("GetValue _count, 1,000 stored", get_count),
    ("SetValue refused (wrong type)", set_refused),
    ("resume a full model (whole, not per value)", resume),
    ("state hash of a full model", hash),
];

/// Best time of several rounds, per call.
fn best(edition: Edition, cell: Cell) -> f64 {
    (0..ROUNDS)
        .map(|_| {
            let (calls, mut runtime, mut run) = cell(edition);
            let start = Instant::now();
            run(&mut runtime);
            let elapsed = start.elapsed();
            black_box(&runtime);
            elapsed.as_secs_f64() * 1e9 / calls as f64
        })
        .fold(f64::INFINITY, f64::min)
}

fn launched(edition: Edition) -> Runtime {
    let mut runtime = Runtime::new(Rules::strict(edition), &Inputs::default(), Model::new(edition));
    assert!(runtime.initialize("").is_ok());
    runtime
}

fn is_2004(edition: Edition) -> bool {
    edition == Edition::Scorm2004Ed4
}

fn repeat(count: usize, mut call: impl FnMut(&mut Runtime, usize) + 'static) -> Run {
    Box::new(move |runtime| (0..count).for_each(|at| call(runtime, at)))
}

fn construct(edition: Edition) -> Round {
    (2_000, launched(edition), repeat(2_000, move |runtime, _| *runtime = launched(edition)))
}

fn set_score(edition: Edition) -> Round {
    let element = if is_2004(edition) { "cmi.score.scaled" } else { "cmi.core.score.raw" };
    let values = if is_2004(edition) { ["0.5", "0.75"] } else { ["50", "75.5"] };
    let call =
        move |runtime: &mut Runtime, at: usize| assert!(runtime.set_value(element, values[at % 2]).is_ok());
    (100_000, launched(edition), repeat(100_000, call))
}

fn set_status(edition: Edition) -> Round {
    let element = if is_2004(edition) { "cmi.completion_status" } else { "cmi.core.lesson_status" };
    let values = ["incomplete", "completed"];
    let call =
        move |runtime: &mut Runtime, at: usize| assert!(runtime.set_value(element, values[at % 2]).is_ok());
    (100_000, launched(edition), repeat(100_000, call))
}

fn set_suspend(edition: Edition, length: usize) -> Round {
    let data = "abcdefgh".repeat(length / 8);
    let rules = Rules::tolerant(edition);
    let mut runtime = Runtime::new(rules, &Inputs::default(), Model::new(edition));
    runtime.initialize("");
    let call = move |runtime: &mut Runtime, _| assert!(runtime.set_value("cmi.suspend_data", &data).is_ok());
    (2_000, runtime, repeat(2_000, call))
}

fn set_suspend_4k(edition: Edition) -> Round {
    set_suspend(edition, 4_000)
}

fn set_suspend_64k(edition: Edition) -> Round {
    set_suspend(edition, SUSPEND_DATA)
}

/// Names and values of the five fields of one interaction.
fn interaction(edition: Edition, index: usize) -> [(String, String); 5] {
    let (response, result) =
        if is_2004(edition) { ("learner_response", "incorrect") } else { ("student_response", "wrong") };
    [
        ("id", format!("question_{index}")),
        ("type", "choice".to_owned()),
        (response, "a[,]b".to_owned()),
        ("result", result.to_owned()),
        ("weighting", "1.5".to_owned()),
    ]
    .map(|(field, value)| (format!("cmi.interactions.{index}.{field}"), value))
}

fn all_interactions(edition: Edition) -> Vec<(String, String)> {
    (0..INTERACTIONS).flat_map(|index| interaction(edition, index)).collect()
}

fn set_interactions(edition: Edition) -> Round {
    let calls = all_interactions(edition);
    let run = move |runtime: &mut Runtime| {
        for (element, value) in &calls {
            assert!(runtime.set_value(element, value).is_ok(), "{element}");
        }
    };
    (INTERACTIONS * 5, launched(edition), Box::new(run))
}

fn full(edition: Edition) -> Runtime {
    let mut runtime = launched(edition);
    for (element, value) in all_interactions(edition) {
        runtime.set_value(&element, &value);
    }
    let length = if is_2004(edition) { SUSPEND_DATA } else { 4_096 };
    assert!(runtime.set_value("cmi.suspend_data", &"x".repeat(length)).is_ok());
    runtime
}

fn overwrite_field(edition: Edition) -> Round {
    let call = |runtime: &mut Runtime, at: usize| {
        let value = if at.is_multiple_of(2) { "correct" } else { "neutral" };
        assert!(runtime.set_value("cmi.interactions.777.result", value).is_ok());
    };
    (100_000, full(edition), repeat(100_000, call))
}

fn get_location(edition: Edition) -> Round {
    let element = if is_2004(edition) { "cmi.location" } else { "cmi.core.lesson_location" };
    let mut runtime = launched(edition);
    runtime.set_value(element, "page_7");
    let call = move |runtime: &mut Runtime, _| assert!(!runtime.get_value(element, &NoHost).value.is_empty());
    (100_000, runtime, repeat(100_000, call))
}

fn get_count(edition: Edition) -> Round {
    let call = |runtime: &mut Runtime, _| {
        assert_eq!(runtime.get_value("cmi.interactions._count", &NoHost).value, "1000");
    };
    (100_000, full(edition), repeat(100_000, call))
}

fn set_refused(edition: Edition) -> Round {
    let element = if is_2004(edition) { "cmi.score.scaled" } else { "cmi.core.score.raw" };
    let call = move |runtime: &mut Runtime, _| assert!(!runtime.set_value(element, "eighty-five").is_ok());
    (100_000, launched(edition), repeat(100_000, call))
}

fn resume(edition: Edition) -> Round {
    let runtime = full(edition);
    let saved: Vec<(String, String)> =
        runtime.model().iter().map(|(element, value)| (element, value.to_owned())).collect();
    let run = move |runtime: &mut Runtime| {
        let mut model = Model::new(edition);
        for (element, value) in &saved {
            model.restore(element, value).expect("what was stored can be restored");
        }
        let mut resumed = Runtime::new(Rules::strict(edition), &Inputs::default(), model);
        assert!(resumed.initialize("").is_ok());
        assert_eq!(resumed.model().hash(), runtime.model().hash());
        *runtime = resumed;
    };
    (1, runtime, Box::new(run))
}

fn hash(edition: Edition) -> Round {
    let mut text = String::new();
    let run = move |runtime: &mut Runtime| {
        for _ in 0..100_000 {
            black_box(black_box(&*runtime).model().hash());
        }
        let _ = write!(text, "{}", runtime.model().hash());
    };
    (100_000, full(edition), Box::new(run))
}
