//! Signing in with an operator key.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::header;
use serde::Deserialize;

use crate::access::Refusal;
use crate::pages::Pages;
use crate::visitor;

#[derive(Deserialize)]
pub(crate) struct SignIn {
    key: String,
    /// The page that was asked for.
    #[serde(default)]
    to: String,
}

/// `GET /sign-in`.
pub(crate) async fn page() -> Response {
    visitor::sign_in(Refusal::NoKey, "/".to_owned())
}

/// `POST /sign-in`.
pub(crate) async fn sign_in(State(pages): State<Pages>, Form(form): Form<SignIn>) -> Response {
    let key = form.key.trim();
    match pages.access.of_key(key).await {
        Ok(_) => ([(header::SET_COOKIE, pages.access.set_cookie(key))], Redirect::to(path(&form.to)))
            .into_response(),
        Err(refusal) => visitor::sign_in(refusal, path(&form.to).to_owned()),
    }
}

/// A path of ours, whatever the form says: `//elsewhere.example` is another site to a browser.
fn path(to: &str) -> &str {
    let ours = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\n', '\r', '\t']);
    if ours { to } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn signing_in_leads_nowhere_else() {
        let table = [
            ("/courses/1", "/courses/1"),
            ("", "/"),
            ("https://evil.example", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/\t/evil.example", "/"),
        ];
        for (to, expected) in table {
            assert_eq!(path(to), expected, "{to}");
        }
    }
}
