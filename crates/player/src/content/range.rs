//! `Range` (RFC 9110, 14.2) with one range of bytes.

/// What a `Range` header asks of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Nothing that is served in parts: another unit, a wrong form, or several ranges. The whole file is the answer; a
    /// server may always give it.
    Whole,
    /// These bytes, from `start` to before `end`.
    Part { start: u64, end: u64 },
    /// Bytes that the file does not have.
    Unsatisfiable,
}

/// Reads the value of a `Range` header for a file of `len` bytes.
pub(super) fn asked(value: &str, len: u64) -> Asked {
    let unit_and_set = value.split_once('=').filter(|(unit, _)| unit.trim().eq_ignore_ascii_case("bytes"));
    let Some((first, last)) = unit_and_set.and_then(|(_, set)| set.trim().split_once('-')) else {
        return Asked::Whole;
    };
    match (number(first), number(last)) {
        (Some(Some(start)), Some(Some(last))) if last < start => Asked::Whole,
        (Some(Some(start)), Some(last)) if start < len => {
            let end = last.map_or(len, |last| last.saturating_add(1).min(len));
            Asked::Part { start, end }
        }
        (Some(Some(_)), Some(_)) => Asked::Unsatisfiable,
        // The last so many bytes.
        (Some(None), Some(Some(count))) if count > 0 && len > 0 => {
            Asked::Part { start: len.saturating_sub(count), end: len }
        }
        (Some(None), Some(Some(_))) => Asked::Unsatisfiable,
        _ => Asked::Whole,
    }
}

/// A number, nothing, or `None` for anything else. A number beyond all files counts as the largest.
fn number(text: &str) -> Option<Option<u64>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(None);
    }
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| Some(text.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_a_part_and_everything_else_the_whole() {
        use Asked::{Unsatisfiable, Whole};
        let part = |start, end| Asked::Part { start, end };
        let cases = [
            ("bytes=0-0", 100, part(0, 1)),
            ("bytes=0-99", 100, part(0, 100)),
            ("bytes=0-100", 100, part(0, 100)),
            ("bytes=99-", 100, part(99, 100)),
            ("bytes=0-", 100, part(0, 100)),
            ("bytes=-1", 100, part(99, 100)),
            ("bytes=-100", 100, part(0, 100)),
            ("bytes=-500", 100, part(0, 100)),
            ("BYTES = 5-9 ", 100, part(5, 10)),
            ("bytes=5-99999999999999999999999", 100, part(5, 100)),
            ("bytes=100-", 100, Unsatisfiable),
            ("bytes=100-200", 100, Unsatisfiable),
            ("bytes=99999999999999999999999-", 100, Unsatisfiable),
            ("bytes=-0", 100, Unsatisfiable),
            ("bytes=0-", 0, Unsatisfiable),
            ("bytes=-5", 0, Unsatisfiable),
            ("bytes=9-5", 100, Whole),
            ("bytes=-", 100, Whole),
            ("bytes=", 100, Whole),
            ("bytes=a-b", 100, Whole),
            ("bytes=+1-2", 100, Whole),
            ("bytes=0-1,5-6", 100, Whole),
            ("lines=0-1", 100, Whole),
            ("0-1", 100, Whole),
            ("", 100, Whole),
        ];
        for (value, len, expected) in cases {
            assert_eq!(asked(value, len), expected, "{value:?} of {len}");
        }
    }
}
