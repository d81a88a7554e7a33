//! dev: ADDR DATA COURSE...
#![allow(clippy::print_stdout)]
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use lyceum_app::*;
use lyceum_player::content::{ContentHeaders, Settings};

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let address: SocketAddr = args[0].parse().unwrap();
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let data = PathBuf::from(&args[1]);
    let app = App::open(Config { data_dir: data, app_url: format!("http://localhost:{port}"), content_url: format!("http://127.0.0.1:{port}"), clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), faults: None }).unwrap();
    let learner = std::env::var("LEARNER").unwrap_or("Ada Ng".into());
    for course in &args[2..] {
        let path = PathBuf::from(course);
        let source = if path.is_dir() { ImportSource::Folder(path) } else { ImportSource::File(path) };
        match app.import(Tenant::DEFAULT, source, ImportAs::default()).await {
            Ok(report) => {
                let r = app.register(Tenant::DEFAULT, report.course_id, NewLearner { id: learner.clone(), name: Some(learner.clone()) }).await.unwrap();
                let link = app.launch_link(Tenant::DEFAULT, r.registration, LaunchKind::Lasting).await.unwrap();
                println!("{course}\t{}\t{link}", r.registration);
            }
            Err(e) => println!("{course}\tERROR\t{e}"),
        }
    }
    let settings = Settings { memory: 64 << 20, inflated_folder: app.cache_dir().join("inflated"), inflated: 1 << 30, headers: ContentHeaders::default() };
    let reports = app.clone();
    let router = lyceum_player::router(app, &settings).unwrap().route("/report/{id}", axum::routing::get(move |axum::extract::Path(id): axum::extract::Path<String>| async move {
        let id: RegistrationId = id.parse().unwrap();
        serde_json::to_string_pretty(&reports.registration_report(Tenant::DEFAULT, id).await.unwrap()).unwrap()
    }));
    println!("READY");
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await.unwrap();
}
