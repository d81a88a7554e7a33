//! Identifiers: `CMIIdentifier` of SCORM 1.x and the URI-based identifiers of SCORM 2004.

/// RTE 1.2 3.4.5: letters, digits, punctuation without blanks, 1 to 255 characters. Only blanks and
/// control characters are refused, so that identifiers of other scripts pass as they do elsewhere.
pub(crate) fn is_cmi_identifier(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// RTE 2004 4.1.1.2 and 4.1.1.8: a characterstring that is a URI reference of RFC 3986; one that begins
/// with `urn:` has to be a URN of RFC 2141. Letters beyond ASCII are let through (RFC 3987).
pub(crate) fn is_uri_identifier(text: &str) -> bool {
    !text.is_empty() && has_uri_characters(text) && scheme_is_complete(text) && is_urn_if_it_says_so(text)
}

fn has_uri_characters(text: &str) -> bool {
    let bytes = text.as_bytes();
    let escape_is_whole = |at: usize| {
        bytes.get(at + 1).is_some_and(u8::is_ascii_hexdigit)
            && bytes.get(at + 2).is_some_and(u8::is_ascii_hexdigit)
    };
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'%' => escape_is_whole(at),
        b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | b'[' | b']' => false,
        0..=b' ' | 0x7f => false,
        _ => true,
    })
}

/// `scheme:` must be followed by something, and a leading `:` leaves the scheme out.
fn scheme_is_complete(text: &str) -> bool {
    let head = text.split(['/', '?', '#']).next().unwrap_or(text);
    match head.split_once(':') {
        None => true,
        Some((scheme, _)) => is_scheme(scheme) && text.len() > scheme.len() + 1,
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// RFC 2141: `urn:` NID `:` NSS, the NID 2 to 32 letters, digits, hyphens, not starting with a hyphen.
fn is_urn_if_it_says_so(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_at_checked(4) else { return true };
    if !scheme.eq_ignore_ascii_case("urn:") {
        return true;
    }
    rest.split_once(':').is_some_and(|(nid, nss)| {
        (2..=32).contains(&nid.len())
            && !nid.starts_with('-')
            && nid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !nss.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uri_identifiers() {
        for text in ["INTID0", "urn:adl:lmsTest/OBJ01", "http://a.b/c?d=e#f", "a%20b", "obj_1", "1", "é"] {
            assert!(is_uri_identifier(text), "{text}");
        }
        for text in [
            "",
            " ",
            "urn:",
            "urn:adl:",
            "urn:a:b",
            "urn:adl:lms Test/OBJ01",
            "a%2",
            "{x}",
            ":x",
            "1a:b",
            "x:",
        ] {
            assert!(!is_uri_identifier(text), "{text}");
        }
    }

    #[test]
    fn cmi_identifiers() {
        assert!(is_cmi_identifier("Q_1-a"));
        for text in ["", "two words", "tab\there"] {
            assert!(!is_cmi_identifier(text), "{text}");
        }
    }
}
