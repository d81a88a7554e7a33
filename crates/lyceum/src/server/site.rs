//! What happens to a request: it gets an id, goes to the side that its host names, is counted and logged.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Redirect, Response};
use futures_util::FutureExt as _;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use tower::Service as _;
use tracing::Instrument as _;

use super::health::{self, Asked, Backend};
use super::hosts::{Hosts, Side};
use super::metrics::Metrics;
use super::observe::{Exchange, Observed, REQUEST_ID, RequestIds, millis};

/// Both sides and what they share.
pub(crate) struct Site<B> {
    hosts: Hosts,
    app: Router,
    content: Router,
    backend: B,
    metrics: Arc<Metrics>,
    ids: RequestIds,
    draining: AtomicBool,
}

impl<B: Backend> Site<B> {
    pub(crate) fn new(
        hosts: Hosts,
        app: Router,
        content: Router,
        backend: B,
        metrics: Arc<Metrics>,
        run: u64,
    ) -> Self {
        Self {
            hosts,
            app: app.layer(middleware::from_fn(tell_route)),
            content: content.layer(middleware::from_fn(tell_route)),
            backend,
            metrics,
            ids: RequestIds::new(run),
            draining: AtomicBool::new(false),
        }
    }

    /// From now on `/readyz` says that this server takes no more work.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Answers one request.
    pub(crate) async fn answer(&self, peer: SocketAddr, request: Request) -> Response<Observed> {
        let begun = Instant::now();
        let id = self.ids.of(request.headers());
        let method = request.method().clone();
        let path = request.uri().path().to_owned();
        let span = tracing::info_span!("request", id);
        let answered = AssertUnwindSafe(self.route(peer, request)).catch_unwind().instrument(span).await;
        let mut response = answered.unwrap_or_else(|_| broken(&id));
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let head_ms = millis(begun);
        let status = response.status();
        let route = response.extensions().get::<Route>().map_or("none", Route::as_str);
        self.metrics.request(route, &method, status, head_ms / 1e3);
        let exchange = Exchange { id, method, path, begun, status, head_ms };
        response.map(|body| Observed::new(body, exchange))
    }

    async fn route(&self, peer: SocketAddr, mut request: Request) -> Response {
        let host = host(&request);
        let side = host.and_then(|host| self.hosts.side(host, request.uri().path()));
        if health::is_health(request.uri().path())
            && let Some(answer) =
                self.health(side, peer, request.method(), request.uri().path(), request.headers()).await
        {
            return answer;
        }
        request.extensions_mut().insert(ConnectInfo(peer));
        let mut router = match side {
            Some(Side::App) => self.app.clone(),
            Some(Side::Content) if self.is_lost_visitor(&request) => return self.to_app(),
            Some(Side::Content) => self.content.clone(),
            None => return self.misdirected(),
        };
        router.call(request).await.unwrap_or_else(|never: Infallible| match never {})
    }

    async fn health(
        &self,
        side: Option<Side>,
        peer: SocketAddr,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Option<Response> {
        let asked = Asked { side, peer, method, path, headers };
        health::answer(&self.backend, &self.metrics, asked, self.draining.load(Ordering::Relaxed)).await
    }

    /// Somebody who typed the content origin's bare address looks for the application.
    fn is_lost_visitor(&self, request: &Request) -> bool {
        request.uri().path() == "/" && !self.hosts.content().is_wildcard()
    }

    fn to_app(&self) -> Response {
        Redirect::temporary(&format!("{}/", self.hosts.app())).into_response()
    }

    fn misdirected(&self) -> Response {
        let text = format!(
            "This server answers to {} (application) and {} (courses), and the request named another host.\n\
             If a proxy stands in front, it must pass the Host header on; if the server has another public name, \
             start it with --app-url and --content-url.\n",
            self.hosts.app(),
            self.hosts.content(),
        );
        (StatusCode::MISDIRECTED_REQUEST, text).into_response()
    }
}

/// The host that the request names; HTTP/1.1 gives it in a header, a proxy-style request in its target.
fn host(request: &Request) -> Option<&str> {
    match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => request.headers().get(header::HOST)?.to_str().ok(),
    }
}

/// The answer after a panic. The cause is in the log, under the same id.
fn broken(id: &str) -> Response<Body> {
    let text = format!("Something broke inside the server. Its log tells more under the request id {id}.\n");
    (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
}

/// The template of the route that answered, told to those outside the router.
#[derive(Clone)]
struct Route(MatchedPath);

impl Route {
    fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

async fn tell_route(route: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(Route(route));
    }
    response
}
