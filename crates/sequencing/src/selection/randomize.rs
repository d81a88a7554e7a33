use alloc::string::ToString;

use super::random::Random;
use crate::{machine::Machine, tree::Ix};

impl Machine<'_> {
    /// Randomize Children Process (SR.2): the available children in a random order, if the author wants them
    /// reordered at all.
    pub(super) fn randomize_children(&self, cluster: Ix, children: &mut [Ix], random: &mut Random) {
        if self.tree.activity(cluster).definition().randomization.reorder_children {
            random.shuffle(children);
            self.view().note("SR.2", cluster, || "the children are put in a random order".to_string());
        }
    }
}
