use alloc::boxed::Box;

use serde::{Deserialize, Serialize};

use crate::{Millis, definitions::is_default, tree::Ix};

/// Activity state (AM.1.1) and activity progress information (TM.1.2.1) of one activity. Its attempt progress
/// (TM.1.2.2) lies with its primary objective.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ActivityState {
    pub(crate) active: bool,
    pub(crate) suspended: bool,
    /// The content left its last visit with `cmi.exit` suspend. Only matters for activities that are not tracked, which sequencing
    /// never suspends: they find their data again all the same (ADL's test case OB-14b).
    pub(crate) left_to_return: bool,
    /// Activity Attempt Count. Activity Progress Status is: more than none.
    pub(crate) attempts: u32,
    /// Attempt of the parent during which the tracking information was recorded.
    pub(crate) recorded_in: u32,
    /// The content said something about completion, and be it that it is unknown: nobody concludes it from the end of the
    /// attempt.
    pub(crate) content_said_completion: bool,
    /// The same for satisfaction.
    pub(crate) content_said_success: bool,
    /// Rollup came by, see [`Readings::first_rollup_passes_over_measures`](crate::Readings).
    pub(crate) looked_at: bool,
    /// Available Children; `None` is: all of them in the order of the manifest.
    pub(crate) children: Option<Box<[Ix]>>,
    /// Children of the last attempt, where others were selected for the next one: rollup goes on with them until then.
    pub(crate) last_children: Option<Box<[Ix]>>,
    /// How often children were selected or put in a new order.
    pub(crate) draws: u32,
    /// Number of attempts when that last happened.
    pub(crate) drawn_after: Option<u32>,
    pub(crate) durations: Durations,
}

/// Durations of the current or last attempt and of all former ones (TM.1.2.1, TM.1.2.2), in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Durations {
    /// When the current or last attempt began.
    #[serde(rename = "b", skip_serializing_if = "is_default")]
    pub(crate) attempt_began: Option<Millis>,
    /// When it ended, unless it is going on or suspended.
    #[serde(rename = "e", skip_serializing_if = "is_default")]
    pub(crate) attempt_ended: Option<Millis>,
    /// Since when the learner is in the activity.
    #[serde(rename = "i", skip_serializing_if = "is_default")]
    pub(crate) entered: Option<Millis>,
    /// Time in the activity during the attempt, up to `entered`.
    #[serde(rename = "x", skip_serializing_if = "is_default")]
    pub(crate) experienced: Millis,
    /// Absolute durations of all former attempts.
    #[serde(rename = "fa", skip_serializing_if = "is_default")]
    pub(crate) former_absolute: Millis,
    /// Experienced durations of all former attempts.
    #[serde(rename = "fx", skip_serializing_if = "is_default")]
    pub(crate) former_experienced: Millis,
}

impl Durations {
    /// A new attempt begins.
    pub(crate) fn begin(&mut self, now: Millis) {
        *self = Self {
            attempt_began: Some(now),
            attempt_ended: None,
            entered: None,
            experienced: 0,
            former_absolute: self.former_absolute.saturating_add(self.attempt_absolute(now)),
            former_experienced: self.former_experienced.saturating_add(self.attempt_experienced(now)),
        };
    }

    /// The learner is in the activity from now on.
    pub(crate) fn enter(&mut self, now: Millis) {
        self.entered = Some(now);
    }

    /// The learner is no longer in the activity; the attempt ends unless it is suspended.
    pub(crate) fn leave(&mut self, now: Millis, ends: bool) {
        self.experienced = self.attempt_experienced(now);
        self.entered = None;
        if ends && self.attempt_ended.is_none() {
            self.attempt_ended = Some(now);
        }
    }

    /// Counts what the content reported for this visit instead of what the clock says.
    pub(crate) fn report(&mut self, spent: Millis, now: Millis) {
        if self.entered.is_some() {
            self.experienced = self.experienced.saturating_add(spent.max(0));
            self.entered = Some(now);
        }
    }

    /// Attempt Absolute Duration.
    pub(crate) fn attempt_absolute(&self, now: Millis) -> Millis {
        self.attempt_began.map_or(0, |began| self.attempt_ended.unwrap_or(now).saturating_sub(began).max(0))
    }

    /// Attempt Experienced Duration.
    pub(crate) fn attempt_experienced(&self, now: Millis) -> Millis {
        let running = self.entered.map_or(0, |entered| now.saturating_sub(entered).max(0));
        self.experienced.saturating_add(running)
    }

    /// Activity Absolute Duration.
    pub(crate) fn activity_absolute(&self, now: Millis) -> Millis {
        self.former_absolute.saturating_add(self.attempt_absolute(now))
    }

    /// Activity Experienced Duration.
    pub(crate) fn activity_experienced(&self, now: Millis) -> Millis {
        self.former_experienced.saturating_add(self.attempt_experienced(now))
    }
}
