//! `GET /play/{token}/`: the player page. It holds no secret besides its own address.

use askama::Template;
use axum::extract::{Path, State};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use lyceum_app::AccessError;

use crate::answer::{self, Answer};
use crate::edge::Edge;
use crate::{headers, host, message};

#[derive(Template)]
#[template(path = "player.html")]
struct Page<'a> {
    assets: &'a str,
    modules: Vec<&'a str>,
    registration: &'a str,
    title: &'a str,
}

pub(crate) async fn show(State(edge): State<Edge>, Path(token): Path<String>, request: HeaderMap) -> Answer {
    match page(&edge, &token, &request).await {
        Ok(answer) => answer,
        Err(error) => message::refused(&edge, &error),
    }
}

/// The page's requests are relative to its address, which ends with a slash.
pub(crate) async fn with_slash(uri: Uri) -> Answer {
    let mut answer = answer::text(StatusCode::PERMANENT_REDIRECT, "");
    if let Ok(location) = HeaderValue::from_str(&format!("{}/", uri.path())) {
        answer.headers_mut().insert(header::LOCATION, location);
    }
    answer
}

async fn page(edge: &Edge, token: &str, request: &HeaderMap) -> Result<Answer, AccessError> {
    let info = edge.app.player_page(token).await?;
    if !host::is_right(request, info.host_label.as_deref()) {
        return Ok(host::misdirected());
    }
    let registration = edge.app.registration_of(token)?.to_string();
    let assets = edge.assets.base();
    let modules = edge.assets.modules().collect();
    let page = Page { assets: &assets, modules, registration: &registration, title: &info.title };
    let mut answer = match page.render() {
        Ok(page) => answer::html(StatusCode::OK, page),
        Err(_) => answer::text(StatusCode::INTERNAL_SERVER_ERROR, "This page could not be shown.\n"),
    };
    headers::restrict(&mut answer, &edge.headers, request, &assets);
    Ok(answer)
}
