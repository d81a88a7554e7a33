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

/// A status as the content reported it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reported {
    /// The content said nothing.
    #[default]
    Unset,
    /// The content said that it is unknown.
    Unknown,
    /// Incomplete; failed.
    No,
    /// Completed; passed.
    Yes,
}

impl Reported {
    fn known(self) -> Option<bool> {
        match self {
            Self::Unset | Self::Unknown => None,
            Self::No => Some(false),
            Self::Yes => Some(true),
        }
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
        state.suspended = data.suspend && tracked;
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
    /// `cmi.objectives`, that fills the gaps, and its success status goes first.
    fn apply_primary(&mut self, ix: Ix, primary: Slot, data: &RuntimeData, objective: &RuntimeObjective) {
        let completion = first_said(data.completion, objective.completion);
        let success = first_said(objective.success, data.success);
        self.apply_completion(ix, primary, completion);
        self.set_progress_measure(ix, primary, data.progress_measure.or(objective.progress_measure));
        self.apply_success(ix, primary, success);
        self.set_measure(ix, primary, data.scaled.or(objective.scaled));
        self.apply_scores(ix, primary, objective);
        let state = self.tracking.activity_mut(self.tree, ix);
        state.content_said_completion = completion != Reported::Unset;
        state.content_said_success |= success == Reported::Unknown || objective.success != Reported::Unset;
    }

    fn apply_success(&mut self, ix: Ix, slot: Slot, success: Reported) {
        match success {
            Reported::Unset => {}
            Reported::Unknown if self.tree.objective(slot).satisfied_by_measure => {}
            Reported::Unknown => self.write_anyway(ix, slot, &SATISFIED, None),
            Reported::No | Reported::Yes => self.set_satisfied(ix, slot, success.known()),
        }
    }

    fn apply_completion(&mut self, ix: Ix, slot: Slot, completion: Reported) {
        match completion {
            Reported::Unknown => self.write_anyway(ix, slot, &COMPLETED, None),
            _ => self.set_completed(ix, slot, completion.known()),
        }
    }

    fn apply_scores(&mut self, ix: Ix, slot: Slot, objective: &RuntimeObjective) {
        self.write(ix, slot, &RAW, objective.raw);
        self.write(ix, slot, &MIN, objective.min);
        self.write(ix, slot, &MAX, objective.max);
    }
}

fn first_said(first: Reported, second: Reported) -> Reported {
    if first == Reported::Unset { second } else { first }
}

impl View<'_> {
    /// The objectives with an id that content finds when it is delivered.
    pub(crate) fn objective_seeds(&self, ix: Ix) -> Vec<ObjectiveSeed> {
        let with_id = |slot: Slot| Some((slot, self.tree.objective(slot).id.clone()?));
        let named = self.activity(ix).slots().filter_map(with_id);
        named.map(|(slot, id)| ObjectiveSeed { id, values: self.objective_values(ix, slot) }).collect()
    }
}
