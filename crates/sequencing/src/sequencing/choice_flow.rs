use super::Direction;
use crate::{tree::Ix, view::View};

impl View<'_> {
    /// Choice Flow Subprocess (SB.2.9.1): where one step away from a constrained cluster leads; the cluster itself
    /// when there is nothing in that direction.
    pub(crate) fn choice_flow(&self, from: Ix, direction: Direction) -> Ix {
        self.choice_flow_tree(from, direction).unwrap_or(from)
    }

    /// Choice Flow Tree Traversal Subprocess (SB.2.9.2).
    fn choice_flow_tree(&self, from: Ix, direction: Direction) -> Option<Ix> {
        let offset = match direction {
            Direction::Forward => 1,
            Direction::Backward => -1,
        };
        self.tree.path_up(from).find_map(|step| self.sibling(step, offset))
    }
}
