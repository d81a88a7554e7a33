//! Numbers of the data models, as fixed-point decimals.

use core::fmt;

/// A `real (10,7)` or `CMIDecimal`: ten-millionths in an `i64`.
///
/// Digits after the seventh decimal are dropped (the standard guarantees no more), a magnitude that
/// does not fit saturates. The text of a value stays what the course sent; this is for comparing
/// and computing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

impl Decimal {
    /// Units in 1.
    pub const SCALE: i64 = 10_000_000;
    /// Decimals that are kept.
    const DECIMALS: u32 = 7;
    /// 0.
    pub const ZERO: Self = Self(0);
    /// 1.
    pub const ONE: Self = Self(Self::SCALE);

    /// From ten-millionths.
    #[must_use]
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// From a whole number.
    #[must_use]
    pub const fn from_integer(number: i64) -> Self {
        Self(number.saturating_mul(Self::SCALE))
    }

    /// In ten-millionths.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0
    }

    /// Optional sign, digits, optionally a point and digits (`.5` and `5.` too); nothing else. This
    /// is how IEEE 1484.11.2 writes a real.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (number, rest) = Self::scan(text.as_bytes(), b'.')?;
        rest.is_empty().then_some(number)
    }

    /// Like [`Decimal::parse`], and also with blanks around, a decimal comma, or an exponent as
    /// ECMAScript prints very small and very large numbers.
    #[must_use]
    pub fn parse_lenient(text: &str) -> Option<Self> {
        let text = text.trim();
        let point = if text.contains('.') { b'.' } else { b',' };
        let (number, rest) = Self::scan(text.as_bytes(), point)?;
        match rest {
            [] => Some(number),
            [b'e' | b'E', exponent @ ..] => number.shifted(parse_exponent(exponent)?),
            _ => None,
        }
    }

    fn scan(bytes: &[u8], point: u8) -> Option<(Self, &[u8])> {
        let (negative, mut rest) = match bytes {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let mut magnitude: i64 = 0;
        let mut digits = 0_usize;
        while let [digit @ b'0'..=b'9', tail @ ..] = rest {
            magnitude = magnitude.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
            digits += 1;
            rest = tail;
        }
        let mut units = magnitude.saturating_mul(Self::SCALE);
        if let [mark, tail @ ..] = rest
            && *mark == point
        {
            rest = tail;
            let mut worth = Self::SCALE / 10;
            while let [digit @ b'0'..=b'9', tail @ ..] = rest {
                units = units.saturating_add(i64::from(digit - b'0') * worth);
                worth /= 10;
                digits += 1;
                rest = tail;
            }
        }
        (digits > 0).then_some((Self(if negative { -units } else { units }), rest))
    }

    /// Times ten to the power of `exponent`; digits that fall off are dropped.
    fn shifted(self, exponent: i32) -> Option<Self> {
        let power = 10_i64.checked_pow(exponent.unsigned_abs());
        Some(Self(match (exponent >= 0, power) {
            (true, Some(power)) => self.0.saturating_mul(power),
            (true, None) => self.0.saturating_mul(i64::MAX),
            (false, Some(power)) => self.0 / power,
            (false, None) => 0,
        }))
    }
}

fn parse_exponent(bytes: &[u8]) -> Option<i32> {
    let text = core::str::from_utf8(bytes).ok()?;
    let exponent: i32 = text.parse().ok()?;
    (-400..=400).contains(&exponent).then_some(exponent)
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let scale = Self::SCALE.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}", magnitude / scale)?;
        let mut fraction = magnitude % scale;
        if fraction == 0 {
            return Ok(());
        }
        let mut width = Self::DECIMALS as usize;
        while fraction.is_multiple_of(10) {
            fraction /= 10;
            width -= 1;
        }
        write!(f, ".{fraction:0width$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn reads_what_the_standard_writes() {
        for (text, units) in [
            ("0", 0),
            ("1.0", Decimal::SCALE),
            ("-1", -Decimal::SCALE),
            ("+.5", Decimal::SCALE / 2),
            ("7.000099999887765544", 70_000_999),
            ("-0.0000001", -1),
            ("5.", 5 * Decimal::SCALE),
        ] {
            assert_eq!(Decimal::parse(text), Some(Decimal::from_units(units)), "{text}");
        }
        for text in ["", "-", ".", "1e3", "1,5", " 1", "0x1", "34,000.00", "3.1.2", "NaN"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn reads_sloppy_numbers_by_value() {
        for (text, units) in [
            (" 85 ", 85 * Decimal::SCALE),
            ("0,5", Decimal::SCALE / 2),
            ("1e-7", 1),
            ("1.5E2", 150 * Decimal::SCALE),
            ("1e-300", 0),
        ] {
            assert_eq!(Decimal::parse_lenient(text), Some(Decimal::from_units(units)), "{text}");
        }
        for text in ["", "NaN", "85%", "1e", "undefined", "1,000.5"] {
            assert_eq!(Decimal::parse_lenient(text), None, "{text}");
        }
    }

    #[test]
    fn huge_numbers_saturate() {
        assert_eq!(Decimal::parse("99999999999999999999999"), Some(Decimal::from_units(i64::MAX)));
        assert_eq!(Decimal::parse_lenient("1e300"), Some(Decimal::from_units(i64::MAX)));
    }

    #[test]
    fn prints_shortest() {
        for (units, text) in [(0, "0"), (5_000_000, "0.5"), (-1, "-0.0000001"), (850_000_000, "85")] {
            assert_eq!(Decimal::from_units(units).to_string(), text);
        }
    }
}
