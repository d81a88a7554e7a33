//! What is stored of a learner between sessions, and what a request changed of it.
//!
//! Both name activities by their identifiers and leave out whatever is as it was in the beginning, so that they stay small
//! and can be read by a later version of the program, or on a later version of the course.

mod record;

use alloc::{collections::BTreeMap, string::String, sync::Arc, vec::Vec};
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    ObjectiveValues, Sequencer,
    definitions::is_default,
    tracking::{Remembered, Tracking},
    tree::{GlobalIx, Ix, Tree},
};
pub use record::Record;

/// The state of one learner on one tree.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Version of the format, [`State::VERSION`].
    pub v: u32,
    /// The seed of selection and randomization.
    #[serde(default)]
    pub seed: u64,
    /// The Current and the Suspended Activity.
    #[serde(default, skip_serializing_if = "is_default")]
    pub at: Position,
    /// Activities about which something is known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub activities: BTreeMap<String, Record>,
    /// Global objectives about which something is known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub globals: BTreeMap<String, ObjectiveValues>,
}

/// Where the learner is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Position {
    /// Identifier of the Current Activity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// Identifier of the Suspended Activity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspended: Option<String>,
}

/// What changed since [`Sequencer::take_changes`] was called before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    /// Where the learner is now, if that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Position>,
    /// Activities as they are now; null where everything is as in the beginning.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub activities: BTreeMap<String, Option<Record>>,
    /// All global objectives were forgotten before what `globals` says.
    #[serde(skip_serializing_if = "is_default")]
    pub globals_forgotten: bool,
    /// Global objectives as they are now; null where nothing is known any more.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub globals: BTreeMap<String, Option<ObjectiveValues>>,
}

/// Why a state cannot be taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateError {
    /// It was written by a later version of the program.
    Version {
        /// The version of the state.
        found: u32,
    },
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version { found } => write!(
                f,
                "the sequencing state has format {found}, this program knows {}: a later version wrote it",
                State::VERSION
            ),
        }
    }
}

impl core::error::Error for StateError {}

impl State {
    /// The version that this program writes.
    pub const VERSION: u32 = 1;

    /// The state of a learner who has not attempted anything.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { v: Self::VERSION, seed, ..Self::default() }
    }

    /// Applies recorded changes: the result is the state that the sequencer had when it told them.
    pub fn apply(&mut self, changes: &Changes) {
        if let Some(at) = &changes.at {
            self.at.clone_from(at);
        }
        put_all(&mut self.activities, &changes.activities);
        if changes.globals_forgotten {
            self.globals.clear();
        }
        put_all(&mut self.globals, &changes.globals);
    }
}

impl Changes {
    /// Nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn put_all<T: Clone>(known: &mut BTreeMap<String, T>, changed: &BTreeMap<String, Option<T>>) {
    for (id, value) in changed {
        match value {
            Some(value) => known.insert(id.clone(), value.clone()),
            None => known.remove(id),
        };
    }
}

impl Sequencer {
    /// The whole state, to be taken up again by [`Sequencer::restore`].
    #[must_use]
    pub fn state(&self) -> State {
        let (tree, tracking) = (self.tree(), self.tracking());
        let activities = tree
            .all()
            .filter_map(|ix| Some((tree.activity(ix).id().into(), Record::of(tree, tracking, ix)?)))
            .collect();
        let globals = self.globals().filter(|(_, values)| !is_default(*values));
        State {
            v: State::VERSION,
            seed: self.seed(),
            at: position(tree, tracking.current(), tracking.suspended()),
            activities,
            globals: globals.map(|(id, values)| (id.into(), *values)).collect(),
        }
    }

    /// Takes up a state on a tree. What it says about activities that the tree does not have is dropped.
    ///
    /// # Errors
    /// [`StateError::Version`] when a later version of the program wrote it.
    pub fn restore(tree: Arc<Tree>, state: &State) -> Result<Self, StateError> {
        if state.v > State::VERSION {
            return Err(StateError::Version { found: state.v });
        }
        let mut tracking = Tracking::new(&tree);
        for (id, record) in &state.activities {
            if let Some(ix) = tree.find(id) {
                record.restore(&tree, &mut tracking, ix);
            }
        }
        let find = |id: &Option<String>| id.as_deref().and_then(|id| tree.find(id));
        tracking.set_current(find(&state.at.current));
        tracking.set_suspended(find(&state.at.suspended));
        tracking.take_remembered();
        let mut sequencer = Self::with_tracking(tree, tracking, state.seed);
        for (id, values) in &state.globals {
            sequencer.set_global(id, *values);
        }
        sequencer.take_changes();
        Ok(sequencer)
    }

    /// What changed since it was asked before: a few hundred bytes for an ordinary navigation, however large the tree is.
    pub fn take_changes(&mut self) -> Changes {
        let remembered = self.tracking_mut().take_remembered();
        let (tree, tracking) = (self.tree(), self.tracking());
        let now = position(tree, tracking.current(), tracking.suspended());
        let before = position(tree, remembered.current, remembered.suspended);
        let (globals_forgotten, globals) = changed_globals(tree, tracking, &remembered);
        let changed = remembered.activities.iter().filter(|(ix, before)| tracking.differs(tree, *ix, before));
        Changes {
            at: (now != before).then_some(now),
            activities: changed
                .map(|(ix, _)| (tree.activity(*ix).id().into(), Record::of(tree, tracking, *ix)))
                .collect(),
            globals_forgotten,
            globals,
        }
    }
}

fn position(tree: &Tree, current: Option<Ix>, suspended: Option<Ix>) -> Position {
    let id = |ix: Option<Ix>| ix.map(|ix| tree.activity(ix).id().into());
    Position { current: id(current), suspended: id(suspended) }
}

type Globals = BTreeMap<String, Option<ObjectiveValues>>;

/// Whether all globals were forgotten, and those to be told apart from that.
fn changed_globals(tree: &Tree, tracking: &Tracking, remembered: &Remembered) -> (bool, Globals) {
    let told = |ix: GlobalIx, values: &ObjectiveValues| {
        (tree.globals()[ix.index()].id.clone(), Some(*values).filter(|values| !is_default(values)))
    };
    if remembered.globals_forgotten {
        let all = (0..tree.globals().len() as u32).map(GlobalIx);
        let known = all.map(|ix| (ix, tracking.global(ix))).filter(|(_, values)| !is_default(*values));
        return (true, known.map(|(ix, values)| told(ix, values)).collect());
    }
    let changed = remembered.globals.iter().filter(|(ix, before)| tracking.global(**ix) != *before);
    (false, changed.map(|(ix, _)| told(*ix, tracking.global(*ix))).collect())
}

/// Trailing entries without a value are not worth a byte.
fn trimmed(mut values: Vec<ObjectiveValues>) -> Vec<ObjectiveValues> {
    while values.last().is_some_and(is_default) {
        values.pop();
    }
    values
}
