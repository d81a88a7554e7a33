//! Arithmetic with the addresses that manifests contain: joining with `xml:base`, appending parameters,
//! resolving to a path inside the package. Nothing here touches files.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Backslashes turned into slashes, as authoring tools on Windows mean them.
pub(crate) fn forward_slashes(path: &str) -> Cow<'_, str> {
    if path.contains('\\') { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) }
}

/// Percent-decoded, as UTF-8 or, where that is not valid, as windows-1252 like old tools wrote it.
pub(crate) fn percent_decode(path: &str) -> Cow<'_, str> {
    let decoded = percent_decode_str(path);
    decoded.clone().decode_utf8().unwrap_or_else(|_| {
        let bytes: Vec<u8> = decoded.collect();
        Cow::Owned(encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned())
    })
}

/// The scheme of an absolute address in lower case: `https` of `https://…`. A single letter is a Windows drive
/// and no scheme. `//host/…` counts as `https`.
pub(crate) fn scheme(href: &str) -> Option<String> {
    if href.starts_with("//") {
        return Some("https".to_owned());
    }
    let end = href.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))?;
    let starts_with_letter = href.as_bytes()[0].is_ascii_alphabetic();
    (href[end..].starts_with(':') && end > 1 && starts_with_letter).then(|| href[..end].to_ascii_lowercase())
}

/// Without query and fragment.
pub(crate) fn path_part(href: &str) -> &str {
    &href[..href.find(['?', '#']).unwrap_or(href.len())]
}

/// An address with its base in front, as text: nothing is normalised, so that `./index.html` stays what the
/// author wrote. An absolute address has no base.
///
/// RFC 3986 drops what follows the last slash of a base, and so does this.
pub(crate) fn join(base: &str, href: &str) -> String {
    if base.is_empty() || scheme(href).is_some() {
        return href.to_owned();
    }
    if href.starts_with('/') {
        return match host_end(base) {
            Some(end) => format!("{}{href}", &base[..end]),
            None => href.to_owned(),
        };
    }
    let folder = path_part(base).rfind(['/', '\\']).map_or("", |slash| &base[..=slash]);
    format!("{folder}{href}")
}

/// Where scheme and host of an absolute address end.
fn host_end(base: &str) -> Option<usize> {
    scheme(base)?;
    let start = base.find("//")? + 2;
    Some(base[start..].find('/').map_or(base.len(), |slash| start + slash))
}

/// An address with an item's `parameters` appended (CAM 4th ed. 3.4.1.4, the algorithm of the table for
/// `parameters`): leading `?` and `&` are dropped; what starts with `#` is only appended when the address has no
/// fragment; everything else follows a `?`, or an `&` when the address has a query.
pub(crate) fn with_parameters(href: &str, parameters: &str) -> String {
    let parameters = parameters.trim_start_matches(['?', '&']);
    if href.is_empty() || parameters.is_empty() {
        return href.to_owned();
    }
    if parameters.starts_with('#') {
        let has_fragment = href.contains('#');
        return if has_fragment { href.to_owned() } else { format!("{href}{parameters}") };
    }
    let separator = if href.contains('?') { '&' } else { '?' };
    format!("{href}{separator}{parameters}")
}

/// A path with `.`, `..`, doubled slashes, a leading slash and backslashes resolved; `..` at the root stays at
/// the root, as in browsers.
pub(crate) fn normal_path(path: &str) -> String {
    let path = forward_slashes(path);
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    segments.join("/")
}

/// The name of a file without folder and ending, for items without a title.
pub(crate) fn stem(address: &str) -> Option<String> {
    let path = forward_slashes(path_part(address)).into_owned();
    let file = path.rsplit('/').next()?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem = percent_decode(stem).into_owned();
    (!stem.is_empty()).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes() {
        for (href, expected) in [
            ("http://example.com/", Some("http")),
            ("HTTPS://example.com/", Some("https")),
            ("//example.com/x", Some("https")),
            ("javascript:alert(1)", Some("javascript")),
            ("urn:x:y", Some("urn")),
            ("C:\\course\\a.html", None),
            ("index.html", None),
            ("index.html?endpoint=http://example.org/lrs", None),
            ("a b:c", None),
            ("1a:b", None),
            (":x", None),
            ("", None),
        ] {
            assert_eq!(scheme(href).as_deref(), expected, "{href}");
        }
    }

    #[test]
    fn joining_follows_the_base_and_changes_nothing_else() {
        for (base, href, expected) in [
            ("", "index.html", "index.html"),
            ("./", "index.html", "./index.html"),
            ("resources/", "a.html?x=1#y", "resources/a.html?x=1#y"),
            ("resources", "a.html", "a.html"),
            ("a/b/", "../c.html", "a/b/../c.html"),
            ("a/b/", "/c.html", "/c.html"),
            ("http://example.com/course/", "a.html", "http://example.com/course/a.html"),
            ("http://example.com/course/", "/a.html", "http://example.com/a.html"),
            ("http://example.com", "/a.html", "http://example.com/a.html"),
            ("a/", "http://example.com/x", "http://example.com/x"),
            ("a\\b\\", "c.html", "a\\b\\c.html"),
            ("a/x?b/c", "d", "a/d"),
        ] {
            assert_eq!(join(base, href), expected, "{base} + {href}");
        }
    }

    #[test]
    fn parameters_follow_the_rules_of_the_book() {
        for (href, parameters, expected) in [
            ("a.html", "", "a.html"),
            ("a.html", "?x=1", "a.html?x=1"),
            ("a.html", "x=1", "a.html?x=1"),
            ("a.html", "&x=1", "a.html?x=1"),
            ("a.html", "&?&x=1", "a.html?x=1"),
            ("a.html", "?", "a.html"),
            ("a.html?y=2", "?x=1", "a.html?y=2&x=1"),
            ("a.html", "#top", "a.html#top"),
            ("a.html", "?#top", "a.html#top"),
            ("a.html#end", "#top", "a.html#end"),
            ("a.html?y=2", "#top", "a.html?y=2#top"),
            ("", "?x=1", ""),
        ] {
            assert_eq!(with_parameters(href, parameters), expected, "{href} + {parameters}");
        }
    }

    #[test]
    fn normal_paths_stay_inside_the_package() {
        for (path, expected) in [
            ("./index.html", "index.html"),
            ("/index.html", "index.html"),
            ("a//b/./c.html", "a/b/c.html"),
            ("a/b/../c.html", "a/c.html"),
            ("../../etc/passwd", "etc/passwd"),
            ("a\\b\\c.html", "a/b/c.html"),
            ("", ""),
        ] {
            assert_eq!(normal_path(path), expected, "{path}");
        }
    }

    #[test]
    fn decoding_takes_utf8_or_latin_and_leaves_the_rest_alone() {
        assert_eq!(percent_decode("f%C3%BCr%20alle"), "für alle");
        assert_eq!(percent_decode("100%.html"), "100%.html");
        assert_eq!(percent_decode("%FCber"), "über");
    }
}
