//! Time in the notations of the standards, exact and as authoring tools write it.
//!
//! Intervals are counted in hundredths of a second, the precision of `CMITimespan` and of
//! `timeinterval (second,10,2)`. Anything finer is dropped, anything too large saturates.

mod clock;
mod duration;
mod sloppy;
mod timestamp;

pub use clock::{format_timespan, parse_time_of_day, parse_timespan};
pub use duration::{format_duration, parse_duration};
pub use sloppy::{parse_any_interval, parse_any_time_of_day, parse_any_timestamp};
pub use timestamp::{Timestamp, parse_timestamp};

/// Hundredths in a second.
pub const SECOND: u64 = 100;
/// Hundredths in a minute.
pub const MINUTE: u64 = 60 * SECOND;
/// Hundredths in an hour.
pub const HOUR: u64 = 60 * MINUTE;
/// Hundredths in a day.
pub const DAY: u64 = 24 * HOUR;
/// Hundredths in a week.
pub const WEEK: u64 = 7 * DAY;
/// Hundredths in a year of 365 days.
pub const YEAR: u64 = 365 * DAY;
/// Hundredths in a twelfth of a year.
pub const MONTH: u64 = YEAR / 12;

/// Reads bytes one by one.
struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    const fn new(text: &'a str) -> Self {
        Self { rest: text.as_bytes() }
    }

    const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Consumes `byte` if it is next.
    fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.rest = &self.rest[1..];
        }
        is_next
    }

    /// All digits that follow, as a saturating number with their count.
    fn digits(&mut self) -> (u64, usize) {
        let mut number: u64 = 0;
        let mut count = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            number = number.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
            count += 1;
            self.rest = &self.rest[1..];
        }
        (number, count)
    }

    /// Exactly `count` digits.
    fn exactly(&mut self, count: usize) -> Option<u64> {
        let (number, found) = self.digits();
        (found == count).then_some(number)
    }

    /// Exactly two digits, at most `max`.
    fn two_up_to(&mut self, max: u64) -> Option<u64> {
        self.exactly(2).filter(|number| *number <= max)
    }

    /// One or two digits after a point, as hundredths; 0 without a point.
    fn hundredths(&mut self) -> Option<u64> {
        if !self.eat(b'.') {
            return Some(0);
        }
        match self.digits() {
            (number, 1) => Some(number * 10),
            (number, 2) => Some(number),
            _ => None,
        }
    }
}
