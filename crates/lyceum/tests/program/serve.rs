//! `lyceum serve`: start, health, logs, and what it refuses.

use crate::run::{Server, code, err, lyceum, run, sample};

#[test]
#[cfg(unix)]
fn it_is_healthy_logs_what_it_does_and_ends_when_told() {
    let data = tempfile::tempdir().expect("a fresh folder");
    let server = Server::start(&["serve", "--log-json"], data.path());
    assert!(server.ask("anything", "GET /healthz", "").contains("\r\n\r\nok"));
    let ready = server.ask("localhost", "GET /readyz", "");
    assert!(ready.starts_with("HTTP/1.1 200") && ready.contains("\"status\":\"ready\""), "{ready}");
    assert!(server.ask("localhost", "GET /", "X-Request-Id: one\r\n").starts_with("HTTP/1.1 200"));
    assert!(server.ask("elsewhere", "GET /", "").starts_with("HTTP/1.1 421"));
    let secret = "GET /launch/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAsecret";
    assert!(server.ask("127.0.0.1", secret, "").starts_with("HTTP/1.1 401"));
    let metrics = server.ask("localhost", "GET /metrics", "");
    for line in [
        "lyceum_http_requests_total{route=\"/\",method=\"GET\",status=\"200\"} 1",
        "lyceum_http_request_seconds_bucket{route=\"/\",le=\"30\"} 1",
        "lyceum_http_requests_total{route=\"/launch/{token}\",method=\"GET\",status=\"401\"} 1",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }

    server.terminate();
    let (status, log) = server.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let page = lines.iter().find(|line| line["id"] == "one").expect("a line for the page");
    assert_eq!((&page["method"], &page["path"], &page["status"]), (&"GET".into(), &"/".into(), &200.into()));
    assert!(page["ms"].is_number() && page["bytes"].as_u64().is_some_and(|bytes| bytes > 500), "{page}");
    assert!(log.contains("/launch/~") && !log.contains("secret"), "{log}");
    assert!(lines.iter().any(|line| line["message"] == "ready"), "{log}");
}

#[test]
fn both_loopback_addresses_answer() {
    let data = tempfile::tempdir().expect("a fresh folder");
    let server = Server::start(&["serve"], data.path());
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        return; // a machine without IPv6
    }
    assert!(std::net::TcpStream::connect(("::1", server.port)).is_ok());
}

#[test]
fn a_taken_port_is_told_with_a_way_out() {
    let data = tempfile::tempdir().expect("a fresh folder");
    let server = Server::start(&["serve"], data.path());
    let other = data.path().join("other").to_string_lossy().into_owned();
    let taken = run(&["serve", "--listen", &server.port.to_string(), "--data", &other]);
    assert_eq!(code(&taken), 1);
    assert!(
        err(&taken).contains("in use") && err(&taken).contains("--listen 127.0.0.1:0"),
        "{}",
        err(&taken)
    );
}

#[test]
fn one_host_for_both_origins_needs_to_be_insisted_on() {
    let data = tempfile::tempdir().expect("a fresh folder");
    let folder = data.path().join("data").to_string_lossy().into_owned();
    let one = ["--app-url", "https://lms.example", "--content-url", "https://lms.example"];
    let refused = run(&[&["serve", "--listen", "0", "--data", &folder][..], &one].concat());
    assert_eq!(code(&refused), 1);
    assert!(
        err(&refused).contains("--single-host") && err(&refused).contains("--content-url"),
        "{}",
        err(&refused)
    );
    assert_eq!(code(&run(&["serve", "--app-url", "lms.example"])), 2);
}

#[test]
fn the_environment_counts_less_than_the_command_line() {
    let data = tempfile::tempdir().expect("a fresh folder");
    let folder = |name: &str| data.path().join(name);
    let mut command = lyceum(&["key", "create", "--json", "--data"]);
    let output =
        command.arg(folder("flag")).env("LYCEUM_DATA", folder("environment")).output().expect("it runs");
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(folder("flag").is_dir() && !folder("environment").exists());
    let mut command = lyceum(&["key", "create", "--json"]);
    assert_eq!(code(&command.env("LYCEUM_DATA", folder("environment")).output().expect("it runs")), 0);
    assert!(folder("environment").is_dir());
}

#[test]
#[cfg(unix)]
fn whoever_asks_twice_is_not_kept_waiting() {
    let data = tempfile::tempdir().expect("a fresh folder");
    let server = Server::start(&["play", &sample("pot-of-tea")], data.path());
    // A request that never comes to its end would hold the server for as long as it drains.
    let _unfinished = server.begin_form();
    server.terminate();
    server.wait_until_deaf();
    server.terminate();
    let (status, _) = server.wait();
    assert_eq!(status.code(), Some(130));
}
