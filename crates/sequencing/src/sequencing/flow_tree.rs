use super::Direction;
use crate::{Exception, tree::Ix, view::View};

/// Where one step through the tree leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// To this activity, with the direction in which it was reached.
    To(Ix, Direction),
    /// Behind the last activity: the session ends.
    EndOfTree,
    /// Nowhere.
    Blocked(Exception),
}

impl View<'_> {
    /// Flow Tree Traversal Subprocess (SB.2.1): the next activity in a direction, whatever its rules say.
    ///
    /// `into_children` is the "consider children" flag of the book.
    pub(crate) fn flow_tree(
        &self,
        from: Ix,
        direction: Direction,
        into_children: bool,
        previous_direction: Option<Direction>,
    ) -> Step {
        // 1, 2: having turned around inside of a forward-only cluster, at its end it is left backward, from its beginning.
        let at_end = previous_direction == Some(Direction::Backward) && self.is_last_sibling(from);
        if at_end {
            let first = self.parent(from).and_then(|parent| self.children(parent).first());
            return self.flow_tree_backward(first.copied().unwrap_or(from), into_children, true);
        }
        match direction {
            // 3
            Direction::Forward => self.flow_tree_forward(from, into_children),
            // 4
            Direction::Backward => self.flow_tree_backward(from, into_children, false),
        }
    }

    fn is_last_sibling(&self, ix: Ix) -> bool {
        self.parent(ix).is_some_and(|parent| self.children(parent).last() == Some(&ix))
    }

    fn flow_tree_forward(&self, from: Ix, into_children: bool) -> Step {
        if into_children && !self.activity(from).is_leaf() {
            return match self.children(from).first() {
                Some(first) => Step::To(*first, Direction::Forward),
                None => Step::Blocked(Exception::Sb21_2),
            };
        }
        self.next_outside(from).map_or_else(
            || {
                if self.tree.edition().ends_session_behind_last_activity() {
                    Step::EndOfTree
                } else {
                    Step::Blocked(Exception::Sb21_1)
                }
            },
            |next| Step::To(next, Direction::Forward),
        )
    }

    /// The next available activity that is not below `from`.
    pub(crate) fn next_outside(&self, from: Ix) -> Option<Ix> {
        self.tree.path_up(from).find_map(|step| self.sibling(step, 1))
    }

    /// The available sibling so many places further (or back).
    pub(crate) fn sibling(&self, ix: Ix, offset: i64) -> Option<Ix> {
        let place = i64::from(self.tracking.place(ix)?) + offset;
        self.children(self.parent(ix)?).get(usize::try_from(place).ok()?).copied()
    }

    fn flow_tree_backward(&self, from: Ix, into_children: bool, reversed: bool) -> Step {
        if into_children && !self.activity(from).is_leaf() {
            return self.enter_backward(from);
        }
        let mut reversed = reversed;
        for step in self.tree.path_up(from) {
            let Some(parent) = self.parent(step) else { break };
            if !reversed && self.activity(parent).definition().control.forward_only {
                return Step::Blocked(Exception::Sb21_4);
            }
            if let Some(previous) = self.sibling(step, -1) {
                return Step::To(previous, Direction::Backward);
            }
            reversed = false;
        }
        Step::Blocked(Exception::Sb21_3)
    }

    /// Backing into a cluster: at its end, or at its beginning if it can only be gone through forward.
    fn enter_backward(&self, cluster: Ix) -> Step {
        let children = self.children(cluster);
        let forward_only = self.activity(cluster).definition().control.forward_only;
        let (entry, direction) = if forward_only {
            (children.first(), Direction::Forward)
        } else {
            (children.last(), Direction::Backward)
        };
        entry.map_or(Step::Blocked(Exception::Sb21_2), |entry| Step::To(*entry, direction))
    }
}
