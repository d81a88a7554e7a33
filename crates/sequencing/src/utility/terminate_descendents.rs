use alloc::vec::Vec;

use crate::{machine::Machine, tree::Ix};

impl Machine<'_> {
    /// Terminate Descendent Attempts Process (UP.3): ends the attempts between the current activity and the
    /// common ancestor of it and `ix`, both excluded.
    pub(crate) fn terminate_descendents(&mut self, ix: Ix) {
        let Some(current) = self.tracking.current() else { return };
        let common = self.tree.common_ancestor(current, ix);
        let skip = usize::from(!self.readings.current_ends_twice);
        let path: Vec<Ix> = self.tree.path_up(current).take_while(|step| *step != common).skip(skip).collect();
        for step in path {
            self.end_attempt(step);
        }
    }
}
