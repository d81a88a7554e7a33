//! `GET /course/{key}/{path}`: files of a course, for one registration.

use axum::body::Body;
use axum::extract::{Request, State};
use http::Response;

use crate::answer::{self, Answer};
use crate::edge::Edge;
use crate::host;

const PREFIX: &str = "/course/";

pub(crate) async fn serve(State(edge): State<Edge>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    // Not through extractors: the path goes on as it came, percent-encoding and all.
    let Some((key, path)) = parts.uri.path().strip_prefix(PREFIX).and_then(|rest| rest.split_once('/')) else {
        return answer::text(http::StatusCode::NOT_FOUND, "There is no course here.\n");
    };
    let content = match edge.app.content(key).await {
        Ok(content) => content,
        Err(error) => return answer::refusal(error.kind(), error.code(), &error.to_string()),
    };
    if !host::is_right(&parts.headers, content.host_label.as_deref()) {
        return host::misdirected();
    }
    let response: Response<_> = edge.delivery.respond(&content.archive, path, &parts).await;
    response.map(Body::new)
}
