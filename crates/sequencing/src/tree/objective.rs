use alloc::{string::String, vec::Vec};

use crate::definitions::{Decimal, MappedFields};

/// An objective of some activity, as its place among all objectives of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot(pub(crate) u32);

impl Slot {
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A global objective, as its place among those the tree maps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct GlobalIx(pub(crate) u32);

impl GlobalIx {
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// An objective with its maps resolved.
#[derive(Debug, Clone)]
pub(crate) struct Objective {
    pub(crate) id: Option<String>,
    pub(crate) satisfied_by_measure: bool,
    pub(crate) min_normalized_measure: Decimal,
    pub(crate) maps: Vec<Map>,
}

/// What an objective shares with one global objective.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Map {
    pub(crate) global: GlobalIx,
    pub(crate) read: MappedFields,
    pub(crate) write: MappedFields,
}
