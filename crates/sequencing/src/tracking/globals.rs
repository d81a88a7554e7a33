use super::{ObjectiveValues, Tracking};
use crate::tree::{GlobalIx, Tree};

impl Tracking {
    /// For changing a global objective; its values before are remembered.
    pub(crate) fn global_mut(&mut self, global: GlobalIx) -> &mut ObjectiveValues {
        let values = &mut self.globals[global.index()];
        self.recorder.remember_global(global, values);
        values
    }

    /// Forgets all global objectives, as at the beginning of an attempt on a tree whose globals do not outlive
    /// it.
    pub(crate) fn clear_globals(&mut self, tree: &Tree) {
        self.recorder.globals_forgotten = true;
        for ix in (0..tree.globals().len() as u32).map(GlobalIx) {
            if *self.global(ix) != ObjectiveValues::default() {
                *self.global_mut(ix) = ObjectiveValues::default();
            }
        }
    }
}
