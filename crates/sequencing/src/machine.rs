//! What processes change.

use crate::{
    Millis,
    definitions::{Decimal, MappedFields},
    readings::Readings,
    trace::Trace,
    tracking::{ObjectiveValues, Tracking},
    tree::{Ix, Slot, Tree},
    view::View,
};

/// A request being carried out. Everything that changes the tracking is a method of it.
pub(crate) struct Machine<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) tracking: &'a mut Tracking,
    pub(crate) seed: u64,
    pub(crate) now: Millis,
    pub(crate) readings: Readings,
    pub(crate) trace: &'a Trace,
}

impl Machine<'_> {
    pub(crate) fn view(&self) -> View<'_> {
        View {
            tree: self.tree,
            tracking: self.tracking,
            now: self.now,
            readings: self.readings,
            trace: self.trace,
        }
    }

    /// Sets satisfaction and writes it to the mapped global objectives. Without effect where the measure decides.
    pub(crate) fn set_satisfied(&mut self, ix: Ix, slot: Slot, satisfied: Option<bool>) {
        if !self.tree.objective(slot).satisfied_by_measure {
            self.write(ix, slot, |f| f.satisfied_status, |v| v.satisfied = satisfied);
        }
    }

    /// Sets the measure and writes it to the mapped global objectives, also the satisfaction that follows from
    /// it.
    pub(crate) fn set_measure(&mut self, ix: Ix, slot: Slot, measure: Option<Decimal>) {
        self.write(ix, slot, |f| f.normalized_measure, |v| v.measure = measure);
        self.publish_satisfaction_by_measure(ix, slot, measure);
    }

    /// Writes to the mapped global objectives whether the objective is satisfied, where the measure decides that (SN
    /// 3.10.1, RB.1.2 a).
    pub(crate) fn publish_satisfaction_by_measure(&mut self, ix: Ix, slot: Slot, measure: Option<Decimal>) {
        let objective = self.tree.objective(slot);
        if objective.satisfied_by_measure && !self.view().measure_does_not_decide_yet(ix, slot) {
            let satisfied = measure.map(|measure| measure >= objective.min_normalized_measure);
            self.write(ix, slot, |f| f.satisfied_status, |v| v.satisfied = satisfied);
        }
    }

    /// Sets completion and writes it to the mapped global objectives. Without effect where the progress measure
    /// decides.
    pub(crate) fn set_completed(&mut self, ix: Ix, slot: Slot, completed: Option<bool>) {
        let activity = self.tree.activity(ix);
        if slot != activity.primary() || !activity.definition().completion.completed_by_measure {
            self.write(ix, slot, |f| f.completion_status, |v| v.completed = completed);
        }
    }

    /// Sets the progress measure and writes it to the mapped global objectives, also the completion that follows from
    /// it.
    pub(crate) fn set_progress_measure(&mut self, ix: Ix, slot: Slot, measure: Option<Decimal>) {
        self.write(ix, slot, |f| f.progress_measure, |v| v.progress_measure = measure);
        let activity = self.tree.activity(ix);
        let threshold = activity.definition().completion;
        if slot == activity.primary() && threshold.completed_by_measure {
            let completed = measure.map(|measure| measure >= threshold.min_progress_measure);
            self.write(ix, slot, |f| f.completion_status, |v| v.completed = completed);
        }
    }

    /// Sets the raw score and its bounds and writes them to the mapped global objectives.
    pub(crate) fn set_scores(
        &mut self,
        ix: Ix,
        slot: Slot,
        raw: Option<Decimal>,
        min: Option<Decimal>,
        max: Option<Decimal>,
    ) {
        self.write(ix, slot, |f| f.raw_score, |v| v.raw = raw);
        self.write(ix, slot, |f| f.min_score, |v| v.min = min);
        self.write(ix, slot, |f| f.max_score, |v| v.max = max);
    }

    /// Sets a value of an objective locally and in the global objectives that a write map leads to (SN 3.10.2).
    /// Nothing is recorded about activities that are not tracked.
    fn write(
        &mut self,
        ix: Ix,
        slot: Slot,
        field: impl Fn(MappedFields) -> bool,
        set: impl Fn(&mut ObjectiveValues),
    ) {
        let activity = self.tree.activity(ix);
        if !activity.definition().delivery.tracked {
            return;
        }
        let mut local = *self.tracking.local(slot);
        set(&mut local);
        if local != *self.tracking.local(slot) {
            *self.tracking.local_mut(self.tree, ix, slot) = local;
            self.date_first_record(ix);
        }
        for map in self.tree.objective(slot).maps.iter().filter(|map| field(map.write)) {
            let mut values = *self.tracking.global(map.global);
            set(&mut values);
            if values != *self.tracking.global(map.global) {
                *self.tracking.global_mut(map.global) = values;
            }
        }
    }

    /// What is recorded without an attempt (a cluster can be rolled up before its first one) belongs to the current attempt
    /// on the parent.
    fn date_first_record(&mut self, ix: Ix) {
        let attempt = self.tree.activity(ix).parent().map_or(0, |parent| self.tracking.activity(parent).attempts);
        if self.tracking.activity(ix).attempts == 0 && self.tracking.activity(ix).recorded_in != attempt {
            self.tracking.activity_mut(self.tree, ix).recorded_in = attempt;
        }
    }
}
