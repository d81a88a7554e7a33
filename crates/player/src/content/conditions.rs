//! Entity tags and the conditions on them (RFC 9110, 8.8.3 and 13.1). There are no dates: the address of a course file
//! names one version of the course, so its content never changes.

use http::header::{IF_MATCH, IF_NONE_MATCH, IF_RANGE};
use http::{HeaderMap, HeaderName, HeaderValue};
use lyceum_archive::{Entry, Form};

/// A strong entity tag, one for each encoding of a file: checksum and size, which the archive's directory knows.
pub(super) fn entity_tag(entry: &Entry, form: Form) -> HeaderValue {
    let mut text = [b'"'; 32];
    let mut at = 1;
    let mut put = |digit: u8| {
        text[at] = digit;
        at += 1;
    };
    let hex = |number: u64, shift: u32| b"0123456789abcdef"[(number >> shift) as usize & 15];
    (0..8).rev().for_each(|nibble| put(hex(entry.crc32().into(), nibble * 4)));
    put(b'-');
    let nibbles = (67 - (entry.size() | 1).leading_zeros()) / 4;
    (0..nibbles).rev().for_each(|nibble| put(hex(entry.size(), nibble * 4)));
    if form == Form::Gzip {
        b"-gzip".iter().for_each(|&letter| put(letter));
    }
    at += 1;
    HeaderValue::from_bytes(&text[..at]).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// What the conditions of a request say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Send the file.
    Send,
    /// The client has it: 304.
    NotModified,
    /// The client wants another version than there is: 412.
    Failed,
}

/// Judges `If-Match` and `If-None-Match` for the chosen encoding's `tag`.
pub(super) fn judge(headers: &HeaderMap, tag: &HeaderValue) -> Verdict {
    let matches = |name: &HeaderName, weak: bool| {
        let mut values = headers.get_all(name).iter().peekable();
        values.peek().is_some().then(|| values.any(|value| lists(value.as_bytes(), tag.as_bytes(), weak)))
    };
    match (matches(&IF_MATCH, false), matches(&IF_NONE_MATCH, true)) {
        (Some(false), _) => Verdict::Failed,
        (_, Some(true)) => Verdict::NotModified,
        _ => Verdict::Send,
    }
}

/// Whether a range may be served: no `If-Range`, or one with exactly this tag. A date never fits.
pub(super) fn range_holds(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    headers.get(IF_RANGE).is_none_or(|value| value.as_bytes().trim_ascii() == tag.as_bytes())
}

/// Whether the list has the tag, or is `*`. Tags contain no commas here, so splitting at commas finds every own tag.
fn lists(list: &[u8], tag: &[u8], weak: bool) -> bool {
    list.split(|&b| b == b',').map(<[u8]>::trim_ascii).any(|item| {
        let item = if weak { item.strip_prefix(b"W/").unwrap_or(item) } else { item };
        item == tag || item == b"*"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: HeaderValue = HeaderValue::from_static("\"1-2\"");

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs.iter().fold(HeaderMap::new(), |mut map, (name, value)| {
            map.append(name, value.parse().unwrap());
            map
        })
    }

    #[test]
    fn conditions_are_judged() {
        let cases: [(&[(HeaderName, &str)], Verdict); 12] = [
            (&[], Verdict::Send),
            (&[(IF_NONE_MATCH, "\"1-2\"")], Verdict::NotModified),
            (&[(IF_NONE_MATCH, "W/\"1-2\"")], Verdict::NotModified),
            (&[(IF_NONE_MATCH, "\"x\", \"1-2\" ")], Verdict::NotModified),
            (&[(IF_NONE_MATCH, "\"x\""), (IF_NONE_MATCH, "\"1-2\"")], Verdict::NotModified),
            (&[(IF_NONE_MATCH, "*")], Verdict::NotModified),
            (&[(IF_NONE_MATCH, "\"1-2-gzip\"")], Verdict::Send),
            (&[(IF_NONE_MATCH, "1-2")], Verdict::Send),
            (&[(IF_MATCH, "\"1-2\"")], Verdict::Send),
            (&[(IF_MATCH, "*")], Verdict::Send),
            (&[(IF_MATCH, "W/\"1-2\"")], Verdict::Failed),
            (&[(IF_MATCH, "\"x\""), (IF_NONE_MATCH, "\"1-2\"")], Verdict::Failed),
        ];
        for (pairs, expected) in cases {
            assert_eq!(judge(&headers(pairs), &TAG), expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_range_holds_for_its_own_version_only() {
        for (value, expected) in [
            ("\"1-2\"", true),
            ("W/\"1-2\"", false),
            ("\"1-3\"", false),
            ("Wed, 21 Oct 2015 07:28:00 GMT", false),
        ] {
            assert_eq!(range_holds(&headers(&[(IF_RANGE, value)]), &TAG), expected, "{value}");
        }
        assert!(range_holds(&HeaderMap::new(), &TAG));
    }
}
