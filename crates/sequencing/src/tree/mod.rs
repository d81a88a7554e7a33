//! The activity tree: what the author defined, arranged for fast walking.
//!
//! A [`Tree`] never changes. Activities lie in document order, so a parent always comes before its children and
//! a subtree is one range of indexes. Everything that a learner changes lives in the tracking.

mod brief;
mod build;
mod objective;
mod rules;

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::ops::Range;

pub(crate) use brief::Brief;
pub use build::{Item, TreeError};
pub(crate) use objective::{GlobalIx, Map, Objective, Slot};
pub(crate) use rules::{Condition, Rule, RuleBounds, RuleKind, Rules};

use crate::{Edition, definitions::Definition};

/// An activity, as its place in document order; the root is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ix(pub(crate) u32);

impl Ix {
    /// The root of every tree.
    pub const ROOT: Self = Self(0);

    /// The place in document order.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The activities of one organization with all their definitions.
#[derive(Debug, Clone)]
pub struct Tree {
    edition: Edition,
    globals_outlive_attempt: bool,
    activities: Vec<Activity>,
    briefs: Vec<Brief>,
    rules: Rules,
    children: Vec<Ix>,
    objectives: Vec<Objective>,
    globals: Vec<Global>,
    by_id: BTreeMap<String, Ix>,
}

/// One activity of a [`Tree`].
#[derive(Debug, Clone)]
pub struct Activity {
    id: String,
    parent: Option<Ix>,
    depth: u32,
    place: u32,
    /// Behind the last activity of its subtree.
    end: u32,
    visible: bool,
    children: Range<u32>,
    objectives: Range<u32>,
    definition: Definition,
}

/// A global objective that some activity of the tree maps to.
#[derive(Debug, Clone)]
pub(crate) struct Global {
    pub(crate) id: String,
    /// Activities whose primary objective reads it, in document order.
    pub(crate) readers: Vec<Ix>,
}

impl Activity {
    /// Identifier of the item.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The cluster it is a child of; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Ix> {
        self.parent
    }

    /// Number of ancestors.
    #[must_use]
    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// Whether it has no children in the manifest. Only leaves are ever delivered.
    #[must_use]
    pub fn is_leaf(&self) -> bool {
        self.children.is_empty()
    }

    /// `isvisible` of the item: whether the table of contents shows it.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        self.visible
    }

    /// What its author said about its sequencing.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// Place among the children of its parent as the manifest lists them.
    pub(crate) fn place(&self) -> u32 {
        self.place
    }

    /// The objective that takes part in rollup.
    pub(crate) fn primary(&self) -> Slot {
        Slot(self.objectives.start)
    }

    /// All objectives, the primary one first.
    pub(crate) fn slots(&self) -> impl Iterator<Item = Slot> + use<> {
        self.objectives.clone().map(Slot)
    }
}

impl Tree {
    /// The edition whose rules apply.
    #[must_use]
    pub fn edition(&self) -> Edition {
        self.edition
    }

    /// Whether global objectives outlive an attempt on the tree (`adlseq:objectivesGlobalToSystem`, SN 3.10).
    #[must_use]
    pub fn globals_outlive_attempt(&self) -> bool {
        self.globals_outlive_attempt
    }

    /// Number of activities, at least one.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub fn len(&self) -> usize {
        self.activities.len()
    }

    /// An activity. `Ix` values come from the same tree.
    #[must_use]
    pub fn activity(&self, ix: Ix) -> &Activity {
        &self.activities[ix.index()]
    }

    pub(crate) fn brief(&self, ix: Ix) -> &Brief {
        &self.briefs[ix.index()]
    }

    /// The activity with this identifier (identifiers are case-sensitive).
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Ix> {
        self.by_id.get(id).copied()
    }

    /// All activities in document order.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = Ix> + use<> {
        (0..u32::try_from(self.activities.len()).unwrap_or(u32::MAX)).map(Ix)
    }

    /// The children in the order of the manifest. Which of them take part, and in which order, is a matter of
    /// selection and randomization.
    #[must_use]
    pub fn children(&self, ix: Ix) -> &[Ix] {
        let brief = self.brief(ix);
        &self.children[brief.first_child as usize..brief.end_of_children as usize]
    }

    /// The activity and its ancestors up to the root.
    pub(crate) fn path_up(&self, from: Ix) -> impl Iterator<Item = Ix> + '_ {
        core::iter::successors(Some(from), |ix| self.brief(*ix).parent)
    }

    /// From the root down to the activity.
    pub(crate) fn path_down(&self, to: Ix) -> Vec<Ix> {
        let mut path: Vec<Ix> = self.path_up(to).collect();
        path.reverse();
        path
    }

    /// The deepest activity that has both on its path; an activity is on its own path.
    pub(crate) fn common_ancestor(&self, one: Ix, other: Ix) -> Ix {
        let (mut one, mut other) = (one, other);
        while one != other {
            let deeper = if self.brief(one).depth >= self.brief(other).depth { &mut one } else { &mut other };
            *deeper = self.brief(*deeper).parent.unwrap_or(Ix::ROOT);
        }
        one
    }

    /// Whether `ix` is `ancestor` or below it.
    pub(crate) fn is_within(&self, ix: Ix, ancestor: Ix) -> bool {
        ix >= ancestor && ix.0 < self.brief(ancestor).end
    }

    /// The sequencing rules of an activity that are asked for something, in document order.
    pub(crate) fn rules(&self, ix: Ix, kind: RuleKind) -> &[Rule] {
        self.rules.of(&self.brief(ix).rules, kind)
    }

    pub(crate) fn conditions(&self, rule: &Rule) -> &[Condition] {
        self.rules.conditions(rule)
    }

    pub(crate) fn objective(&self, slot: Slot) -> &Objective {
        &self.objectives[slot.index()]
    }

    pub(crate) fn objectives(&self) -> &[Objective] {
        &self.objectives
    }

    pub(crate) fn globals(&self) -> &[Global] {
        &self.globals
    }

    /// The objective of an activity with this id.
    pub(crate) fn slot(&self, ix: Ix, id: &str) -> Option<Slot> {
        self.activity(ix).slots().find(|slot| self.objective(*slot).id.as_deref() == Some(id))
    }
}
