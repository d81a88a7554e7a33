//! `lyceum course topic`, `lyceum backfill` and `lyceum enrollments`; and the doors, on the port where the pages are.

use crate::run::{Server, code, err, json, out, run, sample};

#[test]
fn old_progress_is_taken_over_and_listed() {
    let folder = tempfile::tempdir().expect("a fresh folder");
    let server = Server::start(&["play", &sample("pot-of-tea")], folder.path());
    let course = server.text("course_id").to_owned();
    let data = folder.path().to_string_lossy().into_owned();
    let lyceum = |args: &[&str]| run(&[args, &["--data", &data]].concat());

    assert!(out(&lyceum(&["course", "topic", &course])).contains("no topic"));
    assert_eq!(json(&lyceum(&["course", "topic", &course, "42", "--json"]))["topics"][0], "42");
    assert_eq!(code(&lyceum(&["course", "topic", &course, "a/b"])), 1);
    assert_eq!(
        json(&lyceum(&["course", "topic", &course, "42", "--json"]))["moved_from"],
        serde_json::Value::Null
    );

    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.to_string_lossy().into_owned()
    };
    let old = file("old.csv", "learner,course,completed,score,time\nada,42,yes,90,600\nbob,42,no,20,65\n");
    let bad = file("bad.csv", "learner,course,completed\ncy,42,yes\ndan,43,yes\n");
    let refused = lyceum(&["backfill", &bad]);
    assert_eq!(code(&refused), 1);
    assert!(out(&refused).contains("line 3: dan 43 error: there is no topic 43"), "{}", out(&refused));
    assert!(out(&lyceum(&["backfill", &old, "--dry-run"])).contains("2 would be taken"));
    let all = || json(&lyceum(&["enrollments", "--json"]));
    assert_eq!(all()["count"], 1, "the learner of `play` alone");
    let taken = json(&lyceum(&["backfill", &old, "--json"]));
    assert_eq!((&taken["taken"], &taken["errors"]), (&2.into(), &0.into()));
    assert_eq!(json(&lyceum(&["backfill", &old, "--json"]))["known"], 2);
    assert_eq!(code(&lyceum(&["backfill", "nothing.csv"])), 2);

    let found = all();
    assert_eq!((&found["count"], &found["problems"]), (&3.into(), &0.into()));
    let shown = out(&lyceum(&["enrollments", "--learner", "bob"]));
    assert!(shown.contains("incomplete") && shown.contains("all agree"), "{shown}");
    assert_eq!(json(&lyceum(&["enrollments", "--course", "42", "--abandoned", "24h", "--json"]))["count"], 0);
    assert!(err(&lyceum(&["enrollments", "--abandoned", "soon"])).contains("24h, 7d or 90m"));

    // The same by HTTP, beside the pages.
    let key = json(&lyceum(&["key", "create", "old LMS", "--json"]));
    let bearer = format!("Authorization: Bearer {}\r\n", key["secret"].as_str().expect("a secret"));
    let answer = server.ask("localhost", "GET /api/scorm/progress/42?learner=ada", &bearer);
    assert!(
        answer.contains("\"completed\":true,\"overridden\":false,\"score\":90,\"total_seconds\":600.0"),
        "{answer}"
    );
    let answer = server.ask("localhost", "GET /courses/42/registrations", "");
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("key-invalid"), "{answer}");
}
