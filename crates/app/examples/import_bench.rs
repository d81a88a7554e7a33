//! Import of a package, durable and ready to launch, in a fresh data folder each time.
//!
//! `cargo run --release -p lyceum-app --example import_bench PACKAGE [RUNS]` prints one JSON line.
#![allow(clippy::print_stdout)] // the figures are what it is for

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use lyceum_app::{
    App, Config, FloodBudget, ImportAs, ImportSource, LaunchKind, NewLearner, SystemClock, SystemRandom,
    Tenant,
};

/// The executable's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let mut args = std::env::args().skip(1);
    let package = PathBuf::from(args.next().expect("a package"));
    let runs: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or(3);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let mut seconds: Vec<f64> = (0..runs).map(|_| runtime.block_on(import(package.clone()))).collect();
    seconds.sort_by(f64::total_cmp);
    println!(
        "{{\"cell\":\"app_import\",\"runs\":{runs},\"median_s\":{:.3},\"best_s\":{:.3}}}",
        seconds[runs / 2],
        seconds[0]
    );
}

async fn import(package: PathBuf) -> f64 {
    let folder = tempfile::tempdir_in(".").expect("a folder on the disk to measure");
    let app = App::open(Config {
        data_dir: folder.path().to_owned(),
        database: lyceum_app::Database::Embedded,
        app_url: "http://localhost".to_owned(),
        content_url: "http://127.0.0.1".to_owned(),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        flood: FloodBudget::default(),
        faults: None,
    })
    .expect("opens");
    let started = Instant::now();
    let report =
        app.import(Tenant::DEFAULT, ImportSource::File(package), ImportAs::default()).await.expect("imports");
    let learner = NewLearner { id: "ada".to_owned(), name: None };
    let registration =
        app.register(Tenant::DEFAULT, report.course_id, learner).await.expect("registers").registration;
    app.launch_link(Tenant::DEFAULT, registration, LaunchKind::Short).await.expect("a link");
    let seconds = started.elapsed().as_secs_f64();
    app.shutdown().await;
    seconds
}
