//! Durable commits through [`lyceum_app::App::commit`], without HTTP: 40 elements with 4 KiB of suspend data each, by 1, 16
//! and 64 learners who wait for each acknowledgement. Bodies are made beforehand; reading them is part of what is measured.
//!
//! `cargo run --release -p lyceum-app --example commit_bench [SECONDS]` prints one JSON line a cell.
#![allow(clippy::print_stdout)] // the figures are what it is for

use std::sync::Arc;
use std::time::{Duration, Instant};

use lyceum_app::{
    App, Caller, CommitRequest, Config, FloodBudget, ImportAs, ImportSource, LaunchKind, NewLearner,
    OpenSession, SystemClock, SystemRandom, Tenant,
};
use lyceum_attempt::engine::Engine;
use lyceum_testkit::scorm12;

/// The executable's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const T: Tenant = Tenant::DEFAULT;
/// Bodies made for each learner; a learner who has sent them all is done.
const BODIES: usize = 1_500;

fn main() {
    let seconds = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(3);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let folder = tempfile::tempdir_in(".").expect("a folder on the disk to measure");
    for learners in [1, 16, 64] {
        let data = folder.path().join(learners.to_string());
        runtime.block_on(cell(data, learners, Duration::from_secs(seconds)));
    }
}

async fn cell(data_dir: std::path::PathBuf, learners: usize, time: Duration) {
    let app = App::open(Config {
        data_dir: data_dir.clone(),
        database: lyceum_app::Database::Embedded,
        app_url: "http://localhost".to_owned(),
        content_url: "http://127.0.0.1".to_owned(),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        flood: FloodBudget::unlimited(),
        faults: None,
    })
    .expect("opens");
    let package = data_dir.join("course.zip");
    std::fs::write(&package, scorm12("Bench", &["a"])).expect("a file");
    let course =
        app.import(T, ImportSource::File(package), ImportAs::default()).await.expect("imports").course_id;
    app.verify_packages().await;
    let mut prepared = Vec::new();
    for n in 0..learners {
        prepared.push(prepare(&app, course, n).await);
    }
    let (started, cpu) = (Instant::now(), cpu_ms());
    let running: Vec<_> = prepared
        .into_iter()
        .map(|(token, bodies)| tokio::spawn(learn(app.clone(), token, bodies, started + time)))
        .collect();
    let mut latencies = Vec::new();
    for learner in running {
        latencies.extend(learner.await.expect("a learner"));
    }
    let (elapsed, cpu) = (started.elapsed().as_secs_f64(), cpu_ms() - cpu);
    latencies.sort_unstable();
    let at = |share: f64| latencies[((latencies.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    let commits = latencies.len();
    println!(
        "{{\"cell\":\"app_commit\",\"learners\":{learners},\"commits\":{commits},\"commits_per_s\":{:.0},\
         \"p50_ms\":{:.2},\"p99_ms\":{:.2},\"cpu_ms_per_commit\":{:.4}}}",
        commits as f64 / elapsed,
        at(0.5),
        at(0.99),
        cpu / commits as f64
    );
    app.shutdown().await;
    let _ = std::fs::remove_dir_all(data_dir);
}

/// Registers a learner, opens a session, and plays the browser's part of all commits to come.
async fn prepare(app: &App, course: lyceum_app::CourseId, n: usize) -> (String, Vec<Vec<u8>>) {
    let learner = NewLearner { id: format!("learner {n}"), name: None };
    let registration = app.register(T, course, learner).await.expect("registers").registration;
    let link = app.launch_link(T, registration, LaunchKind::Short).await.expect("a link");
    let token = link.rsplit('/').next().unwrap_or_default();
    let token = app.redeem_launch(token).await.expect("opens").session_token;
    let page = OpenSession { client_clock: None, page: "bench".to_owned() };
    let opened = app.open_session(&token, page).await.expect("a session");
    let now = opened.server_clock;
    let mut engine = Engine::open(opened.plan, opened.opening, opened.state);
    engine.deliver("a", now);
    engine.initialize("", now);
    let bodies = (0..BODIES).map(|k| body(&mut engine, &opened.session, now + k as i64, k)).collect();
    (opened.token, bodies)
}

/// 40 elements, of which one is 4,096 characters long, and a Commit.
fn body(engine: &mut Engine, session: &str, now: i64, k: usize) -> Vec<u8> {
    let mut set = |element: &str, value: &str| {
        assert_eq!(engine.set_value(element, value, now).error, 0, "{element}");
    };
    set("cmi.core.lesson_location", &format!("page {k}"));
    set("cmi.core.lesson_status", "incomplete");
    set("cmi.core.score.raw", &(k % 100).to_string());
    set("cmi.core.score.min", "0");
    set("cmi.core.score.max", "100");
    set("cmi.core.session_time", "00:05:30.25");
    set("cmi.core.exit", "suspend");
    set("cmi.suspend_data", &format!("{k:08}").repeat(512));
    for i in 0..4 {
        for (field, value) in [
            ("id", "question"),
            ("type", "choice"),
            ("time", "10:00:00"),
            ("weighting", "1"),
            ("student_response", "a"),
            ("result", "correct"),
            ("latency", "00:00:05.00"),
            ("correct_responses.0.pattern", "a"),
        ] {
            set(&format!("cmi.interactions.{i}.{field}"), value);
        }
    }
    engine.commit("", now);
    let request = serde_json::json!({
        "session": session, "entries": engine.take_entries(), "client_clock": now,
        "state_hash": format!("{:016x}", engine.state_hash()),
    });
    request.to_string().into_bytes()
}

async fn learn(app: App, token: String, bodies: Vec<Vec<u8>>, until: Instant) -> Vec<Duration> {
    let mut latencies = Vec::new();
    for body in bodies {
        if Instant::now() >= until {
            break;
        }
        let sent = Instant::now();
        let request = CommitRequest::from_json(&body).expect("a request");
        match app.commit(&token, request, Caller::default()).await {
            Ok(answer) => assert!(answer.missing.is_empty()),
            Err(e) => panic!("{e}"),
        }
        latencies.push(sent.elapsed());
    }
    latencies
}

/// CPU time of this process so far, in milliseconds (Linux; elsewhere 0).
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) * 10.0
}
