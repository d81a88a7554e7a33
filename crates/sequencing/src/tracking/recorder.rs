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
    current: Option<Ix>,
    suspended: Option<Ix>,
    pub(crate) activities: Vec<(Ix, Before)>,
    globals: BTreeMap<GlobalIx, ObjectiveValues>,
    pub(crate) globals_forgotten: bool,
}

impl Recorder {
    pub(crate) fn new(activities: usize, current: Option<Ix>, suspended: Option<Ix>) -> Self {
        Self {
            seen: alloc::vec![0; activities.div_ceil(64)],
            current,
            suspended,
            activities: Vec::new(),
            globals: BTreeMap::new(),
            globals_forgotten: false,
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
        self.globals.entry(global).or_insert_with(|| *before);
    }

    /// What was remembered; begins anew, with the learner there.
    pub(crate) fn take(&mut self, current: Option<Ix>, suspended: Option<Ix>) -> Remembered {
        for (ix, _) in &self.activities {
            self.seen[ix.index() / 64] = 0;
        }
        Remembered {
            current: core::mem::replace(&mut self.current, current),
            suspended: core::mem::replace(&mut self.suspended, suspended),
            activities: core::mem::take(&mut self.activities),
            globals: core::mem::take(&mut self.globals),
            globals_forgotten: core::mem::take(&mut self.globals_forgotten),
        }
    }
}

/// How things were before.
#[derive(Debug, Clone)]
pub(crate) struct Remembered {
    pub(crate) current: Option<Ix>,
    pub(crate) suspended: Option<Ix>,
    pub(crate) activities: Vec<(Ix, Before)>,
    pub(crate) globals: BTreeMap<GlobalIx, ObjectiveValues>,
    pub(crate) globals_forgotten: bool,
}
