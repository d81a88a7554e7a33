//! What a navigation costs natively, with everything that controls and table of contents show afterwards: the learner goes on
//! from one activity to the next. The same steps as in `tests/browser/bench/sequencing-cells.js`.
//!
//! `lyceum simulate MANIFEST --opening | cargo run --release -p lyceum-attempt --example navigation_bench [SAMPLES]` prints one
//! line of JSON, times in milliseconds.
#![allow(clippy::print_stdout, reason = "the figures are the purpose of this program")]

use std::sync::Arc;
use std::time::Instant;

use lyceum_attempt::Millis;
use lyceum_attempt::engine::Engine;
use lyceum_attempt::opening::Opening;
use lyceum_attempt::plan::Plan;
use lyceum_attempt::state::State;

/// The executable's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the content of each activity reports.
const REPORT: [(&str, &str); 4] = [
    ("cmi.completion_status", "completed"),
    ("cmi.success_status", "passed"),
    ("cmi.score.scaled", "0.9"),
    ("cmi.session_time", "PT1M"),
];

#[derive(serde::Deserialize)]
struct Opened {
    plan: Plan,
    opening: Opening,
    state: State,
}

fn main() {
    let samples = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(400);
    let text = std::io::read_to_string(std::io::stdin()).expect("an opening on standard input");
    let opened: Opened = serde_json::from_str(&text).expect("what `lyceum simulate --opening` prints");
    let mut times = Vec::with_capacity(samples);
    while times.len() < samples {
        let from = times.len();
        walk(&opened, samples, &mut times);
        assert!(times.len() > from, "the course goes on at least once");
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() as f64 * share) as usize).min(times.len() - 1)];
    println!("{{\"samples\":{},\"p50\":{:.4},\"p99\":{:.4}}}", times.len(), at(0.5), at(0.99));
}

/// One walk through the course, until it ends or there are enough samples.
fn walk(opened: &Opened, samples: usize, times: &mut Vec<f64>) {
    let now = opened.opening.opened_at;
    let (plan, opening) = (Arc::new(opened.plan.clone()), opened.opening.clone());
    let mut engine = Engine::open(plan, opening, opened.state.clone());
    let first = engine.navigate("start", now).deliver.expect("the course begins by itself");
    engine.deliver(&first, now);
    while times.len() < samples {
        report(&mut engine, now);
        let began = Instant::now();
        let next = engine.navigate("continue", now).deliver;
        engine.leave(now);
        let Some(next) = next else { return };
        engine.deliver(&next, now);
        std::hint::black_box((engine.summary(), engine.controls(now), engine.toc_lines(now)));
        times.push(began.elapsed().as_secs_f64() * 1e3);
        engine.take_entries();
    }
}

fn report(engine: &mut Engine, now: Millis) {
    engine.initialize("", now);
    for (element, value) in REPORT {
        assert_eq!(engine.set_value(element, value, now).error, 0, "{element}");
    }
    engine.terminate("", now);
    engine.take_entries();
}
