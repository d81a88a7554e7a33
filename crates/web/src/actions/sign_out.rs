//! `POST /sign-out`.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::header;

use crate::pages::Pages;

pub(crate) async fn sign_out(State(pages): State<Pages>) -> Response {
    ([(header::SET_COOKIE, pages.access.set_cookie(""))], Redirect::to("/")).into_response()
}
