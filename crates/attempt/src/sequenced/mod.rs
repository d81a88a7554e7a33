//! Courses with rules for the order of their activities (SCORM 2004): the sequencer's part of an attempt.
//!
//! [`explanation`] tells an author why something is (not) possible. [`recorded`] is what a navigation writes into the journal,
//! [`tracked`] the fold over that. `report` translates between the data model and the sequencer, `view` from its look-ahead to
//! what a player shows.

pub mod explanation;
pub mod recorded;
pub(crate) mod report;
pub mod tracked;
pub(crate) mod view;

use alloc::sync::Arc;

use lyceum_sequencing::{LookAhead, RuntimeData, Sequencer, State as SequencingState, Tree};

use crate::Millis;
use crate::opening::Opening;
use crate::plan::Plan;
use tracked::Tracked;

/// The sequencer of a session.
pub(crate) struct Sequenced {
    pub(crate) sequencer: Sequencer,
    /// What was found when it was last asked, until something happens.
    ahead: Option<LookAhead>,
}

impl Sequenced {
    /// Takes up what is tracked. `None` for a course without rules, and for one whose activities make no tree.
    pub(crate) fn open(plan: &Plan, opening: &Opening, tracked: Option<&Tracked>) -> Option<Self> {
        let tree = Arc::new(plan.tree()?.ok()?);
        let fresh;
        let state = match tracked {
            Some(tracked) => tracked.sequencing(),
            None => {
                fresh = SequencingState::new(opening.seed);
                &fresh
            }
        };
        let mut sequencer = Sequencer::restore(tree, state).ok()?;
        sequencer.set_tracing(true);
        // What other courses have left counts from the first request of a session on; that request records it.
        if tracked.is_none_or(|tracked| tracked.session() < opening.ordinal) {
            for (id, values) in &opening.objectives {
                sequencer.set_global(id, *values);
            }
        }
        Some(Self { sequencer, ahead: None })
    }

    /// Something happened.
    pub(crate) fn touch(&mut self) {
        self.ahead = None;
    }

    /// What was found, if nothing has happened since.
    pub(crate) fn ahead(&self) -> Option<(&Tree, &LookAhead)> {
        self.ahead.as_ref().map(|ahead| (&**self.sequencer.tree(), ahead))
    }

    /// What may be requested now. Computed once after each thing that happens.
    pub(crate) fn look_ahead(&mut self, pending: Option<&RuntimeData>, now: Millis) {
        let sequencer = &mut self.sequencer;
        self.ahead.get_or_insert_with(|| sequencer.look_ahead(pending, now));
    }
}
