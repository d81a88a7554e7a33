//! Reads a body in every shape that players send it: JSON, a form, and either of them as text, since a beacon has no say.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use http::header;
use http::request::Parts;
use lyceum_app::limits::MAX_COMMIT_BODY;
use serde_json::{Map, Value};

/// A body that takes longer than this is a connection that holds memory for nothing.
const READ_WITHIN: Duration = Duration::from_secs(60);

/// Why a body could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the body is larger than {MAX_COMMIT_BODY} bytes; send less at once")]
    TooLarge,
    #[error("the body names more than {0}; send less at once")]
    TooMuch(&'static str),
    #[error("the body ended early or the connection broke; send it again")]
    Broken,
    #[error("the body took longer than {} s to arrive; send it again", READ_WITHIN.as_secs())]
    Slow,
    #[error("the body is no UTF-8")]
    NotText,
    #[error("the body is no JSON: {0}")]
    NotJson(String),
    #[error("the body is empty; send JSON or a form")]
    Empty,
    #[error("the body is neither an object nor a list of element=value")]
    NotValues,
    #[error(
        "`sequence` is a whole number from 0 on, the caller's own number of the commit; leave it out where there is none"
    )]
    NotNumbered,
}

impl BodyError {
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::TooLarge | Self::TooMuch(_) => 413,
            Self::Slow => 408,
            _ => 400,
        }
    }

    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::TooLarge | Self::TooMuch(_) => "too-large",
            Self::Slow => "too-slow",
            _ => "malformed-request",
        }
    }
}

/// The body as an object. A form's fields become texts.
pub(crate) async fn read(parts: &Parts, body: Body) -> Result<Map<String, Value>, BodyError> {
    let declared = parts.headers.get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|bytes| bytes > MAX_COMMIT_BODY) {
        return Err(BodyError::TooLarge);
    }
    let read = tokio::time::timeout(READ_WITHIN, to_bytes(body, MAX_COMMIT_BODY)).await;
    let bytes = read.map_err(|_| BodyError::Slow)?.map_err(|error| {
        let is_limit =
            std::error::Error::source(&error).is_some_and(|cause| cause.to_string().contains("limit"));
        if is_limit { BodyError::TooLarge } else { BodyError::Broken }
    })?;
    understood(std::str::from_utf8(&bytes).map_err(|_| BodyError::NotText)?)
}

/// What it is shows in its first character: content types of players are as often wrong as right.
fn understood(text: &str) -> Result<Map<String, Value>, BodyError> {
    let text = text.trim_start_matches('\u{feff}').trim();
    match text.as_bytes().first() {
        None => Err(BodyError::Empty),
        Some(b'{' | b'[') => match serde_json::from_str(text) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(Value::Array(pairs)) => listed(pairs),
            Ok(_) => Err(BodyError::NotValues),
            Err(e) => Err(BodyError::NotJson(e.to_string())),
        },
        Some(_) if text.contains('=') => Ok(form(text)),
        Some(_) => Err(BodyError::NotValues),
    }
}

/// `["cmi.location=3", …]`: scorm-again's params inside JSON.
pub(crate) fn listed(pairs: Vec<Value>) -> Result<Map<String, Value>, BodyError> {
    let pair = |of: Value| match of {
        Value::String(text) => text.split_once('=').map(|(name, value)| (name.to_owned(), value.into())),
        _ => None,
    };
    pairs.into_iter().map(|of| pair(of).ok_or(BodyError::NotValues)).collect()
}

/// Fields, in two dialects. Browsers encode (URL Standard 5.2); scorm-again joins `element=value` by `&` as they are, so a text with a character that an
/// encoder never leaves is taken literally, and there a piece that names no element belongs to the value before it.
fn form(text: &str) -> Map<String, Value> {
    let is_encoded = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"*-._+%=&".contains(&b));
    let mut fields = Map::new();
    if is_encoded {
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            fields.insert(decoded(name), Value::String(decoded(value)));
        }
        return fields;
    }
    let mut last: Option<(String, String)> = None;
    for piece in text.split('&') {
        match (piece.split_once('=').filter(|(name, _)| is_name(name)), &mut last) {
            (Some((name, value)), _) => {
                fields.extend(last.take().map(|(name, value)| (name, Value::String(value))));
                last = Some((name.to_owned(), value.to_owned()));
            }
            (None, Some((_, value))) => {
                value.push('&');
                value.push_str(piece);
            }
            (None, None) => {}
        }
    }
    fields.extend(last.map(|(name, value)| (name, Value::String(value))));
    fields
}

fn is_name(name: &str) -> bool {
    name.starts_with("cmi.") || name.starts_with("adl.") || crate::payload::META.contains(&name)
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_of_many_players() {
        let table = [
            (r#"{"cmi":{"location":"3"}}"#, r#"{"cmi":{"location":"3"}}"#),
            (
                r#"["cmi.location=3","cmi.suspend_data=a=b"]"#,
                r#"{"cmi.location":"3","cmi.suspend_data":"a=b"}"#,
            ),
            ("cmi.location=3&learner=ada", r#"{"cmi.location":"3","learner":"ada"}"#),
            ("cmi.location=a%20b%26c+d", r#"{"cmi.location":"a b&c d"}"#),
            // As scorm-again sends it: nothing is encoded.
            (
                "cmi.core.session_time=00:00:01&cmi.suspend_data=100%&x=1&cmi.core.exit=",
                r#"{"cmi.core.exit":"","cmi.core.session_time":"00:00:01","cmi.suspend_data":"100%&x=1"}"#,
            ),
            ("\u{feff} {}", "{}"),
        ];
        for (text, expected) in table {
            let expected: Value = serde_json::from_str(expected).expect("JSON");
            assert_eq!(understood(text).map(Value::Object).expect(text), expected, "{text}");
        }
        let deep = format!("{}1{}", r#"{"cmi":"#.repeat(200), "}".repeat(200));
        for text in ["", "  ", "hello", "{", "[1]", "[[\"a=b\"]]", &deep] {
            assert!(understood(text).is_err(), "{text}");
        }
    }
}
