use alloc::vec::Vec;

use super::random::Random;
use crate::{
    definitions::RandomizationTiming as Timing, machine::Machine, tracking::ActivityState, tree::Ix,
};

impl Machine<'_> {
    /// Before a session begins: selection and randomization of every cluster whose next attempt will be a new one (SN
    /// 4.7), and, where global objectives belong to one attempt on the tree, a fresh set of them.
    pub(crate) fn prepare_session(&mut self) {
        let clusters: Vec<Ix> = self.tree.all().filter(|ix| self.is_randomized(*ix)).collect();
        for cluster in clusters {
            self.prepare_children(cluster);
        }
        let root = self.tracking.activity(Ix::ROOT);
        if !root.suspended && !root.active {
            self.begin_anew();
        }
    }

    /// The attempt on the root begins anew.
    pub(crate) fn begin_anew(&mut self) {
        if !self.tree.globals_outlive_attempt() {
            self.tracking.clear_globals(self.tree);
        }
    }

    /// Select Children Process (SR.1) and Randomize Children Process (SR.2) for the next attempt on a cluster; not
    /// while one is active or suspended.
    ///
    /// SR.1 5 leaves selection on each new attempt undefined. Here it is what authors expect: another set for every
    /// attempt.
    pub(crate) fn prepare_children(&mut self, cluster: Ix) {
        let state = self.tracking.activity(cluster);
        if self.tree.activity(cluster).is_leaf() || state.active || state.suspended {
            return;
        }
        let controls = self.tree.activity(cluster).definition().randomization;
        let select = is_due(controls.selection_timing, state);
        let reorder = is_due(controls.randomization_timing, state);
        if !select && !reorder {
            return;
        }
        let mut random = Random::new(self.seed, self.tree.activity(cluster).id(), state.draws);
        let mut children: Vec<Ix> = self.view().children(cluster).to_vec();
        if select {
            children = self.select_children(cluster, &mut random);
        }
        if reorder {
            self.randomize_children(cluster, &mut children, &mut random);
        }
        self.adopt_children(cluster, children);
    }

    fn adopt_children(&mut self, cluster: Ix, children: Vec<Ix>) {
        let former = self.view().children(cluster).into();
        let state = self.tracking.activity_mut(self.tree, cluster);
        state.last_children = (state.attempts > 0).then_some(former);
        state.draws = state.draws.saturating_add(1);
        state.drawn_after = Some(state.attempts);
        let all = children == self.tree.children(cluster);
        self.tracking.set_children(self.tree, cluster, (!all).then(|| children.into()));
    }

    fn is_randomized(&self, cluster: Ix) -> bool {
        let controls = &self.tree.activity(cluster).definition().randomization;
        controls.selection_timing != Timing::Never || controls.randomization_timing != Timing::Never
    }
}

fn is_due(timing: Timing, state: &ActivityState) -> bool {
    match timing {
        Timing::Never => false,
        Timing::Once => state.attempts == 0 && state.drawn_after.is_none(),
        Timing::OnEachNewAttempt => state.drawn_after != Some(state.attempts),
    }
}
