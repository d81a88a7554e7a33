//! Registrations may each have a host of their own within the content origin; what belongs to one answers only there.

use http::{HeaderMap, StatusCode, header};

use crate::answer::{self, Answer};

/// The host that a request names, with its port.
pub(crate) fn named(request: &HeaderMap) -> Option<&str> {
    request.get(header::HOST)?.to_str().ok()
}

/// Whether the request names the host that begins with `label`. Without a label every host of the content origin is right.
pub(crate) fn is_right(request: &HeaderMap, label: Option<&str>) -> bool {
    let Some(label) = label else { return true };
    let first = named(request).and_then(|host| host.split('.').next());
    first.is_some_and(|first| first.eq_ignore_ascii_case(label))
}

/// The answer on a wrong host.
pub(crate) fn misdirected() -> Answer {
    answer::error(
        StatusCode::MISDIRECTED_REQUEST,
        "wrong-host",
        "This address belongs to another host. Open the course again from where you started it.",
    )
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_label_is_the_first_one_of_the_host() {
        let table = [
            (Some("ab12.courses.example"), Some("ab12"), true),
            (Some("AB12.courses.example:8080"), Some("ab12"), true),
            (Some("cd34.courses.example"), Some("ab12"), false),
            (Some("ab12x.courses.example"), Some("ab12"), false),
            (None, Some("ab12"), false),
            (Some("127.0.0.1:8080"), None, true),
            (None, None, true),
        ];
        for (host, label, expected) in table {
            let mut request = HeaderMap::new();
            if let Some(host) = host {
                request.insert(header::HOST, HeaderValue::from_static(host));
            }
            assert_eq!(is_right(&request, label), expected, "{host:?} {label:?}");
        }
    }
}
