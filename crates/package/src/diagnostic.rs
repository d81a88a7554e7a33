//! What a reader has to say about a package: codes for programs, sentences for people.

mod codes;
mod collector;

pub use codes::Code;
pub(crate) use collector::Diagnostics;
pub(crate) use collector::quoted;

use serde::{Deserialize, Serialize};

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something cannot be played, or the standard demands that the package be refused.
    Error,
    /// It can be played, but probably not as the author meant it, or not everywhere.
    Warning,
    /// Worth knowing.
    Info,
}

/// One finding about a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What it is, for programs.
    pub code: Code,
    /// What is wrong, what that means for playing, and what to do about it.
    pub message: String,
    /// `file:line:column`, `file`, or `item <identifier>`; `None` when it is about the package as a whole.
    #[serde(rename = "where")]
    pub place: Option<String>,
}

impl Diagnostic {
    /// A finding about the package as a whole, with the severity of its code.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { severity: code.severity(), code, message: message.into(), place: None }
    }

    /// The same at a place.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }
}
