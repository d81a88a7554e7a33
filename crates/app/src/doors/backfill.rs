//! Old progress, taken over: each row becomes one attempt with one session, by the same engine and journal as everything else.

use std::collections::HashMap;

use lyceum_attempt::Millis;
use lyceum_attempt::act::{Deed, Standing};
use lyceum_attempt::summary::{Completion, Score};
use lyceum_cmi::{Decimal, Edition, Family, time};
use lyceum_store::registrations::{self, Filter};
use lyceum_store::{CourseId, Tenant, courses};
use serde::Serialize;

use super::{ForeignCommit, Holder, TopicLearner};
use crate::acts::{Actor, Wish};
use crate::app::App;
use crate::catalog::NewLearner;
use crate::commit::Caller;
use crate::error::AppError;
use crate::point::attempt_of;

/// The name of the sessions that hold what was taken over. With it and the one number of its commit, a row comes once.
const SESSION: &str = "backfill";

/// Old progress of one learner on one course.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OldProgress {
    /// Line in the file, from 1.
    pub line: usize,
    /// The learner.
    pub learner: String,
    /// Her name for people.
    pub learner_name: Option<String>,
    /// The course: its id or a topic.
    pub course: String,
    /// Whether it was completed.
    pub completed: bool,
    /// Score, as a decimal.
    pub score: Option<String>,
    /// Time taken, in hundredths of a second.
    pub time: u64,
    /// When it began.
    pub first_access: Option<Millis>,
    /// Elements and values of the data model; what else was kept is given as `cmi.suspend_data`.
    pub data: Vec<(String, String)>,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Backfilled {
    /// It is an attempt now; in a dry run: it would become one.
    Taken,
    /// It was taken over before.
    Known,
    /// The learner has begun the course here: what she does now counts.
    Begun,
    /// It cannot be taken over.
    Error,
}

/// One row of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BackfillLine {
    /// Line in the file.
    pub line: usize,
    /// The learner.
    pub learner: String,
    /// The course, as the file names it.
    pub course: String,
    /// What became of it.
    pub outcome: Backfilled,
    /// Why not, or what was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BackfillReport {
    /// Nothing was written.
    pub dry_run: bool,
    /// Rows that are attempts now, or would be.
    pub taken: usize,
    /// Rows that were taken over before.
    pub known: usize,
    /// Rows of learners who have begun here.
    pub begun: usize,
    /// Rows that cannot be taken over. With one of them nothing is.
    pub errors: usize,
    /// Each row.
    pub lines: Vec<BackfillLine>,
}

impl BackfillReport {
    /// Adds a line that could not even be read.
    pub fn error(&mut self, line: usize, why: String) {
        let row = OldProgress { line, ..OldProgress::default() };
        self.add(&row, Backfilled::Error, Some(why));
    }

    fn add(&mut self, row: &OldProgress, outcome: Backfilled, message: Option<String>) {
        *match outcome {
            Backfilled::Taken => &mut self.taken,
            Backfilled::Known => &mut self.known,
            Backfilled::Begun => &mut self.begun,
            Backfilled::Error => &mut self.errors,
        } += 1;
        let (learner, course) = (row.learner.clone(), row.course.clone());
        self.lines.push(BackfillLine { line: row.line, learner, course, outcome, message });
    }
}

impl App {
    /// Takes old progress over: all rows, or none where one cannot be. Doing it again changes nothing.
    ///
    /// # Errors
    /// When the database fails. What was taken until then stays, and a second run goes on.
    pub async fn backfill(
        &self,
        tenant: Tenant,
        rows: &[OldProgress],
        dry_run: bool,
    ) -> Result<BackfillReport, AppError> {
        let judged = self.judge_rows(tenant, rows).await?;
        let has_error = judged.iter().any(Result::is_err);
        let mut report = BackfillReport { dry_run, ..BackfillReport::default() };
        for (row, judged) in rows.iter().zip(judged) {
            match judged {
                Err(why) => report.add(row, Backfilled::Error, Some(why)),
                Ok((_, standing @ (Backfilled::Known | Backfilled::Begun))) => {
                    report.add(row, standing, None);
                }
                Ok(_) if dry_run || has_error => report.add(row, Backfilled::Taken, None),
                Ok((edition, _)) => {
                    let message = self.take_row(tenant, row, edition).await?;
                    report.add(row, Backfilled::Taken, message);
                }
            }
        }
        if has_error && !dry_run {
            report.taken = 0;
            report.lines.retain(|line| line.outcome == Backfilled::Error);
        }
        Ok(report)
    }

    /// What is to be done with each row, before anything is done.
    async fn judge_rows(
        &self,
        tenant: Tenant,
        rows: &[OldProgress],
    ) -> Result<Vec<Result<(Edition, Backfilled), String>>, AppError> {
        let mut seen: HashMap<(String, CourseId), usize> = HashMap::new();
        let mut judged = Vec::with_capacity(rows.len());
        for row in rows {
            judged.push(match self.judge_row(tenant, row).await {
                Ok((course, edition, outcome)) => {
                    match seen.insert((row.learner.trim().to_owned(), course), row.line) {
                        Some(line) => Err(format!("line {line} is about the same learner and course")),
                        None => Ok((edition, outcome)),
                    }
                }
                Err(AppError::Database(e)) => return Err(e.into()),
                Err(e) => Err(e.to_string()),
            });
        }
        Ok(judged)
    }

    async fn judge_row(
        &self,
        tenant: Tenant,
        row: &OldProgress,
    ) -> Result<(CourseId, Edition, Backfilled), AppError> {
        self.new_learner(&NewLearner { id: row.learner.clone(), name: row.learner_name.clone() })?;
        if let Some(score) = row.score.as_deref().filter(|score| Decimal::parse(score).is_none()) {
            return Err(AppError::Malformed(format!("the score \"{score}\" is no decimal number")));
        }
        commit_of(row, Edition::Scorm12, self.now()).check()?;
        let course = self.course_of_topic(tenant, &row.course).await?;
        let filter = Filter { course: Some(course), learner: Some(row.learner.trim().to_owned()) };
        let read = self.0.db.read(move |tx| {
            let version = courses::find(tenant, tx, course)?.map_or(1, |course| course.version);
            let known = registrations::list(tenant, tx, &filter, None, 1)?.pop();
            let page = super::session::page_of(SESSION);
            let session = match &known {
                Some(row) => lyceum_store::doors::session_named(tenant, tx, row.id, &page)?,
                None => None,
            };
            Ok((version, known, session))
        });
        let (version, known, session) = read.await?;
        let edition = self.plan(tenant, course, version).await?.edition;
        let outcome = match (known, session) {
            // A run that was cut off between the two steps of a row goes on there.
            (Some(known), Some(_)) if needs_word(row, &known) => Backfilled::Taken,
            (_, Some(_)) => Backfilled::Known,
            (Some(known), None) if known.attempts > 0 => Backfilled::Begun,
            _ => Backfilled::Taken,
        };
        Ok((course, edition, outcome))
    }

    /// Answers what was refused, in words.
    async fn take_row(
        &self,
        tenant: Tenant,
        row: &OldProgress,
        edition: Edition,
    ) -> Result<Option<String>, AppError> {
        let holder = Holder::Key { tenant, name: SESSION.to_owned() };
        let learner = NewLearner { id: row.learner.clone(), name: row.learner_name.clone() };
        let of = TopicLearner { topic: row.course.clone(), learner: Some(learner) };
        let id = self.registration_at_door(&holder, of).await?;
        let commit = commit_of(row, edition, self.now());
        let done = self.commit_at_door(&holder, id, &commit, &Caller::default()).await?;
        let known = self.registration_row(tenant, id).await?;
        if needs_word(row, &known) {
            // A course of several parts, or one that judges otherwise: then the old system's word counts, and shows as such.
            let standing = Standing {
                completion: Some(if row.completed { Completion::Completed } else { Completion::Incomplete }),
                success: None,
                score: row
                    .score
                    .as_ref()
                    .map(|raw| Score { raw: Some(raw.clone()), ..known.summary.score.clone() }),
            };
            let actor = Actor { by: SESSION.to_owned(), reason: format!("line {} of the file", row.line) };
            let (_, attempts) = self.rows_of(tenant, id).await?;
            let attempt = attempt_of(&attempts, Some(1), None)?.id;
            let since = commit.span.map_or(self.now(), |(_, to)| to);
            let wish = Wish::SoSince(Deed::Override(standing), since);
            self.act_on(tenant, id, attempt, (&actor, &wish)).await?;
        }
        let refused = done.refused.iter().map(|value| format!("{} ({})", value.element, value.code));
        let refused = refused.collect::<Vec<_>>().join(", ");
        Ok((!refused.is_empty()).then(|| format!("refused: {refused}")))
    }
}

/// Whether the attempt, which nobody has gone on with, stands otherwise than the row says.
fn needs_word(row: &OldProgress, known: &registrations::Registration) -> bool {
    let is_untouched = known.attempts == 1 && known.chain_length == 1 && !known.summary.overridden;
    let number = |text: &Option<String>| text.as_deref().and_then(Decimal::parse);
    let is_completed = known.summary.completion == Completion::Completed;
    let is_scored = row.score.is_none() || number(&row.score) == number(&known.summary.score.raw);
    is_untouched && (is_completed != row.completed || !is_scored)
}

/// What was not completed is left as by a learner who closes the page: finishing would make some courses judge it.
fn commit_of(row: &OldProgress, edition: Edition, now: Millis) -> ForeignCommit {
    let (status, raw, exit, session_time, interval) = match edition.family() {
        Family::Cmi => (
            "cmi.core.lesson_status",
            "cmi.core.score.raw",
            "cmi.core.exit",
            "cmi.core.session_time",
            time::format_timespan(row.time),
        ),
        Family::Ieee => (
            "cmi.completion_status",
            "cmi.score.raw",
            "cmi.exit",
            "cmi.session_time",
            time::format_duration(row.time),
        ),
    };
    let mut values = row.data.clone();
    let mut put = |element: &str, value: String| values.push((element.to_owned(), value));
    put(status, if row.completed { "completed" } else { "incomplete" }.to_owned());
    if let Some(score) = &row.score {
        put(raw, score.clone());
    }
    if !row.completed {
        put(exit, "suspend".to_owned());
    }
    put(session_time, interval);
    let taken = i64::try_from(row.time).unwrap_or(i64::MAX).saturating_mul(10);
    let from = row.first_access.unwrap_or(now.saturating_sub(taken));
    ForeignCommit {
        session: Some(SESSION.to_owned()),
        sequence: Some(1),
        values,
        ends: row.completed,
        span: Some((from, from.saturating_add(taken))),
        ..ForeignCommit::default()
    }
}
