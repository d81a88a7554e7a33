//! Headers that every answer of the application origin carries, and requests that none of its pages would make.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::proof::is_foreign_probe;

/// The policy, worked out once.
#[derive(Clone)]
pub(crate) struct Shield {
    policy: HeaderValue,
}

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

impl Shield {
    /// `content_url`: a launch button's form is redirected there, which browsers count as a form action.
    pub(crate) fn new(content_url: &str) -> Self {
        let policy = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
             form-action 'self' {content_url}; base-uri 'none'; frame-ancestors 'none'"
        );
        // An address was checked before it came here; without it the launch button fails, nothing else.
        let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'self'"));
        Self { policy }
    }
}

/// Refuses what a foreign page could only send to probe, and shields the answer.
pub(crate) async fn shield(State(shield): State<Shield>, request: Request, next: Next) -> Response {
    let mut response = if is_foreign_probe(request.headers()) {
        (StatusCode::FORBIDDEN, "Pages of other sites may link here, not embed or fetch.\n").into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, shield.policy);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // `no-referrer` would turn the Origin of our own forms into `null`.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        PERMISSIONS,
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"),
    );
    // Pages show people's data; files say otherwise for themselves.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
