//! Values in the words and forms that people read.

use jiff::Timestamp;

/// A short coloured word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Badge {
    pub(crate) text: String,
    /// `good`, `warn`, `bad`, `accent` or empty.
    pub(crate) tone: &'static str,
}

impl Badge {
    pub(crate) fn new(text: impl Into<String>, tone: &'static str) -> Self {
        Self { text: text.into(), tone }
    }
}

/// A moment, for programs and for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// RFC 3339.
    pub(crate) machine: String,
    /// In UTC; a script shows it in the reader's time zone.
    pub(crate) human: String,
}

impl Moment {
    /// From RFC 3339; a text that is none is shown as it is.
    pub(crate) fn parse(text: &str) -> Self {
        let human = text.parse::<Timestamp>().map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string());
        Self { machine: text.to_owned(), human: human.unwrap_or_else(|_| text.to_owned()) }
    }
}

/// Seconds as `1 h 02 min`, `3 min 20 s` or `12 s`; a dash for none.
pub(crate) fn duration(seconds: f64) -> String {
    // A negative or absurd time does not come from us; it shows as none or as the most.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let seconds = seconds as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0) => "–".to_owned(),
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s:02} s"),
        (h, m, _) => format!("{h} h {m:02} min"),
    }
}

/// Bytes in decimal units, as file managers and providers count.
pub(crate) fn size(bytes: u64) -> String {
    const STEP: f64 = 1000.0;
    #[allow(clippy::cast_precision_loss)] // a size for people
    let mut value = bytes as f64;
    let mut unit = "bytes";
    for larger in ["kB", "MB", "GB", "TB"] {
        if value < STEP {
            break;
        }
        value /= STEP;
        unit = larger;
    }
    if unit == "bytes" || value >= 100.0 {
        format!("{value:.0} {unit}")
    } else {
        format!("{value:.1} {unit}")
    }
}

/// `1 warning`, `3 warnings`.
pub(crate) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

#[cfg(test)]
mod tests {
    use super::{Moment, count, duration, size};

    #[test]
    fn durations() {
        let table = [(0.0, "–"), (-5.0, "–"), (12.5, "12 s"), (200.0, "3 min 20 s"), (3660.0, "1 h 01 min")];
        for (seconds, expected) in table {
            assert_eq!(duration(seconds), expected);
        }
    }

    #[test]
    fn sizes() {
        let table = [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1500, "1.5 kB"),
            (208_000_000, "208 MB"),
            (4 << 30, "4.3 GB"),
        ];
        for (bytes, expected) in table {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn counts() {
        assert_eq!((count(1, "item"), count(0, "item")), ("1 item".to_owned(), "0 items".to_owned()));
    }

    #[test]
    fn moments() {
        assert_eq!(Moment::parse("2025-11-21T08:42:41.234Z").human, "2025-11-21 08:42 UTC");
        assert_eq!(Moment::parse("yesterday").human, "yesterday");
    }
}
