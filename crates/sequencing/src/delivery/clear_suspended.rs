use alloc::vec::Vec;

use crate::{machine::Machine, tree::Ix};

impl Machine<'_> {
    /// Clear Suspended Activity Subprocess (DB.2.1): another activity than the suspended one is delivered, so what was
    /// suspended with it is given up, up to the common ancestor.
    pub(crate) fn clear_suspended(&mut self, ix: Ix) {
        let Some(suspended) = self.tracking.suspended() else { return };
        let common = self.tree.common_ancestor(ix, suspended);
        let mut path: Vec<Ix> = self.tree.path_up(suspended).take_while(|step| *step != common).collect();
        if !self.readings.common_ancestor_stays_suspended {
            path.push(common);
        }
        for step in path {
            let children = self.tree.children(step);
            if !children.iter().any(|child| self.tracking.activity(*child).suspended) {
                self.tracking.activity_mut(self.tree, step).suspended = false;
            }
        }
        self.tracking.set_suspended(None);
    }
}
