//! The columns that registrations and attempts summarise themselves in.

use lyceum_attempt::summary::{Completion, Score, Success, Summary};

use crate::error::DbError;
use crate::value::{Param, Row};

/// The columns' parameters, in the order of [`read`].
pub(crate) fn params(summary: &Summary) -> [Param<'_>; 12] {
    [
        completion_word(summary.completion).into(),
        success_word(summary.success).into(),
        summary.score.scaled.as_ref().into(),
        summary.score.raw.as_ref().into(),
        summary.score.min.as_ref().into(),
        summary.score.max.as_ref().into(),
        summary.progress.into(),
        summary.total_time.into(),
        summary.measured_time.into(),
        summary.first_access.into(),
        summary.last_access.into(),
        i64::from(summary.overridden).into(),
    ]
}

/// Reads them from the column `at` on: completion, success, score (scaled, raw, min, max), progress, total time, measured
/// time, first and last access, whether a person has set it.
pub(crate) fn read(row: &Row<'_>, at: usize) -> Result<Summary, DbError> {
    Ok(Summary {
        completion: row.word(at, completion)?,
        success: row.word(at + 1, success)?,
        score: Score {
            scaled: row.opt_text(at + 2)?,
            raw: row.opt_text(at + 3)?,
            min: row.opt_text(at + 4)?,
            max: row.opt_text(at + 5)?,
        },
        progress: row.opt_small(at + 6)?,
        total_time: row.count(at + 7)?,
        measured_time: row.count(at + 8)?,
        first_access: row.opt_int(at + 9)?,
        last_access: row.opt_int(at + 10)?,
        overridden: row.int(at + 11)? != 0,
    })
}

fn completion_word(completion: Completion) -> &'static str {
    match completion {
        Completion::Unknown => "unknown",
        Completion::Incomplete => "incomplete",
        Completion::Completed => "completed",
    }
}

fn completion(word: &str) -> Option<Completion> {
    Some(match word {
        "unknown" => Completion::Unknown,
        "incomplete" => Completion::Incomplete,
        "completed" => Completion::Completed,
        _ => return None,
    })
}

fn success_word(success: Success) -> &'static str {
    match success {
        Success::Unknown => "unknown",
        Success::Passed => "passed",
        Success::Failed => "failed",
    }
}

fn success(word: &str) -> Option<Success> {
    Some(match word {
        "unknown" => Success::Unknown,
        "passed" => Success::Passed,
        "failed" => Success::Failed,
        _ => return None,
    })
}
