use alloc::string::ToString;

use crate::{tree::Ix, view::View};

impl View<'_> {
    /// Limit Conditions Check Process (UP.1): true if a new attempt on the activity would violate one of its
    /// limits.
    ///
    /// Time limits are optional in SCORM; they are checked where an author gives them.
    pub(crate) fn limits_violated(&self, ix: Ix) -> bool {
        if !self.tree.brief(ix).limited {
            return false;
        }
        let state = self.state(ix);
        if !self.is_tracked(ix) || state.active || state.suspended {
            return false;
        }
        let violated = if self.attempt_limit_reached(ix) {
            "no attempts are left (attemptLimit)"
        } else if self.duration_limit_reached(ix) {
            "its time is used up (a duration limit)"
        } else if self.outside_time_range(ix) {
            "it is too early or too late for it (begin or end time limit)"
        } else {
            return false;
        };
        self.note("UP.1", ix, || violated.to_string());
        true
    }
}
