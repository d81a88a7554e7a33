//! The inputs entry: everything that execution reads besides the calls themselves.

use alloc::string::String;
use serde::{Deserialize, Serialize};

use crate::Millis;
pub use crate::settings::{Mode, ResetRunTimeData, Settings};
use crate::summary::Summary;

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
    /// Where the attempt stood; `None` where nothing had happened yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Summary>,
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
