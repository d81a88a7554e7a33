//! From values to status: what completion, success and score an activity has, and what the course makes of its activities.
//!
//! | edition | activity's completion and success come from |
//! |---|---|
//! | SCORM 1.1, 1.2, AICC | `lesson_status`, after the mastery rule of LMSFinish (1.2 RTE 3.4.4, [`status_at_finish`]) |
//! | SCORM 2004 | `completion_status` with the completion threshold (RTE 4.2.4.1), `success_status` with the passing score (4.2.22.1) |
//! | any, asset | completed once it was visited |
//!
//! What the course makes of its activities is the matter of [`Settings::status_rollup`] and [`Settings::score_rollup`]
//! (`status.rs`, `score.rs`). As the course provides it, it is completed when all activities that launch something are, failed
//! when one is, passed when all that are judged passed; its score is the only score, or the mean of the scaled scores.
//! In a course with rules for the order of its activities that is what the author's rollup rules say.

mod score;
mod status;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use lyceum_cmi::{CompletionStatus, Decimal, Edition, Family, LessonStatus, Model, SuccessStatus};

use crate::plan::{Activity, Kind, Plan};
use crate::sequenced::tracked::{self, Tracked};
use crate::sequenced::view;
use crate::settings::{Mode, ScoreRollup, Settings, StatusRollup};
use crate::state::{ActivityState, State};
use crate::summary::{Completion, Score, Success, Summary};
use crate::visit::VisitEnd;
use status::Group;

/// Whole of [`Summary::progress`]: hundredths of a percent.
pub const WHOLE: u32 = 10_000;

/// Status of one activity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Completion.
    pub completion: Completion,
    /// Success.
    pub success: Success,
    /// Score.
    pub score: Score,
    /// `cmi.progress_measure` in hundredths of a percent.
    pub progress: Option<u32>,
}

/// The lesson status that the LMS sets at LMSFinish in SCORM 1.1, 1.2 and AICC: `completed` where the content set none, then
/// `passed` or `failed` where the manifest has a mastery score, the content reported a raw score and the learner takes the
/// course for credit (1.2 RTE 3.4.4, `cmi.core.lesson_status`). Empty where the status stays as it is.
#[must_use]
pub fn status_at_finish(activity: Option<&Activity>, model: &Model, settings: &Settings) -> String {
    let edition = model.edition();
    if edition.family() == Family::Ieee || settings.mode != Mode::Normal {
        return String::new();
    }
    let mastery = settings.mastery_score.number(activity.and_then(|a| a.mastery_score.as_deref()));
    let raw = model.score().raw;
    let is_unset = matches!(model.lesson_status(), None | Some(LessonStatus::NotAttempted));
    if settings.credit
        && (settings.score_overrides_status || is_unset)
        && let (Some(mastery), Some(raw)) = (mastery, raw)
    {
        return if raw >= mastery { "passed" } else { "failed" }.to_string();
    }
    if is_unset { "completed".to_string() } else { String::new() }
}

/// Status of one activity from what its content set. `known` is `None` while it was not visited.
#[must_use]
pub fn activity(
    edition: Edition,
    settings: &Settings,
    plan: &Activity,
    known: Option<&ActivityState>,
) -> Status {
    let Some(known) = known else { return Status::default() };
    if plan.kind == Kind::Asset {
        return Status { completion: Completion::Completed, ..Status::default() };
    }
    let mut status = from_model(edition, settings, plan, known.model());
    if status.completion == Completion::Unknown {
        status.completion = match known.visits().last().and_then(|v| v.end) {
            // Content that ends without a word is done (SN UP.4, 1.2 RTE 3.4.4).
            Some(VisitEnd::Terminated) if known.is_finished() => Completion::Completed,
            _ => Completion::Incomplete,
        };
    }
    if let Some(earlier) = known.earlier() {
        keep_earlier(&mut status, from_model(edition, settings, plan, earlier));
    }
    status
}

/// A new learner attempt does not take away what the learner has achieved.
fn keep_earlier(status: &mut Status, earlier: Status) {
    if earlier.completion == Completion::Completed {
        status.completion = Completion::Completed;
    }
    if status.success == Success::Unknown {
        status.success = earlier.success;
    }
    if status.score == Score::default() {
        status.score = earlier.score;
    }
}

fn from_model(edition: Edition, settings: &Settings, plan: &Activity, model: &Model) -> Status {
    if edition.family() == Family::Ieee { from_2004(settings, plan, model) } else { from_1_2(model) }
}

fn from_1_2(model: &Model) -> Status {
    let (completion, success) = match model.lesson_status() {
        Some(LessonStatus::Passed) => (Completion::Completed, Success::Passed),
        Some(LessonStatus::Failed) => (Completion::Completed, Success::Failed),
        Some(LessonStatus::Completed) => (Completion::Completed, Success::Unknown),
        Some(LessonStatus::Incomplete | LessonStatus::Browsed) => (Completion::Incomplete, Success::Unknown),
        Some(LessonStatus::NotAttempted) | None => (Completion::Unknown, Success::Unknown),
    };
    let mut score = score_of(model);
    score.scaled = scaled_from_raw(&model.score());
    Status { completion, success, score, progress: None }
}

/// Threshold and passing score decide where they can; content that reports no measure is taken at its word.
fn from_2004(settings: &Settings, plan: &Activity, model: &Model) -> Status {
    let threshold = settings.completion_threshold.number(plan.completion_threshold.as_deref());
    let passing = settings.passing_score.number(plan.scaled_passing_score.as_deref());
    let stated = model.completion_status().unwrap_or(CompletionStatus::Unknown);
    let completion = match model.completion_by(threshold) {
        CompletionStatus::Unknown => stated,
        judged => judged,
    };
    let completion = match completion {
        CompletionStatus::Completed => Completion::Completed,
        CompletionStatus::Incomplete | CompletionStatus::NotAttempted => Completion::Incomplete,
        CompletionStatus::Unknown => Completion::Unknown,
    };
    let stated = model.success_status().unwrap_or(SuccessStatus::Unknown);
    let success = match model.success_by(passing) {
        SuccessStatus::Unknown => stated,
        judged => judged,
    };
    let success = match success {
        SuccessStatus::Passed => Success::Passed,
        SuccessStatus::Failed => Success::Failed,
        SuccessStatus::Unknown => Success::Unknown,
    };
    let progress = model.progress_measure().map(in_hundredths_of_a_percent);
    let mut score = score_of(model);
    if settings.scale_raw_score && score.scaled.is_none() {
        score.scaled = scaled_from_raw(&model.score());
    }
    Status { completion, success, score, progress }
}

fn score_of(model: &Model) -> Score {
    model.score().into()
}

fn in_hundredths_of_a_percent(measure: Decimal) -> u32 {
    let share = measure.units() / (Decimal::SCALE / i64::from(WHOLE));
    u32::try_from(share.clamp(0, i64::from(WHOLE))).unwrap_or(WHOLE)
}

/// SCORM 1.2 has no scaled score: raw within min and max where both are given and differ, else raw of 100.
fn scaled_from_raw(score: &lyceum_cmi::Score) -> Option<String> {
    let raw = score.raw?;
    let (min, max) = match (score.min, score.max) {
        (Some(min), Some(max)) if max > min => (min, max),
        _ => (Decimal::from_integer(0), Decimal::from_integer(100)),
    };
    let (part, whole) = (
        i128::from(raw.units()) - i128::from(min.units()),
        i128::from(max.units()) - i128::from(min.units()),
    );
    let share = (part * i128::from(Decimal::SCALE) / whole)
        .clamp(-i128::from(Decimal::SCALE), i128::from(Decimal::SCALE));
    i64::try_from(share).ok().map(|units| Decimal::from_units(units).to_string())
}

/// Status of every activity of the plan, clusters rolled up from their children, by index.
#[must_use]
pub fn activities(plan: &Plan, settings: &Settings, state: &State) -> Vec<Status> {
    let of = |a: &Activity| activity(plan.edition, settings, a, state.activity(&a.id));
    let mut statuses: Vec<Status> = plan.activities.iter().map(of).collect();
    status::pretest(plan, settings, &mut statuses);
    let mut groups: Vec<Group> = plan.activities.iter().map(|_| Group::default()).collect();
    for i in (0..plan.activities.len()).rev() {
        let launches = plan.activities[i].launch.is_some();
        if !launches && groups[i].members > 0 {
            statuses[i].completion = groups[i].completion();
            statuses[i].success = groups[i].success();
        }
        if let Some(parent) = plan.activities[i].parent
            && (launches || groups[i].members > 0)
        {
            let status = statuses[i].clone();
            groups[parent as usize].add(&status);
        }
    }
    statuses
}

/// Where the course stands, by settings and standing at the opening of the attempt's newest session; what a person has set
/// counts over it.
#[must_use]
pub fn course(plan: &Plan, settings: &Settings, before: Option<&Summary>, state: &State) -> Summary {
    let mut summary = of_content(plan, settings, before, state);
    if let Some(of_person) = state.overridden() {
        of_person.apply(&mut summary);
    }
    summary
}

/// Where the course stands by what its content says, whatever a person has set.
#[must_use]
pub fn of_content(plan: &Plan, settings: &Settings, before: Option<&Summary>, state: &State) -> Summary {
    let units = units(plan, settings, state);
    let score = score::of_course(settings, &units);
    let (completion, success) = status::of_course(settings, &units, &score);
    let mut status = Status { completion, success, score, ..Status::default() };
    if let Some(tracked) = state.tracked() {
        by_rules(&mut status, settings, tracked);
    }
    let done: u64 = units.iter().map(|unit| u64::from(progress_of(&unit.status))).sum();
    let sum =
        |of: fn(&ActivityState) -> u64| state.activities().values().map(of).fold(0, u64::saturating_add);
    let summary = Summary {
        completion: status.completion,
        success: status.success,
        score: status.score,
        progress: u64::try_from(units.len()).ok().and_then(|n| done.checked_div(n)).map(|share| share as u32),
        total_time: sum(ActivityState::counted_time),
        measured_time: sum(ActivityState::measured_time),
        first_access: state.sessions().values().map(|s| s.first).min(),
        last_access: state.sessions().values().map(|s| s.last).max(),
        overridden: false,
    };
    summary.after(before, state.reached(), settings)
}

/// In a course with rules for the order of its activities the author's rollup rules say how it stands (SN 4.6): the root's
/// status. The only activity with a score gives it in full. Another setting than the course's own word goes before.
fn by_rules(status: &mut Status, settings: &Settings, tracked: &Tracked) {
    let now = tracked.standing().values;
    let values = tracked.earlier().map_or(now, |earlier| tracked::merged(now, earlier.values));
    let root = view::of_values(&values);
    if settings.status_rollup == StatusRollup::ProvidedByCourse {
        status.completion = match root.completion {
            Completion::Unknown if status.completion != Completion::Unknown => Completion::Incomplete,
            known => known,
        };
        status.success = root.success;
    }
    if settings.score_rollup == ScoreRollup::ProvidedByCourse
        && root.score.scaled.is_some()
        && root.score.scaled != status.score.scaled
    {
        status.score = root.score;
    }
}

/// An activity that launches something, as a part of the course.
struct Unit {
    kind: Kind,
    status: Status,
}

/// The units in document order.
fn units(plan: &Plan, settings: &Settings, state: &State) -> Vec<Unit> {
    let statuses = activities(plan, settings, state);
    let units = plan.activities.iter().zip(statuses).filter(|(activity, _)| activity.launch.is_some());
    units.map(|(activity, status)| Unit { kind: activity.kind, status }).collect()
}

fn progress_of(status: &Status) -> u32 {
    match status.completion {
        Completion::Completed => WHOLE,
        _ => status.progress.unwrap_or(0),
    }
}
