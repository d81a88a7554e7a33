//! The whole server on a real port, with small routers in the place of the edges.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use http::HeaderMap;
use tokio::sync::Semaphore;

use super::{Backend, Ended, Hosts, Metrics, Parts, Running, listen, start};
use crate::origin::Origin;

/// Long enough that only a defect reaches it.
const PATIENCE: Duration = Duration::from_secs(20);

struct Fake;

impl Backend for Fake {
    async fn ready(&self) -> (bool, serde_json::Value) {
        (true, serde_json::json!({"ready": true}))
    }

    async fn is_operator(&self, _: SocketAddr, headers: &HeaderMap) -> bool {
        headers.get("authorization").is_some_and(|key| key == "Bearer key")
    }
}

struct Server {
    running: Running<Fake>,
    port: u16,
    /// A request to `/slow` is answered when this gets a permit.
    slow: Arc<Semaphore>,
    /// Gets a permit when a request has reached `/slow`.
    reached: Arc<Semaphore>,
}

impl Server {
    async fn start() -> Self {
        let listeners = listen("127.0.0.1:0".parse().expect("an address")).await.expect("a free port");
        let port = listeners.port;
        let hosts = Hosts::new(Origin::http("localhost", port), Origin::http("127.0.0.1", port), false);
        let (slow, reached) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let (wait, tell) = (Arc::clone(&slow), Arc::clone(&reached));
        let app = Router::new()
            .route("/", get(|| async { "the application" }))
            .route("/panic", get(|| async { panic!("told to") as &str }))
            .route(
                "/slow",
                get(|| async move {
                    tell.add_permits(1);
                    wait.acquire().await.expect("never closed").forget();
                    "at last"
                }),
            );
        let content = Router::new().route("/course/{key}/{*path}", get(|| async { "a course" }));
        let parts = Parts {
            hosts: hosts.expect("two hosts"),
            app,
            content,
            backend: Fake,
            metrics: Arc::new(Metrics::detached()),
            max_connections: 100,
            run: 7,
        };
        Self { running: start(parts, listeners.sockets), port, slow, reached }
    }

    /// Sends one request and gives back the whole answer; the server closes after it.
    fn ask(&self, host: &str, line: &str, headers: &str) -> tokio::task::JoinHandle<String> {
        let host = host.replace("PORT", &self.port.to_string());
        let request = format!("{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");
        let port = self.port;
        tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
            stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
            stream.write_all(request.as_bytes()).expect("sent");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("an answer");
            answer
        })
    }

    async fn answer(&self, host: &str, line: &str, headers: &str) -> String {
        self.ask(host, line, headers).await.expect("asked")
    }
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

#[tokio::test]
async fn each_host_has_its_routes_and_others_are_misdirected() {
    let server = Server::start().await;
    let table = [
        ("localhost:PORT", "GET /", "200", "the application"),
        ("127.0.0.1:PORT", "GET /course/k/a.html", "200", "a course"),
        ("127.0.0.1:PORT", "GET /slow", "404", ""),
        ("localhost:PORT", "GET /course/k/a.html", "404", ""),
        ("127.0.0.1:PORT", "GET /", "307", "location: http://localhost:"),
        ("evil.example:PORT", "GET /", "421", "This server answers to http://localhost:"),
        ("localhost:1", "GET /", "421", ""),
    ];
    for (host, line, expected, part) in table {
        let answer = server.answer(host, line, "").await;
        assert_eq!(status(&answer), expected, "{host} {line}\n{answer}");
        assert!(answer.contains(part), "{host} {line}\n{answer}");
    }
    // A proxy-style target counts for more than the header.
    let answer = server.answer("localhost:PORT", "GET http://evil.example/", "").await;
    assert_eq!(status(&answer), "421", "{answer}");
}

#[tokio::test]
async fn health_is_for_programs_here_and_for_the_application() {
    let server = Server::start().await;
    let key = "Authorization: Bearer key\r\n";
    let browser = "Authorization: Bearer key\r\nSec-Fetch-Site: same-origin\r\n";
    let table = [
        ("probe.internal", "GET /healthz", "", "200"),
        ("probe.internal", "HEAD /healthz", "", "200"),
        ("localhost:PORT", "GET /readyz", "", "200"),
        ("localhost:PORT", "POST /readyz", "", "405"),
        ("probe.internal", "GET /metrics", "", "401"),
        ("probe.internal", "GET /metrics", key, "200"),
        ("localhost:PORT", "GET /metrics", browser, "200"),
        ("127.0.0.1:PORT", "GET /metrics", browser, "404"),
        ("127.0.0.1:PORT", "GET /readyz", "Origin: http://127.0.0.1:1\r\n", "404"),
    ];
    for (host, line, headers, expected) in table {
        let answer = server.answer(host, line, headers).await;
        assert_eq!(status(&answer), expected, "{host} {line} {headers}\n{answer}");
    }
}

#[tokio::test]
async fn a_panic_is_an_answer_with_its_id() {
    let server = Server::start().await;
    let answer = server.answer("localhost:PORT", "GET /panic", "X-Request-Id: mine\r\n").await;
    assert_eq!(status(&answer), "500", "{answer}");
    assert!(answer.contains("x-request-id: mine") && answer.contains("request id mine"), "{answer}");
    assert_eq!(status(&server.answer("localhost:PORT", "GET /", "").await), "200", "the server lives on");
}

#[tokio::test]
async fn stopping_lets_requests_finish() {
    let server = Server::start().await;
    let answer = server.ask("localhost:PORT", "GET /slow", "");
    let _idle = TcpStream::connect(("127.0.0.1", server.port)).expect("the server listens");
    server.reached.acquire().await.expect("never closed").forget();
    let stopping = tokio::spawn(server.running.stop(PATIENCE, std::future::pending()));
    server.slow.add_permits(1);
    assert!(answer.await.expect("asked").ends_with("at last"));
    assert_eq!(stopping.await.expect("no panic"), Ended::Drained);
}

#[tokio::test]
async fn stopping_is_bounded_and_can_be_hurried() {
    for (limit, hurried, expected) in
        [(Duration::ZERO, false, Ended::TimeUp), (PATIENCE, true, Ended::Hurried)]
    {
        let server = Server::start().await;
        let answer = server.ask("localhost:PORT", "GET /slow", "");
        server.reached.acquire().await.expect("never closed").forget();
        let hurry = async {
            if !hurried {
                std::future::pending::<()>().await;
            }
        };
        assert_eq!(server.running.stop(limit, hurry).await, expected);
        server.slow.add_permits(1);
        answer.await.expect("the request itself is not cut before the program ends");
    }
}
