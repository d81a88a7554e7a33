//! Somebody at the doors, with a key.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use lyceum_app::CourseId;
use lyceum_testkit::{scorm12, scorm2004};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::TestApp;

pub(crate) struct Door {
    pub(crate) on: TestApp,
    pub(crate) course: CourseId,
    pub(crate) key: String,
    router: Router,
}

impl Door {
    /// A SCORM 1.2 course of one part, known as topic 42.
    pub(crate) async fn new() -> Self {
        Self::before(&scorm12("Course", &["a"])).await
    }

    pub(crate) async fn to_2004() -> Self {
        Self::before(&scorm2004("Course", &["a"])).await
    }

    pub(crate) async fn before(package: &[u8]) -> Self {
        let on = TestApp::default();
        let course = on.import(package).await;
        on.app.set_topic(TestApp::TENANT, course, "42").await.expect("a topic");
        let key = on.app.create_key(TestApp::TENANT, "old LMS").await.expect("a key").secret;
        let router = lyceum_rest::router(on.app.clone());
        Self { on, course, key, router }
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> (StatusCode, http::HeaderMap, Value) {
        let peer: std::net::SocketAddr = "192.0.2.7:50000".parse().expect("an address");
        request.extensions_mut().insert(ConnectInfo(peer));
        let (head, body) =
            self.router.clone().oneshot(request).await.expect("a router always answers").into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        (head.status, head.headers, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// With the key, as JSON.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        self.post_as(&self.key, path, "application/json", &body.to_string()).await
    }

    pub(crate) async fn post_as(&self, key: &str, path: &str, of: &str, body: &str) -> (StatusCode, Value) {
        let request =
            Request::post(path).header("content-type", of).header("authorization", format!("Bearer {key}"));
        let (status, _, body) =
            self.send(request.body(Body::from(body.to_owned())).expect("a request")).await;
        (status, body)
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        let request = Request::get(path).header("authorization", format!("Bearer {}", self.key));
        let (status, _, body) = self.send(request.body(Body::empty()).expect("a request")).await;
        (status, body)
    }

    /// A commit that is stored.
    pub(crate) async fn commit(&self, body: &Value) -> Value {
        let (status, answer) = self.post("/scorm/progress/42/", body).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer
    }

    /// The values of an attempt's first part.
    pub(crate) async fn cmi(&self, registration: &str, attempt: usize) -> Value {
        let report = self.report(registration).await;
        report["attempts"][attempt]["activities"][0]["cmi"].clone()
    }

    pub(crate) async fn report(&self, registration: &str) -> Value {
        let id = registration.parse().expect("an id");
        let report = self.on.app.registration_report(TestApp::TENANT, id).await.expect("a report");
        serde_json::to_value(report).expect("JSON")
    }

    /// The chains hold, and the stored state is the fold of the journal.
    pub(crate) async fn verify(&self) {
        let found = self.on.app.verify_chains().await.expect("verifies");
        assert!(found.sound, "{found:?}");
    }
}

/// An answer without what is different every time.
pub(crate) fn blank(mut answer: Value) -> Value {
    for path in ["/enrollment/id", "/attempt/id", "/attempt/session_id", "/token"] {
        if let Some(value) = answer.pointer_mut(path).filter(|value| value.is_string()) {
            *value = json!("…");
        }
    }
    answer
}
