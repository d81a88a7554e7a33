//! The application origin for programs: the doors for players and pages that are not ours (`docs/doors.md`).
//!
//! | route | file |
//! |---|---|
//! | `POST`, `GET /scorm/progress/{topic}/` | `progress.rs` |
//! | `POST /scorm/api/{registration}` | `api.rs` |
//! | `GET /scorm/launch/{topic}/` | `launch.rs` |
//! | `GET /courses/{id}/registrations` | `registrations.rs` |
//!
//! Each with and without `/api` in front and a slash at the end. A request proves itself with a key or a session token; cookies count for nothing here, and so
//! pages of every origin may ask.
#![forbid(unsafe_code)]

mod answer;
mod api;
mod asked;
mod body;
mod launch;
mod payload;
mod progress;
mod registrations;

use axum::Router;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use http::{HeaderValue, Method, StatusCode, header};
use lyceum_app::App;

/// All routes, to be merged with others of the same origin.
pub fn router(app: App) -> Router {
    let doors: [(&str, MethodRouter<App>); 4] = [
        ("/scorm/progress/{topic}", post(progress::commit).get(progress::show).options(preflight)),
        ("/scorm/api/{registration}", post(api::call).options(preflight)),
        ("/scorm/launch/{topic}", get(launch::open).options(preflight)),
        ("/courses/{id}/registrations", get(registrations::list).options(preflight)),
    ];
    let mut router = Router::new();
    for (path, methods) in doors {
        let methods = methods.fallback(no_such_method);
        for path in [path.to_owned(), format!("{path}/"), format!("/api{path}"), format!("/api{path}/")] {
            router = router.route(&path, methods.clone());
        }
    }
    router.layer(map_response(for_every_origin)).with_state(app)
}

async fn no_such_method(method: Method) -> Response {
    answer::no_such_method(&method)
}

/// What browsers ask before a page of another origin may send a key.
async fn preflight() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Nothing here is proven by what a browser adds by itself, so no page can misuse it.
async fn for_every_origin(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
