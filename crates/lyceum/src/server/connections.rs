//! The connections: how many at a time, how long they may dawdle, and how they end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

use super::health::Backend;
use super::metrics::OpenConnection;
use super::site::Site;

/// A client that has not sent a whole request head after this long is cut; an idle connection ends then too.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Pause after the system refused a connection, so that a lack of file handles does not become a busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Header lines of a request.
const MAX_HEADERS: usize = 100;

/// Everything a connection needs.
pub(crate) struct Connections<B> {
    site: Arc<Site<B>>,
    /// One permit for each connection that may be open.
    permits: Arc<Semaphore>,
    /// Turns true when connections shall end after the request they are at.
    drain: watch::Receiver<bool>,
    /// Held by every connection: when the last one is gone, the receiver knows.
    alive: mpsc::Sender<Infallible>,
}

impl<B> Clone for Connections<B> {
    fn clone(&self) -> Self {
        Self {
            site: Arc::clone(&self.site),
            permits: Arc::clone(&self.permits),
            drain: self.drain.clone(),
            alive: self.alive.clone(),
        }
    }
}

/// Ends connections and waits for them.
pub(crate) struct Drain {
    begin: watch::Sender<bool>,
    gone: mpsc::Receiver<Infallible>,
}

impl Drain {
    /// Tells every connection to end after the request it is at, and waits until all have.
    pub(crate) async fn all(&mut self) {
        let _ = self.begin.send(true);
        while self.gone.recv().await.is_some() {}
    }
}

impl<B: Backend> Connections<B> {
    /// At most `max` connections are open at a time; further ones wait in the system's queue.
    pub(crate) fn new(site: Arc<Site<B>>, max: usize) -> (Self, Drain) {
        let (begin, drain) = watch::channel(false);
        let (alive, gone) = mpsc::channel(1);
        (Self { site, permits: Arc::new(Semaphore::new(max)), drain, alive }, Drain { begin, gone })
    }

    /// Accepts until drained.
    pub(crate) async fn accept(mut self, listener: TcpListener) {
        loop {
            let Ok(permit) = Arc::clone(&self.permits).acquire_owned().await else {
                return;
            };
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = begun(&mut self.drain) => return,
            };
            match accepted {
                Ok((stream, peer)) => {
                    tokio::spawn(self.clone().serve(stream, peer, permit));
                }
                Err(error) if is_of_the_peer(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn serve(mut self, stream: TcpStream, peer: SocketAddr, _permit: OwnedSemaphorePermit) {
        let _open = OpenConnection::begin();
        // Answers are small and written whole: waiting for more to send only costs time.
        let _ = stream.set_nodelay(true);
        let site = &self.site;
        let service = service_fn(|request: Request<Incoming>| async move {
            Ok::<_, Infallible>(site.answer(peer, request.map(Body::new)).await)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_READ_TIMEOUT)
            .max_headers(MAX_HEADERS)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        // What goes wrong on a connection is the client's affair: it went away, or it spoke no HTTP.
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = begun(&mut self.drain) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, %peer, "a connection broke");
        }
    }
}

/// Resolves when draining has begun, or when nobody is left who could begin it.
async fn begun(drain: &mut watch::Receiver<bool>) {
    let _ = drain.wait_for(|drain| *drain).await;
}

/// Errors of `accept` that concern one client only.
fn is_of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
