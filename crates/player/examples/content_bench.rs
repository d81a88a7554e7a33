//! Serves one course zip at `/content/KEY/…`, for measuring delivery beside nginx. Prints the prefix and the key.
//!
//! `content_bench ZIP ADDRESS [axum|hyper] [WORKERS]`; `hyper` (the default) answers content before any router. The
//! key is checked with HMAC-SHA256 on every request, as the player does.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::routing::get;
use hmac::{Hmac, KeyInit, Mac};
use http::{Response, StatusCode};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use lyceum_archive::{Archive, CourseObject, Digest, OpenOptions};
use lyceum_player::content::{ContentBody, ContentHeaders, Delivery, Settings};
use sha2::Sha256;
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SECRET: &[u8] = b"a secret of this bench and of nothing else";

struct App {
    delivery: Delivery,
    course: Arc<CourseObject>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [zip, address, rest @ ..] = arguments.as_slice() else {
        eprintln!("usage: content_bench ZIP ADDRESS [axum|hyper] [WORKERS]");
        std::process::exit(2);
    };
    let workers = rest.get(1).and_then(|n| n.parse().ok()).unwrap_or(2);
    let with_router = rest.first().is_some_and(|kind| kind == "axum");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build().unwrap();
    runtime.block_on(serve(Path::new(zip), address.parse().unwrap(), with_router));
}

async fn serve(zip: &Path, address: SocketAddr, with_router: bool) {
    let (digest, _) = Digest::of(std::fs::File::open(zip).unwrap()).unwrap();
    let archive = Archive::open(zip, &OpenOptions::default()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        memory: 32 << 20,
        inflated_folder: folder.path().into(),
        inflated: 4 << 30,
        headers: ContentHeaders::default(),
    };
    let delivery = Delivery::new(&settings).unwrap();
    let app = Arc::new(App { delivery, course: Arc::new(CourseObject::new(digest, archive)) });
    let router = Router::new().route("/content/{*path}", get(routed)).with_state(Arc::clone(&app));
    let listener = TcpListener::bind(address).await.unwrap();
    println!("http://{}/content/{}", listener.local_addr().unwrap(), key(b"registration-0001"));
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let _ = stream.set_nodelay(true);
        let (app, router) = (Arc::clone(&app), router.clone());
        tokio::spawn(async move {
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(30));
            if let Some(len) = std::env::var("MAX_BUF").ok().and_then(|v| v.parse().ok()) {
                http.max_buf_size(len);
            }
            if std::env::var_os("PIPELINE_FLUSH").is_some() {
                http.pipeline_flush(true);
            }
            let io = TokioIo::new(stream);
            let _ = match with_router {
                true => http.serve_connection(io, TowerToHyperService::new(router)).await,
                false => {
                    http.serve_connection(io, service_fn(move |request| direct(Arc::clone(&app), request)))
                        .await
                }
            };
        });
    }
}

async fn direct(
    app: Arc<App>,
    request: http::Request<hyper::body::Incoming>,
) -> Result<Response<ContentBody>, Infallible> {
    let (parts, _) = request.into_parts();
    Ok(answer(&app, &parts).await)
}

async fn routed(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    answer(&app, &parts).await.map(Body::new)
}

async fn answer(app: &App, request: &http::request::Parts) -> Response<ContentBody> {
    let path = request.uri.path().strip_prefix("/content/").and_then(|rest| rest.split_once('/'));
    match path {
        Some((given, path)) if verified(given) => app.delivery.respond(&app.course, path, request).await,
        _ => Response::builder().status(StatusCode::FORBIDDEN).body(ContentBody::empty()).unwrap(),
    }
}

fn mac(payload: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    mac.update(payload);
    mac
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn key(payload: &[u8]) -> String {
    format!("{}.{}", hex(payload), hex(&mac(payload).finalize().into_bytes()))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    text.as_bytes().chunks(2).map(|pair| Some(digit(pair[0])? * 16 + digit(*pair.get(1)?)?)).collect()
}

fn verified(key: &str) -> bool {
    let parts = key.split_once('.').and_then(|(payload, tag)| Some((unhex(payload)?, unhex(tag)?)));
    parts.is_some_and(|(payload, tag)| mac(&payload).verify_slice(&tag).is_ok())
}
