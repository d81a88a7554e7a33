//! `timeinterval (second,10,2)` of SCORM 2004 (RTE 2004 4.1.1.7): `P[yY][mM][dD][T[hH][nM][s[.s]S]]`.

use super::{Cursor, DAY, HOUR, MINUTE, MONTH, SECOND, YEAR};
use alloc::string::String;
use core::fmt::Write as _;

/// Designators before `T`, in their order, with their worth.
const DATE_PARTS: [(u8, u64); 3] = [(b'Y', YEAR), (b'M', MONTH), (b'D', DAY)];
/// Designators after `T`. Only seconds may have decimals.
const TIME_PARTS: [(u8, u64); 3] = [(b'H', HOUR), (b'M', MINUTE), (b'S', SECOND)];

/// Reads a duration exactly as the standard writes it: at least one part, parts in order, `T` only
/// with a part after it, decimals (one or two) only of seconds. A year counts 365 days, a month a
/// twelfth of that.
#[must_use]
pub fn parse_duration(text: &str) -> Option<u64> {
    let mut cursor = Cursor::new(text);
    if !cursor.eat(b'P') {
        return None;
    }
    let (mut total, date_parts) = parts(&mut cursor, &DATE_PARTS)?;
    if cursor.eat(b'T') {
        let (time, time_parts) = parts(&mut cursor, &TIME_PARTS)?;
        total = total.saturating_add(time);
        return (time_parts > 0 && cursor.is_done()).then_some(total);
    }
    (date_parts > 0 && cursor.is_done()).then_some(total)
}

/// Sum and number of the parts that stand next, each allowed once and in the given order.
fn parts(cursor: &mut Cursor<'_>, allowed: &[(u8, u64)]) -> Option<(u64, usize)> {
    let mut left = allowed;
    let (mut total, mut count) = (0_u64, 0);
    while matches!(cursor.peek(), Some(b'0'..=b'9')) {
        let (number, _) = cursor.digits();
        let has_decimals = cursor.peek() == Some(b'.');
        let hundredths = cursor.hundredths()?;
        let designator = cursor.next()?;
        let at = left.iter().position(|(name, _)| *name == designator)?;
        if has_decimals && designator != b'S' {
            return None;
        }
        total = total.saturating_add(number.saturating_mul(left[at].1)).saturating_add(hundredths);
        left = &left[at + 1..];
        count += 1;
    }
    Some((total, count))
}

/// Writes a duration with the parts that are not zero, days as the largest; `PT0H0M0S` for nothing.
#[must_use]
pub fn format_duration(hundredths: u64) -> String {
    if hundredths == 0 {
        return String::from("PT0H0M0S");
    }
    let mut out = String::from("P");
    let (days, time) = (hundredths / DAY, hundredths % DAY);
    part(&mut out, days, 'D');
    if time > 0 {
        out.push('T');
        part(&mut out, time / HOUR, 'H');
        part(&mut out, time % HOUR / MINUTE, 'M');
        seconds(&mut out, time % MINUTE);
    }
    out
}

fn part(out: &mut String, number: u64, designator: char) {
    if number > 0 {
        let _ = write!(out, "{number}{designator}");
    }
}

fn seconds(out: &mut String, hundredths: u64) {
    let (whole, fraction) = (hundredths / SECOND, hundredths % SECOND);
    let _ = match (whole, fraction) {
        (0, 0) => Ok(()),
        (_, 0) => write!(out, "{whole}S"),
        (_, fraction) if fraction.is_multiple_of(10) => write!(out, "{whole}.{}S", fraction / 10),
        (_, fraction) => write!(out, "{whole}.{fraction:02}S"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, hundredths) in [
            ("PT0H0M0S", 0),
            ("PT1H30M45S", HOUR + 30 * MINUTE + 45 * SECOND),
            ("P0Y0M0DT0H0M10S", 10 * SECOND),
            ("P1Y", YEAR),
            ("P6M", 6 * MONTH),
            ("PT6M", 6 * MINUTE),
            ("PT6.34S", 634),
            ("PT6.3S", 630),
            ("P0Y029DT0H", 29 * DAY),
        ] {
            assert_eq!(parse_duration(text), Some(hundredths), "{text}");
        }
        for text in [
            "",
            "P",
            "PT",
            "P1Y6M14DT",
            "1H",
            "PT1.5H",
            "PT1.234S",
            "P1D2Y",
            "PT1M1M",
            "P1H",
            "PT-1S",
            "pt1s",
            "PT1S ",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_written_shortest() {
        for (hundredths, text) in [
            (0, "PT0H0M0S"),
            (MINUTE, "PT1M"),
            (2 * HOUR + 20 * SECOND, "PT2H20S"),
            (29 * DAY, "P29D"),
            (DAY + 5, "P1DT0.05S"),
            (150, "PT1.5S"),
        ] {
            assert_eq!(format_duration(hundredths), text);
            assert_eq!(parse_duration(text), Some(hundredths), "{text}");
        }
    }
}
