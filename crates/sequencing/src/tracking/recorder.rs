use alloc::{collections::BTreeMap, vec::Vec};

use super::{ActivityState, ObjectiveValues};
use crate::tree::{GlobalIx, Ix};

/// How an activity was before the request that is being processed.
#[derive(Debug, Clone)]
pub(crate) struct Before {
    pub(crate) state: ActivityState,
    pub(crate) objectives: Vec<ObjectiveValues>,
}

/// Remembers what a request touches, so that its changes can be told without comparing whole trees.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    /// Bit per activity: already remembered.
    seen: Vec<u64>,
    pub(crate) activities: Vec<(Ix, Before)>,
    pub(crate) globals: BTreeMap<GlobalIx, ObjectiveValues>,
}

impl Recorder {
    pub(crate) fn new(activities: usize) -> Self {
        Self {
            seen: alloc::vec![0; activities.div_ceil(64)],
            activities: Vec::new(),
            globals: BTreeMap::new(),
        }
    }

    /// True the first time that it is asked about an activity.
    pub(crate) fn is_new(&mut self, ix: Ix) -> bool {
        let (word, bit) = (&mut self.seen[ix.index() / 64], 1 << (ix.index() % 64));
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    pub(crate) fn remember_global(&mut self, global: GlobalIx, before: &ObjectiveValues) {
        self.globals.entry(global).or_insert_with(|| before.clone());
    }

    /// What was remembered; begins anew.
    pub(crate) fn take(&mut self) -> (Vec<(Ix, Before)>, BTreeMap<GlobalIx, ObjectiveValues>) {
        for (ix, _) in &self.activities {
            self.seen[ix.index() / 64] = 0;
        }
        (core::mem::take(&mut self.activities), core::mem::take(&mut self.globals))
    }
}
