//! `lyceum db`: backup, restore, and the way to PostgreSQL and back.

use std::path::Path;

use crate::run::{Server, code, err, json, out, run, sample};

/// Plays a little; answers the registration.
fn played(data: &Path) -> String {
    let server = Server::start(&["play", &sample("pot-of-tea"), "--learner", "Ada"], data);
    server.text("registration_id").to_owned()
}

fn report(id: &str, args: &[&str]) -> serde_json::Value {
    json(&run(&[&["registration", id, "--json"], args].concat()))
}

#[test]
fn a_backup_is_made_while_serving_and_brought_back() {
    let folder = tempfile::tempdir().expect("a fresh folder");
    let (data, backup, other) =
        (folder.path().join("data"), folder.path().join("backup"), folder.path().join("other"));
    let [data_arg, backup_arg, other_arg] =
        [&data, &backup, &other].map(|p| p.to_string_lossy().into_owned());
    let id = played(&data);
    let before = report(&id, &["--data", &data_arg]);
    let heads = |folder: &Path| std::fs::read_to_string(folder.join("chain-heads.jsonl"));
    std::fs::write(data.join("chain-heads.jsonl"), "signed\n").expect("written");
    let server = Server::start(&["serve"], &data);
    let made = run(&["db", "backup", &backup_arg, "--data", &data_arg]);
    assert_eq!(code(&made), 0, "{}", err(&made));
    assert!(out(&made).contains("1 package."), "{}", out(&made));
    let again = run(&["db", "backup", &backup_arg, "--data", &data_arg]);
    assert!(
        code(&again) == 1 && err(&again).contains("is there already: choose another place\n"),
        "{}",
        err(&again)
    );
    let busy = run(&["db", "restore", &backup_arg, "--data", &data_arg, "--force"]);
    assert!(code(&busy) == 1 && err(&busy).contains("stop it first"), "{}", err(&busy));
    drop(server);
    let restored = run(&["db", "restore", &backup_arg, "--data", &other_arg]);
    assert_eq!(code(&restored), 0, "{}", err(&restored));
    assert_eq!(report(&id, &["--data", &other_arg]), before);
    assert_eq!(heads(&other).expect("heads"), "signed\n");
    let again = run(&["db", "restore", &backup_arg, "--data", &other_arg]);
    assert!(code(&again) == 1 && err(&again).contains("--force"), "{}", err(&again));
    assert_eq!(code(&run(&["db", "restore", &backup_arg, "--data", &other_arg, "--force"])), 0);
    // The same learner goes on with the same package and the same links.
    assert_eq!(played(&other), id);
}

#[test]
#[cfg(unix)]
fn everything_goes_to_postgresql_and_back() {
    let Some(url) = lyceum_testkit::postgres::fresh_schema() else { return };
    let folder = tempfile::tempdir().expect("a fresh folder");
    let data = folder.path().join("data");
    let data_arg = data.to_string_lossy().into_owned();
    let id = played(&data);
    let before = report(&id, &["--data", &data_arg]);
    let there = ["--data", data_arg.as_str(), "--database", url.as_str()];
    let copied = run(&[&["db", "copy"], &there[..]].concat());
    assert_eq!(code(&copied), 0, "{}", err(&copied));
    assert!(out(&copied).contains("chains of 1 registration."), "{}", out(&copied));
    assert_eq!(report(&id, &there), before);
    let again = run(&[&["db", "copy"], &there[..]].concat());
    assert!(code(&again) == 1 && err(&again).contains("empty database"), "{}", err(&again));
    assert_eq!(code(&run(&[&["db", "migrate"], &there[..]].concat())), 0);
    let back = folder.path().join("back").to_string_lossy().into_owned();
    let copied = run(&["db", "copy", "--back", "--data", &back, "--database", &url]);
    assert_eq!(code(&copied), 0, "{}", err(&copied));
    assert_eq!(report(&id, &["--data", &back]), before);
    assert_eq!(code(&run(&["db", "copy", "--data", &back])), 2);
}
