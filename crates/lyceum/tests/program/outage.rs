//! PostgreSQL is really stopped under load, and so is the server: nothing acknowledged is lost, nothing counts twice.
#![cfg(unix)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use lyceum_testkit::postgres::Cluster;

use crate::learner::{Learner, PATIENCE, ready, until};
use crate::run::{Server, json, run, sample};

const LEARNERS: [&str; 3] = ["Ada", "Grace", "Mary"];

/// Sends one value after the other until told to stop; tells of every acknowledgement. Answers how many values it set.
fn work(mut learner: Learner, of: usize, told: Sender<usize>, stop: Arc<AtomicBool>) -> JoinHandle<u64> {
    std::thread::spawn(move || {
        let mut n = 0;
        while !stop.load(Ordering::Relaxed) {
            n += 1;
            learner.send(&[
                learner.set("cmi.core.lesson_location", &n.to_string()),
                learner.set("cmi.core.session_time", &format!("00:{:02}:{:02}", n / 60 % 60, n % 60)),
            ]);
            let _ = told.send(of);
        }
        n
    })
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
            work(learner, of, tell.clone(), Arc::clone(&stop))
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
