//! What a person is told when something cannot be done.

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use lyceum_app::{AppError, ErrorKind};

use crate::page;
use crate::view::{Frame, MessagePage};

/// The page about an error of the application.
pub(crate) fn page(frame: Frame, error: &AppError) -> Response {
    let headline = match error.kind() {
        ErrorKind::NotFound | ErrorKind::Gone => "There is no such page",
        ErrorKind::Unavailable => "This does not work right now",
        _ => "This cannot be done",
    };
    message(frame, status(error.kind()), headline, sentence(&error.to_string()))
}

/// A page with a headline and a sentence.
pub(crate) fn message(frame: Frame, status: StatusCode, headline: &str, text: String) -> Response {
    let page = MessagePage { frame, headline: headline.to_owned(), text, post: None };
    (status, page::html(&page)).into_response()
}

pub(crate) fn status(kind: ErrorKind) -> StatusCode {
    StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// An error's text as a sentence of its own.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn errors_become_sentences() {
        assert_eq!(sentence("there is no course 7"), "There is no course 7.");
        assert_eq!(sentence("Really?"), "Really?");
        assert_eq!(sentence(""), ".");
    }
}
