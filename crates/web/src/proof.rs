//! Proof that a request comes from our own pages.
//!
//! Browsers say where a request was born, in `Sec-Fetch-Site` (on secure and loopback origins) or `Origin` (with every POST).
//! No page of another origin, and so no course, can forge either.

use http::{HeaderMap, header};

/// Whether the browser says that one of our own pages, or nobody's page (a bookmark, a typed address), made the request.
/// Without a word about it the answer is no.
pub(crate) fn is_ours(headers: &HeaderMap, app_url: &str) -> bool {
    match text(headers, "sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => {
            text(headers, header::ORIGIN.as_str()).is_some_and(|origin| origin.eq_ignore_ascii_case(app_url))
        }
    }
}

/// Whether a page of another site asks for something that it could only want to probe or embed. Following a link is allowed.
pub(crate) fn is_foreign_probe(headers: &HeaderMap) -> bool {
    let foreign =
        text(headers, "sec-fetch-site").is_some_and(|site| matches!(site, "cross-site" | "same-site"));
    let follows_link = text(headers, "sec-fetch-mode") == Some("navigate")
        && text(headers, "sec-fetch-dest") == Some("document");
    foreign && !follows_link
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue};

    use super::{is_foreign_probe, is_ours};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_our_pages_prove_themselves() {
        let table: [(&[(&str, &str)], bool); 9] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            // The more telling header counts.
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8700")], false),
            (&[("origin", "http://localhost:8700")], true),
            (&[("origin", "http://127.0.0.1:8700")], false),
            (&[("origin", "null")], false),
            (&[], false),
        ];
        for (given, ours) in table {
            assert_eq!(is_ours(&headers(given), "http://localhost:8700"), ours, "{given:?}");
        }
    }

    #[test]
    fn foreign_pages_may_link_and_nothing_else() {
        let table: [(&[(&str, &str)], bool); 6] = [
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("sec-fetch-mode", "navigate"),
                    ("sec-fetch-dest", "document"),
                ],
                false,
            ),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("sec-fetch-mode", "navigate"),
                    ("sec-fetch-dest", "iframe"),
                ],
                true,
            ),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("sec-fetch-mode", "no-cors"),
                    ("sec-fetch-dest", "script"),
                ],
                true,
            ),
            (&[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "cors")], true),
            (&[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")], false),
            (&[], false),
        ];
        for (given, probe) in table {
            assert_eq!(is_foreign_probe(&headers(given)), probe, "{given:?}");
        }
    }
}
