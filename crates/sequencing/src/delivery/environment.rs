use alloc::format;

use crate::{Exception, machine::Machine, tracking::ObjectiveValues, tree::Ix};

impl Machine<'_> {
    /// Content Delivery Environment Process (DB.2): ends what has to end, begins the attempts on the way to the activity,
    /// and makes it the current one.
    pub(crate) fn deliver(&mut self, ix: Ix) -> Result<(), Exception> {
        if self.tracking.current().is_some_and(|current| self.tracking.activity(current).active) {
            return Err(Exception::Db2_1);
        }
        if self.tracking.suspended() != Some(ix) {
            self.clear_suspended(ix);
        }
        self.terminate_descendents(ix);
        for step in self.tree.path_down(ix) {
            if !self.tracking.activity(step).active {
                self.activate(step);
            }
        }
        self.tracking.set_current(Some(ix));
        self.tracking.set_suspended(None);
        Ok(())
    }

    /// Begins a new attempt, or goes on with a suspended one (DB.2 5.1). Attempts on activities that are not tracked
    /// are not counted.
    fn activate(&mut self, ix: Ix) {
        if self.view().is_tracked(ix) {
            let state = self.tracking.activity_mut(self.tree, ix);
            if state.suspended {
                state.suspended = false;
                self.view().note("DB.2", ix, || "its suspended attempt goes on".into());
            } else {
                self.begin_attempt(ix);
            }
        }
        let now = self.now;
        let state = self.tracking.activity_mut(self.tree, ix);
        state.active = true;
        state.durations.enter(now);
    }

    fn begin_attempt(&mut self, ix: Ix) {
        let of_parent =
            self.tree.activity(ix).parent().map_or(0, |parent| self.tracking.activity(parent).attempts);
        let (now, keeps_said) = (self.now, self.readings.what_content_said_outlives_attempt);
        let state = self.tracking.activity_mut(self.tree, ix);
        state.attempts = state.attempts.saturating_add(1);
        state.recorded_in = of_parent;
        state.content_said_completion &= keeps_said;
        state.content_said_success &= keeps_said;
        state.last_children = None;
        state.durations.begin(now);
        for slot in self.tree.activity(ix).slots() {
            *self.tracking.local_mut(self.tree, ix, slot) = ObjectiveValues::default();
        }
        self.view().note("DB.2", ix, || format!("attempt {} begins", self.tracking.activity(ix).attempts));
    }
}
