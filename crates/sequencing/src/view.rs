//! What processes read: the tree, the tracking, the time.

use alloc::string::String;

use crate::{
    Millis,
    definitions::{Decimal, MappedFields},
    readings::Readings,
    trace::Trace,
    tracking::{ActivityState, ObjectiveValues, Tracking},
    tree::{Activity, Ix, Slot, Tree},
};

/// A look at the state of things. Everything that decides without changing is a method of it.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) tracking: &'a Tracking,
    pub(crate) now: Millis,
    pub(crate) readings: Readings,
    pub(crate) trace: &'a Trace,
}

/// The two kinds of tracking information that a cluster can restrict to its current attempt.
#[derive(Clone, Copy)]
enum Info {
    /// Objective Progress Information (TM.1.1).
    Objective,
    /// Attempt Progress Information (TM.1.2.2).
    Progress,
}

/// What tracking information is wanted for. Rules and rollup may have to ignore what belongs to a former attempt
/// on the parent (SN 3.2.6, 3.2.7).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A sequencing rule, or a measure that is rolled up.
    Rule,
    /// A condition of a rollup rule.
    RollupCondition,
    /// To show it, or to tell the content.
    Report,
}

impl<'a> View<'a> {
    pub(crate) fn activity(&self, ix: Ix) -> &'a Activity {
        self.tree.activity(ix)
    }

    pub(crate) fn state(&self, ix: Ix) -> &'a ActivityState {
        self.tracking.activity(ix)
    }

    pub(crate) fn parent(&self, ix: Ix) -> Option<Ix> {
        self.activity(ix).parent()
    }

    /// The Available Children in their order.
    pub(crate) fn children(&self, ix: Ix) -> &'a [Ix] {
        self.tracking.children(self.tree, ix)
    }

    /// The children that count in rollup: those of the current or last attempt.
    pub(crate) fn rollup_children(&self, ix: Ix) -> &'a [Ix] {
        self.state(ix).last_children.as_deref().unwrap_or_else(|| self.children(ix))
    }

    /// Adds a line about an activity to the trace.
    pub(crate) fn note(&self, process: &'static str, ix: Ix, text: impl FnOnce() -> String) {
        self.trace.add(process, Some((self.tree, ix)), text);
    }

    /// Adds a line about no activity in particular to the trace.
    pub(crate) fn remark(&self, process: &'static str, text: impl FnOnce() -> String) {
        self.trace.add(process, None, text);
    }

    pub(crate) fn is_tracked(&self, ix: Ix) -> bool {
        self.activity(ix).definition().delivery.tracked
    }

    /// Objective Progress Status and Objective Satisfied Status of an objective of `ix`, read maps applied.
    pub(crate) fn satisfied(&self, ix: Ix, slot: Slot, purpose: Purpose) -> Option<bool> {
        if !self.tree.objective(slot).satisfied_by_measure {
            return self.read(ix, slot, purpose, Info::Objective, |f| f.satisfied_status, |v| v.satisfied);
        }
        if self.measure_does_not_decide_yet(ix, slot) {
            return None;
        }
        self.measure(ix, slot, purpose).map(|measure| measure >= self.tree.objective(slot).min_normalized_measure)
    }

    /// `measureSatisfactionIfActive` is false and the activity is still active (RB.1.2 a 3.1.2).
    pub(crate) fn measure_does_not_decide_yet(&self, ix: Ix, slot: Slot) -> bool {
        let activity = self.activity(ix);
        slot == activity.primary()
            && self.state(ix).active
            && !activity.definition().rollup.considerations.measure_satisfaction_if_active
    }

    /// Objective Measure Status and Objective Normalized Measure, read maps applied.
    pub(crate) fn measure(&self, ix: Ix, slot: Slot, purpose: Purpose) -> Option<Decimal> {
        self.read(ix, slot, purpose, Info::Objective, |f| f.normalized_measure, |v| v.measure)
    }

    /// Completion of an objective; for the primary one that of the attempt on the activity (TM.1.2.2).
    pub(crate) fn completed(&self, ix: Ix, slot: Slot, purpose: Purpose) -> Option<bool> {
        let threshold = &self.activity(ix).definition().completion;
        if slot == self.activity(ix).primary() && threshold.completed_by_measure {
            let progress = self.progress_measure(ix, slot, purpose)?;
            return Some(progress >= threshold.min_progress_measure);
        }
        self.read(ix, slot, purpose, Info::Progress, |f| f.completion_status, |v| v.completed)
    }

    /// Progress measure of an objective; for the primary one the Attempt Completion Amount.
    pub(crate) fn progress_measure(&self, ix: Ix, slot: Slot, purpose: Purpose) -> Option<Decimal> {
        self.read(ix, slot, purpose, Info::Progress, |f| f.progress_measure, |v| v.progress_measure)
    }

    /// All values of an objective as content and reports see them.
    pub(crate) fn values(&self, ix: Ix, slot: Slot) -> ObjectiveValues {
        let report = Purpose::Report;
        ObjectiveValues {
            satisfied: self.satisfied(ix, slot, report),
            measure: self.measure(ix, slot, report),
            raw: self.read(ix, slot, report, Info::Objective, |f| f.raw_score, |v| v.raw),
            min: self.read(ix, slot, report, Info::Objective, |f| f.min_score, |v| v.min),
            max: self.read(ix, slot, report, Info::Objective, |f| f.max_score, |v| v.max),
            completed: self.completed(ix, slot, report),
            progress_measure: self.progress_measure(ix, slot, report),
        }
    }

    /// One value: that of a global objective where a read map leads to a known one, else the local one.
    fn read<T>(
        &self,
        ix: Ix,
        slot: Slot,
        purpose: Purpose,
        info: Info,
        field: impl Fn(MappedFields) -> bool,
        value: impl Fn(&ObjectiveValues) -> Option<T>,
    ) -> Option<T> {
        if !self.is_tracked(ix) {
            return None;
        }
        let maps = &self.tree.objective(slot).maps;
        let global = maps
            .iter()
            .filter(|map| field(map.read))
            .find_map(|map| value(self.tracking.global(map.global)));
        global.or_else(|| {
            let local = value(self.tracking.local(slot))?;
            (!self.belongs_to_former_attempt(ix, purpose, info)).then_some(local)
        })
    }

    /// Whether what `ix` recorded belongs to a former attempt on its parent, and the parent wants only information of the
    /// current one.
    fn belongs_to_former_attempt(&self, ix: Ix, purpose: Purpose, info: Info) -> bool {
        let ignored_here = match purpose {
            Purpose::Report => return false,
            Purpose::Rule => !self.readings.former_attempts_count_for_rules,
            Purpose::RollupCondition => true,
        };
        let Some(parent) = self.parent(ix).filter(|_| ignored_here) else { return false };
        let control = &self.activity(parent).definition().control;
        let only_current = match info {
            Info::Objective => control.use_current_attempt_objective_info,
            Info::Progress => control.use_current_attempt_progress_info,
        };
        only_current && self.state(ix).recorded_in != self.state(parent).attempts
    }
}
