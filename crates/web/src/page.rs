//! Rendered pages as answers.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;

/// The page; a template that cannot be rendered is a defect and says so in the log.
pub(crate) fn html(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, "The page could not be made. The log tells more.\n")
                .into_response()
        }
    }
}
