//! Headers that every answer with course content carries.
//!
//! A course is other people's program with every habit of twenty years: inline scripts, `eval`, external media, wrong
//! extensions. What protects others from it is its own origin and an address that nobody can guess, so nothing here
//! restricts what the course may do within that origin. Left out on purpose:
//! - a script policy, and `sandbox` (it also blocks the browser's PDF viewer and can be undone from the same origin);
//! - `X-Content-Type-Options: nosniff`: it guards an origin against content that its owner did not mean to be active. Here
//!   all content is active anyway, and scripts with odd extensions would stop working;
//! - `Permissions-Policy: unload=()`, which would take away the event on which old courses save;
//! - CORS headers: no other origin reads a course.

use http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use http::{HeaderMap, HeaderName, HeaderValue};

const ORIGIN_AGENT_CLUSTER: HeaderName = HeaderName::from_static("origin-agent-cluster");

/// What an operator can choose about the headers of course content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContentHeaders {
    /// Origins that may show the player in a frame (`frame-ancestors` of CSP), such as `https://lms.example.com`. `None`
    /// lets everybody: every ancestor must be in the list, and the address is secret anyway.
    pub frame_ancestors: Option<Vec<String>>,
    /// Whether the content origin is served over https: then plain http addresses in the course are asked for over https,
    /// since a browser would refuse them.
    pub secure: bool,
}

/// A text that cannot stand in a header.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} cannot be used as an origin that may frame courses; write it like https://lms.example.com")]
pub struct BadOrigin(String);

impl ContentHeaders {
    /// The headers, ready to be added to answers.
    ///
    /// - `Referrer-Policy: strict-origin-when-cross-origin`: other sites see the origin (video hosts insist on it) and
    ///   never the path with the key.
    /// - `Origin-Agent-Cluster: ?1`: hosts of other registrations share the registrable domain; no course can reach them
    ///   through `document.domain`. The player page must send it as well.
    pub(super) fn standing(&self) -> Result<HeaderMap, BadOrigin> {
        let mut headers = HeaderMap::new();
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
        headers.insert(ORIGIN_AGENT_CLUSTER, HeaderValue::from_static("?1"));
        let mut policy = Vec::new();
        if let Some(origins) = &self.frame_ancestors {
            if let Some(bad) = origins.iter().find(|origin| !is_source(origin)) {
                return Err(BadOrigin(bad.clone()));
            }
            policy.push(format!("frame-ancestors 'self' {}", origins.join(" ")).trim_end().to_owned());
        }
        if self.secure {
            policy.push("upgrade-insecure-requests".to_owned());
        }
        if !policy.is_empty() {
            let text = policy.join("; ");
            let value = HeaderValue::from_str(&text).map_err(|_| BadOrigin(text))?;
            headers.insert(CONTENT_SECURITY_POLICY, value);
        }
        Ok(headers)
    }
}

/// One source expression of CSP: visible ASCII that ends neither the list nor the directive.
fn is_source(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && b != b';' && b != b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(frame_ancestors: Option<&[&str]>, secure: bool) -> Option<String> {
        let frame_ancestors = frame_ancestors.map(|origins| origins.iter().map(|&o| o.to_owned()).collect());
        let headers = ContentHeaders { frame_ancestors, secure }.standing().unwrap();
        headers.get(CONTENT_SECURITY_POLICY).map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn the_policy_says_what_was_chosen_and_no_more() {
        assert_eq!(policy(None, false), None);
        assert_eq!(policy(None, true).as_deref(), Some("upgrade-insecure-requests"));
        assert_eq!(policy(Some(&[]), false).as_deref(), Some("frame-ancestors 'self'"));
        assert_eq!(
            policy(Some(&["https://a.example", "https://*.b.example"]), true).as_deref(),
            Some("frame-ancestors 'self' https://a.example https://*.b.example; upgrade-insecure-requests")
        );
    }

    #[test]
    fn an_origin_cannot_smuggle_in_directives() {
        for bad in ["", "https://a.example; script-src *", "a b", "a,b", "ü", "a\r\nSet-Cookie: x"] {
            let headers = ContentHeaders { frame_ancestors: Some(vec![bad.to_owned()]), secure: false };
            assert!(headers.standing().is_err(), "{bad:?}");
        }
    }
}
