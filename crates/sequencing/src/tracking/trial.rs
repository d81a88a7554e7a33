use super::{Recorder, Tracking};
use crate::tree::Tree;

impl Tracking {
    /// From here on changes can be taken back. The result is for [`Self::take_back`].
    pub(crate) fn begin_trial(&mut self) -> Recorder {
        let trial = Recorder::new(self.activities.len(), self.current, self.suspended);
        core::mem::replace(&mut self.recorder, trial)
    }

    /// Puts everything as it was when the trial began.
    pub(crate) fn take_back(&mut self, tree: &Tree, recorder: Recorder) {
        let before = self.take_remembered();
        self.recorder = recorder;
        self.current = before.current;
        self.suspended = before.suspended;
        for (ix, before) in before.activities {
            let reordered = before.state.children != self.activity(ix).children;
            self.activities[ix.index()] = before.state;
            for (slot, values) in tree.activity(ix).slots().zip(before.objectives) {
                self.objectives[slot.index()] = values;
            }
            if reordered {
                self.place_children(tree, ix);
            }
        }
        for (global, values) in before.globals {
            self.globals[global.index()] = values;
        }
    }
}
