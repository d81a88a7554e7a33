use alloc::{collections::BTreeSet, vec::Vec};

use crate::{
    machine::Machine,
    tree::{Ix, Slot},
};

impl Machine<'_> {
    /// Overall Rollup Process (RB.1.5) from an activity up to the root.
    ///
    /// What the activity or a cluster above it writes to global objectives may change what other activities read;
    /// their clusters are rolled up as well (SN 4.6.1). Every cluster is evaluated once, the deepest first.
    pub(crate) fn overall_rollup(&mut self, ix: Ix) {
        let mut waiting = self.rollup_set(ix);
        while let Some((_, cluster)) = waiting.pop_last() {
            self.roll_up(cluster);
        }
    }

    fn roll_up(&mut self, cluster: Ix) {
        if self.tree.activity(cluster).is_leaf() || !self.view().is_tracked(cluster) {
            return;
        }
        self.measure_rollup(cluster);
        self.completion_measure_rollup(cluster);
        self.objective_rollup(cluster);
        self.progress_rollup(cluster);
    }

    /// The clusters to evaluate, ordered by depth.
    fn rollup_set(&self, ix: Ix) -> BTreeSet<(u32, Ix)> {
        let mut set = BTreeSet::new();
        let cluster_ends = !self.tree.activity(ix).is_leaf();
        if !(cluster_ends && self.readings.ending_clusters_are_not_rolled_up) {
            self.add_path(&mut set, ix);
        }
        for slot in self.tree.activity(ix).slots() {
            self.add_readers(&mut set, slot);
        }
        let above: Vec<Ix> = self.tree.path_up(ix).skip(1).collect();
        for step in above {
            self.add_readers(&mut set, self.tree.activity(step).primary());
        }
        set
    }

    fn add_readers(&self, set: &mut BTreeSet<(u32, Ix)>, slot: Slot) {
        for map in self.tree.objective(slot).maps.iter().filter(|map| !map.write.is_empty()) {
            for reader in &self.tree.globals()[map.global.index()].readers {
                if let Some(parent) = self.tree.activity(*reader).parent() {
                    self.add_path(set, parent);
                }
            }
        }
    }

    fn add_path(&self, set: &mut BTreeSet<(u32, Ix)>, from: Ix) {
        for step in self.tree.path_up(from) {
            if !set.insert((self.tree.activity(step).depth(), step)) {
                return;
            }
        }
    }
}
