//! From values to status: what completion, success and score an activity has, and what the course makes of its activities.
//!
//! | edition | activity's completion and success come from |
//! |---|---|
//! | SCORM 1.1, 1.2, AICC | `lesson_status`, after the mastery rule of LMSFinish (1.2 RTE 3.4.4, [`status_at_finish`]) |
//! | SCORM 2004 | `completion_status` with the completion threshold (RTE 4.2.4.1), `success_status` with the passing score (4.2.22.1) |
//! | any, asset | completed once it was visited |
//!
//! The course is completed when all activities that launch something are, failed when one is, passed when all that are
//! judged passed; its score is the only score, or the mean of the scaled scores.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use lyceum_cmi::{CompletionStatus, Decimal, Edition, Family, LessonStatus, Model, SuccessStatus};

use crate::opening::{Mode, Settings};
use crate::plan::{Activity, Kind, Plan};
use crate::state::{ActivityState, State};
use crate::summary::{Completion, Score, Success, Summary};
use crate::visit::VisitEnd;

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
    let mastery = activity.and_then(|a| a.mastery_score.as_deref()).and_then(Decimal::parse_lenient);
    let raw = model.score().raw;
    if settings.credit
        && let (Some(mastery), Some(raw)) = (mastery, raw)
    {
        return if raw >= mastery { "passed" } else { "failed" }.to_string();
    }
    match model.lesson_status() {
        None | Some(LessonStatus::NotAttempted) => "completed".to_string(),
        Some(_) => String::new(),
    }
}

/// Status of one activity from what its content set. `known` is `None` while it was not visited.
#[must_use]
pub fn activity(edition: Edition, plan: &Activity, known: Option<&ActivityState>) -> Status {
    let Some(known) = known else { return Status::default() };
    if plan.kind == Kind::Asset {
        return Status { completion: Completion::Completed, ..Status::default() };
    }
    let mut status = from_model(edition, plan, known.model());
    if status.completion == Completion::Unknown {
        status.completion = match known.visits().last().and_then(|v| v.end) {
            // Content that ends without a word is done (SN UP.4, 1.2 RTE 3.4.4).
            Some(VisitEnd::Terminated) if known.is_finished() => Completion::Completed,
            _ => Completion::Incomplete,
        };
    }
    if let Some(earlier) = known.earlier() {
        keep_earlier(&mut status, from_model(edition, plan, earlier));
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

fn from_model(edition: Edition, plan: &Activity, model: &Model) -> Status {
    if edition.family() == Family::Ieee { from_2004(plan, model) } else { from_1_2(model) }
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
fn from_2004(plan: &Activity, model: &Model) -> Status {
    let number = |text: &Option<String>| text.as_deref().and_then(Decimal::parse_lenient);
    let stated = model.completion_status().unwrap_or(CompletionStatus::Unknown);
    let completion = match model.completion_by(number(&plan.completion_threshold)) {
        CompletionStatus::Unknown => stated,
        judged => judged,
    };
    let completion = match completion {
        CompletionStatus::Completed => Completion::Completed,
        CompletionStatus::Incomplete | CompletionStatus::NotAttempted => Completion::Incomplete,
        CompletionStatus::Unknown => Completion::Unknown,
    };
    let stated = model.success_status().unwrap_or(SuccessStatus::Unknown);
    let success = match model.success_by(number(&plan.scaled_passing_score)) {
        SuccessStatus::Unknown => stated,
        judged => judged,
    };
    let success = match success {
        SuccessStatus::Passed => Success::Passed,
        SuccessStatus::Failed => Success::Failed,
        SuccessStatus::Unknown => Success::Unknown,
    };
    let progress = model.progress_measure().map(in_hundredths_of_a_percent);
    Status { completion, success, score: score_of(model), progress }
}

fn score_of(model: &Model) -> Score {
    let score = model.score();
    let text = |number: Option<Decimal>| number.map(|d| d.to_string());
    Score { scaled: text(score.scaled), raw: text(score.raw), min: text(score.min), max: text(score.max) }
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
pub fn activities(plan: &Plan, state: &State) -> Vec<Status> {
    let mut statuses: Vec<Status> =
        plan.activities.iter().map(|a| activity(plan.edition, a, state.activity(&a.id))).collect();
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

#[derive(Clone, Default)]
struct Group {
    members: u32,
    begun: u32,
    completed: u32,
    passed: u32,
    failed: u32,
}

impl Group {
    fn add(&mut self, status: &Status) {
        self.members += 1;
        self.begun += u32::from(status.completion != Completion::Unknown);
        self.completed += u32::from(status.completion == Completion::Completed);
        self.passed += u32::from(status.success == Success::Passed);
        self.failed += u32::from(status.success == Success::Failed);
    }

    fn completion(&self) -> Completion {
        match (self.completed, self.begun) {
            (done, _) if done == self.members && done > 0 => Completion::Completed,
            (_, 0) => Completion::Unknown,
            _ => Completion::Incomplete,
        }
    }

    fn success(&self) -> Success {
        match (self.failed, self.passed) {
            (0, 0) => Success::Unknown,
            (0, _) if self.completed == self.members => Success::Passed,
            (0, _) => Success::Unknown,
            _ => Success::Failed,
        }
    }
}

/// Where the course stands.
#[must_use]
pub fn course(plan: &Plan, state: &State) -> Summary {
    let mut group = Group::default();
    let mut scored: Vec<Score> = Vec::new();
    let mut progress = 0_u64;
    for (_, item) in plan.launchable() {
        let Some(known) = state.activity(&item.id) else {
            group.members += 1;
            continue;
        };
        let status = activity(plan.edition, item, Some(known));
        group.add(&status);
        progress += u64::from(match status.completion {
            Completion::Completed => WHOLE,
            _ => status.progress.unwrap_or(0),
        });
        if status.score != Score::default() {
            scored.push(status.score);
        }
    }
    let sum =
        |of: fn(&ActivityState) -> u64| state.activities().values().map(of).fold(0, u64::saturating_add);
    Summary {
        completion: group.completion(),
        success: group.success(),
        score: course_score(scored),
        progress: (group.members > 0).then(|| (progress / u64::from(group.members)) as u32),
        total_time: sum(ActivityState::counted_time),
        measured_time: sum(ActivityState::measured_time),
        first_access: state.sessions().values().map(|s| s.first).min(),
        last_access: state.sessions().values().map(|s| s.last).max(),
    }
}

/// The only score as it stands, or the mean of the scaled ones.
fn course_score(mut scores: Vec<Score>) -> Score {
    if scores.len() <= 1 {
        return scores.pop().unwrap_or_default();
    }
    let scaled: Vec<Decimal> =
        scores.iter().filter_map(|s| Decimal::parse_lenient(s.scaled.as_deref()?)).collect();
    let count = i64::try_from(scaled.len()).unwrap_or(i64::MAX);
    let sum = scaled.iter().map(|d| d.units()).fold(0_i64, i64::saturating_add);
    let mean = (count > 0).then(|| Decimal::from_units(sum / count).to_string());
    Score { scaled: mean, ..Score::default() }
}
