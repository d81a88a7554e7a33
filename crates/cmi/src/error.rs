//! Error codes of the two API families and the reasons they stand for.

use crate::edition::Family;
use core::fmt;
use serde::{Deserialize, Serialize};

/// A code as `GetLastError` gives it. The same number means different things in the two families.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ErrorCode(pub u16);

impl ErrorCode {
    /// No error.
    pub const NONE: Self = Self(0);

    /// Did the call succeed?
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Reads a code as content writes it, decimal digits without a leading zero.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let canonical = text == "0" || !text.starts_with(['0', '+']);
        canonical.then(|| text.parse().ok()).flatten().map(Self)
    }

    /// The standard's short text, or "" for a code that the family does not have.
    #[must_use]
    pub fn text(self, family: Family) -> &'static str {
        self.entry(family).map_or("", |(_, text, _)| text)
    }

    /// A general explanation for authors, or "" for a code that the family does not have.
    #[must_use]
    pub fn explanation(self, family: Family) -> &'static str {
        self.entry(family).map_or("", |(_, _, explanation)| explanation)
    }

    fn entry(self, family: Family) -> Option<&'static (u16, &'static str, &'static str)> {
        codes(family).iter().find(|(code, _, _)| *code == self.0)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// All codes of a family: number, the standard's text, our explanation.
#[must_use]
pub const fn codes(family: Family) -> &'static [(u16, &'static str, &'static str)] {
    match family {
        Family::Cmi => &CMI_CODES,
        Family::Ieee => &IEEE_CODES,
    }
}

/// RTE 1.2 table 3.3.3 (API error codes).
static CMI_CODES: [(u16, &str, &str); 11] = [
    (0, "No error", "The last call succeeded."),
    (
        101,
        "General exception",
        "The call cannot be served in this state, or a limit of this system was reached.",
    ),
    (
        201,
        "Invalid argument error",
        "The argument is not one that the call takes, or the element does not exist in its group.",
    ),
    (202, "Element cannot have children", "_children was asked of an element that is no group."),
    (203, "Element not an array - cannot have count", "_count was asked of an element that is no array."),
    (301, "Not initialized", "LMSInitialize has not succeeded yet, or LMSFinish was already called."),
    (401, "Not implemented error", "The data model has no such element."),
    (402, "Invalid set value, element is a keyword", "_children, _count and _version cannot be set."),
    (403, "Element is read only", "Only the LMS gives this element its value."),
    (404, "Element is write only", "This element can be set but never read."),
    (405, "Incorrect data type", "The value has not the element's type, length, range or vocabulary."),
];

/// RTE 2004 3.1.7.
static IEEE_CODES: [(u16, &str, &str); 26] = [
    (0, "No Error", "The last call succeeded."),
    (101, "General Exception", "The call could not be served."),
    (102, "General Initialization Failure", "The communication session could not begin."),
    (103, "Already Initialized", "Initialize may be called once per launch."),
    (104, "Content Instance Terminated", "Initialize was called after Terminate; a new launch is needed."),
    (111, "General Termination Failure", "The communication session could not end."),
    (112, "Termination Before Initialization", "Terminate was called before Initialize."),
    (113, "Termination After Termination", "Terminate was called twice."),
    (122, "Retrieve Data Before Initialization", "GetValue was called before Initialize."),
    (123, "Retrieve Data After Termination", "GetValue was called after Terminate."),
    (132, "Store Data Before Initialization", "SetValue was called before Initialize."),
    (133, "Store Data After Termination", "SetValue was called after Terminate."),
    (142, "Commit Before Initialization", "Commit was called before Initialize."),
    (143, "Commit After Termination", "Commit was called after Terminate."),
    (201, "General Argument Error", "Initialize, Terminate and Commit take one argument, the empty string."),
    (
        301,
        "General Get Failure",
        "The value could not be read: the record does not exist yet, or the keyword does not apply.",
    ),
    (
        351,
        "General Set Failure",
        "The value could not be stored: index out of sequence, identifier not unique or fixed, or a limit.",
    ),
    (391, "General Commit Failure", "The data could not be stored permanently."),
    (401, "Undefined Data Model Element", "The data model has no such element."),
    (402, "Unimplemented Data Model Element", "The element exists in the standard, but not here."),
    (
        403,
        "Data Model Element Value Not Initialized",
        "Nothing has been stored here yet; test for this code instead of treating it as a failure.",
    ),
    (404, "Data Model Element Is Read Only", "Only the LMS gives this element its value."),
    (405, "Data Model Element Is Write Only", "This element can be set but never read."),
    (406, "Data Model Element Type Mismatch", "The value has not the element's type, format or vocabulary."),
    (407, "Data Model Element Value Out Of Range", "The number lies outside the element's range."),
    (408, "Data Model Dependency Not Established", "Another element of the same record must be set first."),
];

/// Why a call was refused. One reason, two codes: each family has its own table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Initialize a second time while running.
    AlreadyInitialized,
    /// Initialize after Terminate.
    InstanceTerminated,
    /// Terminate before Initialize.
    TerminateBeforeInitialize,
    /// Terminate after Terminate.
    TerminateAfterTerminate,
    /// GetValue before Initialize.
    GetBeforeInitialize,
    /// GetValue after Terminate.
    GetAfterTerminate,
    /// SetValue before Initialize.
    SetBeforeInitialize,
    /// SetValue after Terminate.
    SetAfterTerminate,
    /// Commit before Initialize.
    CommitBeforeInitialize,
    /// Commit after Terminate.
    CommitAfterTerminate,
    /// Initialize, Terminate or Commit with an argument that is not the empty string.
    Argument,
    /// GetValue without an element name.
    GetNothing,
    /// SetValue without an element name.
    SetNothing,
    /// No such element in the data model.
    Undefined,
    /// The group exists, the last name does not.
    UndefinedLeaf,
    /// `_children` of something that is no group.
    NoChildren,
    /// `_count` of something that is no array.
    NoCount,
    /// GetValue of a record that does not exist.
    NoSuchRecord,
    /// Nothing stored yet.
    NoValue,
    /// Set of `_children`, `_count`, `_version`.
    Keyword,
    /// Set of a read-only element.
    ReadOnly,
    /// Get of a write-only element.
    WriteOnly,
    /// Not of the element's type, format or vocabulary.
    Type,
    /// Longer than the type allows (SCORM 1.x: lengths are part of the type).
    Length,
    /// A number outside the element's range.
    Range,
    /// Index beyond the next free one.
    IndexGap,
    /// The collection takes no further entry (for example a second pattern of a true-false question).
    CollectionFull,
    /// The identifier (or pattern) is already used by another record.
    NotUnique,
    /// The identifier of this record is fixed once it is set.
    WriteOnce,
    /// `id` of the record has to be set first.
    IdFirst,
    /// `type` of the interaction has to be set first.
    TypeFirst,
    /// A limit of this implementation.
    Limit,
    /// The time that the learner is allowed has been over for a while.
    TimeOver,
}

impl Reason {
    /// The code of this reason in a family's table.
    #[must_use]
    pub const fn code(self, family: Family) -> ErrorCode {
        ErrorCode(match family {
            Family::Cmi => self.cmi(),
            Family::Ieee => self.ieee(),
        })
    }

    const fn cmi(self) -> u16 {
        match self {
            Self::AlreadyInitialized | Self::InstanceTerminated | Self::Limit | Self::TimeOver => 101,
            Self::TerminateBeforeInitialize
            | Self::TerminateAfterTerminate
            | Self::GetBeforeInitialize
            | Self::GetAfterTerminate
            | Self::SetBeforeInitialize
            | Self::SetAfterTerminate
            | Self::CommitBeforeInitialize
            | Self::CommitAfterTerminate => 301,
            Self::Argument
            | Self::GetNothing
            | Self::SetNothing
            | Self::UndefinedLeaf
            | Self::NoSuchRecord
            | Self::IndexGap
            | Self::CollectionFull
            | Self::NotUnique
            | Self::WriteOnce
            | Self::IdFirst
            | Self::TypeFirst => 201,
            Self::NoChildren => 202,
            Self::NoCount => 203,
            Self::Undefined | Self::NoValue => 401,
            Self::Keyword => 402,
            Self::ReadOnly => 403,
            Self::WriteOnly => 404,
            Self::Type | Self::Length | Self::Range => 405,
        }
    }

    const fn ieee(self) -> u16 {
        match self {
            Self::AlreadyInitialized => 103,
            Self::InstanceTerminated => 104,
            Self::TerminateBeforeInitialize => 112,
            Self::TerminateAfterTerminate => 113,
            Self::GetBeforeInitialize => 122,
            Self::GetAfterTerminate => 123,
            Self::SetBeforeInitialize => 132,
            Self::SetAfterTerminate => 133,
            Self::CommitBeforeInitialize => 142,
            Self::CommitAfterTerminate => 143,
            Self::Argument => 201,
            Self::GetNothing | Self::NoChildren | Self::NoCount | Self::NoSuchRecord => 301,
            Self::SetNothing
            | Self::IndexGap
            | Self::CollectionFull
            | Self::NotUnique
            | Self::WriteOnce
            | Self::Limit
            | Self::TimeOver => 351,
            Self::Undefined | Self::UndefinedLeaf => 401,
            Self::NoValue => 403,
            Self::ReadOnly | Self::Keyword => 404,
            Self::WriteOnly => 405,
            Self::Type | Self::Length => 406,
            Self::Range => 407,
            Self::IdFirst | Self::TypeFirst => 408,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_content_writes_them() {
        assert_eq!(ErrorCode::parse("0"), Some(ErrorCode(0)));
        assert_eq!(ErrorCode::parse("402"), Some(ErrorCode(402)));
        for text in ["", "001", "+1", "-1", "4o2", "99999999"] {
            assert_eq!(ErrorCode::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_text_is_short_enough() {
        for family in [Family::Cmi, Family::Ieee] {
            for (code, text, explanation) in codes(family) {
                assert!(!text.is_empty() && text.len() <= 254, "{code}");
                assert!(!explanation.is_empty() && explanation.len() <= 254, "{code}");
            }
        }
    }
}
