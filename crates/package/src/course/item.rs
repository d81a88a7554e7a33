use lyceum_sequencing::definitions::{Definition, SharedDataMap};
use serde::{Deserialize, Serialize};

use super::{Details, Launch, ScormType};

/// One activity below the root of an organization.
///
/// Texts of the run-time environment (mastery score, time limits, launch data) are kept as written: content asks
/// for exactly these words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Identifier; not empty and unique in its organization (made so where the manifest is not).
    pub identifier: String,
    /// Index of the parent item; `None` directly below the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<u32>,
    /// Levels below the organization's own items, which have 0.
    #[serde(default)]
    pub depth: u16,
    /// Title for people, never empty (made from the launch address or identifier where the manifest has none).
    pub title: String,
    /// Shown in the table of contents.
    pub visible: bool,
    /// Index of the resource in [`Course::resources`](super::Course::resources) (SCORM).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<u32>,
    /// SCO or asset; `None` when there is no content or the manifest does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scorm_type: Option<ScormType>,
    /// What is opened, parameters included; `None` for a mere container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch: Option<Launch>,
    /// `adlcp:prerequisites`: a script of AICC over item identifiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prerequisites: Option<String>,
    /// `adlcp:masteryscore` (`cmi.student_data.mastery_score`), or cmi5's `masteryScore`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mastery_score: Option<String>,
    /// `adlcp:maxtimeallowed` (`cmi.student_data.max_time_allowed`). In SCORM 2004 see the sequencing's limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_time_allowed: Option<String>,
    /// `adlcp:timelimitaction`, `adlcp:timeLimitAction`: `exit` or `continue`, comma, `message` or `no message`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit_action: Option<String>,
    /// `adlcp:datafromlms`, `adlcp:dataFromLMS` (`cmi.launch_data`), or AICC's `core_vendor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_from_lms: Option<String>,
    /// Sequencing definition with the standard's defaults.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sequencing: Definition,
    /// Stores of shared data the activity may use (4th edition, `adlcp:data`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared_data: Vec<SharedDataMap>,
    /// What only this course's standard knows.
    #[serde(default, skip_serializing_if = "is_default")]
    pub details: Details,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
