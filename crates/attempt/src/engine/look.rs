//! Where the engine's attempt stands, for whoever shows it.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Engine;
use crate::Millis;
use crate::navigation::{self, Controls, TocItem, TocLine};
use crate::opening::Opening;
use crate::plan::Plan;
use crate::rollup;
use crate::state::{SessionEnd, State};
use crate::summary::Summary;

impl Engine {
    /// The state with all entries of this session so far.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// See [`State::hash`].
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        self.state.hash()
    }

    /// The course.
    #[must_use]
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// The inputs entry of the session.
    #[must_use]
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// The activity whose content is in the frame.
    #[must_use]
    pub fn delivered(&self) -> Option<&str> {
        self.run.as_ref().map(|run| run.id.as_str())
    }

    pub(super) fn current(&self) -> Option<usize> {
        let id = self.delivered().or(self.view().current())?;
        self.index.get(id).copied()
    }

    /// How the session ended, if it has.
    #[must_use]
    pub fn ended(&self) -> Option<SessionEnd> {
        self.state.sessions().get(&self.opening.ordinal)?.ended
    }

    /// Where the course stands.
    #[must_use]
    pub fn summary(&self) -> Summary {
        rollup::course(&self.plan, &self.opening.settings, self.opening.before.as_ref(), &self.state)
    }

    /// The table of contents.
    pub fn toc(&mut self, now: Millis) -> Vec<TocItem> {
        let lines = self.toc_lines(now);
        navigation::items(&self.plan, &lines)
    }

    /// What changes of its lines, for who has the plan: a course may have thousands of them.
    pub fn toc_lines(&mut self, now: Millis) -> Vec<TocLine> {
        let by_rules = self.toc_by_rules(now);
        by_rules.unwrap_or_else(|| {
            navigation::toc(&self.plan, &self.opening.settings, self.view(), self.delivered())
        })
    }

    /// Which controls the player offers.
    pub fn controls(&mut self, now: Millis) -> Controls {
        let by_rules = self.controls_by_rules(now);
        by_rules.unwrap_or_else(|| {
            navigation::controls(&self.plan, &self.opening.settings, self.view(), self.current())
        })
    }

    /// The error a caller sees when no activity is delivered.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.run.is_none()
    }
}
