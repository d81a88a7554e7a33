use crate::{
    definitions::{Condition as Kind, ConditionCombination, LimitConditions},
    tree::{Condition, Ix},
    view::{Purpose, View},
};

impl View<'_> {
    /// "And" or "or" of results that may be unknown: false decides an "and", true decides an "or", and otherwise
    /// something unknown makes the whole unknown (UP.2.1 4, RB.1.4.1 4).
    pub(crate) fn combine(
        &self,
        combination: ConditionCombination,
        results: impl IntoIterator<Item = Option<bool>>,
    ) -> Option<bool> {
        let deciding = combination == ConditionCombination::Any;
        let mut all_known = true;
        for result in results {
            match result {
                Some(result) if result == deciding => return Some(deciding),
                Some(_) => {}
                None if !deciding && self.readings.first_doubt_decides_all => return None,
                None => all_known = false,
            }
        }
        all_known.then_some(!deciding)
    }

    /// One condition of a sequencing rule on its activity (SN table 3.4.2a); `None` is: unknown.
    pub(crate) fn condition(&self, ix: Ix, condition: &Condition) -> Option<bool> {
        let rule = Purpose::Rule;
        let satisfied = || self.satisfied(ix, condition.objective?, rule);
        let measure = || self.measure(ix, condition.objective?, rule);
        let completed = || self.completed(ix, condition.objective?, rule);
        let result = match condition.kind {
            Kind::Satisfied => satisfied(),
            Kind::ObjectiveStatusKnown => Some(satisfied().is_some()),
            Kind::ObjectiveMeasureKnown => Some(measure().is_some()),
            Kind::ObjectiveMeasureGreaterThan => measure().map(|measure| measure > condition.threshold),
            Kind::ObjectiveMeasureLessThan => measure().map(|measure| measure < condition.threshold),
            Kind::Completed => completed(),
            Kind::ActivityProgressKnown => Some(completed().is_some()),
            Kind::Attempted => Some(self.state(ix).attempts > 0),
            Kind::AttemptLimitExceeded => self.attempt_limit_condition(ix),
            Kind::TimeLimitExceeded => self.time_condition(self.duration_limit_reached(ix)),
            Kind::OutsideAvailableTimeRange => self.time_condition(self.outside_time_range(ix)),
            Kind::Always => Some(true),
        }?;
        Some(result != condition.negated)
    }

    /// The condition attemptLimitExceeded, of sequencing rules and rollup rules.
    pub(crate) fn attempt_limit_condition(&self, ix: Ix) -> Option<bool> {
        let known = self.tree.brief(ix).attempt_limit.is_some() || !self.readings.missing_limits_are_unknown;
        known.then(|| self.attempt_limit_reached(ix))
    }

    /// The conditions timeLimitExceeded and outsideAvailableTimeRange.
    pub(crate) fn time_condition(&self, holds: bool) -> Option<bool> {
        (!self.readings.missing_limits_are_unknown).then_some(holds)
    }

    fn limits(&self, ix: Ix) -> &LimitConditions {
        &self.activity(ix).definition().limits
    }

    /// The attempt limit of the activity is used up (UP.1 3). A limit of 0 means that it may not be accessed at all (SM.3), also
    /// before its first attempt.
    pub(crate) fn attempt_limit_reached(&self, ix: Ix) -> bool {
        self.tree.brief(ix).attempt_limit.is_some_and(|limit| self.state(ix).attempts >= limit)
    }

    /// A duration limit of the activity, or of the last attempt on it, is used up (UP.1 4 to 7).
    pub(crate) fn duration_limit_reached(&self, ix: Ix) -> bool {
        let (limits, state) = (self.limits(ix), self.state(ix));
        let durations = &state.durations;
        let pairs = [
            (&limits.activity_absolute_duration, durations.activity_absolute(self.now)),
            (&limits.activity_experienced_duration, durations.activity_experienced(self.now)),
            (&limits.attempt_absolute_duration, durations.attempt_absolute(self.now)),
            (&limits.attempt_experienced_duration, durations.attempt_experienced(self.now)),
        ];
        state.attempts > 0
            && pairs.iter().any(|(limit, spent)| {
                let limit_ms = limit.as_ref().map(|limit| limit.hundredths.saturating_mul(MS_PER_HUNDREDTH));
                limit_ms.is_some_and(|limit_ms| spent.unsigned_abs() >= limit_ms)
            })
    }

    /// It is too early or too late for the activity (UP.1 8, 9).
    pub(crate) fn outside_time_range(&self, ix: Ix) -> bool {
        let limits = self.limits(ix);
        limits.begin_time.as_ref().is_some_and(|begin| self.now < begin.unix_ms)
            || limits.end_time.as_ref().is_some_and(|end| self.now > end.unix_ms)
    }
}

const MS_PER_HUNDREDTH: u64 = 10;
