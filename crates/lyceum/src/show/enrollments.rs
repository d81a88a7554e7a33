//! Enrollments as a table, and the report of a backfill.

use std::fmt::Write as _;

use lyceum_app::{BackfillReport, Backfilled, Enrollment};

use super::{count, table};

pub(crate) fn enrollments(of: &[Enrollment]) -> String {
    if of.is_empty() {
        return "There is no such enrollment.\n".to_owned();
    }
    let head = ["LEARNER", "COURSE", "STATUS", "ATTEMPTS", "BEST", "SECONDS", "LAST ACCESS", "ID"]
        .map(str::to_owned);
    let rows = of.iter().map(|enrollment| {
        let row = &enrollment.registration;
        let best = enrollment.scores.best.as_ref();
        let best = best.and_then(|score| score.raw.as_ref().or(score.scaled.as_ref()));
        [
            row.learner.clone(),
            row.course.clone(),
            format!("{}{}", row.status, if row.overridden { " (set by hand)" } else { "" }),
            row.attempts.to_string(),
            best.map_or_else(|| "-".to_owned(), ToString::to_string),
            format!("{:.0}", row.total_seconds),
            row.last_access.clone().unwrap_or_else(|| "never".to_owned()),
            row.id.to_string(),
        ]
    });
    let mut text = table(&std::iter::once(head).chain(rows).collect::<Vec<_>>());
    for enrollment in of {
        for problem in &enrollment.problems {
            let _ = writeln!(text, "{}: {problem}", enrollment.registration.id);
        }
    }
    let wrong = of.iter().filter(|enrollment| !enrollment.problems.is_empty()).count();
    let checked = if wrong == 0 {
        "all agree with their attempts".to_owned()
    } else {
        format!("{wrong} do not agree with their attempts")
    };
    let _ = writeln!(text, "\n{}; {checked}.", count(of.len() as u64, "enrollment"));
    text
}

pub(crate) fn backfill(report: &BackfillReport) -> String {
    let mut text = String::new();
    for line in &report.lines {
        let word = match line.outcome {
            Backfilled::Error => "error",
            Backfilled::Begun => "has begun here",
            Backfilled::Known => continue,
            Backfilled::Taken if line.message.is_none() => continue,
            Backfilled::Taken => "taken",
        };
        let why = line.message.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
        let _ = writeln!(text, "line {}: {} {} {word}{why}", line.line, line.learner, line.course);
    }
    let BackfillReport { taken, known, begun, errors, .. } = report;
    let would = if report.dry_run { "would be taken" } else { "taken" };
    let _ = writeln!(
        text,
        "{taken} {would}, {known} known already, {begun} of learners who have begun here, {}.",
        count(*errors as u64, "error")
    );
    if *errors > 0 {
        text.push_str("Nothing was written: correct these lines and run it again.\n");
    }
    text
}
