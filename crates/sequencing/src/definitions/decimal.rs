use alloc::string::ToString;
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A decimal number with nine digits after the point, for everything the standards call `xs:decimal` or
/// `real(10,7)`: measures, weights, thresholds, percentages.
///
/// The unit is the billionth, so addition and comparison are exact, results are the same natively and in
/// WebAssembly, and no float function is needed. The range is about ±9.2 thousand million.
/// Serialised as a string such as `"0.85"`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

/// Why a text is no [`Decimal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalError {
    /// Not the lexical form of `xs:decimal`: optional sign, digits, optional point and digits.
    NotANumber,
    /// A number, but outside what a [`Decimal`] can hold.
    OutOfRange,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "not a decimal number such as 0.85",
            Self::OutOfRange => "a number too large to be meant",
        })
    }
}

impl core::error::Error for DecimalError {}

impl Decimal {
    /// Digits after the point.
    pub const DIGITS: u32 = 9;
    /// Units in one: a [`Decimal`] counts billionths.
    pub const UNITS_PER_ONE: i64 = 1_000_000_000;
    /// 0
    pub const ZERO: Self = Self(0);
    /// 1
    pub const ONE: Self = Self(Self::UNITS_PER_ONE);
    /// -1
    pub const MINUS_ONE: Self = Self(-Self::UNITS_PER_ONE);

    /// The number of this many billionths.
    #[must_use]
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// The number in billionths.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0
    }

    /// Reads the lexical form of `xs:decimal`; white space around it is ignored. Digits beyond the ninth
    /// are rounded half away from zero.
    ///
    /// # Errors
    /// [`DecimalError::NotANumber`] for any other text, [`DecimalError::OutOfRange`] for a number that does
    /// not fit.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let text = text.trim();
        let (negative, digits) = match text.as_bytes() {
            [b'-', ..] => (true, &text[1..]),
            [b'+', ..] => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return Err(DecimalError::NotANumber);
        }
        let units = whole_units(whole)
            .and_then(|units| units.checked_add(fraction_units(fraction)))
            .ok_or(DecimalError::OutOfRange)?;
        Ok(Self(if negative { -units } else { units }))
    }
}

/// Units of the digits before the point; `None` when they do not fit.
fn whole_units(digits: &str) -> Option<i64> {
    digits
        .bytes()
        .try_fold(0_i64, |value, byte| value.checked_mul(10)?.checked_add(i64::from(byte - b'0')))?
        .checked_mul(Decimal::UNITS_PER_ONE)
}

/// Units of the digits after the point, rounded half up (the sign is applied later).
fn fraction_units(digits: &str) -> i64 {
    let kept = Decimal::DIGITS as usize;
    let mut units = 0;
    for place in 0..kept {
        units = units * 10 + digits.as_bytes().get(place).map_or(0, |byte| i64::from(byte - b'0'));
    }
    let rounds_up = digits.as_bytes().get(kept).is_some_and(|byte| *byte >= b'5');
    units + i64::from(rounds_up)
}

impl fmt::Display for Decimal {
    /// The shortest form: `1`, `0.85`, `-0.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let (whole, fraction) =
            (magnitude / Self::UNITS_PER_ONE.unsigned_abs(), magnitude % Self::UNITS_PER_ONE.unsigned_abs());
        let sign = if self.0 < 0 { "-" } else { "" };
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = alloc::format!("{fraction:09}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = alloc::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}
