//! `time (second,10,0)` of SCORM 2004 (RTE 2004 4.1.1.6): `YYYY[-MM[-DD[Thh[:mm[:ss[.s[TZD]]]]]]]`.

use super::Cursor;

/// The years that the standard covers.
const YEARS: core::ops::RangeInclusive<u64> = 1970..=2038;

/// A point in time as the course wrote it. What it left out is the first of its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// Year of the Gregorian calendar.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// Seconds in hundredths, 0 to 5,999.
    pub hundredths: u16,
    /// Minutes east of UTC, `None` where no zone was written.
    pub offset: Option<i16>,
}

impl Timestamp {
    pub(super) const fn start_of(year: u16) -> Self {
        Self { year, month: 1, day: 1, hour: 0, minute: 0, hundredths: 0, offset: None }
    }

    /// Hundredths of a second since 1970-01-01T00:00:00Z; without a zone the time is taken as UTC.
    #[must_use]
    pub fn unix_hundredths(&self) -> i64 {
        let minutes = (days_since_1970(self.year, self.month, self.day) * 24 + i64::from(self.hour)) * 60
            + i64::from(self.minute)
            - i64::from(self.offset.unwrap_or(0));
        minutes * 6_000 + i64::from(self.hundredths)
    }

    /// Is the day one that its month has?
    pub(super) fn has_valid_day(&self) -> bool {
        (1..=days_in_month(self.year, self.month)).contains(&self.day)
    }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
fn days_since_1970(year: u16, month: u8, day: u8) -> i64 {
    // Years are counted from March, so that the leap day is the last of its year.
    let shifted_year = i64::from(year) - i64::from(month <= 2);
    let shifted_month = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * shifted_month + 2) / 5 + i64::from(day) - 1;
    let leap_days = shifted_year.div_euclid(4) - shifted_year.div_euclid(100) + shifted_year.div_euclid(400);
    const DAYS_TO_1970_03_01: i64 = 719_468;
    shifted_year * 365 + leap_days + day_of_year - DAYS_TO_1970_03_01
}

const fn days_in_month(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

/// Reads a timestamp exactly as the standard writes it. One or two decimals of the second; a zone
/// (`Z`, `+hh`, `+hh:mm`) only after decimals, which is how ADL's test suite reads the brackets.
#[must_use]
pub fn parse_timestamp(text: &str) -> Option<Timestamp> {
    let mut cursor = Cursor::new(text);
    let year = cursor.exactly(4).filter(|year| YEARS.contains(year))?;
    let mut time = Timestamp::start_of(small(year)?);
    date(&mut cursor, &mut time)?;
    (cursor.is_done() && time.has_valid_day()).then_some(time)
}

fn date(cursor: &mut Cursor<'_>, time: &mut Timestamp) -> Option<()> {
    if cursor.is_done() {
        return Some(());
    }
    time.month = small(after(cursor, b'-', 12)?)?;
    if time.month == 0 {
        return None;
    }
    if cursor.is_done() {
        return Some(());
    }
    time.day = small(after(cursor, b'-', 31)?)?;
    if cursor.is_done() {
        return Some(());
    }
    time.hour = small(after(cursor, b'T', 23)?)?;
    clock(cursor, time)
}

fn clock(cursor: &mut Cursor<'_>, time: &mut Timestamp) -> Option<()> {
    if cursor.is_done() {
        return Some(());
    }
    time.minute = small(after(cursor, b':', 59)?)?;
    if cursor.is_done() {
        return Some(());
    }
    time.hundredths = small(after(cursor, b':', 59)? * 100)?;
    if cursor.peek() != Some(b'.') {
        return Some(());
    }
    time.hundredths += small::<u16>(cursor.hundredths()?)?;
    if !cursor.is_done() {
        time.offset = Some(zone(cursor)?);
    }
    Some(())
}

/// `Z`, `+hh`, `-hh`, `+hh:mm` or `-hh:mm`, in minutes east of UTC.
pub(super) fn zone(cursor: &mut Cursor<'_>) -> Option<i16> {
    let sign = match cursor.next()? {
        b'Z' | b'z' => return Some(0),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours = cursor.two_up_to(23)?;
    let minutes = if cursor.is_done() { 0 } else { after(cursor, b':', 59)? };
    Some(sign * small::<i16>(hours * 60 + minutes)?)
}

fn after(cursor: &mut Cursor<'_>, mark: u8, max: u64) -> Option<u64> {
    cursor.eat(mark).then(|| cursor.two_up_to(max)).flatten()
}

fn small<T: TryFrom<u64>>(number: u64) -> Option<T> {
    number.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps() {
        for (text, unix) in [
            ("1970", 0),
            ("2004-04", 1_080_777_600),
            ("2004-02-29", 1_078_012_800),
            ("2003-07-25T03:00:00", 1_059_102_000),
            ("2004-04-01T09:45:58.2", 1_080_812_758),
            ("2004-04-01T09:45:58.55+02:30", 1_080_803_758),
            ("2038-12-31T23:59:59.00Z", 2_177_452_799),
        ] {
            assert_eq!(parse_timestamp(text).map(|t| t.unix_hundredths() / 100), Some(unix), "{text}");
        }
        for text in [
            "",
            "4",
            "2004-",
            "2004-4",
            "2004-13",
            "2004-00",
            "2003-02-29",
            "2004-04-01T",
            "2004-04-01T24",
            "1969",
            "2039",
            "2004-04-01T15Z",
            "2004-04-01T09:45:58Z",
            "2004-04-01T09:45:58.",
            "2004-04-01T09:45:58.025",
            "2004-04-01T09:45:58.55+2",
            "2004-04-01T09:45:58.55Z+02:30",
            "2004-04-01 09:45:58",
        ] {
            assert_eq!(parse_timestamp(text), None, "{text}");
        }
    }
}
