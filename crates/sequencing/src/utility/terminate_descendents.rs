use alloc::vec::Vec;

use crate::{machine::Machine, tree::Ix};

impl Machine<'_> {
    /// Terminate Descendent Attempts Process (UP.3): ends the attempts between the current activity and the
    /// common ancestor of it and `ix`, both excluded.
    pub(crate) fn terminate_descendents(&mut self, ix: Ix) {
        let Some(current) = self.tracking.current() else { return };
        let twice = self.readings.current_ends_twice;
        let common = if twice {
            self.tree.common_ancestor(self.cluster_of(current), self.cluster_of(ix))
        } else {
            self.tree.common_ancestor(current, ix)
        };
        let skip = usize::from(!twice);
        let path: Vec<Ix> =
            self.tree.path_up(current).take_while(|step| *step != common).skip(skip).collect();
        for step in path {
            self.end_attempt(step);
        }
    }

    /// The activity itself if it is a cluster, else the one around it.
    fn cluster_of(&self, ix: Ix) -> Ix {
        let activity = self.tree.activity(ix);
        activity.parent().filter(|_| activity.is_leaf()).unwrap_or(ix)
    }
}
