//! `lyceum course`.

use crate::run::{Server, code, err, json, out, run, sample};

#[test]
fn settings_are_shown_changed_and_taken_back() {
    let folder = tempfile::tempdir().expect("a fresh folder");
    let server = Server::start(&["play", &sample("pot-of-tea")], folder.path());
    let course = server.text("course_id").to_owned();
    let data = folder.path().to_string_lossy().into_owned();
    let settings =
        |args: &[&str]| run(&[&["course", "settings", &course], args, &["--data", &data]].concat());
    let of = |answer: &serde_json::Value, name: &str| {
        let all = answer["settings"].as_array().expect("a list").clone();
        all.into_iter().find(|setting| setting["name"] == name).expect("the setting")
    };

    let before = of(&json(&settings(&["--json"])), "mastery_score");
    assert_eq!((&before["value"], &before["source"]), (&"manifest".into(), &"default".into()));
    let changed = settings(&["mastery_score=75", "PlayerScoreOverridesStatus=NO", "--json"]);
    let after = of(&json(&changed), "mastery_score");
    assert_eq!(
        (&after["value"], &after["source"], &after["default"]),
        (&"75".into(), &"course".into(), &"manifest".into())
    );
    assert!(out(&settings(&[])).contains("course (default: manifest)"));

    let wrong = settings(&["credit=no", "mastery_score=high"]);
    assert_eq!(code(&wrong), 1);
    assert!(err(&wrong).contains("a number from 0 to 100, manifest or none"), "{}", err(&wrong));
    assert_eq!(of(&json(&settings(&["--json"])), "credit")["value"], "yes", "all or none");
    assert!(err(&settings(&["nothing=1"])).contains("the settings are strictness"));
    assert_eq!(code(&settings(&["mastery_score"])), 2);
    assert_eq!(of(&json(&settings(&["mastery_score=", "--json"])), "mastery_score")["source"], "default");
}

#[test]
fn a_newer_version_is_imported_and_a_launch_takes_it_by_the_course_s_rule() {
    let folder = tempfile::tempdir().expect("a fresh folder");
    let server =
        Server::start(&["play", &sample("pot-of-tea"), "--learner", "Ada"], &folder.path().join("data"));
    let course = server.text("course_id").to_owned();
    let data = folder.path().join("data").to_string_lossy().into_owned();
    let version = |args: &[&str]| run(&[&["course", "version", &course], args, &["--data", &data]].concat());

    let newer = version(&[&sample("night-sky"), "--json"]);
    let report = json(&newer);
    assert_eq!(
        (&report["course_id"], &report["version"]),
        (&course.as_str().into(), &2.into()),
        "{}",
        err(&newer)
    );
    let again = version(&[&sample("night-sky")]);
    assert!(out(&again).contains("is already version 2"), "{}", out(&again));
    assert_eq!(code(&version(&["nothing.zip"])), 2);
    let nobody = "0193f2c4-7a10-7e3b-9c55-0123456789ab";
    let none = run(&["course", "version", nobody, &sample("night-sky"), "--data", &data]);
    assert!(code(&none) == 1 && err(&none).contains("version 2 of course"), "{}", err(&none));
}
