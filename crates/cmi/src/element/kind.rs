//! Types of elements.

use crate::vocabulary::Vocabulary;
use alloc::borrow::Cow;
use alloc::format;

/// What an `adl.nav.request_valid` element asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NavQuestion {
    /// `continue`.
    Continue,
    /// `previous`.
    Previous,
    /// `choice.{target=ID}`.
    Choice,
    /// `jump.{target=ID}`.
    Jump,
}

/// Type, range and length of an element's value.
///
/// Lengths are characters. In SCORM 1.x and AICC they belong to the type, in SCORM 2004 they are
/// smallest permitted maxima: longer values are kept whole and flagged.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// `CMIString255`, `CMIString4096`, `characterstring`.
    Text(usize),
    /// `localized_string_type`; the length does not count the language delimiter.
    Localized(usize),
    /// `long_identifier_type`: a URI, 4,000 characters.
    LongIdentifier,
    /// `CMIIdentifier`: 255 characters without blanks.
    CmiIdentifier,
    /// One of a few words.
    Vocabulary(&'static Vocabulary),
    /// `real (10,7)`, with the smallest and largest value in whole numbers.
    Real(Option<i8>, Option<i8>),
    /// `CMIDecimal`; `normalized` wants 0 to 100, `blank` allows the empty string.
    CmiDecimal {
        /// Between 0 and 100.
        normalized: bool,
        /// Or the empty string.
        blank: bool,
    },
    /// `CMIInteger` and `CMISInteger` within a range.
    CmiInteger(i32, i32),
    /// `timeinterval (second,10,2)`.
    Interval,
    /// `time (second,10,0)`.
    Timestamp,
    /// `CMITimespan`.
    CmiTimespan,
    /// `CMITime`.
    CmiTime,
    /// `CMIDate`: `YYYY/MM/DD`.
    CmiDate,
    /// `language_type`, or the empty string.
    Language,
    /// A word of the vocabulary or a number.
    Result(&'static Vocabulary),
    /// `learner_response`: the form depends on the interaction's type.
    Response,
    /// `correct_responses.n.pattern`: the form depends on the interaction's type.
    Pattern,
    /// `CMIFeedback`: the form depends on the interaction's type, which ADL's validator does not test.
    Feedback,
    /// A navigation request, with or without target.
    NavRequest(&'static Vocabulary),
    /// `true`, `false` or `unknown`, from the sequencer.
    NavValid(NavQuestion),
    /// `_children`, with its answer.
    Children(&'static str),
    /// `_count`.
    Count,
    /// `_version`, with its answer.
    Version(&'static str),
}

impl Kind {
    /// The type's name in the standards.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Text(_) => "string",
            Self::Localized(_) => "localized_string_type",
            Self::LongIdentifier => "long_identifier_type",
            Self::CmiIdentifier => "CMIIdentifier",
            Self::Vocabulary(_) => "vocabulary",
            Self::Real(..) => "real (10,7)",
            Self::CmiDecimal { blank: true, .. } => "CMIDecimal or blank",
            Self::CmiDecimal { .. } => "CMIDecimal",
            Self::CmiInteger(..) => "CMISInteger",
            Self::Interval => "timeinterval (second,10,2)",
            Self::Timestamp => "time (second,10,0)",
            Self::CmiTimespan => "CMITimespan",
            Self::CmiTime => "CMITime",
            Self::CmiDate => "CMIDate",
            Self::Language => "language_type",
            Self::Result(_) => "vocabulary or number",
            Self::Response | Self::Pattern => "by interaction type",
            Self::Feedback => "CMIFeedback",
            Self::NavRequest(_) => "navigation request",
            Self::NavValid(_) => "state (true, false, unknown)",
            Self::Children(_) => "list of names",
            Self::Count => "count",
            Self::Version(_) => "version",
        }
    }

    /// The values that are taken, as words after "takes" or "must be".
    #[must_use]
    pub fn range(&self) -> Cow<'static, str> {
        match self {
            Self::Text(length) => format!("at most {length} characters").into(),
            Self::Localized(length) => {
                format!("at most {length} characters, optionally after {{lang=TAG}}").into()
            }
            Self::LongIdentifier => "a URI without blanks, 1 to 4000 characters".into(),
            Self::CmiIdentifier => "1 to 255 letters, digits and punctuation, no blanks".into(),
            Self::Vocabulary(words) => word_list(words).into(),
            Self::Real(min, max) => real_range(*min, *max),
            Self::CmiDecimal { normalized: true, .. } => "a number from 0 to 100".into(),
            Self::CmiDecimal { .. } => "a number".into(),
            Self::CmiInteger(min, max) => format!("a whole number from {min} to {max}").into(),
            Self::Interval => "P[yY][mM][dD][T[hH][nM][s[.s]S]]".into(),
            Self::Timestamp => "YYYY[-MM[-DD[Thh[:mm[:ss[.s[TZD]]]]]]], 1970 to 2038".into(),
            Self::CmiTimespan => "HHHH:MM:SS.SS".into(),
            Self::CmiTime => "HH:MM:SS.SS".into(),
            Self::CmiDate => "YYYY/MM/DD".into(),
            Self::Language => "a language tag such as en or de-CH, or empty".into(),
            Self::Result(words) => format!("{} or a number", word_list(words)).into(),
            Self::Response | Self::Pattern | Self::Feedback => "the form of the interaction's type".into(),
            Self::NavRequest(words) => {
                let jump = if words.contains("jump") { " and jump" } else { "" };
                format!("{}; choice{jump} with {{target=ID}} before", word_list(words)).into()
            }
            Self::NavValid(_) => "true, false, unknown".into(),
            Self::Children(names) => Cow::Borrowed(names),
            Self::Count => "0 and up".into(),
            Self::Version(version) => Cow::Borrowed(version),
        }
    }
}

fn word_list(words: &Vocabulary) -> alloc::string::String {
    let has_commas = words.words.iter().any(|word| word.contains(','));
    let mut list = words.words.join(if has_commas { "; " } else { ", " });
    if words.words.contains(&"") {
        list.push_str("\"\"");
    }
    list
}

fn real_range(min: Option<i8>, max: Option<i8>) -> Cow<'static, str> {
    match (min, max) {
        (Some(min), Some(max)) => format!("a number from {min} to {max}").into(),
        (Some(min), None) => format!("a number, {min} or more").into(),
        (None, Some(max)) => format!("a number, {max} or less").into(),
        (None, None) => "a number".into(),
    }
}
