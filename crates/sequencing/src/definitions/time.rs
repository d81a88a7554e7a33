use alloc::string::{String, ToString};
use core::fmt;

use serde::{Deserialize, Serialize};

/// A length of time as written in a manifest (`xs:duration`), with its value.
///
/// The text is kept because content may ask for it (`cmi.max_time_allowed`). A year counts 365 days and a month
/// 30: the standard does not say, and no course means more by it than "long".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeSpan {
    /// As written, white space trimmed.
    pub text: String,
    /// Hundredths of a second, further digits dropped.
    pub hundredths: u64,
}

/// A point in time as written in a manifest (`xs:dateTime`), with its value. Without an offset it is taken
/// as UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instant {
    /// As written, white space trimmed.
    pub text: String,
    /// Milliseconds since 1970-01-01T00:00:00Z, further digits dropped.
    pub unix_ms: i64,
}

/// Why a text is no [`TimeSpan`] or [`Instant`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeError {
    /// Not an `xs:duration` of zero or more.
    NotADuration,
    /// Not an `xs:dateTime` between the years 1 and 9999.
    NotADateTime,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotADuration => "not a duration such as PT1H30M",
            Self::NotADateTime => "not a date and time such as 2027-03-01T08:00:00Z",
        })
    }
}

impl core::error::Error for TimeError {}

const HUNDREDTHS_PER_SECOND: u64 = 100;
const SECONDS_PER_MINUTE: u64 = 60;
const SECONDS_PER_HOUR: u64 = 3_600;
const SECONDS_PER_DAY: u64 = 86_400;
const DAYS_PER_MONTH: u64 = 30;
const DAYS_PER_YEAR: u64 = 365;

/// The designators of `xs:duration` before and after the `T`, in their only allowed order, in seconds.
const DATE_PARTS: &[(u8, u64)] = &[
    (b'Y', DAYS_PER_YEAR * SECONDS_PER_DAY),
    (b'M', DAYS_PER_MONTH * SECONDS_PER_DAY),
    (b'D', SECONDS_PER_DAY),
];
const TIME_PARTS: &[(u8, u64)] = &[(b'H', SECONDS_PER_HOUR), (b'M', SECONDS_PER_MINUTE), (b'S', 1)];

impl TimeSpan {
    /// Reads the lexical form of `xs:duration` without a sign: `P5Y6M4DT12H30M58.55S`.
    ///
    /// # Errors
    /// [`TimeError::NotADuration`] for any other text, also for a length that does not fit into 64 bits.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let text = text.trim();
        let hundredths = duration_hundredths(text).ok_or(TimeError::NotADuration)?;
        Ok(Self { text: text.to_string(), hundredths })
    }
}

fn duration_hundredths(text: &str) -> Option<u64> {
    let body = text.strip_prefix('P')?;
    let (date, time) = match body.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (body, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    parts_hundredths(date, DATE_PARTS)?.checked_add(parts_hundredths(time, TIME_PARTS)?)
}

/// Sums `number designator` pairs; every designator at most once and in order.
fn parts_hundredths(mut text: &str, designators: &[(u8, u64)]) -> Option<u64> {
    let mut total: u64 = 0;
    let mut allowed = designators.iter();
    while !text.is_empty() {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let designator = text.as_bytes()[end];
        let (_, seconds) = allowed.find(|(letter, _)| *letter == designator)?;
        let hundredths = number_hundredths(&text[..end], designator == b'S')?;
        total = total.checked_add(hundredths.checked_mul(*seconds)?)?;
        text = &text[end + 1..];
    }
    Some(total)
}

/// Hundredths of a whole number, or of one with a fraction where that is allowed (seconds).
fn number_hundredths(number: &str, fraction_allowed: bool) -> Option<u64> {
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) if fraction_allowed && !fraction.is_empty() => (whole, fraction),
        Some(_) => return None,
        None => (number, ""),
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digit = |place: usize| fraction.as_bytes().get(place).map_or(0, |byte| u64::from(byte - b'0'));
    whole.parse::<u64>().ok()?.checked_mul(HUNDREDTHS_PER_SECOND)?.checked_add(digit(0) * 10 + digit(1))
}

impl Instant {
    /// Reads the lexical form of `xs:dateTime`: `2027-03-01T08:00:00.5+01:00`.
    ///
    /// # Errors
    /// [`TimeError::NotADateTime`] for any other text and for dates that do not exist.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let text = text.trim();
        let unix_ms = date_time_ms(text).ok_or(TimeError::NotADateTime)?;
        Ok(Self { text: text.to_string(), unix_ms })
    }
}

fn date_time_ms(text: &str) -> Option<i64> {
    if !text.is_ascii() {
        return None;
    }
    let (date, rest) = (text.get(..10)?, text.get(10..)?.strip_prefix('T')?);
    let (time, zone) = rest.split_at(rest.find(['Z', '+', '-']).unwrap_or(rest.len()));
    let days = days_since_1970(fixed(date, 0..4)?, fixed(date, 5..7)?, fixed(date, 8..10)?)?;
    let separators =
        [date.as_bytes()[4], date.as_bytes()[7], *time.as_bytes().get(2)?, *time.as_bytes().get(5)?];
    if separators != *b"--::" {
        return None;
    }
    let (hour, minute, second) = (fixed(time, 0..2)?, fixed(time, 3..5)?, fixed(time, 6..8)?);
    let end_of_day = hour == 24 && minute == 0 && second == 0;
    if (hour > 23 && !end_of_day) || minute > 59 || second > 60 {
        return None;
    }
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second - offset_minutes(zone)? * 60;
    Some(seconds * 1_000 + milliseconds(time.get(8..)?)?)
}

/// The number in a fixed place; only digits.
fn fixed(text: &str, range: core::ops::Range<usize>) -> Option<i64> {
    let digits = text.get(range)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// Milliseconds of an optional fraction `.123456`.
fn milliseconds(fraction: &str) -> Option<i64> {
    if fraction.is_empty() {
        return Some(0);
    }
    let digits = fraction.strip_prefix('.')?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digit = |place: usize| digits.as_bytes().get(place).map_or(0, |byte| i64::from(byte - b'0'));
    Some(digit(0) * 100 + digit(1) * 10 + digit(2))
}

/// Minutes east of UTC of `Z`, `+01:00`, `-05:30` or nothing.
fn offset_minutes(zone: &str) -> Option<i64> {
    let (sign, rest) = match zone.as_bytes() {
        [] | [b'Z'] => return Some(0),
        [b'+', ..] => (1, &zone[1..]),
        [b'-', ..] => (-1, &zone[1..]),
        _ => return None,
    };
    let (hours, minutes) = (fixed(rest, 0..2)?, fixed(rest, 3..5)?);
    (rest.len() == 5 && rest.as_bytes()[2] == b':' && hours <= 14 && minutes <= 59)
        .then_some(sign * (hours * 60 + minutes))
}

/// Days from 1970-01-01 to a date of the Gregorian calendar; `None` for a date that does not exist.
fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    const DAYS_BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if year < 1 || day < 1 || day > length {
        return None;
    }
    let past = year - 1;
    let leap_days = past / 4 - past / 100 + past / 400;
    let before_month = DAYS_BEFORE_MONTH[usize::try_from(month - 1).ok()?] + i64::from(leap && month > 2);
    const DAYS_TO_1970: i64 = 719_162;
    Some(past * 365 + leap_days + before_month + day - 1 - DAYS_TO_1970)
}
