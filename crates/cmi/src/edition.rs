//! Which standard a course speaks, and how strictly it is held to it.

use core::fmt;
use core::str::FromStr;
use serde::{Deserialize, Serialize};

/// A standard and its edition. The serde names are the product's `standard` values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Edition {
    /// SCORM 1.1 (January 2001).
    #[serde(rename = "SCORM_11")]
    Scorm11,
    /// SCORM 1.2 (October 2001).
    #[serde(rename = "SCORM_12")]
    Scorm12,
    /// SCORM 2004 2nd edition (RTE 1.3.1, July 2004).
    #[serde(rename = "SCORM_2004_2ND_EDITION")]
    Scorm2004Ed2,
    /// SCORM 2004 3rd edition (November 2006).
    #[serde(rename = "SCORM_2004_3RD_EDITION")]
    Scorm2004Ed3,
    /// SCORM 2004 4th edition (March 2009).
    #[serde(rename = "SCORM_2004_4TH_EDITION")]
    Scorm2004Ed4,
    /// AICC CMI001 through its API, or through HACP with the names of the API.
    #[serde(rename = "AICC")]
    Aicc,
}

/// The two lines of data models: AICC's `cmi.core.*` and IEEE 1484.11.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// SCORM 1.1, 1.2 and AICC: API object `API`, calls `LMSInitialize` ..., error codes 0 to 405.
    Cmi,
    /// SCORM 2004: API object `API_1484_11`, calls `Initialize` ..., error codes 0 to 408.
    Ieee,
}

impl Edition {
    /// All editions: SCORM by age, then AICC.
    pub const ALL: [Self; 6] = [
        Self::Scorm11,
        Self::Scorm12,
        Self::Scorm2004Ed2,
        Self::Scorm2004Ed3,
        Self::Scorm2004Ed4,
        Self::Aicc,
    ];

    /// The line of data models this edition belongs to.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::Scorm11 | Self::Scorm12 | Self::Aicc => Family::Cmi,
            Self::Scorm2004Ed2 | Self::Scorm2004Ed3 | Self::Scorm2004Ed4 => Family::Ieee,
        }
    }

    /// The product's name of the standard, as serde writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scorm11 => "SCORM_11",
            Self::Scorm12 => "SCORM_12",
            Self::Scorm2004Ed2 => "SCORM_2004_2ND_EDITION",
            Self::Scorm2004Ed3 => "SCORM_2004_3RD_EDITION",
            Self::Scorm2004Ed4 => "SCORM_2004_4TH_EDITION",
            Self::Aicc => "AICC",
        }
    }

    /// The name people use.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Scorm11 => "SCORM 1.1",
            Self::Scorm12 => "SCORM 1.2",
            Self::Scorm2004Ed2 => "SCORM 2004 2nd edition",
            Self::Scorm2004Ed3 => "SCORM 2004 3rd edition",
            Self::Scorm2004Ed4 => "SCORM 2004 4th edition",
            Self::Aicc => "AICC",
        }
    }

    pub(crate) const fn bit(self) -> u8 {
        match self {
            Self::Scorm11 => 1,
            Self::Scorm12 => 2,
            Self::Aicc => 4,
            Self::Scorm2004Ed2 => 8,
            Self::Scorm2004Ed3 => 16,
            Self::Scorm2004Ed4 => 32,
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text is none of the names that [`Edition::name`] gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown standard; use SCORM_11, SCORM_12, SCORM_2004_2ND_EDITION, SCORM_2004_3RD_EDITION, \
     SCORM_2004_4TH_EDITION or AICC"
)]
pub struct UnknownEdition;

impl FromStr for Edition {
    type Err = UnknownEdition;

    fn from_str(text: &str) -> Result<Self, UnknownEdition> {
        Self::ALL.into_iter().find(|edition| edition.name() == text).ok_or(UnknownEdition)
    }
}

/// What happens to values that the standard does not allow but that can be understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strictness {
    /// Exactly the standard.
    Strict,
    /// Values whose meaning is plain are kept as they were sent, answered with success, and flagged.
    #[default]
    Tolerant,
}

/// How one course is judged. Part of a session's recorded inputs, so a replay judges the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rules {
    /// The data model and API of the course.
    pub edition: Edition,
    /// Strict or tolerant.
    #[serde(default)]
    pub strictness: Strictness,
    /// Keep elements that no standard knows, and let the course read them back.
    #[serde(default)]
    pub extensions: bool,
    /// Judge responses and correct responses by their interaction's type.
    #[serde(default = "yes")]
    pub validate_responses: bool,
    /// Characters of `cmi.suspend_data`; `None`: what the edition says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspend_data_max: Option<u32>,
}

const fn yes() -> bool {
    true
}

impl Rules {
    /// The standard to the letter, no extensions.
    #[must_use]
    pub const fn strict(edition: Edition) -> Self {
        Self {
            edition,
            strictness: Strictness::Strict,
            extensions: false,
            validate_responses: true,
            suspend_data_max: None,
        }
    }

    /// The default for imported courses: tolerant, no extensions.
    #[must_use]
    pub const fn tolerant(edition: Edition) -> Self {
        Self { strictness: Strictness::Tolerant, ..Self::strict(edition) }
    }

    pub(crate) const fn is_tolerant(&self) -> bool {
        matches!(self.strictness, Strictness::Tolerant)
    }
}
