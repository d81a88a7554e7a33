use alloc::format;

use super::{Direction, Step};
use crate::{Exception, tree::Ix, view::View};

/// Where flow ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// At an activity that can be delivered.
    Found(Ix),
    /// Behind the last activity of the tree, having left this one: the session ends.
    EndOfTree(Ix),
    /// At this activity, which cannot be delivered or passed.
    Stopped(Ix, Exception),
}

impl View<'_> {
    /// Flow Subprocess (SB.2.3): one step away from an activity, then on to the first one that can be delivered.
    pub(crate) fn flow(&self, from: Ix, direction: Direction, into_children: bool) -> Flow {
        self.note("SB.2.3", from, || {
            let inside = if into_children { ", into its children" } else { "" };
            format!("looks {direction}{inside}")
        });
        match self.flow_tree(from, direction, into_children, None) {
            Step::To(next, _) => self.flow_activity(next, direction),
            Step::EndOfTree => Flow::EndOfTree(from),
            Step::Blocked(exception) => Flow::Stopped(from, exception),
        }
    }
}
