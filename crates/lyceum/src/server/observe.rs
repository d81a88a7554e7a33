//! What is known of each request afterwards: one log line, and the counts of `/metrics`.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::redact::redacted;

/// Names a request in the logs, in the answer's `X-Request-Id`, and on error pages.
pub(crate) const REQUEST_ID: http::HeaderName = http::HeaderName::from_static("x-request-id");

/// Longest request id that is taken over from a proxy, in bytes.
const MAX_FOREIGN_ID: usize = 64;

/// Hands out ids that are unique among this machine's runs.
pub(crate) struct RequestIds {
    run: u64,
    next: AtomicU64,
}

impl RequestIds {
    /// `run` tells this run of the program from others.
    pub(crate) fn new(run: u64) -> Self {
        Self { run, next: AtomicU64::new(1) }
    }

    /// The id that a proxy gave, if it is a decent one, else a new one.
    pub(crate) fn of(&self, headers: &HeaderMap) -> String {
        headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(|id| is_decent(id)).map_or_else(
            || format!("{:08x}-{}", self.run & 0xffff_ffff, self.next.fetch_add(1, Ordering::Relaxed)),
            ToOwned::to_owned,
        )
    }
}

fn is_decent(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= MAX_FOREIGN_ID
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// A request that is being answered; its log line is written when the answer's body has ended or was dropped.
pub(crate) struct Exchange {
    pub(crate) id: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) begun: Instant,
    /// Set when the head is ready.
    pub(crate) status: StatusCode,
    /// Time until the head was ready, in milliseconds.
    pub(crate) head_ms: f64,
}

impl Exchange {
    fn log(&self, bytes: u64, complete: bool) {
        let path = redacted(&self.path);
        let total_ms = millis(self.begun);
        tracing::info!(
            target: "lyceum::request",
            id = self.id,
            method = self.method.as_str(),
            path = &*path,
            status = self.status.as_u16(),
            ms = rounded(self.head_ms),
            total_ms = rounded(total_ms),
            bytes,
            cut = !complete,
        );
    }
}

/// Milliseconds since `begun`.
pub(crate) fn millis(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e3
}

fn rounded(ms: f64) -> f64 {
    (ms * 100.0).round() / 100.0
}

/// An answer's body that counts what it gives out.
pub(crate) struct Observed {
    body: Body,
    bytes: u64,
    complete: bool,
    exchange: Exchange,
}

impl Observed {
    pub(crate) fn new(body: Body, exchange: Exchange) -> Self {
        // A body that is over before it began (304, HEAD) is never polled.
        let complete = body.is_end_stream() || exchange.method == Method::HEAD;
        Self { body, bytes: 0, complete, exchange }
    }
}

impl HttpBody for Observed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                self.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                self.complete = self.body.is_end_stream();
            }
            Poll::Ready(None) => self.complete = true,
            _ => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        self.exchange.log(self.bytes, self.complete);
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::{REQUEST_ID, RequestIds};

    #[test]
    fn a_decent_id_of_a_proxy_is_kept() {
        let ids = RequestIds::new(0xdead_beef);
        let table = [
            (Some("abc-123"), Some("abc-123")),
            (Some("has space"), None),
            (Some(""), None),
            (Some(&*"x".repeat(65)), None),
            (None, None),
        ];
        for (given, kept) in table {
            let mut headers = HeaderMap::new();
            if let Some(given) = given {
                headers.insert(REQUEST_ID, HeaderValue::from_str(given).expect("a header value"));
            }
            let id = ids.of(&headers);
            match kept {
                Some(kept) => assert_eq!(id, kept),
                None => assert!(id.starts_with("deadbeef-"), "{id}"),
            }
        }
        assert_ne!(ids.of(&HeaderMap::new()), ids.of(&HeaderMap::new()));
    }
}
