//! Language tags (RTE 2004 4.1.1.3: RFC 3066, primary codes of ISO 639, regions of ISO 3166).

mod codes;

use codes::{COUNTRIES, LANGUAGES_2, LANGUAGES_3};

/// Is this a language tag as the standard wants it?
///
/// The primary subtag is a code of ISO 639-1 or 639-2, one of the codes `qaa` to `qtz` for local
/// use, or `i` or `x`. A second subtag of two letters is a country of ISO 3166; longer ones are taken
/// as registered without looking them up. Case does not matter.
#[must_use]
pub fn is_valid_tag(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let primary = subtags.next().unwrap_or_default();
    let registered = primary.eq_ignore_ascii_case("i");
    let private = primary.eq_ignore_ascii_case("x");
    if registered || private {
        return tag.len() > 2 && subtags.all(is_subtag);
    }
    is_language(primary)
        && subtags.enumerate().all(|(at, subtag)| match subtag.len() {
            2 if at == 0 => is_country(subtag),
            1 if at == 0 => false,
            _ => is_subtag(subtag),
        })
}

fn is_subtag(subtag: &str) -> bool {
    (1..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn is_language(code: &str) -> bool {
    let mut lower = [0_u8; 3];
    let Some(lower) = lower.get_mut(..code.len()) else { return false };
    lower.copy_from_slice(code.as_bytes());
    lower.make_ascii_lowercase();
    match lower {
        [b'q', b'a'..=b't', b'a'..=b'z'] => true,
        [_, _] => holds(LANGUAGES_2, lower),
        [_, _, _] => holds(LANGUAGES_3, lower),
        _ => false,
    }
}

fn is_country(code: &str) -> bool {
    let mut upper = [0_u8; 2];
    let Some(upper) = upper.get_mut(..code.len()) else { return false };
    upper.copy_from_slice(code.as_bytes());
    upper.make_ascii_uppercase();
    holds(COUNTRIES, upper)
}

/// Binary search in codes of equal width, written one after the other.
fn holds(codes: &str, code: &[u8]) -> bool {
    let width = code.len();
    let codes = codes.as_bytes();
    let (mut low, mut high) = (0, codes.len() / width);
    while low < high {
        let middle = low.midpoint(high);
        match codes[middle * width..(middle + 1) * width].cmp(code) {
            core::cmp::Ordering::Less => low = middle + 1,
            core::cmp::Ordering::Greater => high = middle,
            core::cmp::Ordering::Equal => return true,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted() {
        for (codes, width) in [(LANGUAGES_2, 2), (LANGUAGES_3, 3), (COUNTRIES, 2)] {
            let codes: alloc::vec::Vec<&[u8]> = codes.as_bytes().chunks(width).collect();
            assert!(codes.is_sorted_by(|a, b| a.len() == width && a < b));
        }
    }

    #[test]
    fn tags() {
        for tag in [
            "en",
            "EN",
            "aAr",
            "de-CH",
            "en-GB-oed",
            "az-Arab",
            "i-klingon",
            "x-mine",
            "qab",
            "sgn-BE-fr",
            "zh-min-nan",
        ] {
            assert!(is_valid_tag(tag), "{tag}");
        }
        for tag in [
            "",
            "e",
            "frl",
            "exg",
            "sp",
            "ruq-JM",
            "en-",
            "en-XQ",
            "english",
            "i",
            "x-",
            "de_CH",
            "en-toolongsub",
        ] {
            assert!(!is_valid_tag(tag), "{tag}");
        }
    }
}
