//! What an entry of the journal records of sequencing. Folding needs nothing else: no process is ever run again.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use lyceum_sequencing::{ActivityStatus, Changes, ObjectiveValues, TraceLine};
use serde::{Deserialize, Serialize};

use crate::state::SessionEnd;

/// The sequencer's part of an outcome. Every field is left out where it says nothing.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
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
    /// The decisions on the way, in words for an author. Folding passes over them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trace: Vec<TraceLine>,
}

/// Words may be put better in another version of the program: they make no difference between two outcomes.
impl PartialEq for Recorded {
    fn eq(&self, other: &Self) -> bool {
        let Self { seed, anew, shared_data, changes, resumed, ended, exception, standing, trace: _ } = self;
        *seed == other.seed
            && *anew == other.anew
            && *shared_data == other.shared_data
            && *changes == other.changes
            && *resumed == other.resumed
            && *ended == other.ended
            && *exception == other.exception
            && *standing == other.standing
    }
}

impl Eq for Recorded {}

/// Most of the decisions that are recorded with a navigation, in bytes of their texts: half from the beginning, half from the
/// end, where the reason of a refusal stands.
const MAX_TRACE_BYTES: usize = 4 << 10;

/// The decisions that are worth keeping.
pub(crate) fn kept(trace: Vec<TraceLine>) -> Vec<TraceLine> {
    let size = |line: &TraceLine| 48 + line.activity.as_ref().map_or(0, String::len) + line.text.len();
    let fit = |lines: &mut dyn Iterator<Item = &TraceLine>, room: usize| {
        let mut taken = 0;
        lines
            .take_while(|line| {
                taken += size(line);
                taken <= room
            })
            .count()
    };
    if trace.iter().map(size).sum::<usize>() <= MAX_TRACE_BYTES {
        return trace;
    }
    let head = fit(&mut trace.iter(), MAX_TRACE_BYTES / 2);
    let tail = fit(&mut trace.iter().rev(), MAX_TRACE_BYTES / 2);
    let left_out = trace.len() - head - tail;
    let text = format!("({left_out} decisions in between are not kept)");
    let mut lines = trace;
    let end = lines.split_off(lines.len() - tail);
    lines.truncate(head);
    lines.push(TraceLine { process: String::new(), activity: None, text });
    lines.extend(end);
    lines
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
