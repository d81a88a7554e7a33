//! `lyceum simulate`: the transcripts in the folder beside this file.
//!
//! `$ MANIFEST OPTIONS` starts the program, `> LINE` is typed, `< JSON` is the answer; of `<~ JSON` the answer may hold more.
//! `#` is a remark.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use crate::run::{code, err, lyceum, out, run, sample};

/// One run of the program.
struct Play {
    arguments: Vec<String>,
    lines: Vec<Line>,
}

/// What is typed and what is answered.
struct Line {
    number: usize,
    typed: String,
    expected: Value,
    /// The answer may hold more.
    is_part: bool,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/simulate")
}

fn course(name: &str) -> String {
    folder().join(name).to_string_lossy().into_owned()
}

fn plays(text: &str) -> Vec<Play> {
    let mut plays: Vec<Play> = Vec::new();
    let mut typed = None;
    for (number, line) in (1..).zip(text.lines()) {
        let (sign, rest) = line.split_once(' ').unwrap_or((line, ""));
        match sign {
            "$" => {
                let (name, options) = rest.split_once(' ').unwrap_or((rest, ""));
                let arguments = ["simulate".to_owned(), course(name)].into_iter();
                let arguments = arguments.chain(options.split_whitespace().map(str::to_owned)).collect();
                plays.push(Play { arguments, lines: Vec::new() });
            }
            ">" => assert!(typed.replace(rest.to_owned()).is_none(), "line {number}: no answer is expected"),
            "<" | "<~" => {
                let expected = serde_json::from_str(rest).unwrap_or_else(|e| panic!("line {number}: {e}"));
                let typed = typed.take().expect("something is typed first");
                let line = Line { number, typed, expected, is_part: sign == "<~" };
                plays.last_mut().expect("a program is started first").lines.push(line);
            }
            _ => assert!(line.is_empty() || line.starts_with('#'), "line {number}: what is that?"),
        }
    }
    plays
}

fn input(play: &Play) -> String {
    play.lines.iter().map(|line| format!("{}\n", line.typed)).collect()
}

fn simulate(arguments: &[String], input: &str) -> std::process::Output {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut program = lyceum(&arguments);
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = program.spawn().expect("the program starts");
    let mut stdin = program.stdin.take().expect("piped");
    let input = input.to_owned();
    // Answers come while lines are still typed: a pipe that is full must not stop either side.
    let typing = std::thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = program.wait_with_output().expect("it ends");
    typing.join().expect("everything is typed");
    output
}

/// Whether `actual` holds everything that is expected.
fn holds(actual: &Value, expected: &Value) -> bool {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => {
            expected.iter().all(|(name, value)| actual.get(name).is_some_and(|found| holds(found, value)))
        }
        _ => actual == expected,
    }
}

#[test]
fn transcripts() {
    let mut failures = Vec::new();
    let mut played = 0;
    for entry in std::fs::read_dir(folder()).expect("the transcripts") {
        let path = entry.expect("a file").path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for play in plays(&std::fs::read_to_string(&path).expect("readable")) {
            let output = simulate(&play.arguments, &input(&play));
            assert_eq!(code(&output), 0, "{name}: {:?}: {}", play.arguments, err(&output));
            let text = out(&output);
            let answers: Vec<&str> = text.lines().collect();
            assert_eq!(answers.len(), play.lines.len(), "{name}: one answer a line: {text}");
            for (line, answer) in play.lines.iter().zip(answers) {
                let actual: Value = serde_json::from_str(answer).expect("JSON");
                let agrees =
                    if line.is_part { holds(&actual, &line.expected) } else { actual == line.expected };
                if !agrees {
                    let Line { number, typed, expected, .. } = line;
                    failures.push(format!(
                        "{name}:{number}: {typed}\n  expected {expected}\n  answered {answer}"
                    ));
                }
                played += 1;
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(played > 0, "there are transcripts");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let arguments: Vec<String> =
        ["simulate", &course("sky.xml"), "--seed", "7", "--now", "2026-01-01T09:00:00Z"]
            .map(str::to_owned)
            .into();
    let input = "init\nset cmi.location 3\n\n# a remark\nstate\nterm\nstate\n";
    let first = out(&simulate(&arguments, input));
    assert_eq!(first.lines().count(), 5, "{first}");
    assert_eq!(first, out(&simulate(&arguments, input)));
    let state: Value = serde_json::from_str(first.lines().nth(2).expect("the third answer")).expect("JSON");
    assert_eq!(state["course"]["first_access"], 1_767_258_000_000_u64, "the clock stands: {state}");
}

#[test]
fn a_browser_would_be_given_the_same() {
    let arguments: Vec<String> =
        ["simulate", &course("sky.xml"), "--learner", "Ada", "--opening"].map(str::to_owned).into();
    let opened: Value = serde_json::from_str(&out(&simulate(&arguments, ""))).expect("JSON");
    assert_eq!(opened["plan"]["activities"][1]["id"], "moon", "{opened}");
    assert_eq!(opened["opening"]["learner"]["name"], "Ada", "{opened}");
    assert_eq!(opened["state"]["edition"], "SCORM_2004_4TH_EDITION", "{opened}");
}

#[test]
fn what_cannot_be_played_is_exit_code_1_and_wrong_usage_2() {
    let folder = tempfile::tempdir().expect("a fresh folder");
    let text = folder.path().join("notes.xml");
    std::fs::write(&text, "<notes/>").expect("a file");
    let text = text.to_string_lossy().into_owned();
    let refused = run(&["simulate", &text]);
    assert_eq!(code(&refused), 1);
    assert!(err(&refused).contains("no-manifest") && out(&refused).is_empty(), "{}", err(&refused));
    let nowhere = folder.path().join("nowhere.xml").to_string_lossy().into_owned();
    let sky = course("sky.xml");
    for args in [
        vec!["simulate"],
        vec!["simulate", &nowhere],
        vec!["simulate", &sky, "--strict", "--tolerant"],
        vec!["simulate", &sky, "--standard", "SCORM_13"],
        vec!["simulate", &sky, "--now", "yesterday"],
    ] {
        assert_eq!(code(&run(&args)), 2, "{args:?}");
    }
}

#[test]
fn packages_are_played_too() {
    for name in ["pot-of-tea", "night-sky"] {
        let played = simulate(&["simulate".to_owned(), sample(name)], "init\nterm\n");
        assert_eq!(out(&played), "{\"ret\":\"true\",\"err\":0}\n".repeat(2), "{name}");
    }
}
