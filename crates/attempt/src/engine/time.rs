//! The learner's time on the activity that is delivered, and how content leaves the frame.

use super::{Engine, Run};
use crate::Millis;
use crate::entry::{Call, Outcome};
use crate::settings::{ExitAction, ExitKind};
use crate::time_limit::{TIME_OUT, TimeLimit};

impl Run {
    pub(super) fn is_long_over(&self, now: Millis) -> bool {
        self.deadline.is_some_and(|deadline| deadline.is_long_over(now))
    }
}

impl Engine {
    /// How much time the delivered activity has left, and what follows when it is used up; `None` where nothing does.
    #[must_use]
    pub fn time_limit(&self, now: Millis) -> Option<TimeLimit> {
        self.run.as_ref()?.deadline.map(|deadline| deadline.left(now))
    }

    /// The content was taken out of the frame because its time is used up: its visit ends as by `cmi.exit` time-out, and what comes next is
    /// what the course's settings say of that. A course of one activity is left in any case.
    pub fn time_out(&mut self, now: Millis) -> ExitAction {
        let action = self.action_for(ExitKind::Timeout).unwrap_or(ExitAction::ExitCourse);
        if self.run.is_some() {
            self.leave_as(TIME_OUT, now);
        }
        if self.plan().is_single() { ExitAction::ExitCourse } else { action }
    }

    pub(super) fn leave_as(&mut self, how: &str, now: Millis) {
        let outcome = self.perform_leave(how, now);
        self.record(Call::Leave, "", how, now, outcome);
        self.run = None;
    }

    pub(super) fn perform_leave(&mut self, how: &str, now: Millis) -> Outcome {
        Outcome { sequencing: self.standing_at(how == TIME_OUT, now), ..Outcome::default() }
    }
}
