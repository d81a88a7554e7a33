//! What was unusual about a call that was otherwise answered.

use core::ops::{BitOr, BitOrAssign};
use serde::{Deserialize, Serialize};

/// A set of remarks about one call. The journal records them beside value and error code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flags(u16);

impl Flags {
    /// Nothing unusual.
    pub const NONE: Self = Self(0);
    /// Longer than the smallest permitted maximum; kept whole.
    pub const OVER_SPM: Self = Self(1);
    /// Not in the standard's form, accepted because its meaning is plain; kept as sent.
    pub const COERCED: Self = Self(1 << 1);
    /// The name is in no data model of this edition.
    pub const UNKNOWN_ELEMENT: Self = Self(1 << 2);
    /// The name belongs to the other line of standards (2004 sent to a 1.2 API, or the reverse).
    pub const FOREIGN_STANDARD: Self = Self(1 << 3);
    /// A vendor's element, kept because the course may have extensions.
    pub const EXTENSION: Self = Self(1 << 4);
    /// Refused by a limit of this implementation (see the crate's `MAX_` constants).
    pub const LIMIT: Self = Self(1 << 5);
    /// Outside the range that the standard gives; kept as sent.
    pub const OUT_OF_RANGE: Self = Self(1 << 6);
    /// Sent before an element that the standard wants first (id, type); kept.
    pub const OUT_OF_ORDER: Self = Self(1 << 7);
    /// Made in a session that does not count (browse, review, without credit): kept in the history, part of no result.
    pub const UNCOUNTED: Self = Self(1 << 8);
    /// Added to what was there (`cmi.comments` of SCORM 1.1 and 1.2): the value is a part of the stored text.
    pub const APPENDED: Self = Self(1 << 9);
    /// The attempt was completed before this call, and its course's settings keep that.
    pub const WAS_COMPLETED: Self = Self(1 << 10);
    /// The attempt was passed before this call, and its course's settings keep that.
    pub const WAS_PASSED: Self = Self(1 << 11);

    /// Every flag with its name, for logs and documentation.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::OVER_SPM, "over_spm"),
        (Self::COERCED, "coerced"),
        (Self::UNKNOWN_ELEMENT, "unknown_element"),
        (Self::FOREIGN_STANDARD, "foreign_standard"),
        (Self::EXTENSION, "extension"),
        (Self::LIMIT, "limit"),
        (Self::OUT_OF_RANGE, "out_of_range"),
        (Self::OUT_OF_ORDER, "out_of_order"),
        (Self::UNCOUNTED, "uncounted"),
        (Self::APPENDED, "appended"),
        (Self::WAS_COMPLETED, "was_completed"),
        (Self::WAS_PASSED, "was_passed"),
    ];

    /// The set as a number, for storage.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// The set that [`Flags::bits`] gave. Unknown bits are kept: they may come from a newer engine.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// Is nothing flagged?
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Are all flags of `other` set?
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Names of the flags that are set.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().filter(move |(flag, _)| self.contains(*flag)).map(|(_, name)| name)
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Flags {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
