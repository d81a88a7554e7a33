//! What a registration shows: completion, success, score, time; rolled up from the activities, never set by hand.

use alloc::string::String;
use serde::{Deserialize, Serialize};

use crate::Millis;
use crate::reached::Reached;
use crate::settings::Settings;

/// Completion of an activity or a course.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Completion {
    /// Nothing is known yet.
    #[default]
    Unknown,
    /// Begun.
    Incomplete,
    /// Done.
    Completed,
}

/// Success of an activity or a course.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Success {
    /// Not judged.
    #[default]
    Unknown,
    /// Mastered.
    Passed,
    /// Not mastered.
    Failed,
}

/// A score, each part as a decimal number in text (what the content sent, normalised); `None` where unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// -1 to 1. SCORM 1.2 has none: there it is raw within min and max, or raw of 100.
    pub scaled: Option<String>,
    /// As the content scored.
    pub raw: Option<String>,
    /// Lowest possible raw score.
    pub min: Option<String>,
    /// Highest possible raw score.
    pub max: Option<String>,
}

/// Where a course, an attempt or an activity stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Completion.
    pub completion: Completion,
    /// Success.
    pub success: Success,
    /// Score.
    pub score: Score,
    /// Part done, 0 to 10,000 (hundredths of a percent); `None` where nothing tells.
    pub progress: Option<u32>,
    /// Time taken, in hundredths of a second: per visit what the content reported, else what was measured.
    pub total_time: u64,
    /// Measured time alone, in hundredths of a second.
    pub measured_time: u64,
    /// First sign of life.
    pub first_access: Option<Millis>,
    /// Last sign of life.
    pub last_access: Option<Millis>,
    /// Whether a person has set status or score ([`Override`](crate::act::Override)).
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub overridden: bool,
}

impl Summary {
    /// What is shown where the attempt stood at `before` when the session opened: results of a session that does not count
    /// leave completion, success, score and progress as they were (RTE 2004 4.2.6, 4.2.16), and a completed or passed course
    /// stays so where the settings say that. `reached`: what the attempt has told of that since.
    #[must_use]
    pub fn after(mut self, before: Option<&Self>, reached: Reached, settings: &Settings) -> Self {
        let known = before.cloned().unwrap_or_default();
        if !settings.counts() {
            let (completion, success, score, progress) =
                (known.completion, known.success, known.score, known.progress);
            return Self { completion, success, score, progress, ..self };
        }
        if !settings.allow_status_change {
            Reached::of(&known).and(reached).keep(&mut self);
        }
        self
    }
}
