//! What the LMS knows when it launches a SCO.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Declares an enumeration of words that content reads.
macro_rules! launch_word {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// The word that content reads.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

launch_word! {
    /// Does the learner get credit for performance?
    Credit {
        /// Yes.
        #[default]
        Credit = "credit",
        /// No; statuses and scores do not count.
        NoCredit = "no-credit",
    }
}

launch_word! {
    /// How the SCO is looked at.
    Mode {
        /// To learn.
        #[default]
        Normal = "normal",
        /// To look without recording.
        Browse = "browse",
        /// To look again at what was done.
        Review = "review",
    }
}

launch_word! {
    /// Whether the learner has been here before.
    Entry {
        /// First session of the attempt.
        #[default]
        AbInitio = "ab-initio",
        /// The last session was suspended.
        Resume = "resume",
        /// Neither.
        Other = "",
    }
}

/// A remark of the LMS for the learner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LmsComment {
    /// The text; in SCORM 2004 optionally after `{lang=TAG}`.
    pub comment: String,
    /// The place that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// When it was made, in the notation of the standard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
}

/// Preferences of the learner, in the notation of the standard that the SCO speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LearnerPreference {
    /// 2004 `audio_level`, 1.x `audio`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio_level: Option<String>,
    /// `language`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// 2004 `delivery_speed`, 1.x `speed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_speed: Option<String>,
    /// 2004 `audio_captioning`, 1.x `text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio_captioning: Option<String>,
}

/// An objective that exists before the SCO sets anything, with what is known of it.
///
/// From the manifest's sequencing objectives and their tracking (RTE 2004 4.2.17). What is `None` leaves
/// a value that an earlier session stored as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the elements of the same name")]
pub struct SeedObjective {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress_measure: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_scaled: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_raw: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_min: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_max: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A shared data store that the manifest maps to this SCO (4th edition, CAM 3.4.1.17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedData {
    /// `targetID` of the map.
    pub id: String,
    /// The present value, `None` where nothing was stored yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// `readSharedData`.
    #[serde(default = "yes")]
    pub readable: bool,
    /// `writeSharedData`.
    #[serde(default = "yes")]
    pub writable: bool,
}

const fn yes() -> bool {
    true
}

/// Everything that the LMS supplies at the launch of one SCO. Recorded with the session, so that a
/// replay answers the same.
///
/// Texts are given as content reads them: times and numbers in the notation of the standard that the
/// SCO speaks. Only the total time is a number, because it is summed up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Inputs {
    /// `cmi.learner_id`, `cmi.core.student_id`.
    pub learner_id: String,
    /// `cmi.learner_name`, `cmi.core.student_name`.
    pub learner_name: String,
    /// `cmi.credit`.
    pub credit: Credit,
    /// `cmi.mode`, `cmi.core.lesson_mode`.
    pub mode: Mode,
    /// `cmi.entry`.
    pub entry: Entry,
    /// Time of all earlier sessions of the attempt, in hundredths of a second. Constant in a session.
    pub total_time: u64,
    /// `cmi.launch_data`, from `dataFromLMS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launch_data: Option<String>,
    /// `cmi.student_data.mastery_score`, from `masteryscore` (SCORM 1.x, AICC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mastery_score: Option<String>,
    /// `cmi.scaled_passing_score`: the primary objective's minimum normalized measure, where its
    /// status is by measure (SCORM 2004).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scaled_passing_score: Option<String>,
    /// `cmi.completion_threshold` (SCORM 2004), only where completion is by measure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_threshold: Option<String>,
    /// `cmi.max_time_allowed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_time_allowed: Option<String>,
    /// `cmi.time_limit_action`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_limit_action: Option<String>,
    /// The learner's preferences, read until the SCO sets its own.
    pub preference: LearnerPreference,
    /// Objectives that exist from the start.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objectives: Vec<SeedObjective>,
    /// Shared data stores, in the manifest's order (4th edition).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared_data: Vec<SharedData>,
    /// `cmi.comments_from_lms`; in SCORM 1.x one text, a line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comments_from_lms: Vec<LmsComment>,
    /// Read-only elements that few systems have, by their full name: AICC's
    /// `cmi.student_demographics.city`, `cmi.student_data.attempt_records.0.lesson_status` and the like.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub read_only: BTreeMap<String, String>,
    /// Values to store at launch as if the SCO had set them, for example a status known from tracking.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub initial: Vec<(String, String)>,
}
