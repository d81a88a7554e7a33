//! `time`: what the learner's time must be, from what really happened.

use lyceum_app::Call;
use lyceum_attempt::Millis;
use lyceum_attempt::entry::Recorded;

use super::Wrong;
use super::journal::{Attempt, Row, Truths};
use crate::truth::Session;

/// One visit of one activity, in hundredths of a second.
struct Visit<'a> {
    activity: &'a str,
    started: Millis,
    last: Millis,
    reported: Option<u64>,
}

/// The total is the sum over all visits, each once: as reported, else as measured.
pub(super) fn adds_up(attempt: &Attempt, sessions: &Truths<'_>, one_server: bool) -> Result<(), Wrong> {
    let mut total = 0;
    attempt.sessions.iter().try_for_each(|row| reaches_its_end(attempt, row))?;
    for row in &attempt.sessions {
        total += visits(&in_order(attempt, &row.id)).iter().map(counted).sum::<u64>();
    }
    for (id, truth) in sessions {
        leases(attempt, id, truth, one_server)?;
    }
    if total == attempt.summary.total_time {
        return Ok(());
    }
    Err((
        "time",
        format!("the visits come to {total} hundredths, the attempt has {}", attempt.summary.total_time),
    ))
}

/// A session's entries by their numbers; the server's own stand behind what had arrived before them.
fn in_order<'a>(attempt: &'a Attempt, id: &'a str) -> Vec<&'a Recorded> {
    let mut last = 0;
    let mut entries: Vec<((u64, bool), &Recorded)> = Vec::new();
    for recorded in attempt.recorded(id) {
        last = last.max(recorded.entry.seq);
        let is_own = recorded.entry.seq == 0;
        entries.push(((if is_own { last } else { recorded.entry.seq }, is_own), recorded));
    }
    entries.sort_by_key(|(place, _)| *place);
    entries.into_iter().map(|(_, recorded)| recorded).collect()
}

fn counted(visit: &Visit<'_>) -> u64 {
    let measured = u64::try_from(visit.last - visit.started).unwrap_or(0) / 10;
    visit.reported.unwrap_or(measured)
}

fn visits<'a>(entries: &[&'a Recorded]) -> Vec<Visit<'a>> {
    let mut all: Vec<Visit<'a>> = Vec::new();
    for Recorded { entry, server } in entries.iter().copied() {
        let error = server.as_ref().map_or(entry.error, |outcome| outcome.error);
        let (activity, at) = (entry.activity.as_str(), entry.at);
        if activity.is_empty() {
            continue;
        }
        if entry.call == Call::Deliver && error == 0 {
            all.push(Visit { activity, started: at, last: at, reported: None });
            continue;
        }
        let Some(visit) = all.iter_mut().rev().find(|visit| visit.activity == activity) else { continue };
        // What a server guessed from signs of life is corrected by what really happened.
        visit.last = if entry.call == Call::Leave { at } else { visit.last.max(at) };
        let is_time = matches!(entry.element.as_str(), "cmi.session_time" | "cmi.core.session_time");
        if entry.call == Call::Set && error == 0 && is_time {
            visit.reported = seconds(&entry.value).map(|seconds| seconds * 100);
        }
    }
    all
}

/// `PT75S` or `00:01:15`, as the simulated content writes them.
fn seconds(text: &str) -> Option<u64> {
    if let Some(seconds) = text.strip_prefix("PT").and_then(|rest| rest.strip_suffix('S')) {
        return seconds.parse().ok();
    }
    text.split(':').try_fold(0, |sum, part| Some(sum * 60 + part.parse::<u64>().ok()?))
}

/// A session that vanished ends at its last sign of life: the last request that the server took of it, as far as that server
/// knew then.
fn leases(attempt: &Attempt, id: &str, truth: &Session, one_server: bool) -> Result<(), Wrong> {
    for row in attempt.commits.iter().filter(|row| row.session.as_deref() == Some(id)) {
        for own in row.entries.iter().filter(|recorded| recorded.entry.seq == 0) {
            let before = truth.contacts.iter().filter(|(at, _)| *at <= row.arrived_at);
            let latest = before.clone().map(|(at, _)| *at).max().unwrap_or(Millis::MIN);
            let sure = before.filter(|(_, is_sure)| *is_sure && one_server).map(|(at, _)| *at).max();
            let at = own.entry.at;
            if at > latest || sure.is_some_and(|sure| at < sure) {
                return Err((
                    "time",
                    format!(
                        "session {} is ended at {at}, it was last seen at {latest}",
                        truth.opening.ordinal
                    ),
                ));
            }
        }
    }
    Ok(())
}

/// A session that vanished, and that no newer one of its attempt had come before, has the time to its last sign of life.
fn reaches_its_end(attempt: &Attempt, row: &Row) -> Result<(), Wrong> {
    let is_newest = attempt.sessions.iter().all(|other| other.ordinal <= row.ordinal);
    let ended = row.ended_at.filter(|_| is_newest && row.ended_by.as_deref() == Some("lease"));
    let last = attempt.recorded(&row.id).map(|recorded| recorded.entry.at).max();
    match ended {
        Some(at) if last.is_none_or(|last| last < at) => Err((
            "time",
            format!("session {} was last seen at {at}, its entries end at {last:?}", row.ordinal),
        )),
        _ => Ok(()),
    }
}
