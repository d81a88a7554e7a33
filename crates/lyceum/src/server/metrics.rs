//! Counts for operators, in the text form that Prometheus reads.

use std::collections::HashMap;
use std::time::Duration;

use http::{Method, StatusCode};
use metrics::{Counter, Histogram, Unit};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use parking_lot::RwLock;

const REQUESTS: &str = "lyceum_http_requests_total";
const SECONDS: &str = "lyceum_http_request_seconds";
const CONNECTIONS: &str = "lyceum_http_connections";

/// Upper bounds of the latency buckets, in seconds: dense where requests should lie, sparse where trouble begins.
const BUCKETS: [f64; 12] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// How often histograms are condensed, so that what they hold does not grow between two readings of `/metrics`.
const UPKEEP: Duration = Duration::from_secs(5);

/// The program's counts.
pub(crate) struct Metrics {
    handle: PrometheusHandle,
    /// Handles by route template: looking one up must not allocate on the path of every request.
    routes: RwLock<HashMap<String, Route>>,
}

struct Route {
    seconds: Histogram,
    requests: HashMap<(&'static str, u16), Counter>,
}

/// Why counting could not begin.
#[derive(Debug, thiserror::Error)]
#[error("metrics cannot be set up: {0}")]
pub(crate) struct SetUp(#[from] metrics_exporter_prometheus::BuildError);

impl Metrics {
    /// Makes this the recorder of the whole program.
    pub(crate) fn install() -> Result<Self, SetUp> {
        let handle = builder()?.install_recorder()?;
        metrics::describe_counter!(REQUESTS, "Requests answered, by route template, method and status");
        metrics::describe_histogram!(SECONDS, Unit::Seconds, "Time until the head of the answer was ready");
        metrics::describe_gauge!(CONNECTIONS, "Open connections");
        Ok(Self { handle, routes: RwLock::default() })
    }

    /// Counts one request that ended.
    pub(crate) fn request(&self, route: &str, method: &Method, status: StatusCode, seconds: f64) {
        let key = (method_name(method), status.as_u16());
        if let Some(known) = self.routes.read().get(route)
            && let Some(counter) = known.requests.get(&key)
        {
            counter.increment(1);
            known.seconds.record(seconds);
            return;
        }
        let mut routes = self.routes.write();
        let known = routes.entry(route.to_owned()).or_insert_with(|| Route {
            seconds: metrics::histogram!(SECONDS, "route" => route.to_owned()),
            requests: HashMap::new(),
        });
        let counter = known.requests.entry(key).or_insert_with(|| {
            metrics::counter!(REQUESTS, "route" => route.to_owned(), "method" => key.0, "status" => key.1.to_string())
        });
        counter.increment(1);
        known.seconds.record(seconds);
    }

    /// Everything counted so far.
    pub(crate) fn text(&self) -> String {
        self.handle.render()
    }

    /// Keeps what histograms hold small. Never ends.
    pub(crate) async fn upkeep(&self) {
        let mut ticks = tokio::time::interval(UPKEEP);
        loop {
            ticks.tick().await;
            self.handle.run_upkeep();
        }
    }
}

fn builder() -> Result<PrometheusBuilder, SetUp> {
    Ok(PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &BUCKETS)?)
}

/// Counts an open connection as long as it lives.
pub(crate) struct OpenConnection(metrics::Gauge);

impl OpenConnection {
    pub(crate) fn begin() -> Self {
        let gauge = metrics::gauge!(CONNECTIONS);
        gauge.increment(1.0);
        Self(gauge)
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// Whoever sends requests chooses the method; the number of series must not be theirs to choose.
fn method_name(method: &Method) -> &'static str {
    const KNOWN: [Method; 7] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
        Method::PATCH,
    ];
    const NAMES: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
    KNOWN.iter().position(|known| known == method).map_or("other", |at| NAMES[at])
}

#[cfg(test)]
impl Metrics {
    /// Counts into a recorder of its own; the macros outside count into nothing.
    pub(crate) fn detached() -> Self {
        let recorder = PrometheusBuilder::new().build_recorder();
        Self { handle: recorder.handle(), routes: RwLock::default() }
    }
}
