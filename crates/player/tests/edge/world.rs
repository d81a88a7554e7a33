//! The application behind the router, two learners on a course, and the values that exchanges name.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use http::Request;
use http_body_util::BodyExt as _;
use lyceum_app::limits::FLOOD_REQUESTS;
use lyceum_app::{
    App, Config, CourseId, FloodBudget, ImportAs, ImportSource, LaunchKind, NewLearner, Tenant, WritePoint,
};
use lyceum_player::content::{ContentHeaders, Settings};
use lyceum_testkit::{FailOnce, FixedClock, SeededRandom, TestApp, scorm12};
use tower::ServiceExt as _;

use crate::transcript::Exchange;

/// Where all requests come from.
const PEER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)), 40_000);

pub(crate) struct World {
    router: Router,
    app: App,
    clock: Arc<FixedClock>,
    faults: Arc<FailOnce>,
    values: BTreeMap<String, String>,
    course: Option<CourseId>,
    /// Keeps the data folder.
    home: TestApp,
}

impl World {
    pub(crate) async fn new() -> Self {
        let home = TestApp::default();
        Self::around(home.app.clone(), home, ContentHeaders::default()).await
    }

    async fn around(app: App, home: TestApp, headers: ContentHeaders) -> Self {
        let settings = Settings {
            memory: 1 << 20,
            inflated_folder: home.scratch("inflated"),
            inflated: 1 << 20,
            headers,
        };
        let router = lyceum_player::router(app.clone(), &settings).expect("starts");
        let (clock, faults) = (Arc::clone(&home.clock), Arc::clone(&home.faults));
        let mut world = Self { router, app, clock, faults, values: BTreeMap::new(), course: None, home };
        world.enrol().await;
        world
    }

    /// Two learners on one course: `{launch}`, `{token}`, `{registration}`, `{session}`, `{key}`; the second's with `_2`.
    async fn enrol(&mut self) {
        let package = scorm12("Tea & <b>Cake</b>", &["a", "b"]);
        let path = self.home.scratch("course.zip");
        std::fs::write(&path, package).expect("a file");
        let imported = self.app.import(Tenant::DEFAULT, ImportSource::File(path), ImportAs::default()).await;
        let course = imported.expect("imports").course_id;
        self.course = Some(course);
        for (learner, suffix) in [("ada", ""), ("bob", "_2")] {
            let learner = NewLearner { id: learner.to_owned(), name: None };
            let registered = self.app.register(Tenant::DEFAULT, course, learner).await.expect("registers");
            let link =
                self.app.launch_link(Tenant::DEFAULT, registered.registration, LaunchKind::Short).await;
            let link = link.expect("a link");
            let launch = link.rsplit('/').next().expect("a path").to_owned();
            let redeemed = self.app.redeem_launch(&launch).await.expect("opens");
            let opened = serde_json::json!({"client_clock": 1, "page": format!("page{suffix}")});
            let opened = serde_json::from_value(opened).expect("a request");
            let opened = self.app.open_session(&redeemed.session_token, opened).await.expect("a session");
            let host = link.split('/').nth(2).expect("a host");
            let key = opened.content_base.split('/').nth(2).expect("a key").to_owned();
            for (name, value) in [
                ("launch", launch),
                ("token", redeemed.session_token),
                ("registration", registered.registration.to_string()),
                ("session", opened.session),
                ("key", key),
                ("host", host.to_owned()),
            ] {
                self.values.insert(format!("{name}{suffix}"), value);
            }
        }
        self.learn_assets().await;
    }

    /// `{assets}`: the path below which the player's files lie, as the page names it.
    async fn learn_assets(&mut self) {
        let (host, token) = (self.values["host"].clone(), self.values["token"].clone());
        let request = Request::get(format!("/play/{token}/")).header("host", host).body(Body::empty());
        let page = self.send(request.expect("a request")).await;
        let (_, rest) = page.split_once("href=\"/player/").expect("the page names its files");
        let digest = rest.split('/').next().expect("a digest").to_owned();
        self.values.insert("digest".to_owned(), digest);
    }

    /// `wait MS`: the clock moves on. `set NAME VALUE`: a setting of the course. `fail N`: the N-th transaction from now, counted from 0, is not stored. `flood`: more
    /// signs of life at once than anybody may give. `repeat NAME N TEXT`: a long value. `wildcard`: another world with a host for each
    /// registration.
    pub(crate) async fn change(&mut self, change: &str) {
        let mut words = change.splitn(3, ' ');
        let (verb, first, rest) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        match verb {
            "wait" => self.clock.advance(first.parse().expect("milliseconds")),
            "set" => {
                let changes = [(first.to_owned(), rest.to_owned())];
                let course = self.course.expect("there is a course");
                self.app.change_course_settings(Tenant::DEFAULT, course, &changes).await.expect("a setting");
            }
            "flood" => self.flood().await,
            "fail" => self.faults.plan(WritePoint::Commit, first.parse().expect("a number")),
            "repeat" => {
                let (times, text) = rest.split_once(' ').expect("a number and a text");
                let value = text.repeat(times.parse().expect("a number"));
                self.values.insert(first.to_owned(), value);
            }
            "wildcard" => *self = wildcard().await,
            other => panic!("there is no change `{other}`"),
        }
    }

    async fn flood(&self) {
        let target = format!("/play/{}/commits", self.values["token"]);
        let body = format!(r#"{{"session":"{}","entries":[]}}"#, self.values["session"]);
        for _ in 0..=FLOOD_REQUESTS as u32 {
            let request =
                Request::post(&target).header("host", &self.values["host"]).body(Body::from(body.clone()));
            self.send(request.expect("a request")).await;
        }
    }

    /// Sends the request and writes the answer down like the files do.
    pub(crate) async fn exchange(&self, exchange: &Exchange) -> String {
        let text = self.fill(&exchange.request);
        let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let (method, target) =
            lines.next().and_then(|line| line.split_once(' ')).expect("a method and a target");
        let mut request = Request::builder().method(method).uri(target).header("host", &self.values["host"]);
        let (mut deflate, mut keep) = (None, usize::MAX);
        for line in lines {
            let (name, value) = line.split_once(": ").expect("a header");
            match name {
                "x-test-deflate" => deflate = Some(value),
                "x-test-keep" => keep = value.parse().expect("how many bytes arrive"),
                "host" => {
                    request.headers_mut().expect("headers").insert("host", value.parse().expect("a host"));
                }
                _ => request = request.header(name, value),
            }
        }
        let mut body = match deflate {
            Some("zlib") => with_zlib(body),
            Some(_) => deflated(body),
            None => body.as_bytes().to_vec(),
        };
        body.truncate(keep);
        let answer = self.send(request.body(Body::from(body)).expect("a request")).await;
        self.blank(&answer)
    }

    /// Status, headers, body.
    async fn send(&self, mut request: Request<Body>) -> String {
        request.extensions_mut().insert(ConnectInfo(PEER));
        let answer = self.router.clone().oneshot(request).await.expect("a router always answers");
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.expect("the body is there").to_bytes();
        // The length is that of the body; whoever writes the exchanges should not have to count.
        let told = parts.headers.iter().filter(|(name, _)| *name != "content-length");
        let mut headers: Vec<String> =
            told.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or("?"))).collect();
        headers.sort();
        let body = String::from_utf8(body.to_vec()).unwrap_or_else(|_| format!("({} bytes)", body.len()));
        format!("{}\n{}\n\n{body}", parts.status.as_u16(), headers.join("\n")).trim().to_owned()
    }

    fn fill(&self, text: &str) -> String {
        self.values
            .iter()
            .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    fn blank(&self, text: &str) -> String {
        let named = self.values.iter().filter(|(_, value)| value.len() >= 8);
        named.fold(text.to_owned(), |text, (name, value)| text.replace(value, &format!("{{{name}}}")))
    }
}

/// The same world where every registration has a host of its own.
async fn wildcard() -> World {
    let home = TestApp::default();
    let app = App::open(Config {
        data_dir: home.scratch("wildcard"),
        database: lyceum_app::Database::Embedded,
        app_url: "https://lms.example".to_owned(),
        content_url: "https://*.courses.example".to_owned(),
        clock: home.clock.clone(),
        random: Arc::new(SeededRandom::new(3)),
        faults: None,
        flood: FloodBudget::default(),
    });
    let headers =
        ContentHeaders { frame_ancestors: Some(vec!["https://lms.example".to_owned()]), secure: true };
    Box::pin(World::around(app.expect("opens"), home, headers)).await
}

fn deflated(text: &str) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn with_zlib(text: &str) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}
