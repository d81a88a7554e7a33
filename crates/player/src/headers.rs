//! Headers of the player's own answers.
//!
//! What the page's policy stops: scripts of any kind other than the player's own files, so that a course cannot put a script
//! into the page around it; markup from strings (Trusted Types); plug-ins, workers, forms, a changed base address; requests
//! of the page to other hosts.
//!
//! What it cannot stop: the course lies on the same origin, as it must to find the API, and may therefore reach into the
//! page: call its functions, change what it shows, use its address. That reaches one learner's enrolment in that course and
//! nothing else, and whatever it sends is judged by the server like everything that a course sends.
//!
//! Not sent: `sandbox` (see `web/guard.js`), and `Permissions-Policy: unload=()`, which would take away the event on which
//! old courses save.

use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::answer::Answer;
use crate::content::ContentHeaders;
use crate::host::named;

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const ORIGIN_AGENT_CLUSTER: HeaderName = HeaderName::from_static("origin-agent-cluster");

/// For answers that belong to one learner, and to this moment.
pub(crate) async fn for_one_learner(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The path of every page here holds a token.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // As on the course's files: both share a frame tree and must end up in one place.
    headers.insert(ORIGIN_AGENT_CLUSTER, HeaderValue::from_static("?1"));
    standing(headers);
    response
}

/// For the player's own files.
pub(crate) async fn for_files(mut response: Response) -> Response {
    standing(response.headers_mut());
    response
}

fn standing(headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
}

/// Adds the content security policy of the player's pages. `assets` is the path below which the player's files lie.
pub(crate) fn restrict(answer: &mut Answer, settings: &ContentHeaders, request: &HeaderMap, assets: &str) {
    if let Ok(policy) = HeaderValue::from_str(&policy(settings, request, assets)) {
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
}

fn policy(settings: &ContentHeaders, request: &HeaderMap, assets: &str) -> String {
    let files = match named(request).filter(|host| can_stand_in_a_policy(host)) {
        Some(host) => format!("{}://{host}{assets}", if settings.secure { "https" } else { "http" }),
        // A host that the policy's grammar has no place for (an IPv6 address).
        None => "'self'".to_owned(),
    };
    let mut directives = vec![
        "default-src 'none'".to_owned(),
        format!("script-src {files} 'wasm-unsafe-eval'"),
        format!("style-src {files}"),
        format!("img-src {files}"),
        "connect-src 'self'".to_owned(),
        // The course, and wherever in the web its parts are.
        "frame-src 'self' http: https: data: blob:".to_owned(),
        "base-uri 'none'".to_owned(),
        "form-action 'none'".to_owned(),
        "require-trusted-types-for 'script'".to_owned(),
        "trusted-types 'none'".to_owned(),
    ];
    if let Some(origins) = &settings.frame_ancestors {
        directives.push(format!("frame-ancestors 'self' {}", origins.join(" ")));
    }
    if settings.secure {
        directives.push("upgrade-insecure-requests".to_owned());
    }
    directives.join("; ")
}

/// Host and port of a source expression (CSP 3, 2.3.1).
fn can_stand_in_a_policy(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script_source(host: &'static str, secure: bool) -> String {
        let mut request = HeaderMap::new();
        request.insert(http::header::HOST, HeaderValue::from_static(host));
        let policy = policy(&ContentHeaders { frame_ancestors: None, secure }, &request, "/player/ab/");
        policy.split("; ").find(|directive| directive.starts_with("script-src")).unwrap_or_default().to_owned()
    }

    #[test]
    fn scripts_come_from_the_players_files_only() {
        let table = [
            ("127.0.0.1:8080", false, "script-src http://127.0.0.1:8080/player/ab/ 'wasm-unsafe-eval'"),
            ("ab.courses.example", true, "script-src https://ab.courses.example/player/ab/ 'wasm-unsafe-eval'"),
            ("[::1]:8080", false, "script-src 'self' 'wasm-unsafe-eval'"),
            ("x; script-src *", false, "script-src 'self' 'wasm-unsafe-eval'"),
        ];
        for (host, secure, expected) in table {
            assert_eq!(script_source(host, secure), expected, "{host}");
        }
    }
}
