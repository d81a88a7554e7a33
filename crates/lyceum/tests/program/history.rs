//! `lyceum history`, `diff`, `rollback`, `override` and `reset`.

use crate::run::{Server, code, err, json, out, run, sample};

#[test]
fn what_happened_is_told_and_corrected() {
    let data = tempfile::tempdir().expect("a fresh folder");
    let server = Server::start(&["play", &sample("pot-of-tea"), "--learner", "Ada"], data.path());
    let id = server.text("registration_id").to_owned();
    let folder = data.path().to_string_lossy().into_owned();
    let command = |name: &str, args: &[&str]| run(&[&[name, &id, "--data", &folder], args].concat());
    assert!(out(&command("history", &[])).contains("Nothing"));
    let early = command("reset", &["--reason", "too early"]);
    assert_eq!(code(&early), 1);
    assert!(err(&early).contains("was not opened"), "{}", err(&early));

    begin(&server);
    let history = json(&command("history", &["--json"]));
    assert_eq!((&history["registration"], &history["next"]), (&id.as_str().into(), &serde_json::Value::Null));
    let calls: Vec<&str> =
        history["items"].as_array().expect("items").iter().filter_map(|item| item["call"].as_str()).collect();
    assert_eq!(calls, ["set"]);
    assert!(out(&command("history", &["--element", "cmi.core.*"])).contains("refused"));

    let set =
        ["--success", "passed", "--raw", "90", "--max", "100", "--reason", "seen", "--by", "Grace", "--json"];
    let acted = json(&command("override", &set));
    assert_eq!(
        (&acted["act"], &acted["commit"], &acted["by"]),
        (&"override".into(), &2.into(), &"Grace".into())
    );
    let report = json(&command("registration", &["--json"]));
    assert_eq!((&report["overridden"], &report["status"]), (&true.into(), &"passed".into()));
    assert!(out(&command("registration", &[])).contains("set by hand"));
    let before = json(&command("registration", &["--json", "--at", "1000"]));
    assert_eq!(before["status"], "not-started");

    let back = command("rollback", &["--to", "#1", "--reason", "wrong person"]);
    assert!(out(&back).contains("roll the attempt back to #2"), "{}", out(&back));
    assert_eq!(json(&command("registration", &["--json"]))["overridden"], false);
    let diff = json(&command("diff", &["--from", "#2", "--to", "#3", "--json"]));
    assert_eq!((&diff["from"]["overridden"], &diff["to"]["overridden"]), (&true.into(), &false.into()));
    assert_eq!(json(&command("reset", &["--reason", "again", "--json"]))["attempt"], 2);
    records(&id, &folder);
    for wrong in [vec!["--to", "yesterday", "--reason", "x"], vec!["--to", "#1"], vec!["--reason", "x"]] {
        assert_eq!(code(&command("rollback", &wrong)), 2, "{wrong:?}");
    }
    assert_eq!(code(&command("override", &["--reason", "nothing set"])), 2);
    assert_eq!(code(&command("rollback", &["--to", "#99", "--reason", "x"])), 1);
}

/// Exported, verified, taken over elsewhere, erased.
fn records(id: &str, folder: &str) {
    let there = tempfile::tempdir().expect("a fresh folder");
    let (elsewhere, file) = (there.path().join("data"), there.path().join("export.json"));
    let (elsewhere, file) = (elsewhere.to_string_lossy().into_owned(), file.to_string_lossy().into_owned());
    let written = run(&["export", "registration", id, "--data", folder, "--out", &file]);
    assert!(out(&written).contains("1 registration, 2 attempts"), "{written:?}");
    let printed = json(&run(&["verify", &file, "--json"]));
    assert_eq!(printed["sound"], true, "{printed}");
    assert_eq!(json(&run(&["import", &file, "--data", &elsewhere, "--json"]))["registrations"], 1);
    let hash = |folder: &str| {
        json(&run(&["registration", id, "--json", "--data", folder]))["attempts"][0]["state_hash"].clone()
    };
    assert_eq!(hash(&elsewhere), hash(folder));
    let csv = run(&["export", "learner", "Ada", "--csv", "--data", &elsewhere]);
    assert!(out(&csv).starts_with("registration,learner,"), "{csv:?}");

    let text = std::fs::read_to_string(&file)
        .expect("the export")
        .replace("cmi.core.lesson_location", "cmi.core.lesson_locatiom");
    std::fs::write(&file, text).expect("written");
    let touched = run(&["verify", &file]);
    assert_eq!(code(&touched), 1);
    assert!(out(&touched).contains("altered"), "{}", out(&touched));
    assert_eq!(code(&run(&["import", &file, "--data", &elsewhere])), 1);
    assert_eq!(code(&run(&["verify", "nowhere.json"])), 2);

    assert_eq!(
        json(&run(&["erase", "Ada", "--reason", "asked for it", "--data", &elsewhere, "--json"]))["registrations"],
        1
    );
    let report = out(&run(&["registration", id, "--data", &elsewhere]));
    assert!(!report.contains("Ada"), "{report}");
    assert_eq!(code(&run(&["verify", "--data", &elsewhere])), 0);
}

/// Opens a session as a page does, and sends one call.
fn begin(server: &Server) {
    let launch =
        server.text("launch_url").strip_prefix(server.text("content_url")).expect("a path").to_owned();
    let launched = server.ask("127.0.0.1", &format!("GET {launch}"), "");
    let play = launched.lines().find_map(|line| line.strip_prefix("location: ")).expect("a player").trim();
    let opened = server.post(&format!("{play}sessions"), r#"{"page":"p"}"#);
    let session = &opened["session"];
    let entry = r#"{"seq":1,"at":1,"activity":"","call":"set","element":"cmi.core.lesson_location","value":"3","error":301}"#;
    let body = format!(r#"{{"session":{session},"entries":[{entry}]}}"#);
    assert_eq!(server.post(&format!("{play}commits"), &body)["durable_to"], 1);
}
