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
        while let Some((_, _, cluster)) = waiting.pop_last() {
            self.roll_up(cluster);
        }
    }

    /// One round of RB.1.5 3. Of a leaf, which has no children to look at, only satisfaction by its measure is left to
    /// find out.
    fn roll_up(&mut self, ix: Ix) {
        if !self.view().is_tracked(ix) {
            return;
        }
        if self.tree.activity(ix).is_leaf() {
            self.objective_rollup_using_measure(ix);
        } else {
            if !self.passes_over_measures(ix) {
                self.measure_rollup(ix);
                self.completion_measure_rollup(ix);
            }
            self.objective_rollup(ix);
            self.progress_rollup(ix);
        }
    }

    /// See [`Readings::first_rollup_passes_over_measures`](crate::Readings).
    fn passes_over_measures(&mut self, cluster: Ix) -> bool {
        if !self.readings.first_rollup_passes_over_measures {
            return false;
        }
        let state = self.tracking.activity(cluster);
        let first = state.attempts == 0 && !state.looked_at;
        let seen: Vec<Ix> = self.view().rollup_children(cluster).iter().copied().chain([cluster]).collect();
        for ix in seen.into_iter().filter(|ix| self.tree.activity(*ix).definition().delivery.tracked) {
            self.tracking.activity_mut(self.tree, ix).looked_at = true;
        }
        first
    }

    /// The clusters to evaluate, ordered by depth.
    fn rollup_set(&self, ix: Ix) -> BTreeSet<(u32, u32, Ix)> {
        let mut set = BTreeSet::new();
        let only_readers =
            self.readings.ending_clusters_are_not_rolled_up && !self.tree.activity(ix).is_leaf();
        for slot in self.tree.activity(ix).slots() {
            self.add_readers(&mut set, slot);
        }
        if only_readers {
            let is_far_root = |step: Ix| step == Ix::ROOT && !self.has_reader(ix, Ix::ROOT);
            set.retain(|(_, _, step)| !is_far_root(*step));
            return set;
        }
        self.add_path(&mut set, ix);
        for step in self.tree.path_up(ix).skip(1) {
            self.add_readers(&mut set, self.tree.activity(step).primary());
        }
        set
    }

    /// Whether a child of `cluster` reads what `ix` writes.
    fn has_reader(&self, ix: Ix, cluster: Ix) -> bool {
        let mut maps = self.tree.activity(ix).slots().flat_map(|slot| &self.tree.objective(slot).maps);
        maps.any(|map| {
            let mut readers = self.tree.globals()[map.global.index()].readers.iter();
            !map.write.is_empty()
                && readers.any(|reader| self.tree.activity(*reader).parent() == Some(cluster))
        })
    }

    fn add_readers(&self, set: &mut BTreeSet<(u32, u32, Ix)>, slot: Slot) {
        for map in self.tree.objective(slot).maps.iter().filter(|map| !map.write.is_empty()) {
            for reader in &self.tree.globals()[map.global.index()].readers {
                if let Some(parent) = self.tree.activity(*reader).parent() {
                    self.add_path(set, parent);
                }
            }
        }
    }

    fn add_path(&self, set: &mut BTreeSet<(u32, u32, Ix)>, from: Ix) {
        for step in self.tree.path_up(from) {
            if !set.insert((self.tree.activity(step).depth(), self.turn(step), step)) {
                return;
            }
        }
    }

    /// Decides between clusters of the same depth, see [`Readings::rollup_order`](crate::Readings).
    fn turn(&self, ix: Ix) -> u32 {
        match self.readings.rollup_order {
            0 => ix.0,
            order => ix.0.wrapping_add(order).wrapping_mul(order | 1).rotate_left(order),
        }
    }
}
