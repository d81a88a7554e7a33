//! A site to ask, and answers to look at.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use lyceum_testkit::TestApp;
use lyceum_web::{Access, Pages};
use tower::ServiceExt as _;

pub(crate) const APP: &str = "http://localhost:8080";
pub(crate) const CONTENT: &str = "http://127.0.0.1:8080";

/// Proof that one of our own pages asks.
pub(crate) const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");

/// A person at this machine, and one elsewhere.
pub(crate) const HERE: &str = "127.0.0.1:50000";
pub(crate) const ELSEWHERE: &str = "192.0.2.7:50000";

pub(crate) struct Site {
    pub(crate) test: TestApp,
    router: Router,
}

impl Default for Site {
    fn default() -> Self {
        Self::with(TestApp::default(), true)
    }
}

impl Site {
    /// `is_loopback`: the application's public name stays on this machine.
    pub(crate) fn with(test: TestApp, is_loopback: bool) -> Self {
        let access = Access::new(test.app.clone(), is_loopback);
        let router = lyceum_web::router(Pages::new(test.app.clone(), access, CONTENT.to_owned()));
        Self { test, router }
    }

    pub(crate) async fn send(&self, peer: &str, mut request: Request<Body>) -> Answer {
        let peer: SocketAddr = peer.parse().expect("an address");
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.expect("a router never fails");
        let (head, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        Answer {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[OURS]).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(HERE, request("GET", path, headers, Body::empty())).await
    }

    /// A form of ours.
    pub(crate) async fn post(&self, path: &str, form: &str) -> Answer {
        let headers = [OURS, ("content-type", "application/x-www-form-urlencoded")];
        self.send(HERE, request("POST", path, &headers, Body::from(form.to_owned()))).await
    }
}

pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Request<Body> {
    let builder = Request::builder().method(method).uri(path);
    headers
        .iter()
        .fold(builder, |builder, (name, value)| builder.header(*name, *value))
        .body(body)
        .expect("a request")
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where a redirect leads.
    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.header(header::LOCATION)
    }

    /// Fails with the page unless every part stands in it.
    #[track_caller]
    pub(crate) fn shows(&self, parts: &[&str]) -> &Self {
        for part in parts {
            assert!(self.text.contains(part), "`{part}` is not in the {} page:\n{}", self.status, self.text);
        }
        self
    }

    /// Fails with the page if one of the parts stands in it.
    #[track_caller]
    pub(crate) fn hides(&self, parts: &[&str]) -> &Self {
        for part in parts {
            assert!(!self.text.contains(part), "`{part}` is in the {} page:\n{}", self.status, self.text);
        }
        self
    }
}
