use std::fmt;

use serde::{Deserialize, Serialize};

/// The standard, with its edition, that a course was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Standard {
    /// SCORM 1.1 with a course structure format file (CSF).
    #[serde(rename = "SCORM_11")]
    Scorm11,
    /// SCORM 1.2.
    #[serde(rename = "SCORM_12")]
    Scorm12,
    /// SCORM 2004 2nd edition (CAM 1.3), also used for the first edition.
    #[serde(rename = "SCORM_2004_2ND_EDITION")]
    Scorm2004Second,
    /// SCORM 2004 3rd edition.
    #[serde(rename = "SCORM_2004_3RD_EDITION")]
    Scorm2004Third,
    /// SCORM 2004 4th edition.
    #[serde(rename = "SCORM_2004_4TH_EDITION")]
    Scorm2004Fourth,
    /// AICC CMI001 course interchange files.
    #[serde(rename = "AICC")]
    Aicc,
    /// Experience API package (tincan.xml).
    #[serde(rename = "XAPI")]
    Xapi,
    /// cmi5 course structure.
    #[serde(rename = "CMI5")]
    Cmi5,
}

impl Standard {
    /// Every standard, in the order of preference when a package has several.
    pub const ALL: [Self; 8] = [
        Self::Scorm2004Fourth,
        Self::Scorm2004Third,
        Self::Scorm2004Second,
        Self::Scorm12,
        Self::Scorm11,
        Self::Cmi5,
        Self::Aicc,
        Self::Xapi,
    ];

    /// The name in JSON, on the command line and in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scorm11 => "SCORM_11",
            Self::Scorm12 => "SCORM_12",
            Self::Scorm2004Second => "SCORM_2004_2ND_EDITION",
            Self::Scorm2004Third => "SCORM_2004_3RD_EDITION",
            Self::Scorm2004Fourth => "SCORM_2004_4TH_EDITION",
            Self::Aicc => "AICC",
            Self::Xapi => "XAPI",
            Self::Cmi5 => "CMI5",
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Scorm11 => "SCORM 1.1",
            Self::Scorm12 => "SCORM 1.2",
            Self::Scorm2004Second => "SCORM 2004 2nd Edition",
            Self::Scorm2004Third => "SCORM 2004 3rd Edition",
            Self::Scorm2004Fourth => "SCORM 2004 4th Edition",
            Self::Aicc => "AICC",
            Self::Xapi => "xAPI",
            Self::Cmi5 => "cmi5",
        }
    }

    /// The standard with this [`name`](Self::name).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standard| standard.name() == name)
    }

    /// Any edition of SCORM 2004: sequencing applies.
    #[must_use]
    pub const fn is_scorm_2004(self) -> bool {
        matches!(self, Self::Scorm2004Second | Self::Scorm2004Third | Self::Scorm2004Fourth)
    }

    /// Any SCORM: content talks to an API object in the browser.
    #[must_use]
    pub const fn is_scorm(self) -> bool {
        self.is_scorm_2004() || matches!(self, Self::Scorm11 | Self::Scorm12)
    }
}

impl fmt::Display for Standard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
