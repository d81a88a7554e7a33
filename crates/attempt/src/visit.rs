//! A visit: one activity's content in the frame, from its delivery until it leaves. Time is counted per visit, once.

use alloc::string::String;
use serde::{Deserialize, Serialize};

use crate::Millis;

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VisitEnd {
    /// The content called Terminate.
    Terminated,
    /// The content left without Terminate: closed tab, crash, navigation. Counts as suspended.
    Left,
    /// The player took it out because the learner's time was used up.
    #[serde(rename = "time-out")]
    TimedOut,
}

/// One visit of one activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Ordinal of the session it belongs to.
    pub session: u32,
    /// When the content was put into the frame.
    pub started: Millis,
    /// Last sign of life.
    pub last: Millis,
    /// `cmi.entry` that this visit was given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub entry: String,
    /// When Initialize succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initialized: Option<Millis>,
    /// `session_time` as last reported by the content, in hundredths of a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported: Option<u64>,
    /// How it ended; `None` while it goes on, or when its tab vanished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<VisitEnd>,
    /// `cmi.exit` at Terminate.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exit: String,
}

impl Visit {
    /// A visit that begins.
    #[must_use]
    pub fn begin(session: u32, at: Millis, entry: String) -> Self {
        Self {
            session,
            started: at,
            last: at,
            entry,
            initialized: None,
            reported: None,
            end: None,
            exit: String::new(),
        }
    }

    /// Time between the start and the last sign of life, in hundredths of a second.
    #[must_use]
    pub fn measured(&self) -> u64 {
        u64::try_from(self.last.saturating_sub(self.started)).unwrap_or(0) / 10
    }

    /// What the visit adds to the learner's time: as reported, else as measured. Hundredths of a second.
    #[must_use]
    pub fn counted(&self) -> u64 {
        self.reported.unwrap_or_else(|| self.measured())
    }

    /// What the visit adds to `cmi.total_time` (RTE 4.2.23): the reported session time. Content that terminated without
    /// reporting adds nothing; content that vanished before it could report is given the measured time.
    #[must_use]
    pub fn total_time(&self) -> u64 {
        match (self.reported, self.end, self.initialized) {
            (Some(reported), ..) => reported,
            (None, Some(VisitEnd::Terminated), _) | (None, _, None) => 0,
            (None, _, Some(_)) => self.measured(),
        }
    }

    /// Whether it was brought to an end, by the content or because its time was up.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        matches!(self.end, Some(VisitEnd::Terminated | VisitEnd::TimedOut))
    }

    /// Whether the next visit resumes this one: the content asked for it, or had no chance to.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        match self.end {
            Some(VisitEnd::Terminated) => self.exit == "suspend",
            Some(VisitEnd::TimedOut) => false,
            Some(VisitEnd::Left) | None => self.initialized.is_some(),
        }
    }
}
