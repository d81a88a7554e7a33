//! What edges show: rows in the words of people and programs.

use lyceum_attempt::Millis;
use lyceum_attempt::summary::{Completion, Score, Success, Summary};
use lyceum_package::Standard;
use lyceum_store::registrations::Registration;
use lyceum_store::{CourseId, RegistrationId, courses};
use serde::{Serialize, Serializer};
use serde_json::Number;

/// A course in a list.
#[derive(Clone, Debug, Serialize)]
pub struct CourseView {
    /// Id.
    #[serde(serialize_with = "as_text")]
    pub id: CourseId,
    /// Title.
    pub title: String,
    /// Number of the newest version.
    pub version: u32,
    /// Its standard, `SCORM_12`.
    pub standard: String,
    /// Its size in bytes.
    pub size: u64,
    /// What is known of its files' checksums: pending, sound or damaged.
    pub verified: &'static str,
    /// Registrations on any version.
    pub registrations: u64,
    /// RFC 3339.
    pub created: String,
    /// RFC 3339.
    pub updated: String,
}

impl From<courses::Course> for CourseView {
    fn from(row: courses::Course) -> Self {
        Self {
            id: row.id,
            title: row.title,
            version: row.version,
            standard: row.standard,
            size: row.size,
            verified: row.verified.word(),
            registrations: row.registrations,
            created: rfc3339(row.created_at),
            updated: rfc3339(row.updated_at),
        }
    }
}

/// A registration in a list.
#[derive(Clone, Debug, Serialize)]
pub struct RegistrationView {
    /// Id.
    #[serde(serialize_with = "as_text")]
    pub id: RegistrationId,
    /// The course.
    #[serde(serialize_with = "as_text")]
    pub course_id: CourseId,
    /// Its title.
    pub course: String,
    /// The learner, as callers name her.
    pub learner: String,
    /// Her name for people.
    pub learner_name: String,
    /// In one word: not-started, incomplete, completed, passed or failed.
    pub status: &'static str,
    /// unknown, incomplete or completed.
    pub completion: Completion,
    /// unknown, passed or failed.
    pub success: Success,
    /// Score.
    pub score: ScoreView,
    /// Whether a person has set status or score.
    pub overridden: bool,
    /// Part done, 0 to 100.
    pub percent: Option<u32>,
    /// Time taken.
    pub total_seconds: f64,
    /// RFC 3339.
    pub created: String,
    /// RFC 3339.
    pub first_access: Option<String>,
    /// RFC 3339.
    pub last_access: Option<String>,
    /// Attempts begun.
    pub attempts: u32,
}

impl From<Registration> for RegistrationView {
    fn from(row: Registration) -> Self {
        let summary = &row.summary;
        Self {
            id: row.id,
            course_id: row.course,
            course: row.course_title,
            learner: row.learner.external_id,
            learner_name: row.learner.name,
            status: status(summary, row.attempts > 0),
            completion: summary.completion,
            success: summary.success,
            score: ScoreView::from(&summary.score),
            overridden: summary.overridden,
            percent: summary.progress.map(|hundredths| hundredths / 100),
            total_seconds: seconds(summary.total_time),
            created: rfc3339(row.created_at),
            first_access: summary.first_access.map(rfc3339),
            last_access: summary.last_access.map(rfc3339),
            attempts: row.attempts,
        }
    }
}

/// A score as numbers; `null` where unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ScoreView {
    /// -1 to 1.
    pub scaled: Option<Number>,
    /// As the content scored.
    pub raw: Option<Number>,
    /// Lowest possible raw score.
    pub min: Option<Number>,
    /// Highest possible raw score.
    pub max: Option<Number>,
}

impl From<&Score> for ScoreView {
    fn from(score: &Score) -> Self {
        let number = |text: &Option<String>| text.as_deref().and_then(number);
        Self {
            scaled: number(&score.scaled),
            raw: number(&score.raw),
            min: number(&score.min),
            max: number(&score.max),
        }
    }
}

/// A decimal in text as a JSON number, whole where it is whole.
fn number(text: &str) -> Option<Number> {
    text.parse::<i64>().map(Number::from).ok().or_else(|| Number::from_f64(text.parse().ok()?))
}

/// Where the learner stands, in one word.
pub(crate) fn status(summary: &Summary, has_begun: bool) -> &'static str {
    match (summary.success, summary.completion) {
        (Success::Passed, _) => "passed",
        (Success::Failed, _) => "failed",
        (Success::Unknown, Completion::Completed) => "completed",
        (Success::Unknown, Completion::Incomplete) => "incomplete",
        (Success::Unknown, Completion::Unknown) if has_begun => "incomplete",
        (Success::Unknown, Completion::Unknown) => "not-started",
    }
}

/// Hundredths of a second to seconds.
pub(crate) fn seconds(hundredths: u64) -> f64 {
    hundredths as f64 / 100.0
}

/// Milliseconds since 1970 as people and programs read them.
pub(crate) fn rfc3339(millis: Millis) -> String {
    jiff::Timestamp::from_millisecond(millis).map_or_else(|_| millis.to_string(), |time| format!("{time:.3}"))
}

/// The standard for people.
pub(crate) fn standard_title(name: &str) -> String {
    Standard::from_name(name).map_or(name, |standard| standard.title()).to_owned()
}

/// Ids as their text.
pub(crate) fn as_text<T: ToString, S: Serializer>(id: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_numbers() {
        assert_eq!(rfc3339(1_763_714_561_234), "2025-11-21T08:42:41.234Z");
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(i64::MAX), i64::MAX.to_string());
        assert_eq!(number("80"), Some(Number::from(80)));
        assert_eq!(number("-0.5").unwrap().to_string(), "-0.5");
        assert_eq!(number("much"), None);
    }
}
