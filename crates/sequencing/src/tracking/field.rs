use super::ObjectiveValues;
use crate::definitions::{Decimal, MappedFields};

/// One value of an objective: where it lies, which maps move it, and to which kind of information it belongs.
pub(crate) struct Field<T: 'static> {
    pub(crate) mapped: fn(MappedFields) -> bool,
    pub(crate) of: fn(&mut ObjectiveValues) -> &mut Option<T>,
    pub(crate) info: Info,
}

/// The two kinds of tracking information that a cluster can restrict to its current attempt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Info {
    /// Objective Progress Information (TM.1.1).
    Objective,
    /// Attempt Progress Information (TM.1.2.2).
    Progress,
}

impl<T: Copy> Field<T> {
    pub(crate) fn get(&self, values: &ObjectiveValues) -> Option<T> {
        *(self.of)(&mut values.clone())
    }
}

pub(crate) const SATISFIED: Field<bool> =
    Field { mapped: |map| map.satisfied_status, of: |values| &mut values.satisfied, info: Info::Objective };
pub(crate) const MEASURE: Field<Decimal> =
    Field { mapped: |map| map.normalized_measure, of: |values| &mut values.measure, info: Info::Objective };
pub(crate) const RAW: Field<Decimal> =
    Field { mapped: |map| map.raw_score, of: |values| &mut values.raw, info: Info::Objective };
pub(crate) const MIN: Field<Decimal> =
    Field { mapped: |map| map.min_score, of: |values| &mut values.min, info: Info::Objective };
pub(crate) const MAX: Field<Decimal> =
    Field { mapped: |map| map.max_score, of: |values| &mut values.max, info: Info::Objective };
pub(crate) const COMPLETED: Field<bool> =
    Field { mapped: |map| map.completion_status, of: |values| &mut values.completed, info: Info::Progress };
pub(crate) const PROGRESS: Field<Decimal> = Field {
    mapped: |map| map.progress_measure,
    of: |values| &mut values.progress_measure,
    info: Info::Progress,
};
