use serde::{Deserialize, Serialize};

use super::{Instant, TimeSpan, is_default};

/// Limit conditions of an activity (SN 3.5; `imsss:limitConditions`). `None` is: no limit.
///
/// SCORM requires the attempt limit and the attempt's absolute duration; the others are defined by IMS Simple
/// Sequencing and optional in SCORM.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LimitConditions {
    /// How many attempts there may be.
    #[serde(skip_serializing_if = "is_default")]
    pub attempt_limit: Option<u32>,
    /// How long one attempt may last by the clock; also `cmi.max_time_allowed`.
    #[serde(skip_serializing_if = "is_default")]
    pub attempt_absolute_duration: Option<TimeSpan>,
    /// How long the learner may be in the activity within one attempt.
    #[serde(skip_serializing_if = "is_default")]
    pub attempt_experienced_duration: Option<TimeSpan>,
    /// How long all attempts together may last by the clock.
    #[serde(skip_serializing_if = "is_default")]
    pub activity_absolute_duration: Option<TimeSpan>,
    /// How long the learner may be in the activity in all attempts together.
    #[serde(skip_serializing_if = "is_default")]
    pub activity_experienced_duration: Option<TimeSpan>,
    /// Not before this time.
    #[serde(skip_serializing_if = "is_default")]
    pub begin_time: Option<Instant>,
    /// Not after this time.
    #[serde(skip_serializing_if = "is_default")]
    pub end_time: Option<Instant>,
}
