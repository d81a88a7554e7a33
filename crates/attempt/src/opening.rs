//! The inputs entry: everything that execution reads besides the calls themselves.

use alloc::string::String;
use lyceum_cmi::Strictness;
use serde::{Deserialize, Serialize};

use crate::Millis;

/// The first record of every session. Execution on either side reads only this, the plan, the state at that moment, and
/// the entries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Opening {
    /// Version of the engine that runs the session.
    pub engine: String,
    /// Id of the session (UUIDv7 of the server, or a foreign caller's own).
    pub session: String,
    /// n-th session of the attempt, from 1: decides which of two sessions is the newer one.
    pub ordinal: u32,
    /// Number of the attempt, from 1.
    pub attempt: u32,
    /// The server's clock when it opened the session.
    pub opened_at: Millis,
    /// Who takes the course.
    pub learner: Learner,
    /// The course's settings at that time.
    pub settings: Settings,
    /// Seed of everything random in the session (selection, randomization).
    pub seed: u64,
}

/// The learner as content sees her.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learner {
    /// `cmi.learner_id` / `cmi.core.student_id`.
    pub id: String,
    /// `cmi.learner_name` / `cmi.core.student_name`; "Last, First" by convention.
    pub name: String,
}

/// Settings of a course that change what the engine answers. Every field has the standard's default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Tolerant by default: what real content sends is kept and flagged.
    pub strictness: Strictness,
    /// Whether elements outside the standard are stored and can be read back.
    pub extensions: bool,
    /// When an activity's run-time data starts afresh.
    pub reset_run_time_data: ResetRunTimeData,
    /// `cmi.mode` / `cmi.core.lesson_mode`.
    pub mode: Mode,
    /// Whether results count: `cmi.credit`.
    pub credit: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            strictness: Strictness::Tolerant,
            extensions: false,
            reset_run_time_data: ResetRunTimeData::default(),
            mode: Mode::Normal,
            credit: true,
        }
    }
}

/// When run-time data is reset as an activity is delivered again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResetRunTimeData {
    /// What the edition says: never in SCORM 1.1/1.2 and AICC; in SCORM 2004 when the last visit ended without suspend
    /// (RTE 2.1.1: a new learner attempt).
    #[default]
    Standard,
    /// Never.
    Never,
    /// Whenever the last visit ended without suspend.
    WhenExitIsNotSuspend,
}

/// Why the learner is here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// To learn: data counts.
    #[default]
    Normal,
    /// To look: nothing counts.
    Browse,
    /// To look again at a finished course.
    Review,
}
