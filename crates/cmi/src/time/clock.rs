//! `CMITimespan` and `CMITime` of SCORM 1.x and AICC (RTE 1.2 3.4.5): `HHHH:MM:SS.SS`, `HH:MM:SS.SS`.

use super::{Cursor, HOUR, MINUTE, SECOND};
use alloc::format;
use alloc::string::String;

/// The largest number of hours that four digits show.
const MAX_HOURS: u64 = 9_999;

/// Reads a `CMITimespan`: two to four digits of hours, two of minutes, two of seconds, then optionally
/// a point and one or two digits. Minutes and seconds may go to 99, as ADL's validator lets them.
#[must_use]
pub fn parse_timespan(text: &str) -> Option<u64> {
    let mut cursor = Cursor::new(text);
    let (hours, digits) = cursor.digits();
    if !(2..=4).contains(&digits) {
        return None;
    }
    let minutes = after_colon(&mut cursor, 99)?;
    let seconds = after_colon(&mut cursor, 99)?;
    let hundredths = cursor.hundredths()?;
    cursor.is_done().then_some(hours * HOUR + minutes * MINUTE + seconds * SECOND + hundredths)
}

/// Writes a `CMITimespan` with four digits of hours and two decimals. Beyond 9,999 hours it stays at
/// the largest value that can be written.
#[must_use]
pub fn format_timespan(hundredths: u64) -> String {
    let shown = hundredths.min((MAX_HOURS + 1) * HOUR - 1);
    let (hours, rest) = (shown / HOUR, shown % HOUR);
    let (minutes, rest) = (rest / MINUTE, rest % MINUTE);
    format!("{hours:04}:{minutes:02}:{:02}.{:02}", rest / SECOND, rest % SECOND)
}

/// Reads a `CMITime`: a time of day, in hundredths since midnight.
#[must_use]
pub fn parse_time_of_day(text: &str) -> Option<u64> {
    let mut cursor = Cursor::new(text);
    let hours = cursor.two_up_to(23)?;
    let minutes = after_colon(&mut cursor, 59)?;
    let seconds = after_colon(&mut cursor, 59)?;
    let hundredths = cursor.hundredths()?;
    cursor.is_done().then_some(hours * HOUR + minutes * MINUTE + seconds * SECOND + hundredths)
}

fn after_colon(cursor: &mut Cursor<'_>, max: u64) -> Option<u64> {
    cursor.eat(b':').then(|| cursor.two_up_to(max)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timespans() {
        for (text, hundredths) in [
            ("00:00:00", 0),
            ("0000:00:00.00", 0),
            ("01:02:03.4", HOUR + 2 * MINUTE + 3 * SECOND + 40),
            ("9999:59:59.99", 10_000 * HOUR - 1),
            ("000:75:90", 75 * MINUTE + 90 * SECOND),
        ] {
            assert_eq!(parse_timespan(text), Some(hundredths), "{text}");
        }
        for text in [
            "",
            "0:00:00",
            "00:0:00",
            "00:00",
            "00:00:00.",
            "00:00:00.123",
            "00000:00:00",
            "-01:00:00",
            "00:00:00 ",
        ] {
            assert_eq!(parse_timespan(text), None, "{text}");
        }
        assert_eq!(format_timespan(HOUR + 40), "0001:00:00.40");
        assert_eq!(format_timespan(u64::MAX), "9999:59:59.99");
    }

    #[test]
    fn times_of_day() {
        assert_eq!(parse_time_of_day("23:59:59.5"), Some(24 * HOUR - 50));
        for text in ["24:00:00", "23:60:00", "1:00:00", "0001:00:00", "12:00", ""] {
            assert_eq!(parse_time_of_day(text), None, "{text}");
        }
    }
}
