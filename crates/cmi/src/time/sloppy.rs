//! Time as authoring tools and hand-written pages send it, told apart by its shape.

use super::timestamp::zone;
use super::{
    Cursor, DAY, HOUR, MINUTE, MONTH, SECOND, Timestamp, WEEK, YEAR, parse_duration, parse_time_of_day,
    parse_timespan, parse_timestamp,
};

/// Reads an interval in any form that is understood, in hundredths of a second:
///
/// * both standards' forms, whichever the course speaks;
/// * clock forms with any number of digits, more decimals, a decimal comma, overlong minutes and
///   seconds, or only minutes and seconds (`1:2:3`, `00:75:90.1234`, `12:30`);
/// * durations in small letters, with weeks, decimals in any part, a missing or trailing `T`;
/// * a whole number: milliseconds; a number with decimals: seconds.
///
/// A negative interval (a clock that was set back) counts as 0. `None` where no reading is plain.
#[must_use]
pub fn parse_any_interval(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Some(exact) = parse_timespan(text).or_else(|| parse_duration(text)) {
        return Some(exact);
    }
    let (negative, magnitude) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let interval = match magnitude.bytes().next()? {
        b'P' | b'p' => sloppy_duration(magnitude),
        _ if magnitude.contains(':') => sloppy_clock(magnitude),
        _ => sloppy_number(magnitude),
    }?;
    Some(if negative { 0 } else { interval })
}

/// Digits, optionally with a decimal point or comma, in thousandths, and whether there was a mark.
fn thousandths(cursor: &mut Cursor<'_>) -> Option<(u64, bool)> {
    let (whole, whole_digits) = cursor.digits();
    let mut value = whole.saturating_mul(1_000);
    let marked = cursor.eat(b'.') || cursor.eat(b',');
    let mut fraction_digits = 0;
    if marked {
        let mut worth = 100;
        while let Some(digit @ b'0'..=b'9') = cursor.peek() {
            value = value.saturating_add(u64::from(digit - b'0') * worth);
            worth /= 10;
            fraction_digits += 1;
            cursor.next();
        }
    }
    (whole_digits + fraction_digits > 0).then_some((value, marked))
}

fn worth(thousandths: u64, unit: u64) -> u64 {
    (thousandths / 1_000).saturating_mul(unit).saturating_add(thousandths % 1_000 * unit / 1_000)
}

fn sloppy_duration(text: &str) -> Option<u64> {
    let mut cursor = Cursor::new(text);
    cursor.next();
    let (mut total, mut in_time, mut hours_seen) = (0_u64, false, false);
    while !cursor.is_done() {
        if cursor.eat(b'T') || cursor.eat(b't') {
            in_time = true;
            continue;
        }
        let (number, _) = thousandths(&mut cursor)?;
        let unit = match cursor.next()?.to_ascii_uppercase() {
            b'Y' => YEAR,
            b'W' => WEEK,
            b'D' => DAY,
            b'M' if in_time || hours_seen => MINUTE,
            b'M' => MONTH,
            b'H' => {
                // Hours without a `T`: what follows is time of day, too.
                hours_seen = true;
                HOUR
            }
            b'S' => SECOND,
            _ => return None,
        };
        total = total.saturating_add(worth(number, unit));
    }
    Some(total)
}

fn sloppy_clock(text: &str) -> Option<u64> {
    let mut parts = [0_u64; 3];
    let mut count = 0;
    for part in text.split(':') {
        let mut cursor = Cursor::new(part.trim());
        let (number, _) = thousandths(&mut cursor)?;
        *parts.get_mut(count)? = number;
        count += 1;
        if !cursor.is_done() {
            return None;
        }
    }
    let units: &[u64] = if count == 2 { &[MINUTE, SECOND] } else { &[HOUR, MINUTE, SECOND] };
    Some(parts.iter().zip(units).fold(0_u64, |sum, (part, unit)| sum.saturating_add(worth(*part, *unit))))
}

fn sloppy_number(text: &str) -> Option<u64> {
    let mut cursor = Cursor::new(text);
    let (number, has_decimals) = thousandths(&mut cursor)?;
    let is_milliseconds = !has_decimals;
    cursor.is_done().then_some(if is_milliseconds { number / 10_000 } else { worth(number, SECOND) })
}

/// Reads a time of day in hundredths since midnight: `CMITime`, the time part of a timestamp, or
/// hours and minutes only.
#[must_use]
pub fn parse_any_time_of_day(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Some(exact) = parse_time_of_day(text) {
        return Some(exact);
    }
    if let Some(time) = parse_any_timestamp(text) {
        return Some(
            u64::from(time.hour) * HOUR + u64::from(time.minute) * MINUTE + u64::from(time.hundredths),
        );
    }
    let of_day = if text.matches(':').count() == 1 {
        sloppy_clock(text)?.checked_mul(60)?
    } else {
        sloppy_clock(text)?
    };
    text.contains(':').then_some(of_day).filter(|time| *time < DAY)
}

/// Reads a point in time in any form that is understood: the standard's, any number of decimals, a
/// blank instead of `T`, a zone after whole seconds or without a colon, slashes in the date, or
/// milliseconds since 1970 as a whole number.
#[must_use]
pub fn parse_any_timestamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    parse_timestamp(text).or_else(|| sloppy_timestamp(text)).or_else(|| from_milliseconds(text))
}

fn sloppy_timestamp(text: &str) -> Option<Timestamp> {
    let mut cursor = Cursor::new(text);
    let mut time = Timestamp::start_of(u16::try_from(cursor.exactly(4)?).ok()?);
    let mark = if cursor.peek() == Some(b'/') { b'/' } else { b'-' };
    time.month = number_after(&mut cursor, mark, 12)?;
    time.day = number_after(&mut cursor, mark, 31)?;
    if time.month == 0 || !time.has_valid_day() {
        return None;
    }
    if cursor.is_done() {
        return Some(time);
    }
    if !(cursor.eat(b'T') || cursor.eat(b't') || cursor.eat(b' ')) {
        return None;
    }
    time.hour = number_up_to(&mut cursor, 23)?;
    time.minute = number_after(&mut cursor, b':', 59)?;
    if cursor.eat(b':') {
        let (seconds, _) = thousandths(&mut cursor)?;
        time.hundredths = u16::try_from(seconds / 10).ok().filter(|hundredths| *hundredths < 6_000)?;
    }
    if !cursor.is_done() {
        time.offset = Some(sloppy_zone(&mut cursor)?);
    }
    cursor.is_done().then_some(time)
}

fn sloppy_zone(cursor: &mut Cursor<'_>) -> Option<i16> {
    while cursor.eat(b' ') {}
    // "+0200" is "+02:00".
    if let [sign @ (b'+' | b'-'), digits @ ..] = cursor.rest
        && digits.len() == 4
        && digits.iter().all(u8::is_ascii_digit)
    {
        let number = digits.iter().fold(0_i16, |sum, digit| sum * 10 + i16::from(digit - b'0'));
        cursor.rest = &[];
        let minutes = number / 100 * 60 + number % 100;
        return Some(if *sign == b'-' { -minutes } else { minutes });
    }
    zone(cursor)
}

fn number_after(cursor: &mut Cursor<'_>, mark: u8, max: u64) -> Option<u8> {
    cursor.eat(mark).then(|| number_up_to(cursor, max)).flatten()
}

fn number_up_to(cursor: &mut Cursor<'_>, max: u64) -> Option<u8> {
    let (number, digits) = cursor.digits();
    ((1..=2).contains(&digits) && number <= max).then(|| u8::try_from(number).ok()).flatten()
}

/// `Date.now()` of any year from 2001 to 2286.
fn from_milliseconds(text: &str) -> Option<Timestamp> {
    let mut cursor = Cursor::new(text);
    let milliseconds = cursor.exactly(13)?;
    if !cursor.is_done() {
        return None;
    }
    let (days, of_day) = (milliseconds / 86_400_000, milliseconds % 86_400_000);
    let mut time = date_from_days(i64::try_from(days).ok()?)?;
    time.hour = u8::try_from(of_day / 3_600_000).ok()?;
    time.minute = u8::try_from(of_day / 60_000 % 60).ok()?;
    time.hundredths = u16::try_from(of_day / 10 % 6_000).ok()?;
    time.offset = Some(0);
    Some(time)
}

/// The date that lies `days` after 1970-01-01, by search over the years and months.
fn date_from_days(days: i64) -> Option<Timestamp> {
    let day_of = |time: &Timestamp| time.unix_hundredths() / 8_640_000;
    let mut year = u16::try_from(1970 + days / 366).ok()?;
    while day_of(&Timestamp::start_of(year + 1)) <= days {
        year += 1;
    }
    let mut time = Timestamp::start_of(year);
    while time.month < 12 && day_of(&Timestamp { month: time.month + 1, ..time }) <= days {
        time.month += 1;
    }
    time.day = u8::try_from(days - day_of(&time) + 1).ok()?;
    Some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_of_many_tools() {
        for (text, hundredths) in [
            ("0000:00:00.00", 0),
            ("PT1H30M45S", HOUR + 30 * MINUTE + 45 * SECOND),
            ("P0Y0M0DT0H0M10S", 10 * SECOND),
            ("PT0.5H", 30 * MINUTE),
            ("PT12.3456S", 1_234),
            ("pt5m", 5 * MINUTE),
            ("P1H30M", HOUR + 30 * MINUTE),
            ("P2W", 2 * WEEK),
            ("P1DT", DAY),
            ("PT", 0),
            ("1:2:3", HOUR + 2 * MINUTE + 3 * SECOND),
            ("00000:75:90.1234", 75 * MINUTE + 90 * SECOND + 12),
            ("12:30", 12 * MINUTE + 30 * SECOND),
            ("00:00:05,5", 550),
            ("-00:00:05", 0),
            ("-PT5S", 0),
            ("12345", 1_234),
            ("12.5", 1_250),
            (" PT5S ", 5 * SECOND),
            ("PT99999999999999999999H", u64::MAX),
        ] {
            assert_eq!(parse_any_interval(text), Some(hundredths), "{text}");
        }
        for text in ["", "NaN:NaN:NaN", "undefined", "five", "1:2:3:4", "PTS", "P5", "--5", "1:b:3"] {
            assert_eq!(parse_any_interval(text), None, "{text}");
        }
    }

    #[test]
    fn timestamps_of_many_tools() {
        let expected = parse_timestamp("2024-03-05T10:11:12.34Z").map(|time| time.unix_hundredths());
        for text in [
            "2024-03-05T10:11:12.345Z",
            "2024-03-05 10:11:12.34",
            "2024-03-05T12:11:12.34+0200",
            "2024/3/5 10:11:12.34",
            "1709633472345",
        ] {
            assert_eq!(parse_any_timestamp(text).map(|time| time.unix_hundredths()), expected, "{text}");
        }
        for text in ["", "yesterday", "2024-02-30T00:00:00Z", "2024-03-05T25:00:00Z", "123"] {
            assert_eq!(parse_any_timestamp(text), None, "{text}");
        }
    }

    #[test]
    fn times_of_day_of_many_tools() {
        for (text, hundredths) in [
            ("10:11:12", 10 * HOUR + 11 * MINUTE + 12 * SECOND),
            ("9:05:00", 9 * HOUR + 5 * MINUTE),
            ("9:05", 9 * HOUR + 5 * MINUTE),
            ("2024-03-05T10:11:12.345Z", 10 * HOUR + 11 * MINUTE + 1_234),
        ] {
            assert_eq!(parse_any_time_of_day(text), Some(hundredths), "{text}");
        }
        for text in ["", "25:00:00", "noon", "12"] {
            assert_eq!(parse_any_time_of_day(text), None, "{text}");
        }
    }
}
