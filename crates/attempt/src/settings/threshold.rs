//! A number that the manifest gives and a setting may override.

use alloc::string::String;
use core::fmt;

use lyceum_cmi::Decimal;
use serde::{Deserialize, Serialize};

/// Where something begins to be passed or completed. JSON: `"manifest"`, `"none"` or the number as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Threshold {
    /// Where the manifest says.
    #[default]
    Manifest,
    /// Nowhere: what the content says is taken as it is.
    None,
    /// Here, whatever the manifest says. The text is a number.
    At(String),
}

impl Threshold {
    /// The threshold in force, as text.
    #[must_use]
    pub fn or<'a>(&'a self, manifest: Option<&'a str>) -> Option<&'a str> {
        match self {
            Self::Manifest => manifest,
            Self::None => None,
            Self::At(number) => Some(number),
        }
    }

    /// The threshold in force, as a number.
    #[must_use]
    pub fn number(&self, manifest: Option<&str>) -> Option<Decimal> {
        self.or(manifest).and_then(Decimal::parse_lenient)
    }
}

impl From<String> for Threshold {
    fn from(text: String) -> Self {
        match text.as_str() {
            "manifest" => Self::Manifest,
            "none" => Self::None,
            _ => Self::At(text),
        }
    }
}

impl From<Threshold> for String {
    fn from(threshold: Threshold) -> Self {
        match threshold {
            Threshold::At(number) => number,
            Threshold::Manifest => "manifest".into(),
            Threshold::None => "none".into(),
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Manifest => "manifest",
            Self::None => "none",
            Self::At(number) => number,
        })
    }
}
