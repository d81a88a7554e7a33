//! Reads the body of a commit in every shape that browsers send it: JSON, text (a beacon has no say), a form, compressed.

use std::io::Read as _;

use axum::body::Body;
use bytes::Bytes;
use flate2::bufread::DeflateDecoder;
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use lyceum_app::limits::{MAX_COMMIT_BODY, MAX_COMMIT_INFLATED};

use crate::answer::{self, Answer};

/// Field of a form that holds the JSON.
const FORM_FIELD: &str = "body=";

/// Why a body could not be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the body is larger than {MAX_COMMIT_BODY} bytes; send fewer entries at once")]
    TooLarge,
    #[error("the body is larger than {MAX_COMMIT_INFLATED} bytes when inflated; send fewer entries at once")]
    InflatesTooLarge,
    #[error("the body ended early or the connection broke; send it again")]
    Broken,
    #[error("?z=1 promises raw deflate (RFC 1951), and the body is not that")]
    NotDeflate,
    #[error("the form has no field `body`, or it is not percent-encoded UTF-8")]
    NotForm,
    #[error("`{0}` is not taken here: send application/json, text/plain, application/x-www-form-urlencoded, or no type")]
    MediaType(String),
}

impl BodyError {
    pub(crate) fn answer(&self) -> Answer {
        let (status, code) = match self {
            Self::TooLarge | Self::InflatesTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            Self::MediaType(_) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type"),
            Self::Broken | Self::NotDeflate | Self::NotForm => (StatusCode::BAD_REQUEST, "malformed-request"),
        };
        answer::error(status, code, &self.to_string())
    }
}

/// The JSON that a request carries.
pub(crate) async fn read(headers: &HeaderMap, is_deflated: bool, body: Body) -> Result<Bytes, BodyError> {
    let shape = Shape::of(headers)?;
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|bytes| bytes > MAX_COMMIT_BODY) {
        return Err(BodyError::TooLarge);
    }
    let collected = Limited::new(body, MAX_COMMIT_BODY).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() { BodyError::TooLarge } else { BodyError::Broken }
    })?;
    let bytes = collected.to_bytes();
    let bytes = if is_deflated { inflate(&bytes)? } else { bytes };
    match shape {
        Shape::Json => Ok(bytes),
        Shape::Form => field(&bytes),
    }
}

enum Shape {
    Json,
    Form,
}

impl Shape {
    fn of(headers: &HeaderMap) -> Result<Self, BodyError> {
        let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(Self::Json) };
        let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
        let essence = text.split(';').next().unwrap_or_default().trim();
        match essence {
            "" | "application/json" | "text/plain" | "application/octet-stream" => Ok(Self::Json),
            "application/x-www-form-urlencoded" => Ok(Self::Form),
            other => Err(BodyError::MediaType(other.chars().take(80).collect())),
        }
    }
}

/// Inflates at most as much as a commit may hold: a small body can promise gigabytes.
fn inflate(bytes: &[u8]) -> Result<Bytes, BodyError> {
    let mut inflated = Vec::with_capacity(bytes.len().saturating_mul(4).min(MAX_COMMIT_INFLATED));
    let limit = MAX_COMMIT_INFLATED as u64 + 1;
    DeflateDecoder::new(bytes).take(limit).read_to_end(&mut inflated).map_err(|_| BodyError::NotDeflate)?;
    if inflated.len() > MAX_COMMIT_INFLATED {
        return Err(BodyError::InflatesTooLarge);
    }
    Ok(inflated.into())
}

/// The form's field, with `+` and percent-encoding undone (URL Standard, 5.1).
fn field(bytes: &[u8]) -> Result<Bytes, BodyError> {
    let text = std::str::from_utf8(bytes).map_err(|_| BodyError::NotForm)?;
    let value = text.split('&').find_map(|pair| pair.strip_prefix(FORM_FIELD)).ok_or(BodyError::NotForm)?;
    let spaced = value.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8().map_err(|_| BodyError::NotForm)?;
    Ok(decoded.into_owned().into())
}
