//! `lyceum play` and `lyceum registration`.

use std::io::Write as _;

use crate::run::{Server, code, err, json, out, run, sample};

#[test]
fn a_course_is_ready_when_the_line_is_there() {
    let data = tempfile::tempdir().expect("a fresh folder");
    let server = Server::start(&["play", &sample("pot-of-tea"), "--learner", "Ada Lovelace"], data.path());
    let keys: Vec<&str> = server.ready.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, ["app_url", "content_url", "course_id", "launch_url", "registration_id", "standard"]);
    assert_eq!(server.text("standard"), "SCORM_12");
    assert_eq!(server.text("app_url"), format!("http://localhost:{}", server.port));
    assert_eq!(server.text("content_url"), format!("http://127.0.0.1:{}", server.port));

    let path = server
        .text("launch_url")
        .strip_prefix(server.text("content_url"))
        .expect("a link of the content origin");
    for _ in 0..2 {
        let launched = server.ask("127.0.0.1", &format!("GET {path}"), "");
        assert!(launched.starts_with("HTTP/1.1 303") && launched.contains("location: /play/"), "{launched}");
    }
    assert!(
        server.ask("localhost", &format!("GET {path}"), "").starts_with("HTTP/1.1 404"),
        "only on its own host"
    );

    // Another process reads the same folder meanwhile.
    let id = server.text("registration_id");
    let data = data.path().to_string_lossy().into_owned();
    let report = json(&run(&["registration", id, "--json", "--data", &data]));
    assert_eq!((report["id"].as_str(), report["status"].as_str()), (Some(id), Some("not-started")));
    for field in [
        "course",
        "learner",
        "completion",
        "success",
        "score",
        "total_seconds",
        "first_access",
        "last_access",
        "attempts",
    ] {
        assert!(report.get(field).is_some(), "{field} is missing in {report}");
    }
    let text = out(&run(&["registration", id, "--data", &data]));
    assert!(text.starts_with("Ada Lovelace · A Good Pot of Tea"), "{text}");
}

#[test]
fn the_same_learner_goes_on_and_another_one_begins() {
    let data = tempfile::tempdir().expect("a fresh folder");
    let started = |learner: &str| {
        let server = Server::start(&["play", &sample("pot-of-tea"), "--learner", learner], data.path());
        (server.text("course_id").to_owned(), server.text("registration_id").to_owned())
    };
    let first = started("Ada");
    assert_eq!(started("Ada"), first);
    let other = started("Grace");
    assert_eq!(other.0, first.0, "the same package is the same course");
    assert_ne!(other.1, first.1);
}

#[test]
fn what_cannot_be_played_is_told_and_nothing_is_kept() {
    let data = tempfile::tempdir().expect("a fresh folder");
    let bad = data.path().join("bad.zip");
    std::fs::write(&bad, b"no zip").expect("a file");
    let folder = data.path().join("data");
    let (bad, folder) = (bad.to_string_lossy().into_owned(), folder.to_string_lossy().into_owned());
    let played = run(&["play", &bad, "--json", "--listen", "0", "--data", &folder]);
    assert_eq!(code(&played), 1);
    assert!(out(&played).is_empty() && err(&played).contains("not a zip"), "{}", err(&played));
    assert_eq!(code(&run(&["play", "nowhere.zip", "--data", &folder])), 2);
    assert_eq!(code(&run(&["registration", "no-id", "--data", &folder])), 2);
    let unknown = run(&["registration", "0192f2c4-7a10-7e3b-9c55-0123456789ab", "--data", &folder]);
    assert_eq!(code(&unknown), 1);
    assert!(err(&unknown).contains("there is no registration"), "{}", err(&unknown));
}

#[test]
#[cfg(unix)]
fn a_request_that_is_on_its_way_is_answered_before_the_end() {
    let data = tempfile::tempdir().expect("a fresh folder");
    let server = Server::start(&["play", &sample("pot-of-tea")], data.path());
    let mut stream = server.begin_form();
    server.terminate();
    server.wait_until_deaf();
    stream.write_all(b"key=wrong").expect("the connection is still there");
    let mut answer = [0; 12];
    std::io::Read::read_exact(&mut stream, &mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 401");
    drop(stream);
    let (status, _) = server.wait();
    assert_eq!(status.code(), Some(0));
}
