//! The journal's unit: one call that changed state, or that was refused, with its recorded outcome.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use lyceum_cmi::Flags;
use serde::{Deserialize, Serialize};

use crate::Millis;
use crate::sequenced::recorded::Recorded as Sequencing;

/// What happened. The words are those of the JSON field `call`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Call {
    /// `Initialize` / `LMSInitialize`; `value` is the argument.
    Initialize,
    /// `SetValue` / `LMSSetValue` of `element` to `value`.
    Set,
    /// A *refused* `GetValue` of `element`. Successful reads change nothing and are not journaled; a refused one explains
    /// why a course misbehaves, so the first of each element and error in a visit is kept.
    Get,
    /// `Commit` / `LMSCommit`; `value` is the argument.
    Commit,
    /// `Terminate` / `LMSFinish`; `value` is the argument.
    Terminate,
    /// A navigation request of the learner or of the content; `value` is the request
    /// (`start`, `continue`, `previous`, `choice ID`, `exit`, `exitAll`, `suspendAll`, ...), `result` the activity delivered.
    Navigate,
    /// The player put the activity's content into the frame: a new visit begins. `result` is the `cmi.entry` it was given.
    Deliver,
    /// The content left the frame (navigation, reload, closed page). A visit without Terminate ends here, suspended.
    Leave,
    /// What somebody other than the learner did ([`Act`](crate::act::Act) in `value`): the server's own, number 0. Never taken
    /// from a browser.
    Act,
}

/// One entry of a session's journal, as the browser sends it and as the server keeps it.
///
/// JSON: `{"seq":7,"at":1763714561234,"activity":"i1","call":"set","element":"cmi.location","value":"3"}`; fields that hold
/// their default are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Position in the session, from 1, without gaps.
    pub seq: u64,
    /// When the call was made, by the session's clock.
    pub at: Millis,
    /// Identifier of the activity (the manifest's item identifier); empty where none is delivered.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub activity: String,
    /// What was called.
    pub call: Call,
    /// The data model element of `set` and `get`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub element: String,
    /// The value or argument exactly as the content gave it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// Outcome: the edition's error code, 0 when accepted.
    #[serde(default, skip_serializing_if = "is_zero_u16")]
    pub error: u16,
    /// Outcome: bits of `lyceum_cmi::Flags` (over the SPM, repaired, foreign standard, ...).
    #[serde(default, skip_serializing_if = "is_zero_u16")]
    pub flags: u16,
    /// Outcome: the activity that `navigate` found, the `cmi.entry` that `deliver` gave, the lesson status that `terminate`
    /// led to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub result: String,
    /// Outcome of `deliver`: what the LMS put into the data model itself (objectives of the manifest, ...), as
    /// (element, value).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seeds: Vec<(String, String)>,
    /// Outcome of `navigate` in a course with rules for the order of its activities, and of calls that change where such a
    /// course stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequencing: Option<Box<Sequencing>>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn is_zero_u16(n: &u16) -> bool {
    *n == 0
}

/// The part of an entry that the engine decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Error code, 0 when accepted.
    #[serde(default, skip_serializing_if = "is_zero_u16")]
    pub error: u16,
    /// Bits of `lyceum_cmi::Flags`.
    #[serde(default, skip_serializing_if = "is_zero_u16")]
    pub flags: u16,
    /// See [`Entry::result`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub result: String,
    /// See [`Entry::seeds`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seeds: Vec<(String, String)>,
    /// See [`Entry::sequencing`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequencing: Option<Box<Sequencing>>,
}

impl Outcome {
    /// Made in a session that does not count.
    #[must_use]
    pub fn is_uncounted(&self) -> bool {
        Flags::from_bits(self.flags).contains(Flags::UNCOUNTED)
    }

    /// The value was added to what was there.
    #[must_use]
    pub fn is_appended(&self) -> bool {
        Flags::from_bits(self.flags).contains(Flags::APPENDED)
    }
}

impl Entry {
    /// Whether the browser recorded this outcome.
    #[must_use]
    pub fn has_outcome(&self, outcome: &Outcome) -> bool {
        let Outcome { error, flags, result, seeds, sequencing } = outcome;
        // Most are empty, and comparing nothing with nothing costs the processor more than asking for that first: it loads
        // from where an empty text points to.
        let is_same_result = (self.result.is_empty() && result.is_empty()) || self.result == *result;
        (self.error, self.flags) == (*error, *flags)
            && is_same_result
            && self.seeds == *seeds
            && self.sequencing == *sequencing
    }

    /// The outcome that the browser recorded.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        Outcome {
            error: self.error,
            flags: self.flags,
            result: self.result.clone(),
            seeds: self.seeds.clone(),
            sequencing: self.sequencing.clone(),
        }
    }
}

/// An entry in the journal: what arrived, and the server's own outcome where it differs from the browser's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// As it arrived.
    #[serde(flatten)]
    pub entry: Entry,
    /// The server's outcome, only where it differs. It is the one that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<Outcome>,
}
