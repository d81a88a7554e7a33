//! The door of every page: who comes in, and with what proof.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use http::{Extensions, Method, StatusCode};
use lyceum_app::Tenant;

use crate::access::{Operator, Refusal, bearer};
use crate::pages::Pages;
use crate::proof::is_ours;
use crate::view::{Frame, Place, SignInPage};
use crate::{assets, page};

/// Whoever uses the pages; an extractor of the actions.
#[derive(Clone)]
pub(crate) struct Visitor(pub(crate) Operator);

impl Visitor {
    pub(crate) fn tenant(&self) -> Tenant {
        self.0.tenant()
    }

    pub(crate) fn frame(&self, place: Place) -> Frame {
        let access = match &self.0 {
            Operator::Local => "There are no accounts yet: only this machine can open these pages, or the holder of an operator key.".to_owned(),
            Operator::Key { name, .. } => format!("There are no accounts yet: you see these pages with the operator key “{name}”."),
        };
        Frame {
            place,
            assets: assets::base(),
            inside: true,
            signed_in: matches!(self.0, Operator::Key { .. }),
            access,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        // Only a route outside the door would lack it.
        parts.extensions.get().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Lets operators in; shows everybody else the sign-in.
pub(crate) async fn door(State(pages): State<Pages>, mut request: Request, next: Next) -> Response {
    match pages.access.of(peer(request.extensions()), request.headers()).await {
        Ok(operator) => {
            request.extensions_mut().insert(Visitor(operator));
            next.run(request).await
        }
        Err(refusal) => {
            let to = if request.method() == Method::GET {
                request.uri().path().to_owned()
            } else {
                "/".to_owned()
            };
            sign_in(refusal, to)
        }
    }
}

/// The sign-in form, and why it is there.
pub(crate) fn sign_in(refusal: Refusal, to: String) -> Response {
    let (status, problem) = match refusal {
        Refusal::NoKey => (StatusCode::UNAUTHORIZED, None),
        Refusal::BadKey => (StatusCode::UNAUTHORIZED, Some("This key is not known here, or it was revoked.")),
        Refusal::Unavailable => {
            (StatusCode::SERVICE_UNAVAILABLE, Some("Keys cannot be checked right now. Try again soon."))
        }
    };
    let frame = outside("These pages open on the server's own machine, or with an operator key.");
    let page = SignInPage { frame, problem: problem.map(str::to_owned), to };
    (status, page::html(&page)).into_response()
}

/// The frame around a page for somebody who is not let in.
pub(crate) fn outside(access: &str) -> Frame {
    Frame {
        place: Place::Elsewhere,
        assets: assets::base(),
        inside: false,
        signed_in: false,
        access: access.to_owned(),
    }
}

/// Refuses changes that no page of ours asked for. A key in a header is proof too: no foreign page can send one.
pub(crate) async fn proven(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let proven = is_ours(request.headers(), pages.app.app_url()) || bearer(request.headers()).is_some();
    if changes && !proven {
        let text = "This change was asked for by a page of another site, or by a program without an operator key \
                    (Authorization: Bearer KEY).\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    next.run(request).await
}

/// Where the connection comes from; an unknown peer counts as a foreign one.
fn peer(extensions: &Extensions) -> IpAddr {
    let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    extensions.get::<ConnectInfo<SocketAddr>>().map_or(unknown, |ConnectInfo(peer)| peer.ip())
}
