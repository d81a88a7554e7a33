//! The router, and what all its handlers share.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderName, StatusCode};
use lyceum_app::App;

use crate::answer::Answer;
use crate::assets::Assets;
use crate::content::{ContentHeaders, Delivery, Settings, StartError};
use crate::{answer, assets, attempts, commits, course, headers, launch, message, page, renew, sessions};

/// Sent by browsers that fetch the script of a service worker.
const SERVICE_WORKER: HeaderName = HeaderName::from_static("service-worker");

/// What every handler has.
#[derive(Clone)]
pub(crate) struct Edge(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) app: App,
    pub(crate) assets: Assets,
    pub(crate) delivery: Delivery,
    pub(crate) headers: ContentHeaders,
}

impl std::ops::Deref for Edge {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// The routes of the content origin. Whoever calls it has checked that the request names the content origin's host; the
/// label of a registration within it is checked here.
///
/// # Errors
/// When the folder for inflated files cannot be used, or a setting is wrong.
pub fn router(app: App, settings: &Settings) -> Result<Router, StartError> {
    let delivery = Delivery::new(settings)?;
    let edge =
        Edge(Arc::new(Inner { app, assets: Assets::load(), delivery, headers: settings.headers.clone() }));
    let player = Router::new()
        .route("/launch/{token}", get(launch::open))
        .route("/play/{token}", get(page::with_slash))
        .route("/play/{token}/", get(page::show))
        .route("/play/{token}/sessions", post(sessions::open))
        .route("/play/{token}/commits", post(commits::take))
        .route("/play/{token}/renew", post(renew::renew))
        .route("/play/{token}/attempts", post(attempts::ask))
        .fallback(nothing_here)
        .method_not_allowed_fallback(other_method)
        .layer(middleware::map_response(headers::for_one_learner));
    let files = Router::new()
        .route(&format!("{}/{{digest}}/{{name}}", assets::ROUTE), get(asset))
        .layer(middleware::map_response(headers::for_files));
    Ok(player
        .merge(files)
        .route("/course/{key}/", axum::routing::any(course::serve))
        .route("/course/{key}/{*path}", axum::routing::any(course::serve))
        .layer(middleware::from_fn(no_service_worker))
        .with_state(edge))
}

async fn asset(
    State(edge): State<Edge>,
    Path((digest, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    edge.assets.respond(&digest, &name, &headers)
}

async fn nothing_here(State(edge): State<Edge>) -> Answer {
    message::show(
        &edge,
        StatusCode::NOT_FOUND,
        "There is nothing here",
        "The address is not complete, or it has changed. Open the course again from where you started it.",
    )
}

/// The `Allow` header, which the router adds, says which one is meant.
async fn other_method() -> Answer {
    answer::error(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "This address takes another method, see Allow.",
    )
}

/// A service worker would outlive the course and answer for everything on its origin, the player included.
async fn no_service_worker(request: Request, next: Next) -> Result<Response, Infallible> {
    if request.headers().contains_key(SERVICE_WORKER) {
        return Ok(answer::error(
            StatusCode::FORBIDDEN,
            "service-worker",
            "Service workers are not allowed here.",
        ));
    }
    Ok(next.run(request).await)
}
