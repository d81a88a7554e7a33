//! What an entry of the journal records of sequencing. Folding needs nothing else: no process is ever run again.

use alloc::collections::BTreeMap;
use alloc::string::String;

use lyceum_sequencing::{ActivityStatus, Changes, ObjectiveValues};
use serde::{Deserialize, Serialize};

use crate::state::SessionEnd;

/// The sequencer's part of an outcome. Every field is left out where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recorded {
    /// The seed of selection and randomization, with the first navigation of the attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// A new attempt on the whole course began: data that activities share within one is forgotten.
    #[serde(skip_serializing_if = "is_default")]
    pub anew: bool,
    /// Shared data that other courses have left, with the first navigation of a session.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub shared_data: BTreeMap<String, String>,
    /// What changed in the tracking model.
    #[serde(skip_serializing_if = "Changes::is_empty")]
    pub changes: Changes,
    /// What is delivered goes on with the data of its suspended attempt.
    #[serde(skip_serializing_if = "is_default")]
    pub resumed: bool,
    /// The session is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<SessionEnd>,
    /// Exception code of the pseudo-code (`SB.2.9-3`): why nothing is delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<String>,
    /// Where the course as a whole stands, if that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
}

/// Where the course as a whole stands: the root's status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    /// Number of the attempt on the root.
    #[serde(rename = "n", skip_serializing_if = "is_default")]
    pub attempt: u32,
    /// What the root's primary objective says.
    #[serde(rename = "o", skip_serializing_if = "is_default")]
    pub values: ObjectiveValues,
}

impl From<ActivityStatus> for Standing {
    fn from(status: ActivityStatus) -> Self {
        Self { attempt: status.attempts, values: status.values }
    }
}

pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
