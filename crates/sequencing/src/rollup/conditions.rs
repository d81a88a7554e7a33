use crate::{
    definitions::{ConditionCombination, RollupCondition, RollupConditionKind as Kind},
    tree::Ix,
    view::{Purpose, View},
};

impl View<'_> {
    /// Evaluate Rollup Conditions Subprocess (RB.1.4.1) on one child. Without conditions the result is unknown.
    pub(crate) fn rollup_conditions(
        &self,
        child: Ix,
        combination: ConditionCombination,
        conditions: &[RollupCondition],
    ) -> Option<bool> {
        if conditions.is_empty() {
            return None;
        }
        self.combine(combination, conditions.iter().map(|condition| self.rollup_condition(child, *condition)))
    }

    /// One condition on a child (SN table 3.7.2a).
    fn rollup_condition(&self, child: Ix, condition: RollupCondition) -> Option<bool> {
        let primary = self.activity(child).primary();
        let satisfied = || self.satisfied(child, primary, Purpose::Rollup);
        let completed = || self.completed(child, primary, Purpose::Rollup);
        let result = match condition.condition {
            Kind::Satisfied => satisfied(),
            Kind::ObjectiveStatusKnown => Some(satisfied().is_some()),
            Kind::ObjectiveMeasureKnown => Some(self.measure(child, primary, Purpose::Rollup).is_some()),
            Kind::Completed => completed(),
            Kind::ActivityProgressKnown => Some(completed().is_some()),
            Kind::Attempted => Some(self.state(child).attempts > 0),
            Kind::AttemptLimitExceeded => self.attempt_limit_condition(child),
            Kind::TimeLimitExceeded => self.time_condition(self.duration_limit_reached(child)),
            Kind::OutsideAvailableTimeRange => self.time_condition(self.outside_time_range(child)),
            Kind::Never => Some(false),
        }?;
        Some(result != condition.negated)
    }
}
