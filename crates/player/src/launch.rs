//! `GET /launch/{token}`: from a launch link to the player page.

use axum::extract::{Path, State};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::answer::{self, Answer};
use crate::edge::Edge;
use crate::{host, message};

pub(crate) async fn open(State(edge): State<Edge>, Path(token): Path<String>, request: HeaderMap) -> Answer {
    let redeemed = match edge.app.redeem_launch(&token).await {
        Ok(redeemed) => redeemed,
        Err(error) => return message::refused(&edge, &error),
    };
    if !host::is_right(&request, redeemed.host_label.as_deref()) {
        return host::misdirected();
    }
    see_other(&format!("/play/{}/", redeemed.session_token))
}

fn see_other(path: &str) -> Answer {
    let mut answer = answer::text(StatusCode::SEE_OTHER, "");
    if let Ok(location) = HeaderValue::from_str(path) {
        answer.headers_mut().insert(header::LOCATION, location);
    }
    answer
}
