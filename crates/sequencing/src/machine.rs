//! What processes change.

use crate::{
    Millis,
    definitions::Decimal,
    readings::Readings,
    termination::PostCondition,
    trace::Trace,
    tracking::{
        Tracking,
        field::{COMPLETED, Field, MEASURE, PROGRESS, SATISFIED},
    },
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
    /// The attempt on the root ended because an exit or post condition rule led up to it (TB.2.3 3.3.5); with what its own
    /// post condition rules asked for in vain.
    pub(crate) root_was_left: Option<PostCondition>,
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

    /// Sets satisfaction. Without effect where the measure decides.
    pub(crate) fn set_satisfied(&mut self, ix: Ix, slot: Slot, satisfied: Option<bool>) {
        if !self.tree.objective(slot).satisfied_by_measure {
            self.write(ix, slot, &SATISFIED, satisfied);
        }
    }

    /// Sets the measure, and the satisfaction that follows from it.
    pub(crate) fn set_measure(&mut self, ix: Ix, slot: Slot, measure: Option<Decimal>) {
        self.write(ix, slot, &MEASURE, measure);
        self.record_satisfaction_by_measure(ix, slot, measure);
    }

    /// Records whether the objective is satisfied, where the measure decides that, so that global objectives learn of it (SN
    /// 3.10.1, RB.1.2 a).
    pub(crate) fn record_satisfaction_by_measure(&mut self, ix: Ix, slot: Slot, measure: Option<Decimal>) {
        let objective = self.tree.objective(slot);
        if let Some(measure) = measure
            && objective.satisfied_by_measure
            && !self.view().measure_does_not_decide_yet(ix, slot)
        {
            self.write(ix, slot, &SATISFIED, Some(measure >= objective.min_normalized_measure));
        }
    }

    /// Sets completion. Without effect where the progress measure decides.
    pub(crate) fn set_completed(&mut self, ix: Ix, slot: Slot, completed: Option<bool>) {
        let activity = self.tree.activity(ix);
        if slot != activity.primary() || !activity.definition().completion.completed_by_measure {
            self.write(ix, slot, &COMPLETED, completed);
        }
    }

    /// Sets the progress measure, and the completion that follows from it.
    pub(crate) fn set_progress_measure(&mut self, ix: Ix, slot: Slot, measure: Option<Decimal>) {
        self.write(ix, slot, &PROGRESS, measure);
        let activity = self.tree.activity(ix);
        let threshold = activity.definition().completion;
        if let Some(measure) = measure
            && slot == activity.primary()
            && threshold.completed_by_measure
        {
            self.write(ix, slot, &COMPLETED, Some(measure >= threshold.min_progress_measure));
        }
    }

    /// Sets a value of an objective locally and in the global objectives that a write map leads to (SN 3.10.2). What was not
    /// known anyway does not become unknown, so globals keep what others wrote. Nothing is recorded about activities
    /// that are not tracked.
    pub(crate) fn write<T: Copy + PartialEq>(
        &mut self,
        ix: Ix,
        slot: Slot,
        field: &Field<T>,
        value: Option<T>,
    ) {
        let known = field.get(self.tracking.local(slot));
        if value.is_some() || known.is_some() {
            self.write_anyway(ix, slot, field, value);
        }
    }

    /// The same, but also a value that becomes unknown without having been known goes to the global objectives: the content
    /// insists on it.
    pub(crate) fn write_anyway<T: Copy + PartialEq>(
        &mut self,
        ix: Ix,
        slot: Slot,
        field: &Field<T>,
        value: Option<T>,
    ) {
        if !self.view().is_tracked(ix) {
            return;
        }
        if field.get(self.tracking.local(slot)) != value {
            *(field.of)(self.tracking.local_mut(self.tree, ix, slot)) = value;
            self.date_first_record(ix);
        }
        for map in self.tree.objective(slot).maps.iter().filter(|map| (field.mapped)(map.write)) {
            if field.get(self.tracking.global(map.global)) != value {
                *(field.of)(self.tracking.global_mut(map.global)) = value;
            }
        }
    }

    /// What is recorded without an attempt (a cluster can be rolled up before its first one) belongs to the current attempt
    /// on the parent.
    fn date_first_record(&mut self, ix: Ix) {
        let attempt =
            self.tree.activity(ix).parent().map_or(0, |parent| self.tracking.activity(parent).attempts);
        let state = self.tracking.activity(ix);
        let dated = self.readings.former_information_stays_former && state.recorded_in > 0;
        if state.attempts == 0 && state.recorded_in != attempt && !dated {
            self.tracking.activity_mut(self.tree, ix).recorded_in = attempt;
        }
    }
}
