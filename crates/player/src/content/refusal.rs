//! Answers that carry no course file: a status and a sentence.

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, Response, StatusCode};

use super::body::ContentBody;

/// Why no file is sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// A service worker would outlive the course and answer for everything on its origin.
    #[error("Courses may not install service workers.")]
    ServiceWorker,
    #[error("Course files can only be read (GET, HEAD).")]
    Method,
    #[error("The course has no file {0:?}.")]
    NotFound(String),
    #[error("The file is not the version that was asked for.")]
    Precondition,
    #[error("{0}")]
    Damaged(String),
    #[error("The server cannot read the course at the moment. Try again.")]
    Unreadable,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::ServiceWorker => StatusCode::FORBIDDEN,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Precondition => StatusCode::PRECONDITION_FAILED,
            Self::Damaged(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unreadable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The answer to a request with `method`; one to HEAD has the same headers and no text.
    pub(super) fn response(&self, method: &Method) -> Response<ContentBody> {
        let text = Bytes::from(format!("{self}\n"));
        let length = HeaderValue::from(text.len());
        let body = if method == Method::HEAD { ContentBody::empty() } else { ContentBody::from(text) };
        let mut response = Response::new(body);
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(CONTENT_LENGTH, length);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if *self == Self::Method {
            headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        response
    }
}
