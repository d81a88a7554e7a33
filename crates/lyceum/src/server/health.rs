//! `/healthz` (the process runs), `/readyz` (it can do its work), `/metrics` (what it counted).
//!
//! Programs on this machine may ask under any host name, because a probe seldom knows the public one. A browser may not,
//! except on the application's host: a course runs in a browser of this machine too.

use std::future::Future;
use std::net::SocketAddr;

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, header};

use super::hosts::Side;
use super::metrics::Metrics;

/// What health questions ask of the application.
pub(crate) trait Backend: Send + Sync + 'static {
    /// Whether the application can work, and what it says about it.
    fn ready(&self) -> impl Future<Output = (bool, serde_json::Value)> + Send;

    /// Whether this caller may see what only operators see.
    fn is_operator(&self, peer: SocketAddr, headers: &HeaderMap) -> impl Future<Output = bool> + Send;
}

/// Who asks for what, and under which name.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) side: Option<Side>,
    pub(crate) peer: SocketAddr,
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) headers: &'a HeaderMap,
}

pub(crate) fn is_health(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics")
}

/// The answer, or `None` where these addresses do not exist for the caller.
pub(crate) async fn answer<B: Backend>(
    backend: &B,
    metrics: &Metrics,
    asked: Asked<'_>,
    draining: bool,
) -> Option<Response> {
    if !may_ask(asked) {
        return None;
    }
    if !matches!(*asked.method, Method::GET | Method::HEAD) {
        return Some((StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response());
    }
    let answer = match asked.path {
        "/healthz" => "ok\n".into_response(),
        "/readyz" => ready(backend, draining).await,
        _ if backend.is_operator(asked.peer, asked.headers).await => {
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.text())
                .into_response()
        }
        _ => forbidden(),
    };
    Some(([(header::CACHE_CONTROL, "no-store")], answer).into_response())
}

fn may_ask(asked: Asked<'_>) -> bool {
    let from_browser =
        asked.headers.contains_key("sec-fetch-site") || asked.headers.contains_key(header::ORIGIN);
    let local_program = asked.peer.ip().to_canonical().is_loopback() && !from_browser;
    asked.side == Some(Side::App) || local_program
}

async fn ready<B: Backend>(backend: &B, draining: bool) -> Response {
    if draining {
        let body = serde_json::json!({"ready": false, "reason": "the server is shutting down"});
        return (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response();
    }
    let (ready, details) = backend.ready().await;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(details)).into_response()
}

fn forbidden() -> Response {
    let text =
        "Metrics are for this machine and for holders of an operator key (Authorization: Bearer KEY).\n";
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")], text).into_response()
}
