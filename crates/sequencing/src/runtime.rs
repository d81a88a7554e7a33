//! From the data model of the content to the tracking model and back (RTE 4.2, SN 4.2).

use alloc::{string::String, vec::Vec};

use crate::{
    Millis,
    definitions::Decimal,
    machine::Machine,
    tracking::{
        ObjectiveValues,
        field::{COMPLETED, MAX, MIN, RAW, SATISFIED},
    },
    tree::{Ix, Slot},
    view::View,
};

/// A status in the data model of a SCO, and whether the content itself put it there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reported {
    /// Completed or passed; incomplete or failed; `None` is unknown.
    pub value: Option<bool>,
    /// By SetValue. Otherwise the run-time environment did: it concluded the status from a threshold, or the entry of
    /// `cmi.objectives` began with it.
    pub by_content: bool,
}

impl Reported {
    /// The content set it, and be it to unknown.
    #[must_use]
    pub const fn said(value: Option<bool>) -> Self {
        Self { value, by_content: true }
    }

    /// The run-time environment knows it without the content.
    #[must_use]
    pub const fn concluded(value: bool) -> Self {
        Self { value: Some(value), by_content: false }
    }

    /// Nothing was said and nothing is known.
    fn is_unset(self) -> bool {
        self.value.is_none() && !self.by_content
    }
}

/// What a SCO has reported in its visit, as it stands at Commit or Terminate.
///
/// Values are those that GetValue would answer, so a completion status that follows from the progress measure, or a success
/// status that follows from the score, is given as it follows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuntimeData {
    /// `cmi.completion_status`; `not attempted` counts as incomplete.
    pub completion: Reported,
    /// `cmi.success_status`.
    pub success: Reported,
    /// `cmi.score.scaled`.
    pub scaled: Option<Decimal>,
    /// `cmi.progress_measure`.
    pub progress_measure: Option<Decimal>,
    /// `cmi.objectives`, those that have an id.
    pub objectives: Vec<RuntimeObjective>,
    /// `cmi.exit` is `suspend`: the attempt goes on at the next visit.
    pub suspend: bool,
    /// `cmi.session_time` in milliseconds. Counts as experienced duration instead of the time by the clock.
    pub session_time: Option<Millis>,
}

/// One entry of `cmi.objectives`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuntimeObjective {
    /// `id`.
    pub id: String,
    /// `success_status`.
    pub success: Reported,
    /// `completion_status`; `not attempted` counts as incomplete.
    pub completion: Reported,
    /// `score.scaled`.
    pub scaled: Option<Decimal>,
    /// `score.raw`.
    pub raw: Option<Decimal>,
    /// `score.min`.
    pub min: Option<Decimal>,
    /// `score.max`.
    pub max: Option<Decimal>,
    /// `progress_measure`.
    pub progress_measure: Option<Decimal>,
}

/// What an entry of `cmi.objectives` is to hold when an activity is delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectiveSeed {
    /// `id`.
    pub id: String,
    /// Its values, read maps applied. `satisfied` is `success_status`.
    pub values: ObjectiveValues,
}

impl Machine<'_> {
    /// Takes over what the content of `ix` reported. Only an active leaf reports; nothing is rolled up before its attempt
    /// ends.
    pub(crate) fn apply_runtime(&mut self, ix: Ix, data: &RuntimeData) {
        if !self.tracking.activity(ix).active || !self.tree.activity(ix).is_leaf() {
            return;
        }
        let primary = self.tree.activity(ix).primary();
        let mut of_primary = RuntimeObjective::default();
        for objective in &data.objectives {
            match self.tree.slot(ix, &objective.id) {
                Some(slot) if slot == primary => of_primary = objective.clone(),
                Some(slot) => self.apply_objective(ix, slot, objective),
                None => {}
            }
        }
        self.apply_primary(ix, primary, data, &of_primary);
        let (now, tracked) = (self.now, self.view().is_tracked(ix));
        let state = self.tracking.activity_mut(self.tree, ix);
        state.left_to_return = !tracked && data.suspend;
        if tracked {
            state.suspended = data.suspend;
        }
        if let Some(spent) = data.session_time {
            state.durations.report(spent, now);
        }
    }

    fn apply_objective(&mut self, ix: Ix, slot: Slot, objective: &RuntimeObjective) {
        self.apply_success(ix, slot, objective.success);
        self.set_measure(ix, slot, objective.scaled);
        self.apply_completion(ix, slot, objective.completion);
        self.set_progress_measure(ix, slot, objective.progress_measure);
        self.apply_scores(ix, slot, objective);
    }

    /// The primary objective gets the values of the SCO as a whole; where the SCO reports the same objective in
    /// `cmi.objectives`, that fills the gaps.
    fn apply_primary(&mut self, ix: Ix, primary: Slot, data: &RuntimeData, objective: &RuntimeObjective) {
        let completion = self.said_first([data.completion, objective.completion]);
        let success = if self.readings.primary_entry_goes_first && !objective.success.is_unset() {
            objective.success
        } else {
            self.said_first([objective.success, data.success])
        };
        if !self.tree.activity(ix).definition().completion.completed_by_measure {
            self.apply_completion(ix, primary, completion);
        }
        self.set_progress_measure(ix, primary, data.progress_measure.or(objective.progress_measure));
        self.apply_success(ix, primary, success);
        self.set_measure(ix, primary, data.scaled.or(objective.scaled));
        self.apply_scores(ix, primary, objective);
        let state = self.tracking.activity_mut(self.tree, ix);
        state.content_said_completion = completion.by_content;
        state.content_said_success =
            if self.readings.primary_entry_goes_first && !objective.success.is_unset() {
                objective.success.by_content
            } else {
                state.content_said_success || success == Reported::said(None)
            };
    }

    /// What the content said goes before what was concluded, in the given order, and both before nothing.
    fn said_first(&self, reports: [Reported; 2]) -> Reported {
        let said = reports.into_iter().find(|report| report.by_content);
        let mut known = reports.into_iter().filter(|report| !report.is_unset());
        said.or_else(|| known.next()).unwrap_or_default()
    }

    fn apply_success(&mut self, ix: Ix, slot: Slot, success: Reported) {
        if self.tree.objective(slot).satisfied_by_measure || success.is_unset() {
            return;
        }
        self.write_anyway(ix, slot, &SATISFIED, success.value);
    }

    fn apply_completion(&mut self, ix: Ix, slot: Slot, completion: Reported) {
        if completion.by_content {
            self.write_anyway(ix, slot, &COMPLETED, completion.value);
        } else {
            self.write(ix, slot, &COMPLETED, completion.value);
        }
    }

    fn apply_scores(&mut self, ix: Ix, slot: Slot, objective: &RuntimeObjective) {
        self.write(ix, slot, &RAW, objective.raw);
        self.write(ix, slot, &MIN, objective.min);
        self.write(ix, slot, &MAX, objective.max);
    }
}

impl View<'_> {
    /// The objectives with an id that content finds when it is delivered.
    pub(crate) fn objective_seeds(&self, ix: Ix) -> Vec<ObjectiveSeed> {
        let with_id = |slot: Slot| Some((slot, self.tree.objective(slot).id.clone()?));
        let named = self.activity(ix).slots().filter_map(with_id);
        named.map(|(slot, id)| ObjectiveSeed { id, values: self.objective_values(ix, slot) }).collect()
    }
}
