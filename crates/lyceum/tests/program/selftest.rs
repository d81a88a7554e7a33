//! `lyceum selftest`.

use serde_json::Value;

use crate::run::{Server, code, err, json, out, run, sample};

/// What a verification of the whole store counts.
fn registrations(data: &[&str]) -> Value {
    json(&run(&[&["verify", "--json"], data].concat()))["registrations"].clone()
}

/// Everything passes, and nothing of it is left.
fn passes(data: &[&str], more: &[&str], checks: usize) {
    let before = registrations(data);
    let tested = run(&[&["selftest", "--json"], data, more].concat());
    let answer = json(&tested);
    let all = answer["checks"].as_array().expect("a list");
    let failed: Vec<_> = all.iter().filter(|check| check["passed"] != true).collect();
    assert!(failed.is_empty() && code(&tested) == 0, "{failed:?} {}", err(&tested));
    assert_eq!((all.len(), &answer["passed"]), (checks, &true.into()));
    assert_eq!(registrations(data), before, "nothing is left");
    let verified = run(&[&["verify"], data].concat());
    assert_eq!(code(&verified), 0, "{}", out(&verified));
}

#[test]
fn an_installation_tests_itself() {
    let folder = tempfile::tempdir().expect("a fresh folder");
    let data = folder.path().to_string_lossy().into_owned();
    passes(&["--data", &data], &[], 18);
    let shown = run(&["selftest", "--data", &data]);
    assert!(out(&shown).ends_with("All 18 checks passed; nothing of them is left in the store.\n"));
    let mut incoming = std::fs::read_dir(folder.path().join("incoming")).expect("the folder").flatten();
    let is_ours = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with("selftest");
    assert!(!incoming.any(is_ours), "no files are left on the way");
}

#[test]
fn on_postgresql_too() {
    let Some(url) = lyceum_testkit::postgres::fresh_schema() else { return };
    let folder = tempfile::tempdir().expect("a fresh folder");
    let data = folder.path().to_string_lossy().into_owned();
    passes(&["--data", &data, "--database", &url], &[], 18);
}

#[test]
fn a_course_that_is_there_is_tried_while_the_server_runs() {
    let folder = tempfile::tempdir().expect("a fresh folder");
    let server = Server::start(&["play", &sample("night-sky")], folder.path());
    let data = folder.path().to_string_lossy().into_owned();
    passes(&["--data", &data], &["--course", server.text("course_id"), "--learner", "Ada"], 19);

    let unknown = ["selftest", "--data", &data, "--course", "0193f2c4-7a10-7e3b-9c55-0123456789ab"];
    let refused = run(&unknown);
    assert_eq!(code(&refused), 1);
    assert!(err(&refused).contains("no course"), "{}", err(&refused));
    assert_eq!(code(&run(&["selftest", "--course", "mine"])), 2);
}
