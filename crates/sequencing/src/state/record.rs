use alloc::{boxed::Box, vec::Vec};

use serde::{Deserialize, Serialize};

use super::trimmed;
use crate::{
    ObjectiveValues,
    definitions::is_default,
    tracking::{ActivityState, Durations, Tracking},
    tree::{Ix, Tree},
};

/// What is stored of one activity. Read and written by this crate only, hence the short names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// Active.
    #[serde(rename = "a", skip_serializing_if = "is_default")]
    active: bool,
    /// Suspended.
    #[serde(rename = "s", skip_serializing_if = "is_default")]
    suspended: bool,
    /// Left to return.
    #[serde(rename = "e", skip_serializing_if = "is_default")]
    left_to_return: bool,
    /// Number of attempts.
    #[serde(rename = "n", skip_serializing_if = "is_default")]
    attempts: u32,
    /// Attempt of the parent during which the tracking information was recorded.
    #[serde(rename = "p", skip_serializing_if = "is_default")]
    recorded_in: u32,
    /// What the content said something about: 1 completion, 2 success.
    #[serde(rename = "b", skip_serializing_if = "is_default")]
    said: u8,
    /// Rollup came by.
    #[serde(rename = "l", skip_serializing_if = "is_default")]
    looked_at: bool,
    /// Available children, as their places in the manifest.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    children: Option<Vec<u32>>,
    /// Children of the last attempt, where others are available for the next one.
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    last_children: Option<Vec<u32>>,
    /// How often children were drawn.
    #[serde(rename = "d", skip_serializing_if = "is_default")]
    draws: u32,
    /// After how many attempts that was last.
    #[serde(rename = "w", skip_serializing_if = "Option::is_none")]
    drawn_after: Option<u32>,
    /// Durations.
    #[serde(rename = "t", skip_serializing_if = "is_default")]
    durations: Durations,
    /// Local values of the objectives in the order of the manifest, the primary one first.
    #[serde(rename = "o", skip_serializing_if = "Vec::is_empty")]
    objectives: Vec<ObjectiveValues>,
}

const SAID_COMPLETION: u8 = 1;
const SAID_SUCCESS: u8 = 2;

impl Record {
    /// The record of an activity; `None` when there is nothing to tell.
    pub(super) fn of(tree: &Tree, tracking: &Tracking, ix: Ix) -> Option<Self> {
        let state = tracking.activity(ix);
        let places = |children: &Option<Box<[Ix]>>| {
            children.as_ref().map(|list| list.iter().map(|child| tree.activity(*child).place()).collect())
        };
        let flag = |set: bool, flag: u8| if set { flag } else { 0 };
        let record = Self {
            active: state.active,
            suspended: state.suspended,
            left_to_return: state.left_to_return,
            attempts: state.attempts,
            recorded_in: state.recorded_in,
            said: flag(state.content_said_completion, SAID_COMPLETION)
                | flag(state.content_said_success, SAID_SUCCESS),
            looked_at: state.looked_at,
            children: places(&state.children),
            last_children: places(&state.last_children),
            draws: state.draws,
            drawn_after: state.drawn_after,
            durations: state.durations,
            objectives: trimmed(tree.activity(ix).slots().map(|slot| *tracking.local(slot)).collect()),
        };
        (!is_default(&record)).then_some(record)
    }

    /// Puts what was stored.
    pub(super) fn restore(&self, tree: &Tree, tracking: &mut Tracking, ix: Ix) {
        let state = ActivityState {
            active: self.active,
            suspended: self.suspended,
            left_to_return: self.left_to_return,
            attempts: self.attempts,
            recorded_in: self.recorded_in,
            content_said_completion: self.said & SAID_COMPLETION != 0,
            content_said_success: self.said & SAID_SUCCESS != 0,
            looked_at: self.looked_at,
            children: children(tree, ix, self.children.as_deref()),
            last_children: children(tree, ix, self.last_children.as_deref()),
            draws: self.draws,
            drawn_after: self.drawn_after,
            durations: self.durations,
        };
        tracking.restore(tree, ix, state, &self.objectives);
    }
}

/// The children at these places. `None`, which is all of them, when the list does not fit the tree any more.
fn children(tree: &Tree, ix: Ix, places: Option<&[u32]>) -> Option<Box<[Ix]>> {
    let all = tree.children(ix);
    let mut taken = alloc::vec![false; all.len()];
    places?
        .iter()
        .map(|place| {
            let place = *place as usize;
            let first_time = !core::mem::replace(taken.get_mut(place)?, true);
            first_time.then(|| all[place])
        })
        .collect()
}
