//! What processes read: the tree, the tracking, the time.

use alloc::string::String;

use crate::{
    Millis, Request,
    definitions::Decimal,
    readings::Readings,
    trace::Trace,
    tracking::{
        ActivityState, ObjectiveValues, Tracking,
        field::{COMPLETED, Field, Info, MAX, MEASURE, MIN, PROGRESS, RAW, SATISFIED},
    },
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

/// What tracking information is wanted for. Rollup may have to ignore what belongs to a former attempt on the parent (SN
/// 3.2.6, 3.2.7). Sequencing rules look at the last attempt, whichever it was: ADL's test cases SX-07d and SX-07e depend on
/// it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A sequencing rule.
    Rule,
    /// An objective's measure that is rolled up.
    MeasureRollup,
    /// A condition of a rollup rule, or a progress measure that is rolled up.
    Rollup,
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
        self.tree.brief(ix).parent
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

    /// Adds a line about the activity that a request names, if it names one, to the trace.
    pub(crate) fn remark_on(&self, request: &Request, process: &'static str, text: impl FnOnce() -> String) {
        let target = request.target().and_then(|id| self.tree.find(id));
        self.trace.add(process, target.map(|ix| (self.tree, ix)), text);
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
            return self.read(ix, slot, purpose, &SATISFIED);
        }
        if self.measure_does_not_decide_yet(ix, slot) {
            return None;
        }
        self.measure(ix, slot, purpose)
            .map(|measure| measure >= self.tree.objective(slot).min_normalized_measure)
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
        self.read(ix, slot, purpose, &MEASURE)
    }

    /// Completion of an objective; for the primary one that of the attempt on the activity (TM.1.2.2).
    pub(crate) fn completed(&self, ix: Ix, slot: Slot, purpose: Purpose) -> Option<bool> {
        let threshold = &self.activity(ix).definition().completion;
        if slot == self.activity(ix).primary() && threshold.completed_by_measure {
            let progress = self.progress_measure(ix, slot, purpose)?;
            return Some(progress >= threshold.min_progress_measure);
        }
        self.read(ix, slot, purpose, &COMPLETED)
    }

    /// Progress measure of an objective; for the primary one the Attempt Completion Amount.
    pub(crate) fn progress_measure(&self, ix: Ix, slot: Slot, purpose: Purpose) -> Option<Decimal> {
        self.read(ix, slot, purpose, &PROGRESS)
    }

    /// All values of an objective as content sees them in `cmi.objectives`.
    pub(crate) fn objective_values(&self, ix: Ix, slot: Slot) -> ObjectiveValues {
        let report = Purpose::Report;
        ObjectiveValues {
            satisfied: self.satisfied(ix, slot, report),
            measure: self.measure(ix, slot, report),
            raw: self.read(ix, slot, report, &RAW),
            min: self.read(ix, slot, report, &MIN),
            max: self.read(ix, slot, report, &MAX),
            completed: self.read(ix, slot, report, &COMPLETED),
            progress_measure: self.progress_measure(ix, slot, report),
        }
    }

    /// What is known about the activity as a whole: its primary objective, and the completion of its attempt.
    pub(crate) fn activity_values(&self, ix: Ix) -> ObjectiveValues {
        let primary = self.activity(ix).primary();
        if !self.is_tracked(ix) {
            return ObjectiveValues::default();
        }
        ObjectiveValues {
            completed: self.completed(ix, primary, Purpose::Report),
            ..self.objective_values(ix, primary)
        }
    }

    /// One value, unknown to rules where the activity is not tracked.
    ///
    /// Where a read map leads to a global objective, that one counts: for satisfaction, measure and scores also while it is
    /// unknown (ADL's test case CM-13 depends on it), for completion and progress measure only when it is known. Of several
    /// read maps for a field, which the book does not allow, the last one counts.
    fn read<T: Copy>(&self, ix: Ix, slot: Slot, purpose: Purpose, field: &Field<T>) -> Option<T> {
        if purpose != Purpose::Report && !self.is_tracked(ix) {
            return None;
        }
        let maps = &self.tree.objective(slot).maps;
        let source = maps.iter().rev().find(|map| (field.mapped)(map.read));
        if let Some(map) = source {
            let global = field.get(self.tracking.global(map.global));
            if global.is_some() || field.info == Info::Objective {
                return global;
            }
        }
        let local = field.get(self.tracking.local(slot))?;
        (!self.belongs_to_former_attempt(ix, purpose, field)).then_some(local)
    }

    /// Whether what `ix` recorded belongs to a former attempt on its parent, and the parent wants only information of the
    /// current one.
    fn belongs_to_former_attempt<T>(&self, ix: Ix, purpose: Purpose, field: &Field<T>) -> bool {
        let ignored_here = match purpose {
            Purpose::Rule | Purpose::Report => false,
            Purpose::MeasureRollup => !self.readings.former_measures_count,
            Purpose::Rollup => true,
        };
        let Some(parent) = self.parent(ix).filter(|_| ignored_here) else { return false };
        let control = &self.activity(parent).definition().control;
        let only_current = match field.info {
            Info::Objective => control.use_current_attempt_objective_info,
            Info::Progress => control.use_current_attempt_progress_info,
        };
        only_current && self.is_of_former_attempt(ix)
    }

    /// Whether what `ix` recorded belongs to a former attempt on its parent.
    pub(crate) fn is_of_former_attempt(&self, ix: Ix) -> bool {
        self.parent(ix).is_some_and(|parent| self.state(ix).recorded_in != self.state(parent).attempts)
    }
}
