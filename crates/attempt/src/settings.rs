//! Settings of a course that change what the engine answers and what counts. Each has the standard's default.
//!
//! A session is opened with a copy of the course's settings ([`Opening`](crate::opening::Opening)), so that a change is for
//! later sessions and what was recorded stays as it was judged. [`catalog`] says of each setting its name, its values, its
//! default, what it does, and its id in SCORM Cloud's API.

pub mod catalog;
mod exits;
mod threshold;
mod words;

use alloc::string::String;

use lyceum_cmi::Strictness;
use serde::{Deserialize, Serialize};

use crate::summary::{Completion, Success, Summary};
pub use exits::{ExitActions, ExitCase, ExitKind};
pub use threshold::Threshold;
pub use words::{ExitAction, Mode, NewAttempt, ResetRunTimeData, ScoreRollup, StatusRollup};

/// Settings of a course. JSON: an object with the fields' names; a missing field has its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Tolerant by default: what real content sends is kept and flagged.
    pub strictness: Strictness,
    /// Whether elements outside the standard are stored and can be read back.
    pub extensions: bool,
    /// Whether responses and correct responses must have the form of their interaction's type (RTE 2004 4.2.9.1).
    pub validate_responses: bool,
    /// Characters of `cmi.suspend_data`; `None`: what the edition says (4,096 in SCORM 1.2, 4,000 or 64,000 in 2004). More is
    /// over the maximum: flagged, and refused where the mode is strict and the edition has a hard limit.
    pub suspend_data_max: Option<u32>,
    /// When an activity's run-time data starts afresh.
    pub reset_run_time_data: ResetRunTimeData,
    /// `cmi.mode` / `cmi.core.lesson_mode`. Only normal counts.
    pub mode: Mode,
    /// Whether results count: `cmi.credit`.
    pub credit: bool,
    /// Whether a completed course is opened again for review, without credit.
    pub review_when_completed: bool,
    /// `cmi.comments_from_lms`; in SCORM 2004 a record for each line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub comments_from_lms: String,
    /// SCORM 1.1, 1.2, AICC: raw score from which a SCO is passed.
    pub mastery_score: Threshold,
    /// SCORM 2004: scaled score from which a SCO is passed.
    pub passing_score: Threshold,
    /// SCORM 2004: progress measure from which a SCO is completed.
    pub completion_threshold: Threshold,
    /// SCORM 1.1, 1.2, AICC: whether the mastery score decides also where the content set a status itself.
    pub score_overrides_status: bool,
    /// Whether what was completed can become incomplete again, and what was passed failed.
    pub allow_status_change: bool,
    /// SCORM 2004: whether a raw score stands for the scaled one where content sent none.
    pub scale_raw_score: bool,
    /// Where the course's score comes from.
    pub score_rollup: ScoreRollup,
    /// What [`ScoreRollup::FixedAverage`] divides by; 0: the number of SCOs.
    pub scoring_units: u32,
    /// When the course is complete.
    pub status_rollup: StatusRollup,
    /// Scaled score that the modes of [`Settings::status_rollup`] with a threshold ask for.
    pub threshold_score: Threshold,
    /// Whether the rule of [`Settings::status_rollup`] gives the course's success too.
    pub rollup_to_success: bool,
    /// Whether a rule over no units leaves the status unknown; otherwise it is met.
    pub empty_is_unknown: bool,
    /// Whether a passed first SCO completes all others.
    pub first_is_pretest: bool,
    /// When a launch begins a new attempt by itself.
    pub new_attempt: NewAttempt,
    /// Whether a launch may ask for a new attempt.
    pub new_attempt_on_request: bool,
    /// Attempts that a learner may begin; `None`: as many as the rules give.
    pub max_attempts: Option<u32>,
    /// Whether the player ends what has used up its `cmi.max_time_allowed`, or says so, as the course's time limit action asks.
    pub enforce_time_limit: bool,
    /// What happens after content has exited.
    #[serde(skip_serializing_if = "ExitActions::is_empty")]
    pub exits: ExitActions,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            strictness: Strictness::Tolerant,
            extensions: false,
            validate_responses: true,
            suspend_data_max: None,
            reset_run_time_data: ResetRunTimeData::Standard,
            mode: Mode::Normal,
            credit: true,
            review_when_completed: false,
            comments_from_lms: String::new(),
            mastery_score: Threshold::Manifest,
            passing_score: Threshold::Manifest,
            completion_threshold: Threshold::Manifest,
            score_overrides_status: true,
            allow_status_change: true,
            scale_raw_score: false,
            score_rollup: ScoreRollup::ProvidedByCourse,
            scoring_units: 0,
            status_rollup: StatusRollup::ProvidedByCourse,
            threshold_score: Threshold::Manifest,
            rollup_to_success: false,
            empty_is_unknown: true,
            first_is_pretest: false,
            new_attempt: NewAttempt::Never,
            new_attempt_on_request: false,
            max_attempts: None,
            enforce_time_limit: true,
            exits: ExitActions::default(),
        }
    }
}

impl Settings {
    /// Whether results of a session with these settings count; others go to a copy beside the attempt's state (RTE 2004 4.2.6 `cmi.credit`, 4.2.16 `cmi.mode`; RTE 1.2 3.4.4).
    #[must_use]
    pub fn counts(&self) -> bool {
        self.credit && self.mode == Mode::Normal
    }

    /// Whether a launch begins a new attempt by itself, after one that stands like this.
    #[must_use]
    pub fn wants_new_attempt(&self, newest: &Summary, has_newer_version: bool) -> bool {
        let is_completed = newest.completion == Completion::Completed;
        let is_passed = newest.success == Success::Passed;
        match self.new_attempt {
            NewAttempt::Never => false,
            NewAttempt::Complete => is_completed,
            NewAttempt::Satisfied => is_passed,
            NewAttempt::NewerVersion => has_newer_version,
            NewAttempt::CompleteAndNewerVersion => is_completed && has_newer_version,
            NewAttempt::SatisfiedAndNewerVersion => is_passed && has_newer_version,
        }
    }

    /// The settings that a session opens with: a completed course for review, where that is asked for.
    #[must_use]
    pub fn for_session(mut self, is_completed: bool) -> Self {
        if is_completed && self.review_when_completed && self.mode == Mode::Normal {
            self.mode = Mode::Review;
            self.credit = false;
        }
        self
    }
}
