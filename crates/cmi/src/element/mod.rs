//! The definitions of all data model elements, the one source of engine and documentation.
//!
//! A definition's name has `n` where an index stands: `cmi.interactions.n.objectives.n.id`. Each
//! edition has its [`Table`]; looking a name up in it allocates nothing.

mod aicc;
mod cmi;
mod ieee;
mod kind;
mod path;
mod table;

pub use kind::{Kind, NavQuestion};
pub(crate) use path::Path;
pub use table::Table;

use crate::edition::Edition;

/// Who may do what with an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The LMS sets it, the course reads it.
    ReadOnly,
    /// The course sets it and cannot read it.
    WriteOnly,
    /// The course sets and reads it.
    ReadWrite,
}

/// A value that the LMS supplies at launch, see [`crate::Inputs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each names the field of Inputs that it is")]
pub enum Given {
    LearnerId,
    LearnerName,
    Credit,
    Mode,
    Entry,
    TotalTime,
    LaunchData,
    MasteryScore,
    ScaledPassingScore,
    CompletionThreshold,
    MaxTimeAllowed,
    TimeLimitAction,
    CommentsFromLms,
    AudioLevel,
    Language,
    DeliverySpeed,
    AudioCaptioning,
    /// [`crate::Inputs::read_only`], by the element's name.
    ByName,
}

/// What reading an element gives before the course has stored something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initial {
    /// Nothing: SCORM 2004 answers error 403, the older line the empty string.
    Nothing,
    /// A value that the standard fixes.
    Fixed(&'static str),
    /// A value from launch, nothing where the LMS has none.
    Given(Given),
    /// A value from launch, the standard's where the LMS has none.
    GivenOr(Given, &'static str),
}

/// A collection of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    /// Questions and answers.
    Interactions,
    /// Learning objectives.
    Objectives,
    /// The learner's remarks.
    CommentsFromLearner,
    /// Remarks for the learner. They come from [`crate::Inputs`] and are not stored in the model.
    CommentsFromLms,
    /// Data shared with other activities (2004 4th edition).
    SharedData,
    /// AICC: tries within this session.
    Tries,
    /// AICC: earlier attempts. They come from [`crate::Inputs`] and are not stored in the model.
    AttemptRecords,
    /// AICC: the way through the lesson.
    Paths,
    /// AICC: remarks with place and time.
    EvaluationComments,
    /// AICC: window preferences.
    Windows,
}

impl Collection {
    /// Number of collections.
    pub(crate) const COUNT: usize = 10;
    /// Fields that a record has room for.
    pub(crate) const MAX_FIELDS: usize = 9;

    /// The definition's name of the collection.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Interactions => "cmi.interactions",
            Self::Objectives => "cmi.objectives",
            Self::CommentsFromLearner => "cmi.comments_from_learner",
            Self::CommentsFromLms => "cmi.comments_from_lms",
            Self::SharedData => "adl.data",
            Self::Tries => "cmi.student_data.tries",
            Self::AttemptRecords => "cmi.student_data.attempt_records",
            Self::Paths => "cmi.paths",
            Self::EvaluationComments => "cmi.evaluation.comments",
            Self::Windows => "cmi.student_preference.windows",
        }
    }

    /// May the course add records?
    pub(crate) const fn grows(self) -> bool {
        !matches!(self, Self::CommentsFromLms | Self::AttemptRecords | Self::SharedData)
    }
}

/// Fields of an interaction record; both lines of standards share the numbering.
pub(crate) mod interaction {
    pub(crate) const ID: u8 = 0;
    pub(crate) const TYPE: u8 = 1;
    pub(crate) const TIMESTAMP: u8 = 2;
    pub(crate) const WEIGHTING: u8 = 3;
    pub(crate) const RESPONSE: u8 = 4;
    pub(crate) const RESULT: u8 = 5;
    pub(crate) const LATENCY: u8 = 6;
    pub(crate) const DESCRIPTION: u8 = 7;
    pub(crate) const DATE: u8 = 8;

    /// Collections within an interaction.
    pub(crate) const OBJECTIVES: u8 = 0;
    pub(crate) const PATTERNS: u8 = 1;
}

/// Fields of an objective record; both lines of standards share the numbering.
pub(crate) mod objective {
    pub(crate) const ID: u8 = 0;
    pub(crate) const SCALED: u8 = 1;
    pub(crate) const RAW: u8 = 2;
    pub(crate) const MIN: u8 = 3;
    pub(crate) const MAX: u8 = 4;
    pub(crate) const SUCCESS: u8 = 5;
    pub(crate) const COMPLETION: u8 = 6;
    pub(crate) const PROGRESS: u8 = 7;
    pub(crate) const DESCRIPTION: u8 = 8;
    /// `status` of SCORM 1.x.
    pub(crate) const STATUS: u8 = 5;
}

/// Fields of a comment.
pub(crate) mod comment {
    pub(crate) const COMMENT: u8 = 0;
    pub(crate) const LOCATION: u8 = 1;
    pub(crate) const TIMESTAMP: u8 = 2;
}

/// Fields of a shared data store.
pub(crate) mod shared {
    pub(crate) const ID: u8 = 0;
    pub(crate) const STORE: u8 = 1;
}

/// Fields of an AICC try and attempt record.
pub(crate) mod attempt {
    pub(crate) const RAW: u8 = 0;
    pub(crate) const MIN: u8 = 1;
    pub(crate) const MAX: u8 = 2;
    pub(crate) const STATUS: u8 = 3;
    pub(crate) const TIME: u8 = 4;
}

/// Where a value lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// One value per model.
    Scalar,
    /// A field of each record of a collection.
    Field(Collection, u8),
    /// The one field of each entry of a collection inside a record.
    Nested(Collection, u8),
    /// Computed: `_children`, `_count`, `_version`, navigation questions.
    Computed,
    /// `_count` of a collection.
    CountOf(Collection),
    /// `_count` of a collection inside a record.
    CountOfNested(Collection, u8),
}

/// The definition of one data model element.
#[derive(Clone, Copy, Debug)]
pub struct Element {
    /// Name with `n` for indices.
    pub name: &'static str,
    /// Type, range, vocabulary.
    pub kind: Kind,
    /// Access by the course.
    pub access: Access,
    /// Value before the course sets one.
    pub initial: Initial,
    /// Where the value lives.
    pub place: Place,
    /// What it means, one line.
    pub about: &'static str,
    /// Paragraph of the standard.
    pub source: &'static str,
    /// Whether what is set is added to what is there, instead of taking its place.
    pub is_concatenated: bool,
    /// Editions that have it, as bits.
    editions: u8,
    /// A number that stands for the name in hashes; the same in every version of this crate.
    pub(crate) key: u64,
}

impl Element {
    const fn new(name: &'static str, place: Place, kind: Kind, access: Access, initial: Initial) -> Self {
        let key = table::name_key(name);
        let (about, source, is_concatenated) = ("", "", false);
        Self { name, kind, access, initial, place, about, source, is_concatenated, editions: 0, key }
    }

    /// Adds what people read.
    const fn about(mut self, about: &'static str, source: &'static str) -> Self {
        self.about = about;
        self.source = source;
        self
    }

    /// What is set is added to what is there.
    const fn concatenated(mut self) -> Self {
        self.is_concatenated = true;
        self
    }

    const fn only(mut self, editions: u8) -> Self {
        self.editions = editions;
        self
    }

    /// Is the element part of this edition?
    #[must_use]
    pub const fn is_in(&self, edition: Edition) -> bool {
        self.editions & edition.bit() != 0
    }

    /// Is this one of `_children`, `_count`, `_version`?
    #[must_use]
    pub const fn is_keyword(&self) -> bool {
        matches!(self.kind, Kind::Children(_) | Kind::Count | Kind::Version(_))
    }

    /// The last part of the name.
    #[must_use]
    pub fn leaf(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }
}

/// `_children` of a group.
const fn children(name: &'static str, names: &'static str) -> Element {
    Element::new(name, Place::Computed, Kind::Children(names), Access::ReadOnly, Initial::Nothing)
        .about("Names of the group's elements.", "")
}

/// `_count` of a collection.
const fn count(name: &'static str, collection: Collection) -> Element {
    Element::new(name, Place::CountOf(collection), Kind::Count, Access::ReadOnly, Initial::Nothing)
        .about("Number of records.", "")
}

/// `_count` of a collection inside a record.
const fn nested_count(name: &'static str, collection: Collection, nested: u8) -> Element {
    Element::new(
        name,
        Place::CountOfNested(collection, nested),
        Kind::Count,
        Access::ReadOnly,
        Initial::Nothing,
    )
    .about("Number of entries.", "")
}
