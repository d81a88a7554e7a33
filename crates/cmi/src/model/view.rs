//! The stored values by meaning: numbers, statuses, times, records.

use super::Model;
use crate::decimal::Decimal;
use crate::edition::Family;
use crate::element::{Collection, comment, interaction, objective, shared};
use crate::time::{self, Timestamp};
use crate::vocabulary::{
    CompletionStatus, Exit, InteractionResult, InteractionType, LessonStatus, SuccessStatus,
};

/// A score in its four parts, `None` where a part is missing or unreadable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// -1 to 1 (SCORM 2004).
    pub scaled: Option<Decimal>,
    /// Between min and max.
    pub raw: Option<Decimal>,
    /// Least raw score.
    pub min: Option<Decimal>,
    /// Largest raw score.
    pub max: Option<Decimal>,
}

/// What the course said of the SCO as a whole.
impl Model {
    fn either(&self, ieee: &str, cmi: &str) -> Option<&str> {
        self.value(if self.is_ieee() { ieee } else { cmi })
    }

    fn is_ieee(&self) -> bool {
        self.edition().family() == Family::Ieee
    }

    /// `cmi.score.*` or `cmi.core.score.*`.
    #[must_use]
    pub fn score(&self) -> Score {
        let number = |ieee, cmi| self.either(ieee, cmi).and_then(Decimal::parse_lenient);
        Score {
            scaled: if self.is_ieee() { number("cmi.score.scaled", "") } else { None },
            raw: number("cmi.score.raw", "cmi.core.score.raw"),
            min: number("cmi.score.min", "cmi.core.score.min"),
            max: number("cmi.score.max", "cmi.core.score.max"),
        }
    }

    /// `cmi.core.lesson_status` as stored (SCORM 1.x, AICC).
    #[must_use]
    pub fn lesson_status(&self) -> Option<LessonStatus> {
        LessonStatus::parse(self.value("cmi.core.lesson_status")?)
    }

    /// `cmi.completion_status` as stored, whatever the threshold says (SCORM 2004).
    #[must_use]
    pub fn completion_status(&self) -> Option<CompletionStatus> {
        CompletionStatus::parse(self.value("cmi.completion_status")?)
    }

    /// `cmi.success_status` as stored, whatever the passing score says (SCORM 2004).
    #[must_use]
    pub fn success_status(&self) -> Option<SuccessStatus> {
        SuccessStatus::parse(self.value("cmi.success_status")?)
    }

    /// Completion with a threshold (RTE 2004 4.2.4.1): the progress measure decides, without one the
    /// status is unknown. Without a threshold the stored status counts.
    #[must_use]
    pub fn completion_by(&self, threshold: Option<Decimal>) -> CompletionStatus {
        match (threshold, self.progress_measure()) {
            (Some(threshold), Some(measure)) if measure >= threshold => CompletionStatus::Completed,
            (Some(_), Some(_)) => CompletionStatus::Incomplete,
            (Some(_), None) => CompletionStatus::Unknown,
            (None, _) => self.completion_status().unwrap_or(CompletionStatus::Unknown),
        }
    }

    /// Success with a scaled passing score (RTE 2004 4.2.22.1): the scaled score decides, without one
    /// the status is unknown. Without a passing score the stored status counts.
    #[must_use]
    pub fn success_by(&self, passing_score: Option<Decimal>) -> SuccessStatus {
        match (passing_score, self.score().scaled) {
            (Some(passing), Some(scaled)) if scaled >= passing => SuccessStatus::Passed,
            (Some(_), Some(_)) => SuccessStatus::Failed,
            (Some(_), None) => SuccessStatus::Unknown,
            (None, _) => self.success_status().unwrap_or(SuccessStatus::Unknown),
        }
    }

    /// `cmi.progress_measure` (SCORM 2004).
    #[must_use]
    pub fn progress_measure(&self) -> Option<Decimal> {
        self.value("cmi.progress_measure").and_then(Decimal::parse_lenient)
    }

    /// `cmi.location` or `cmi.core.lesson_location`.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.either("cmi.location", "cmi.core.lesson_location")
    }

    /// `cmi.suspend_data`.
    #[must_use]
    pub fn suspend_data(&self) -> Option<&str> {
        self.value("cmi.suspend_data")
    }

    /// `cmi.exit` or `cmi.core.exit`; unstated where the course set nothing.
    #[must_use]
    pub fn exit(&self) -> Exit {
        self.either("cmi.exit", "cmi.core.exit").and_then(Exit::parse).unwrap_or(Exit::Unstated)
    }

    /// Session time in hundredths of a second, `None` where the course set nothing readable.
    #[must_use]
    pub fn session_time(&self) -> Option<u64> {
        self.either("cmi.session_time", "cmi.core.session_time").and_then(time::parse_any_interval)
    }

    /// `adl.nav.request` as set, `None` where nothing is requested.
    #[must_use]
    pub fn nav_request(&self) -> Option<&str> {
        self.value("adl.nav.request").filter(|request| *request != "_none_")
    }

    /// `cmi.comments` of SCORM 1.x: all remarks in one text.
    #[must_use]
    pub fn comments(&self) -> Option<&str> {
        self.value("cmi.comments")
    }

    /// The records of `cmi.interactions`.
    pub fn interactions(&self) -> impl ExactSizeIterator<Item = Interaction<'_>> {
        (0..self.count(Collection::Interactions)).map(|index| Interaction { model: self, index })
    }

    /// The records of `cmi.objectives`.
    pub fn objectives(&self) -> impl ExactSizeIterator<Item = Objective<'_>> {
        (0..self.count(Collection::Objectives)).map(|index| Objective { model: self, index })
    }

    /// The records of `cmi.comments_from_learner` (2004) or `cmi.evaluation.comments` (AICC).
    pub fn comments_from_learner(&self) -> impl ExactSizeIterator<Item = Comment<'_>> {
        let of =
            if self.is_ieee() { Collection::CommentsFromLearner } else { Collection::EvaluationComments };
        (0..self.count(of)).map(move |index| Comment { model: self, of, index })
    }

    /// The shared data stores with their present values (2004 4th edition).
    pub fn shared_data(&self) -> impl ExactSizeIterator<Item = SharedRecord<'_>> {
        (0..self.count(Collection::SharedData)).map(|index| SharedRecord {
            id: self.field(Collection::SharedData, index, shared::ID).unwrap_or_default(),
            value: self.field(Collection::SharedData, index, shared::STORE),
        })
    }
}

/// A shared data store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedRecord<'a> {
    /// Identifier from the manifest's map.
    pub id: &'a str,
    /// Present value, `None` where nothing was stored.
    pub value: Option<&'a str>,
}

/// One question and what the learner did with it.
#[derive(Clone, Copy, Debug)]
pub struct Interaction<'a> {
    model: &'a Model,
    index: usize,
}

impl<'a> Interaction<'a> {
    fn field(&self, field: u8) -> Option<&'a str> {
        self.model.field(Collection::Interactions, self.index, field)
    }

    /// Position in `cmi.interactions`.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// `id`.
    #[must_use]
    pub fn id(&self) -> Option<&'a str> {
        self.field(interaction::ID)
    }

    /// `type`, by meaning.
    #[must_use]
    pub fn kind(&self) -> Option<InteractionType> {
        self.field(interaction::TYPE).and_then(InteractionType::parse)
    }

    /// `type` as sent.
    #[must_use]
    pub fn kind_text(&self) -> Option<&'a str> {
        self.field(interaction::TYPE)
    }

    /// `timestamp` (2004) or `time` (1.x) as sent.
    #[must_use]
    pub fn timestamp_text(&self) -> Option<&'a str> {
        self.field(interaction::TIMESTAMP)
    }

    /// `date` as sent (AICC).
    #[must_use]
    pub fn date_text(&self) -> Option<&'a str> {
        self.field(interaction::DATE)
    }

    /// `timestamp` as a point in time. SCORM 1.x sends a time of day only, which is none.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.timestamp_text().and_then(time::parse_any_timestamp)
    }

    /// `learner_response` or `student_response`.
    #[must_use]
    pub fn response(&self) -> Option<&'a str> {
        self.field(interaction::RESPONSE)
    }

    /// `correct_responses.n.pattern`.
    pub fn correct_responses(&self) -> impl Iterator<Item = &'a str> {
        self.model.entries(Collection::Interactions, self.index, interaction::PATTERNS)
    }

    /// `objectives.n.id`.
    pub fn objectives(&self) -> impl Iterator<Item = &'a str> {
        self.model.entries(Collection::Interactions, self.index, interaction::OBJECTIVES)
    }

    /// `result`, by meaning.
    #[must_use]
    pub fn result(&self) -> Option<InteractionResult> {
        self.field(interaction::RESULT).and_then(InteractionResult::parse)
    }

    /// `result` as sent.
    #[must_use]
    pub fn result_text(&self) -> Option<&'a str> {
        self.field(interaction::RESULT)
    }

    /// `weighting`.
    #[must_use]
    pub fn weighting(&self) -> Option<Decimal> {
        self.field(interaction::WEIGHTING).and_then(Decimal::parse_lenient)
    }

    /// `latency` in hundredths of a second.
    #[must_use]
    pub fn latency(&self) -> Option<u64> {
        self.field(interaction::LATENCY).and_then(time::parse_any_interval)
    }

    /// `description` (2004).
    #[must_use]
    pub fn description(&self) -> Option<&'a str> {
        self.field(interaction::DESCRIPTION)
    }
}

/// A learning objective and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Objective<'a> {
    model: &'a Model,
    index: usize,
}

impl<'a> Objective<'a> {
    fn field(&self, field: u8) -> Option<&'a str> {
        self.model.field(Collection::Objectives, self.index, field)
    }

    fn number(&self, field: u8) -> Option<Decimal> {
        self.field(field).and_then(Decimal::parse_lenient)
    }

    /// Position in `cmi.objectives`.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// `id`.
    #[must_use]
    pub fn id(&self) -> Option<&'a str> {
        self.field(objective::ID)
    }

    /// `score`; `scaled` in 2004 only.
    #[must_use]
    pub fn score(&self) -> Score {
        Score {
            scaled: self.number(objective::SCALED),
            raw: self.number(objective::RAW),
            min: self.number(objective::MIN),
            max: self.number(objective::MAX),
        }
    }

    /// `status` (SCORM 1.x, AICC).
    #[must_use]
    pub fn status(&self) -> Option<LessonStatus> {
        if self.model.is_ieee() { None } else { self.field(objective::STATUS).and_then(LessonStatus::parse) }
    }

    /// `success_status` (2004).
    #[must_use]
    pub fn success_status(&self) -> Option<SuccessStatus> {
        if self.model.is_ieee() {
            self.field(objective::SUCCESS).and_then(SuccessStatus::parse)
        } else {
            None
        }
    }

    /// `completion_status` (2004).
    #[must_use]
    pub fn completion_status(&self) -> Option<CompletionStatus> {
        self.field(objective::COMPLETION).and_then(CompletionStatus::parse)
    }

    /// `progress_measure` (2004).
    #[must_use]
    pub fn progress_measure(&self) -> Option<Decimal> {
        self.number(objective::PROGRESS)
    }

    /// `description` (2004).
    #[must_use]
    pub fn description(&self) -> Option<&'a str> {
        self.field(objective::DESCRIPTION)
    }
}

/// A remark of the learner.
#[derive(Clone, Copy, Debug)]
pub struct Comment<'a> {
    model: &'a Model,
    of: Collection,
    index: usize,
}

impl<'a> Comment<'a> {
    /// The text; in 2004 it may begin with `{lang=TAG}`.
    #[must_use]
    pub fn comment(&self) -> Option<&'a str> {
        self.model.field(self.of, self.index, comment::COMMENT)
    }

    /// The place that it is about.
    #[must_use]
    pub fn location(&self) -> Option<&'a str> {
        self.model.field(self.of, self.index, comment::LOCATION)
    }

    /// When it was made, as sent.
    #[must_use]
    pub fn timestamp_text(&self) -> Option<&'a str> {
        self.model.field(self.of, self.index, comment::TIMESTAMP)
    }

    /// When it was made.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.timestamp_text().and_then(time::parse_any_timestamp)
    }
}
