use alloc::{format, vec::Vec};

use super::random::Random;
use crate::{machine::Machine, tree::Ix};

impl Machine<'_> {
    /// Select Children Process (SR.1): a random set of the children, in the order of the manifest.
    pub(super) fn select_children(&self, cluster: Ix, random: &mut Random) -> Vec<Ix> {
        let all = self.tree.children(cluster);
        let wanted = self.tree.activity(cluster).definition().randomization.select_count;
        let Some(count) = wanted.map(|count| count as usize).filter(|count| *count < all.len()) else {
            return all.to_vec();
        };
        let mut drawn = all.to_vec();
        random.shuffle(&mut drawn);
        drawn.truncate(count);
        drawn.sort_unstable();
        self.view().note("SR.1", cluster, || format!("{count} of {} children are selected", all.len()));
        drawn
    }
}
