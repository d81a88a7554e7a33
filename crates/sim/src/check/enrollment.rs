//! `attempts` and `enrollment`: what is said of one attempt stays there, and all of them together are what the enrollment shows.

use lyceum_app::{App, EnrollmentFilter, Tenant};
use lyceum_attempt::summary::Summary;

use super::Wrong;
use super::journal::{Attempt, Registration, Truths};
use crate::truth::Left;

/// The attempts are numbered, all but the newest are over, and status and score are the newest one's, time and access all of
/// theirs.
pub(super) fn rolls_up(of: &Registration) -> Result<(), Wrong> {
    let Some(newest) = of.attempts.last() else { return Ok(()) };
    if of.attempts.iter().zip(1..).any(|(attempt, number)| attempt.number != number)
        || of.attempt_count != newest.number
    {
        return Err(("enrollment", format!("it counts {} attempts, they are others", of.attempt_count)));
    }
    let is_over = |attempt: &&Attempt| attempt.number == newest.number || attempt.ended_at.is_some();
    if let Some(open) = of.attempts.iter().find(|attempt| !is_over(attempt)) {
        return Err(("attempts", format!("attempt {} goes on beside a newer one", open.number)));
    }
    for (attempt, next) in of.attempts.iter().zip(of.attempts.iter().skip(1)) {
        if attempt.sessions.iter().any(|row| row.opened_at > next.started_at) {
            return Err((
                "attempts",
                format!("attempt {} was begun anew beside a newer one", attempt.number),
            ));
        }
    }
    let all = || of.attempts.iter().map(|attempt| &attempt.summary);
    let expected = Summary {
        total_time: all().map(|summary| summary.total_time).sum(),
        measured_time: all().map(|summary| summary.measured_time).sum(),
        first_access: all().filter_map(|summary| summary.first_access).min(),
        last_access: all().filter_map(|summary| summary.last_access).max(),
        ..newest.summary.clone()
    };
    if of.summary == expected {
        return Ok(());
    }
    Err(("enrollment", format!("its attempts come to {expected:?}, it shows {:?}", of.summary)))
}

/// An attempt holds what its own sessions said, and nothing of another attempt's.
pub(super) fn is_apart(attempt: &Attempt, all: &Truths<'_>) -> Result<(), Wrong> {
    let is_foreign =
        |id: &str| all.iter().any(|(other, truth)| *other == id && truth.opening.attempt != attempt.number);
    let rows = attempt.commits.iter().filter_map(|row| row.session.as_deref());
    let kept = attempt.aside.iter().map(|aside| aside.session.as_str());
    let is_own = |id: &&str| attempt.sessions.iter().any(|row| row.id == *id);
    match rows.chain(kept).find(|id| is_foreign(id) || !is_own(id)) {
        Some(id) => Err((
            "attempts",
            format!("attempt {} holds entries of another one's session {id}", attempt.number),
        )),
        None => Ok(()),
    }
}

/// What stood in an attempt when another one had begun stands there still, under the same numbers.
pub(super) fn is_as_it_was(attempt: &Attempt, left: &[Left]) -> Result<(), Wrong> {
    for of in left.iter().filter(|of| of.attempt == attempt.number && of.commits > 0) {
        let last = usize::try_from(of.commits - 1).ok().and_then(|at| attempt.commits.get(at));
        if last.is_none_or(|row| row.state_hash != of.state_hash) {
            return Err((
                "attempts",
                format!("commit {} of attempt {} led to {}", of.commits, of.attempt, of.state_hash),
            ));
        }
    }
    Ok(())
}

/// What `lyceum enrollments` finds.
pub(super) async fn problems(app: &App, tenant: Tenant) -> Result<(), String> {
    let all = app.enrollments(tenant, &EnrollmentFilter::default()).await.map_err(|e| e.to_string())?;
    let found: Vec<String> = all.into_iter().flat_map(|of| of.problems).collect();
    if found.is_empty() { Ok(()) } else { Err(found.join("; ")) }
}
