//! The tracking model (SN 4.2): what is known about one learner's attempts on one tree.

mod activity;
pub(crate) mod field;
mod globals;
mod objective;
mod recorder;
mod trial;

use alloc::{boxed::Box, vec::Vec};

pub(crate) use activity::{ActivityState, Durations};
pub use objective::ObjectiveValues;
pub(crate) use recorder::{Before, Recorder, Remembered};

use crate::tree::{GlobalIx, Ix, Slot, Tree};

/// The place of an activity that was not selected among its siblings.
const NOT_AVAILABLE: u32 = u32::MAX;

/// Everything about a learner that sequencing reads and changes. Belongs to one [`Tree`].
#[derive(Debug, Clone)]
pub(crate) struct Tracking {
    /// The Current Activity (AM.1.2). None outside of a session.
    current: Option<Ix>,
    /// The Suspended Activity (AM.1.2).
    suspended: Option<Ix>,
    activities: Vec<ActivityState>,
    /// Local values of all objectives.
    objectives: Vec<ObjectiveValues>,
    globals: Vec<ObjectiveValues>,
    /// Place of each activity among the available children of its parent: follows from the activities'
    /// `children`, kept for speed.
    places: Vec<u32>,
    recorder: Recorder,
}

impl Tracking {
    /// Nothing attempted, nothing known.
    pub(crate) fn new(tree: &Tree) -> Self {
        Self {
            current: None,
            suspended: None,
            activities: (0..tree.len()).map(|_| ActivityState::default()).collect(),
            objectives: alloc::vec![ObjectiveValues::default(); tree.objectives().len()],
            globals: alloc::vec![ObjectiveValues::default(); tree.globals().len()],
            places: tree.all().map(|ix| tree.activity(ix).place()).collect(),
            recorder: Recorder::new(tree.len(), None, None),
        }
    }

    pub(crate) fn current(&self) -> Option<Ix> {
        self.current
    }

    pub(crate) fn set_current(&mut self, current: Option<Ix>) {
        self.current = current;
    }

    pub(crate) fn suspended(&self) -> Option<Ix> {
        self.suspended
    }

    pub(crate) fn set_suspended(&mut self, suspended: Option<Ix>) {
        self.suspended = suspended;
    }

    pub(crate) fn activity(&self, ix: Ix) -> &ActivityState {
        &self.activities[ix.index()]
    }

    /// For changing; the state before is remembered.
    pub(crate) fn activity_mut(&mut self, tree: &Tree, ix: Ix) -> &mut ActivityState {
        self.remember(tree, ix);
        &mut self.activities[ix.index()]
    }

    /// What the activity itself recorded for an objective, without maps.
    pub(crate) fn local(&self, slot: Slot) -> &ObjectiveValues {
        &self.objectives[slot.index()]
    }

    /// For changing a local value of an objective of `ix`; the state before is remembered.
    pub(crate) fn local_mut(&mut self, tree: &Tree, ix: Ix, slot: Slot) -> &mut ObjectiveValues {
        self.remember(tree, ix);
        &mut self.objectives[slot.index()]
    }

    fn remember(&mut self, tree: &Tree, ix: Ix) {
        if self.recorder.is_new(ix) {
            let state = self.activities[ix.index()].clone();
            let objectives = tree.activity(ix).slots().map(|slot| *self.local(slot)).collect();
            self.recorder.activities.push((ix, Before { state, objectives }));
        }
    }

    /// The Available Children (AM.1.1) in their order.
    pub(crate) fn children<'a>(&'a self, tree: &'a Tree, ix: Ix) -> &'a [Ix] {
        let chosen = if tree.brief(ix).leaf { None } else { self.activity(ix).children.as_deref() };
        chosen.unwrap_or_else(|| tree.children(ix))
    }

    /// Gives a cluster its Available Children.
    pub(crate) fn set_children(&mut self, tree: &Tree, ix: Ix, children: Option<Box<[Ix]>>) {
        self.activity_mut(tree, ix).children = children;
        self.place_children(tree, ix);
    }

    fn place_children(&mut self, tree: &Tree, ix: Ix) {
        for child in tree.children(ix) {
            self.places[child.index()] = NOT_AVAILABLE;
        }
        let children: Vec<Ix> = self.children(tree, ix).to_vec();
        for (place, child) in (0..).zip(children) {
            self.places[child.index()] = place;
        }
    }

    /// Place among the available children of the parent; `None` when it is not among them. The root is at 0.
    pub(crate) fn place(&self, ix: Ix) -> Option<u32> {
        Some(self.places[ix.index()]).filter(|place| *place != NOT_AVAILABLE)
    }

    /// Puts an activity's whole state, as when a saved state is read.
    pub(crate) fn restore(
        &mut self,
        tree: &Tree,
        ix: Ix,
        state: ActivityState,
        objectives: &[ObjectiveValues],
    ) {
        for (slot, values) in tree.activity(ix).slots().zip(objectives) {
            *self.local_mut(tree, ix, slot) = *values;
        }
        *self.activity_mut(tree, ix) = state;
        self.place_children(tree, ix);
    }

    pub(crate) fn global(&self, global: GlobalIx) -> &ObjectiveValues {
        &self.globals[global.index()]
    }

    /// How what was touched was before it was touched; from now on, changes from here on are remembered.
    pub(crate) fn take_remembered(&mut self) -> Remembered {
        self.recorder.take(self.current, self.suspended)
    }

    /// Whether an activity is not as it was before.
    pub(crate) fn differs(&self, tree: &Tree, ix: Ix, before: &Before) -> bool {
        *self.activity(ix) != before.state
            || tree
                .activity(ix)
                .slots()
                .zip(&before.objectives)
                .any(|(slot, values)| self.local(slot) != values)
    }
}
