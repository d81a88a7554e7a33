//! What the course makes of its units' status ([`StatusRollup`]).

use lyceum_cmi::Decimal;

use super::{Status, Unit};
use crate::plan::{Kind, Plan};
use crate::settings::{Settings, StatusRollup};
use crate::summary::{Completion, Score, Success};

/// Completion and success of the course. `score` is that of the course.
pub(super) fn of_course(settings: &Settings, units: &[Unit], score: &Score) -> (Completion, Success) {
    let mut group = Group::default();
    units.iter().for_each(|unit| group.add(&unit.status));
    let provided = (group.completion(), group.success());
    if settings.status_rollup == StatusRollup::ProvidedByCourse {
        return provided;
    }
    let completion = match is_met(settings, units, &group, score) {
        None if settings.empty_is_unknown => Completion::Unknown,
        None | Some(true) => Completion::Completed,
        Some(false) if group.begun > 0 => Completion::Incomplete,
        Some(false) => Completion::Unknown,
    };
    if !settings.rollup_to_success {
        return (completion, provided.1);
    }
    let success = match completion {
        Completion::Completed => Success::Passed,
        Completion::Incomplete if group.completed == group.members => Success::Failed,
        Completion::Incomplete | Completion::Unknown => Success::Unknown,
    };
    (completion, success)
}

/// Whether the rule is met; `None` where it has no unit to ask.
fn is_met(settings: &Settings, units: &[Unit], group: &Group, score: &Score) -> Option<bool> {
    if group.members == 0 {
        return None;
    }
    let all_complete = group.completed == group.members;
    let none_failed = group.failed == 0;
    Some(match settings.status_rollup {
        StatusRollup::ProvidedByCourse | StatusRollup::AllComplete => all_complete,
        StatusRollup::AllCompleteNotFailed => all_complete && none_failed,
        StatusRollup::Threshold => reaches(settings, score),
        StatusRollup::AllCompleteAndThreshold => all_complete && none_failed && reaches(settings, score),
        StatusRollup::AllPassed => {
            // An asset cannot pass, so it is not asked.
            let scos = || units.iter().filter(|unit| unit.kind == Kind::Sco);
            scos().next()?;
            scos().all(|unit| unit.status.success == Success::Passed)
        }
    })
}

/// Whether there is a score and it is at least the threshold.
fn reaches(settings: &Settings, score: &Score) -> bool {
    let Some(scaled) = score.scaled.as_deref().and_then(Decimal::parse_lenient) else { return false };
    settings.threshold_score.number(None).is_none_or(|threshold| scaled >= threshold)
}

/// A passed first SCO completes all other units ([`Settings::first_is_pretest`]).
pub(super) fn pretest(plan: &Plan, settings: &Settings, statuses: &mut [Status]) {
    let is_sco = |i: usize| plan.activities[i].kind == Kind::Sco && plan.activities[i].launch.is_some();
    let first = (0..plan.activities.len()).find(|&i| is_sco(i));
    if !settings.first_is_pretest || first.is_none_or(|i| statuses[i].success != Success::Passed) {
        return;
    }
    for (activity, status) in plan.activities.iter().zip(statuses) {
        if activity.launch.is_some() {
            status.completion = Completion::Completed;
        }
    }
}

/// Counts of some activities' status.
#[derive(Clone, Default)]
pub(super) struct Group {
    pub(super) members: u32,
    begun: u32,
    completed: u32,
    passed: u32,
    failed: u32,
}

impl Group {
    pub(super) fn add(&mut self, status: &Status) {
        self.members += 1;
        self.begun += u32::from(status.completion != Completion::Unknown);
        self.completed += u32::from(status.completion == Completion::Completed);
        self.passed += u32::from(status.success == Success::Passed);
        self.failed += u32::from(status.success == Success::Failed);
    }

    pub(super) fn completion(&self) -> Completion {
        match (self.completed, self.begun) {
            (done, _) if done == self.members && done > 0 => Completion::Completed,
            (_, 0) => Completion::Unknown,
            _ => Completion::Incomplete,
        }
    }

    pub(super) fn success(&self) -> Success {
        match (self.failed, self.passed) {
            (0, 0) => Success::Unknown,
            (0, _) if self.completed == self.members => Success::Passed,
            (0, _) => Success::Unknown,
            _ => Success::Failed,
        }
    }
}
