use alloc::string::ToString;

use super::{Direction, Flow, Step};
use crate::{Exception, tree::Ix, view::View};

impl View<'_> {
    /// Flow Activity Traversal Subprocess (SB.2.2): from a candidate on to the first activity that can be delivered.
    ///
    /// The book writes it as a recursion; here it is a loop, since a course can be long. Every step leads on in one
    /// direction, and a forward-only cluster turns it around once; a course that manages to go in circles
    /// nevertheless is stopped.
    pub(crate) fn flow_activity(&self, candidate: Ix, direction: Direction) -> Flow {
        let (mut at, mut direction, mut previous_direction) = (candidate, direction, None);
        let bound = self.tree.len().saturating_mul(STEPS_PER_ACTIVITY).saturating_add(STEPS_PER_ACTIVITY);
        for _ in 0..bound {
            let flows = self.parent(at).is_some_and(|parent| self.tree.brief(parent).flow);
            // 1, 2
            if !flows {
                self.note("SB.2.2", at, || "its parent does not allow flow".to_string());
                return Flow::Stopped(at, Exception::Sb22_1);
            }
            // 3, 4: past a skipped activity, still in the direction that was asked for
            let step = if self.is_skipped(at) {
                self.note("SB.2.2", at, || "is skipped".to_string());
                let step = self.flow_tree(at, direction, false, previous_direction);
                if let Step::To(_, Direction::Backward) = step
                    && previous_direction == Some(Direction::Backward)
                {
                    (direction, previous_direction) = (Direction::Backward, None);
                }
                step
            // 5, 6
            } else if self.is_blocked(at) {
                self.note("SB.2.2", at, || "is disabled or over its limit".to_string());
                return Flow::Stopped(at, Exception::Sb22_2);
            } else if self.activity(at).is_leaf() {
                self.note("SB.2.2", at, || "can be delivered".to_string());
                return Flow::Found(at);
            } else {
                // 7: into a cluster
                let step = self.flow_tree(at, direction, true, None);
                previous_direction = None;
                if let (Direction::Backward, Step::To(_, Direction::Forward)) = (direction, step) {
                    (direction, previous_direction) = (Direction::Forward, Some(Direction::Backward));
                }
                step
            };
            match step {
                Step::To(next, _) => at = next,
                Step::EndOfTree => return Flow::EndOfTree(at),
                Step::Blocked(exception) => return Flow::Stopped(at, exception),
            }
        }
        Flow::Stopped(at, Exception::OwnBound)
    }
}

/// An activity is seen at most once forward and once backward on the way, entered and left.
const STEPS_PER_ACTIVITY: usize = 4;
