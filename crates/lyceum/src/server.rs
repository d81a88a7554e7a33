//! The server: ports, connections, the two origins, health and shutdown.

mod connections;
mod health;
mod hosts;
mod listen;
mod metrics;
mod observe;
mod redact;
mod signals;
mod site;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

pub(crate) use self::health::Backend;
pub(crate) use self::hosts::Hosts;
pub(crate) use self::listen::{Listeners, listen};
pub(crate) use self::metrics::Metrics;
pub(crate) use self::signals::Signals;

use self::connections::{Connections, Drain};
use self::site::Site;

/// What a server is made of.
pub(crate) struct Parts<B> {
    pub(crate) hosts: Hosts,
    /// Routes of the application origin.
    pub(crate) app: Router,
    /// Routes of the content origin.
    pub(crate) content: Router,
    pub(crate) backend: B,
    pub(crate) metrics: Arc<Metrics>,
    /// Open connections at a time.
    pub(crate) max_connections: usize,
    /// Tells this run from others in request ids.
    pub(crate) run: u64,
}

/// A server that accepts connections.
pub(crate) struct Running<B> {
    site: Arc<Site<B>>,
    drain: Drain,
}

/// Starts to accept.
pub(crate) fn start<B: Backend>(parts: Parts<B>, sockets: Vec<TcpListener>) -> Running<B> {
    let Parts { hosts, app, content, backend, metrics, max_connections, run } = parts;
    let counted = Arc::clone(&metrics);
    tokio::spawn(async move { counted.upkeep().await });
    let site = Arc::new(Site::new(hosts, app, content, backend, metrics, run));
    let (connections, drain) = Connections::new(Arc::clone(&site), max_connections);
    for socket in sockets {
        tokio::spawn(connections.clone().accept(socket));
    }
    Running { site, drain }
}

/// How a shutdown ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Every request was answered.
    Drained,
    /// Some were still at it when the time was up.
    TimeUp,
    /// Somebody asked twice.
    Hurried,
}

impl<B: Backend> Running<B> {
    /// Takes no more connections, lets requests finish for at most `limit`; `hurry` ends the waiting.
    pub(crate) async fn stop(mut self, limit: Duration, hurry: impl Future<Output = ()>) -> Ended {
        self.site.drain();
        tokio::select! {
            () = self.drain.all() => Ended::Drained,
            () = tokio::time::sleep(limit) => Ended::TimeUp,
            () = hurry => Ended::Hurried,
        }
    }
}
