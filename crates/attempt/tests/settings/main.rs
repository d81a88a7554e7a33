//! Settings: what each rule makes of units and exits (`rules.txt`, `exits.txt`), how values are read, and that
//! `docs/settings.md` says the same as the program.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use lyceum_attempt::engine::Engine;
use lyceum_attempt::opening::Opening;
use lyceum_attempt::plan::Plan;
use lyceum_attempt::settings::{Settings, catalog};
use lyceum_attempt::state::State;
use lyceum_attempt::summary::{Completion, Success, Summary};
use serde_json::json;

mod exits;
mod records;
mod values;

/// Settings as a table writes them: `name=value`, with blanks between.
fn settings(text: &str) -> Settings {
    let mut settings = Settings::default();
    for pair in text.split_whitespace() {
        let (name, value) = pair.split_once('=').unwrap_or_else(|| panic!("name=value, not {pair}"));
        catalog::find(name)
            .and_then(|entry| entry.set(&mut settings, value))
            .unwrap_or_else(|e| panic!("{e}"));
    }
    settings
}

/// A course of an edition with as many SCOs (`sco`), assets and clusters as named, each under the root.
fn plan(edition: &str, kinds: &[&str]) -> Arc<Plan> {
    let unit = |(n, kind): (usize, &&str)| {
        let launch = (*kind != "cluster").then(|| format!("{n}.html"));
        json!({"id": format!("u{n}"), "title": "", "parent": 0, "visible": true, "kind": kind, "launch": launch})
    };
    let mut activities = vec![json!({"id": "root", "title": "", "visible": true, "kind": "cluster"})];
    let edition = match edition {
        "1.2" => "SCORM_12",
        "2004-4" => "SCORM_2004_4TH_EDITION",
        other => other,
    };
    activities.extend(kinds.iter().enumerate().map(unit));
    Arc::new(
        serde_json::from_value(json!({"edition": edition, "title": "", "activities": activities})).unwrap(),
    )
}

fn open(plan: &Arc<Plan>, settings: &Settings, before: Option<&Summary>) -> Engine {
    let opening = json!({
        "engine": "", "session": "s", "ordinal": 1, "attempt": 1, "opened_at": 0, "seed": 1,
        "learner": {"id": "l", "name": "n"}, "settings": settings, "before": before,
    });
    let opening: Opening = serde_json::from_value(opening).unwrap();
    let state = State::new(plan.edition);
    Engine::open(Arc::clone(plan), opening, state)
}

/// Sets what is not `-`.
fn set(engine: &mut Engine, element: &str, value: &str) {
    if value != "-" {
        let reply = engine.set_value(element, value, 0);
        assert_eq!(reply.error, 0, "{element} = {value}: {}", engine.diagnostic(""));
    }
}

/// One unit as a table writes it: `sco`, then `COMPLETION/SUCCESS/SCALED`, `status/RAW` (SCORM 1.2), `visited`, or nothing for one
/// that nobody has opened.
fn play(engine: &mut Engine, n: usize, report: &str) {
    if report.is_empty() {
        return;
    }
    assert!(engine.deliver(&format!("u{n}"), 0));
    if report != "visited" {
        assert_eq!(engine.initialize("", 0).error, 0);
        self::report(engine, report);
        assert_eq!(engine.terminate("", 0).error, 0);
    }
    engine.leave(0);
}

/// What a unit's content says of itself.
fn report(engine: &mut Engine, report: &str) {
    match report.split('/').collect::<Vec<_>>()[..] {
        [completion, success, scaled] => {
            set(engine, "cmi.completion_status", completion);
            set(engine, "cmi.success_status", success);
            set(engine, "cmi.score.scaled", scaled);
        }
        [status, raw] => {
            set(engine, "cmi.core.lesson_status", status);
            set(engine, "cmi.core.score.raw", raw);
        }
        _ => panic!("COMPLETION/SUCCESS/SCALED or STATUS/RAW, not {report}"),
    }
}

fn words(summary: &Summary) -> String {
    let completion = match summary.completion {
        Completion::Unknown => "unknown",
        Completion::Incomplete => "incomplete",
        Completion::Completed => "completed",
    };
    let success = match summary.success {
        Success::Unknown => "unknown",
        Success::Passed => "passed",
        Success::Failed => "failed",
    };
    format!("{completion} {success} {}", summary.score.scaled.as_deref().unwrap_or("-"))
}

/// Lines of a table with their numbers, without comments.
fn lines(name: &str) -> Vec<(usize, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/settings").join(name);
    let text = std::fs::read_to_string(file).unwrap();
    let line = |(n, line): (usize, &str)| (n + 1, line.split('#').next().unwrap_or("").trim().to_owned());
    let lines: Vec<(usize, String)> =
        text.lines().enumerate().map(line).filter(|(_, line)| !line.is_empty()).collect();
    assert!(!lines.is_empty());
    lines
}

#[test]
fn rules() {
    let mut failures = String::new();
    for (n, line) in lines("rules.txt") {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [edition, given, units, expected] = parts[..] else { panic!("four columns in line {n}") };
        let units: Vec<(&str, &str)> =
            units.split_whitespace().map(|unit| unit.split_once(':').unwrap_or((unit, ""))).collect();
        let kinds: Vec<&str> = units.iter().map(|(kind, _)| *kind).collect();
        let (before, given) = match given.split_once("before=") {
            Some((given, before)) => (Some(before), given),
            None => (None, given),
        };
        let before = before.map(|word| Summary {
            completion: serde_json::from_value(json!(word)).unwrap(),
            ..Summary::default()
        });
        let mut engine = open(&plan(edition, &kinds), &settings(given), before.as_ref());
        for (n, (_, report)) in units.iter().enumerate() {
            play(&mut engine, n, report);
        }
        let got = words(&engine.summary());
        if got != expected {
            let _ = writeln!(failures, "rules.txt:{n}: {line}\n  got {got}");
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

/// What arrives for content that has terminated is stored as it is, and not as what another run-time has stored last.
#[test]
fn a_late_value_is_the_one_that_came() {
    let mut engine = open(&plan("1.2", &["sco", "sco"]), &Settings::default(), None);
    for unit in ["u0", "u1"] {
        assert!(engine.deliver(unit, 0));
        engine.initialize("", 0);
        set(&mut engine, "cmi.suspend_data", unit);
        engine.terminate("", 0);
    }
    for unit in ["u0", "u1"] {
        assert_eq!(engine.set_late(unit, "cmi.core.lesson_location", "late", 0).error, 0);
        let model = engine.state().activity(unit).unwrap().model();
        assert_eq!(model.value("cmi.core.lesson_location"), Some("late"), "{unit}");
        assert_eq!(model.value("cmi.suspend_data"), Some(unit));
    }
}
