//! The sequencing definitions of a course, as they travel to the browser.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use lyceum_sequencing::definitions::Definition;
use lyceum_sequencing::{Edition, Item, Tree, TreeError};
use serde::{Deserialize, Serialize};

use super::Plan;

/// What the author says about the order of the activities.
///
/// Courses of thousands of activities repeat a handful of definitions, so each is written once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sequencing {
    /// Global objectives belong to the learner, not only to the attempt (`adlseq:objectivesGlobalToSystem`).
    pub objectives_global_to_system: bool,
    /// The same for shared data (`adlcp:sharedDataGlobalToSystem`).
    pub shared_data_global_to_system: bool,
    /// Definitions that differ from each other.
    definitions: Vec<Definition>,
    /// Which of them each activity of the plan has.
    of: Vec<u32>,
}

impl Sequencing {
    /// From the definitions of the plan's activities, in their order.
    #[must_use]
    pub fn new<'a>(
        definitions: impl IntoIterator<Item = &'a Definition>,
        objectives_global_to_system: bool,
        shared_data_global_to_system: bool,
    ) -> Self {
        let mut new = Self {
            objectives_global_to_system,
            shared_data_global_to_system,
            definitions: Vec::new(),
            of: Vec::new(),
        };
        for definition in definitions {
            new.add(definition);
        }
        new
    }

    fn add(&mut self, definition: &Definition) {
        /// How far to look back: one definition for each kind of activity is the rule.
        const LOOK_BACK: usize = 32;
        let known = self.definitions.iter().rev().take(LOOK_BACK).position(|known| known == definition);
        let at = match known {
            Some(back) => self.definitions.len() - 1 - back,
            None => {
                self.definitions.push(definition.clone());
                self.definitions.len() - 1
            }
        };
        self.of.push(u32::try_from(at).unwrap_or(u32::MAX));
    }

    fn definition(&self, activity: usize) -> Definition {
        let at = self.of.get(activity).map(|at| *at as usize);
        at.and_then(|at| self.definitions.get(at)).cloned().unwrap_or_default()
    }
}

impl Plan {
    /// Ids of the global objectives, and of the data stores, that this course shares with the learner's other courses.
    #[must_use]
    pub fn shared_with_other_courses(&self) -> (BTreeSet<&str>, BTreeSet<&str>) {
        let (mut objectives, mut stores) = (BTreeSet::new(), BTreeSet::new());
        let Some(sequencing) = &self.sequencing else { return (objectives, stores) };
        if sequencing.objectives_global_to_system {
            let all = sequencing.definitions.iter().flat_map(|definition| definition.objectives.iter());
            objectives.extend(all.flat_map(|objective| &objective.maps).map(|map| map.target.as_str()));
        }
        if sequencing.shared_data_global_to_system {
            let maps = self.activities.iter().flat_map(|activity| &activity.shared_data);
            stores.extend(maps.map(|map| map.target.as_str()));
        }
        (objectives, stores)
    }

    /// The activity tree; `None` where the learner goes where she likes.
    ///
    /// # Errors
    /// When the activities do not make a tree, which no manifest that was imported leads to.
    pub fn tree(&self) -> Option<Result<Tree, TreeError>> {
        let sequencing = self.sequencing.as_ref()?;
        let edition = match self.edition {
            lyceum_cmi::Edition::Scorm2004Ed2 => Edition::Second,
            lyceum_cmi::Edition::Scorm2004Ed3 => Edition::Third,
            _ => Edition::Fourth,
        };
        let mut depths: Vec<u32> = Vec::with_capacity(self.activities.len());
        let items = self.activities.iter().enumerate().map(|(at, activity)| {
            let depth =
                activity.parent.and_then(|parent| depths.get(parent as usize)).map_or(0, |depth| depth + 1);
            depths.push(depth);
            Item {
                id: activity.id.clone(),
                depth,
                visible: activity.visible,
                definition: sequencing.definition(at),
            }
        });
        Some(Tree::new(edition, sequencing.objectives_global_to_system, items))
    }
}
