//! A learner's page over HTTP, as far as a test of the whole program needs one.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::run::Server;

/// Only a defect takes longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A request with a JSON body. `None` while nobody answers.
pub(crate) fn post(port: u16, path: &str, body: &Value) -> Option<(u16, Value)> {
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

/// Sends entries and keeps them until they are acknowledged.
pub(crate) struct Learner {
    port: u16,
    player: String,
    session: String,
    pub(crate) activity: String,
    /// All entries up to here are acknowledged.
    pub(crate) seq: u64,
}

impl Learner {
    pub(crate) fn launch(server: &Server, path: &str) -> Self {
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

    /// Sends entries once; answers the status and what came with it, nothing while nobody answers.
    pub(crate) fn try_send(&mut self, entries: &[Value]) -> Option<(u16, Value)> {
        let numbered: Vec<Value> = entries
            .iter()
            .cloned()
            .zip(self.seq + 1..)
            .map(|(mut entry, seq)| {
                entry["seq"] = seq.into();
                entry["at"] = (1_767_225_600_000_u64 + seq).into();
                entry
            })
            .collect();
        let last = self.seq + numbered.len() as u64;
        let body = json!({ "session": self.session, "from_seq": self.seq + 1, "confirmed": self.seq, "entries": numbered });
        let answer = post(self.port, &format!("{}/commits", self.player), &body);
        if let Some((200, answer)) = &answer {
            assert_eq!(answer["durable_to"], last, "{answer}");
            self.seq = last;
        }
        answer
    }

    /// Sends entries until they are acknowledged: the server may be down, or killed before it answers.
    pub(crate) fn send(&mut self, entries: &[Value]) {
        until("acknowledged", || matches!(self.try_send(entries), Some((200, _))));
    }

    pub(crate) fn begin(&mut self) {
        let activity = self.activity.clone();
        self.send(&[
            json!({ "call": "navigate", "value": "start", "result": activity }),
            json!({ "activity": activity, "call": "deliver", "result": "ab-initio" }),
            json!({ "activity": activity, "call": "initialize" }),
        ]);
    }

    /// A call that sets a value.
    pub(crate) fn set(&self, element: &str, value: &str) -> Value {
        json!({ "activity": self.activity, "call": "set", "element": element, "value": value })
    }
}

pub(crate) fn ready(server: &Server) -> Value {
    let answer = server.ask("localhost", "GET /readyz", "");
    serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap_or_default()).expect("JSON")
}

pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let patience = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < patience, "{what}");
        std::thread::yield_now();
    }
}
