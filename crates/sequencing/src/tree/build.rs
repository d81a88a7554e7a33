use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::fmt;

use super::{Activity, Brief, Global, GlobalIx, Ix, Map, Objective, RuleBounds, Rules, Slot, Tree};
use crate::{
    Edition,
    definitions::{Definition, Objective as ObjectiveDefinition, ObjectiveMap},
};

/// One organization or item of a manifest, as [`Tree::new`] takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its identifier, unique within the organization.
    pub id: String,
    /// 0 for the organization, 1 for its items, and so on.
    pub depth: u32,
    /// `isvisible`. Default true.
    pub visible: bool,
    /// Its sequencing, sequencing collections already merged in.
    pub definition: Definition,
}

/// Why items do not make a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeError {
    /// There is no item at all.
    Empty,
    /// More than 16 million items.
    TooLarge,
    /// The first item is not at depth 0, or another one is, or an item is deeper than a child of the one before.
    Depth {
        /// Identifier of the item.
        id: String,
    },
    /// Two items have the same identifier.
    DuplicateId {
        /// The identifier.
        id: String,
    },
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("an activity tree needs at least one activity"),
            Self::TooLarge => write!(f, "an activity tree may have at most {MAX_ACTIVITIES} activities"),
            Self::Depth { id } => write!(
                f,
                "the depth of \"{id}\" does not fit: items are listed in document order, one organization at \
                 depth 0 and each child one deeper than its parent"
            ),
            Self::DuplicateId { id } => write!(f, "the identifier \"{id}\" occurs twice"),
        }
    }
}

impl core::error::Error for TreeError {}

/// Upper limit of the number of activities, far above any course and far below what an index can hold.
const MAX_ACTIVITIES: usize = 1 << 24;

impl Tree {
    /// Arranges the items of one organization, given in document order.
    ///
    /// `globals_outlive_attempt` is the organization's `adlseq:objectivesGlobalToSystem` (default true).
    ///
    /// # Errors
    /// [`TreeError`] when the items do not describe one tree.
    pub fn new(
        edition: Edition,
        globals_outlive_attempt: bool,
        items: impl IntoIterator<Item = Item>,
    ) -> Result<Self, TreeError> {
        let mut builder = Builder::default();
        for item in items {
            builder.add(item)?;
        }
        builder.finish(edition, globals_outlive_attempt)
    }
}

#[derive(Default)]
struct Builder {
    activities: Vec<Activity>,
    objectives: Vec<Objective>,
    globals: Vec<Global>,
    rules: Rules,
    rule_bounds: Vec<RuleBounds>,
    global_by_id: BTreeMap<String, GlobalIx>,
    by_id: BTreeMap<String, Ix>,
    /// The last activity seen at each depth.
    open: Vec<Ix>,
    /// Children per activity.
    children: Vec<Vec<Ix>>,
}

impl Builder {
    fn add(&mut self, item: Item) -> Result<(), TreeError> {
        if self.activities.len() >= MAX_ACTIVITIES {
            return Err(TreeError::TooLarge);
        }
        let ix = Ix(self.activities.len() as u32);
        let depth = item.depth as usize;
        let fits = if ix == Ix::ROOT { depth == 0 } else { depth > 0 && depth <= self.open.len() };
        if !fits {
            return Err(TreeError::Depth { id: item.id });
        }
        if self.by_id.insert(item.id.clone(), ix).is_some() {
            return Err(TreeError::DuplicateId { id: item.id });
        }
        self.open.truncate(depth);
        let parent = self.open.last().copied();
        self.open.push(ix);
        self.children.push(Vec::new());
        let place = parent.map_or(0, |parent| {
            let siblings = &mut self.children[parent.index()];
            siblings.push(ix);
            siblings.len() as u32 - 1
        });
        let first = self.objectives.len() as u32;
        for objective in item.definition.objectives.iter() {
            let objective = self.resolve(objective);
            self.objectives.push(objective);
        }
        self.note_reader(ix, Slot(first));
        let objectives = first..self.objectives.len() as u32;
        let slot = |id: Option<&str>| match id {
            None => Some(Slot(first)),
            Some(id) => objectives
                .clone()
                .map(Slot)
                .find(|slot| self.objectives[slot.index()].id.as_deref() == Some(id)),
        };
        let rules = self.rules.add(&item.definition.rules, slot);
        self.rule_bounds.push(rules);
        self.activities.push(Activity {
            id: item.id,
            parent,
            depth: item.depth,
            place,
            end: ix.0 + 1,
            visible: item.visible,
            children: 0..0,
            objectives,
            definition: item.definition,
        });
        Ok(())
    }

    fn resolve(&mut self, objective: &ObjectiveDefinition) -> Objective {
        let resolve =
            |map: &ObjectiveMap| Map { global: self.global(&map.target), read: map.read, write: map.write };
        Objective {
            id: objective.id.clone(),
            satisfied_by_measure: objective.satisfied_by_measure,
            min_normalized_measure: objective.min_normalized_measure,
            maps: objective.maps.iter().map(resolve).collect(),
        }
    }

    /// What the primary objective reads takes part in the rollup of the parent.
    fn note_reader(&mut self, ix: Ix, primary: Slot) {
        for map in &self.objectives[primary.index()].maps {
            let read = map.read;
            let rolled_up = read.satisfied_status
                || read.normalized_measure
                || read.completion_status
                || read.progress_measure;
            let readers = &mut self.globals[map.global.index()].readers;
            if rolled_up && readers.last() != Some(&ix) {
                readers.push(ix);
            }
        }
    }

    fn global(&mut self, id: &str) -> GlobalIx {
        if let Some(known) = self.global_by_id.get(id) {
            return *known;
        }
        let ix = GlobalIx(self.globals.len() as u32);
        self.globals.push(Global { id: id.into(), readers: Vec::new() });
        self.global_by_id.insert(id.into(), ix);
        ix
    }

    /// A course of one activity, whose author said nothing about flow and choice, starts with that activity and needs no
    /// table of contents. The books do not say so, but ADL's test cases CM-11 and SX-08 expect it.
    fn open_single_activity(&mut self) {
        if let [root, _] = &mut self.activities[..] {
            let control = &mut root.definition.control;
            if control.choice && !control.flow {
                (control.choice, control.flow) = (false, true);
            }
        }
    }

    fn finish(mut self, edition: Edition, globals_outlive_attempt: bool) -> Result<Tree, TreeError> {
        if self.activities.is_empty() {
            return Err(TreeError::Empty);
        }
        self.open_single_activity();
        for ix in (1..self.activities.len()).rev() {
            let end = self.activities[ix].end;
            if let Some(parent) = self.activities[ix].parent {
                let parent = &mut self.activities[parent.index()];
                parent.end = parent.end.max(end);
            }
        }
        let mut children = Vec::with_capacity(self.activities.len() - 1);
        for (activity, own) in self.activities.iter_mut().zip(&self.children) {
            let start = children.len() as u32;
            children.extend_from_slice(own);
            activity.children = start..children.len() as u32;
        }
        let briefs =
            self.activities.iter().zip(self.rule_bounds).map(|(activity, rules)| Brief::of(activity, rules));
        Ok(Tree {
            edition,
            globals_outlive_attempt,
            briefs: briefs.collect(),
            rules: self.rules,
            activities: self.activities,
            children,
            objectives: self.objectives,
            globals: self.globals,
            by_id: self.by_id,
        })
    }
}
