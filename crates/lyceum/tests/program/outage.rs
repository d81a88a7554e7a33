//! PostgreSQL is really stopped under load, and so is the server: nothing acknowledged is lost, nothing counts twice.
#![cfg(unix)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use lyceum_testkit::postgres::Cluster;
use serde_json::{Value, json};

use crate::run::{Server, json, run, sample};

const LEARNERS: [&str; 3] = ["Ada", "Grace", "Mary"];
const PATIENCE: Duration = Duration::from_secs(60);

/// A request with a JSON body. `None` while nobody answers.
fn post(port: u16, path: &str, body: &Value) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).unwrap_or_default()))
}

/// A learner's page: sends one value after the other, each until it is acknowledged.
struct Learner {
    port: u16,
    player: String,
    session: String,
    activity: String,
    seq: u64,
}

impl Learner {
    fn launch(server: &Server, path: &str) -> Self {
        let redirect = server.ask("127.0.0.1", &format!("GET {path}"), "");
        let location = redirect.lines().find_map(|line| line.strip_prefix("location: ")).expect("a redirect");
        let player = location.trim_end_matches('/').to_owned();
        let (status, opened) =
            post(server.port, &format!("{player}/sessions"), &json!({ "page": "p" })).expect("an answer");
        assert_eq!(status, 200, "{opened}");
        let activities = opened["plan"]["activities"].as_array().expect("activities");
        let activity = activities.iter().find(|a| a["launch"].is_string()).expect("something to launch");
        Self {
            port: server.port,
            session: opened["session"].as_str().expect("an id").to_owned(),
            activity: activity["id"].as_str().expect("an id").to_owned(),
            player,
            seq: 0,
        }
    }

    /// Sends entries until they are acknowledged.
    fn send(&mut self, entries: Vec<Value>) {
        let numbered: Vec<Value> = entries
            .into_iter()
            .zip(self.seq + 1..)
            .map(|(mut entry, seq)| {
                entry["seq"] = seq.into();
                entry["at"] = (1_767_225_600_000_u64 + seq).into();
                entry
            })
            .collect();
        let last = self.seq + numbered.len() as u64;
        let body = json!({ "session": self.session, "from_seq": self.seq + 1, "confirmed": self.seq, "entries": numbered });
        let patience = Instant::now() + PATIENCE;
        loop {
            match post(self.port, &format!("{}/commits", self.player), &body) {
                Some((200, answer)) => {
                    assert_eq!(answer["durable_to"], last, "{answer}");
                    self.seq = last;
                    return;
                }
                // The server is down, or was killed before it answered.
                other => assert!(Instant::now() < patience, "{other:?}"),
            }
        }
    }

    fn begin(&mut self) {
        let activity = self.activity.clone();
        self.send(vec![
            json!({ "call": "navigate", "value": "start", "result": activity }),
            json!({ "activity": activity, "call": "deliver", "result": "ab-initio" }),
            json!({ "activity": activity, "call": "initialize" }),
        ]);
    }

    /// Until told to stop; tells of every acknowledgement. Answers how many values it set.
    fn work(mut self, of: usize, told: Sender<usize>, stop: Arc<AtomicBool>) -> JoinHandle<u64> {
        std::thread::spawn(move || {
            let mut n = 0;
            while !stop.load(Ordering::Relaxed) {
                n += 1;
                let activity = self.activity.clone();
                let set = |element: &str, value: String| json!({ "activity": activity, "call": "set", "element": element, "value": value });
                self.send(vec![
                    set("cmi.core.lesson_location", n.to_string()),
                    set("cmi.core.session_time", format!("00:{:02}:{:02}", n / 60 % 60, n % 60)),
                ]);
                let _ = told.send(of);
            }
            n
        })
    }
}

/// Waits until every learner has been told so many times from now on that a value is safe.
fn progress(told: &Receiver<usize>, times: usize) {
    while told.try_recv().is_ok() {} // said before
    let mut left = [times; LEARNERS.len()];
    while left.iter().any(|left| *left > 0) {
        let of = told.recv_timeout(PATIENCE).expect("acknowledgements go on");
        left[of] = left[of].saturating_sub(1);
    }
}

fn ready(server: &Server) -> Value {
    let answer = server.ask("localhost", "GET /readyz", "");
    serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap_or_default()).expect("JSON")
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let patience = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < patience, "{what}");
        std::thread::yield_now();
    }
}

#[test]
fn postgresql_is_stopped_under_load_and_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a fresh folder");
    let Some(cluster) = Cluster::private(&folder.path().join("cluster")) else { return };
    let (data, url) = (folder.path().join("data"), cluster.url());
    let (ids, paths): (Vec<String>, Vec<String>) =
        LEARNERS.iter().map(|learner| register(learner, &url, &data)).unzip();
    let serve = ["serve", "--no-flood-limit", "--database", &url];
    let server = Server::start(&serve, &data);
    let listen = format!("127.0.0.1:{}", server.port);
    let (tell, told) = channel();
    let stop = Arc::new(AtomicBool::new(false));
    let learners: Vec<JoinHandle<u64>> = paths
        .iter()
        .enumerate()
        .map(|(of, path)| {
            let mut learner = Learner::launch(&server, path);
            learner.begin();
            learner.work(of, tell.clone(), Arc::clone(&stop))
        })
        .collect();
    progress(&told, 5);

    cluster.kill();
    until("the outage shows", || ready(&server)["status"] == "degraded");
    progress(&told, 5);
    let health = ready(&server);
    assert!(
        health["spool"]["length"].as_u64() > Some(10) && health["fallback_count"].as_u64() > Some(10),
        "{health}"
    );
    assert_eq!(health["database_connected"], false);

    // The server dies as well, and starts without its database.
    drop(server);
    let server = Server::start_on(&serve, &data, &listen);
    progress(&told, 5);
    assert_eq!(ready(&server)["status"], "degraded");

    cluster.start();
    until("everything is replayed", || {
        let health = ready(&server);
        health["status"] == "ready" && health["spool"]["length"] == 0
    });
    progress(&told, 5);

    // It stands still: connections are open, and nobody answers.
    cluster.freeze();
    progress(&told, 5);
    assert!(ready(&server)["spool"]["length"].as_u64() > Some(0));
    cluster.thaw();
    until("everything is replayed", || {
        let health = ready(&server);
        health["status"] == "ready" && health["spool"]["length"] == 0
    });
    stop.store(true, Ordering::Relaxed);
    let values: Vec<u64> =
        learners.into_iter().map(|learner| learner.join().expect("no learner failed")).collect();
    until("everything is replayed", || ready(&server)["spool"]["length"] == 0);
    let metrics = server.ask("localhost", "GET /metrics", "");
    for name in
        ["lyceum_spool_accepted_total", "lyceum_spool_replayed_total", "lyceum_database_retries_total"]
    {
        assert!(metrics.contains(name), "{name} is not in\n{metrics}");
    }
    assert_eq!(ready(&server)["fallback_refused"], 0);
    drop(server);

    for (id, n) in ids.iter().zip(values) {
        let report = json(&run(&[
            "registration",
            id,
            "--json",
            "--database",
            &url,
            "--data",
            &data.to_string_lossy(),
        ]));
        let attempt = &report["attempts"][0];
        assert_eq!(attempt["activities"][0]["cmi"]["cmi.core.lesson_location"], n.to_string());
        assert_eq!(attempt["activities"][0]["total_seconds"], n as f64, "no time counts twice");
        assert_eq!(attempt["sessions"][0]["entries"], 3 + 2 * n, "{attempt}");
    }
    cluster.kill();
}

/// Imports the course and registers the learner; answers the registration and the path of a launch link.
fn register(learner: &str, url: &str, data: &Path) -> (String, String) {
    let server =
        Server::start(&["play", &sample("pot-of-tea"), "--learner", learner, "--database", url], data);
    let link = server
        .text("launch_url")
        .strip_prefix(server.text("content_url"))
        .expect("a link of the content origin");
    (server.text("registration_id").to_owned(), link.to_owned())
}
