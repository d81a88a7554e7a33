//! `exits.txt`: what the player does after content has exited.

use std::fmt::Write as _;

use super::{lines, open, plan, play, report, set, settings};

#[test]
fn exits() {
    let mut failures = String::new();
    for (n, line) in lines("exits.txt") {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [edition, given, units, exit, expected] = parts[..] else { panic!("five columns in line {n}") };
        let units: Vec<(bool, &str, &str)> = units
            .split_whitespace()
            .map(|unit| {
                let (kind, report) = unit.split_once(':').unwrap_or((unit, ""));
                (kind.starts_with('>'), kind.trim_start_matches('>'), report)
            })
            .collect();
        let kinds: Vec<&str> = units.iter().map(|(_, kind, _)| *kind).collect();
        let mut engine = open(&plan(edition, &kinds), &settings(given), None);
        let element = if edition == "1.2" { "cmi.core.exit" } else { "cmi.exit" };
        let mut got = None;
        for (at, (exits, _, of)) in units.iter().enumerate() {
            if !exits {
                play(&mut engine, at, of);
                continue;
            }
            assert!(engine.deliver(&format!("u{at}"), 0));
            assert_eq!(engine.initialize("", 0).error, 0);
            report(&mut engine, of);
            set(&mut engine, element, exit);
            assert_eq!(engine.exit_action(), None, "line {n}: it has not terminated");
            assert_eq!(engine.terminate("", 0).error, 0);
            got = engine.exit_action();
            break;
        }
        let got = got.map_or("nothing", |action| action.as_str());
        if got != expected {
            let _ = writeln!(failures, "exits.txt:{n}: {line}\n  got {got}");
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}
