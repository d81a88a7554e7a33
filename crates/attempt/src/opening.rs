//! The inputs entry: everything that execution reads besides the calls themselves.

use alloc::collections::BTreeMap;
use alloc::string::String;
use lyceum_sequencing::ObjectiveValues;
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
    /// Seed of everything random in the attempt (selection, randomization); that of its first session counts.
    pub seed: u64,
    /// Global objectives as this and other courses have left them (`objectivesGlobalToSystem`), those that the course maps to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub objectives: BTreeMap<String, ObjectiveValues>,
    /// Shared data as this and other courses have left it (`sharedDataGlobalToSystem`), those stores that the course maps to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shared_data: BTreeMap<String, String>,
}

/// The learner as content sees her.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learner {
    /// `cmi.learner_id` / `cmi.core.student_id`.
    pub id: String,
    /// `cmi.learner_name` / `cmi.core.student_name`; "Last, First" by convention.
    pub name: String,
}
