//! What the courses of a learner share: global objectives whose course says `objectivesGlobalToSystem`, and data stores whose
//! course says `sharedDataGlobalToSystem` (SN 3.10.3, SN 3.4; both are the default).
//!
//! A session is opened with what the learner's courses know at that moment; the opening is stored, so whoever folds the attempt
//! never looks at anything newer. What an attempt changes goes to the learner in the transaction of the commit that changed it;
//! of two courses that change the same thing, the one whose commit comes later counts. A rollback is such a commit: it leaves what
//! the attempt knew at the earlier moment, also where another course has changed the same thing meanwhile. Erasing forgets all of
//! it. Exports hold it as far as each attempt's journal tells it, and taking one over sets nothing: whoever shares it there has to
//! have left it there. Verifying asks that each value is one that an attempt of the learner's stands at.

use std::collections::BTreeMap;

use lyceum_attempt::opening::Opening;
use lyceum_attempt::plan::Plan;
use lyceum_attempt::state::State;
use lyceum_sequencing::ObjectiveValues;
use lyceum_store::shared::{self, Kind};

use crate::error::AppError;

/// Values by the author's ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shared {
    pub(crate) objectives: BTreeMap<String, ObjectiveValues>,
    pub(crate) data: BTreeMap<String, String>,
}

impl Shared {
    /// What an attempt knows of it.
    pub(crate) fn of(plan: &Plan, state: &State) -> Self {
        let (Some(sequencing), Some(tracked)) = (&plan.sequencing, state.tracked()) else {
            return Self::default();
        };
        let mut known = Self::default();
        if sequencing.objectives_global_to_system {
            known.objectives.clone_from(&tracked.sequencing().globals);
        }
        if sequencing.shared_data_global_to_system {
            known.data.clone_from(tracked.shared_data());
        }
        known
    }

    /// What the attempt knows together with what its newest session was opened with, where no navigation has recorded that yet.
    pub(crate) fn with_opening(plan: &Plan, state: &State, opening: Option<&Opening>) -> Self {
        let mut known = Self::of(plan, state);
        let navigated = state.tracked().map_or(0, |tracked| tracked.session());
        if let Some(opening) = opening.filter(|opening| opening.ordinal > navigated) {
            known.objectives.extend(opening.objectives.iter().map(|(id, values)| (id.clone(), *values)));
            known.data.extend(opening.shared_data.clone());
        }
        known
    }

    /// What of the learner's concerns a course, from the stored rows.
    ///
    /// # Errors
    /// When a stored value cannot be read.
    pub(crate) fn for_course(plan: &Plan, rows: Vec<shared::Shared>) -> Result<Self, AppError> {
        let mut known = Self::default();
        let (objectives, stores) = plan.shared_with_other_courses();
        for row in rows {
            match row.kind {
                Kind::Objective if objectives.contains(row.id.as_str()) => {
                    let values = serde_json::from_str(&row.value)
                        .map_err(|e| AppError::Unreadable(format!("global objective {}: {e}", row.id)))?;
                    known.objectives.insert(row.id, values);
                }
                Kind::Data if stores.contains(row.id.as_str()) => {
                    known.data.insert(row.id, row.value);
                }
                _ => {}
            }
        }
        Ok(known)
    }

    /// All of it as it would be stored.
    pub(crate) fn rows(&self) -> Vec<shared::Shared> {
        self.changed_since(&Self::default())
    }

    /// What differs from `before`, to be stored. What is not known any more becomes unknown.
    pub(crate) fn changed_since(&self, before: &Self) -> Vec<shared::Shared> {
        let unknown = ObjectiveValues::default();
        let ids = before.objectives.keys().filter(|id| !self.objectives.contains_key(*id));
        let forgotten = ids.map(|id| (id, &unknown));
        let changed =
            self.objectives.iter().filter(|(id, values)| before.objectives.get(*id) != Some(values));
        let objectives = forgotten.chain(changed).map(|(id, values)| shared::Shared {
            kind: Kind::Objective,
            id: id.clone(),
            // Our own shape: writing it cannot fail.
            value: serde_json::to_string(values).unwrap_or_default(),
        });
        let ids = before.data.keys().filter(|id| !self.data.contains_key(*id));
        let emptied = ids.map(|id| (id, ""));
        let changed = self.data.iter().filter(|(id, value)| before.data.get(*id) != Some(value));
        let data = emptied.chain(changed.map(|(id, value)| (id, value.as_str())));
        let data = data.map(|(id, value)| shared::Shared {
            kind: Kind::Data,
            id: id.clone(),
            value: value.to_owned(),
        });
        // In one order everywhere, so that two commits of one learner never wait for each other in a circle.
        let mut all: Vec<_> = objectives.chain(data).collect();
        all.sort_by(|a, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
        all
    }
}
