//! `doors`: what was acknowledged to callers without our player is in the journal, once, in the order of their numbers.

use std::collections::BTreeMap;

use lyceum_app::Call;
use lyceum_attempt::Millis;

use super::Wrong;
use super::journal::{Attempt, Registration};
use crate::caller::{Caller, Message};

/// A value of a caller as it stands in the journal.
struct Found<'a> {
    page: &'a str,
    seq: u64,
    at: Millis,
    key: (&'a str, &'a str),
    is_accepted: bool,
}

/// Every value that was acknowledged, once where its commit had a number, in the session that the caller named.
pub(super) fn is_stored(of: &Registration, caller: &Caller) -> Result<(), Wrong> {
    let mut found: BTreeMap<&str, Vec<Found<'_>>> = BTreeMap::new();
    for attempt in &of.attempts {
        gather(attempt, &mut found);
    }
    for message in &caller.messages {
        for mark in &message.marks {
            stands(message, mark, found.get(mark.as_str()).map_or(&[], Vec::as_slice))?;
        }
    }
    in_order(&found, caller)?;
    late_takes_no_time(&found, caller)
}

fn gather<'a>(attempt: &'a Attempt, found: &mut BTreeMap<&'a str, Vec<Found<'a>>>) {
    for row in attempt.sessions.iter().filter(|row| row.is_of_door()) {
        for recorded in attempt.recorded(&row.id).filter(|recorded| recorded.entry.call == Call::Set) {
            let entry = &recorded.entry;
            let error = recorded.server.as_ref().map_or(entry.error, |outcome| outcome.error);
            found.entry(&entry.value).or_default().push(Found {
                page: &row.page,
                seq: entry.seq,
                at: entry.at,
                key: (&entry.activity, &entry.element),
                is_accepted: error == 0,
            });
        }
    }
}

fn stands(message: &Message, mark: &str, places: &[Found<'_>]) -> Result<(), Wrong> {
    let mark: String = mark.chars().take(20).collect();
    if message.is_acknowledged && places.is_empty() {
        return Err(("doors", format!("\"{mark}\" was acknowledged, and is not there")));
    }
    if message.number.is_some() && places.len() > 1 {
        return Err(("doors", format!("\"{mark}\" is there {} times", places.len())));
    }
    let page = message.session.as_ref().map(|name| format!("door:{name}"));
    match page.and_then(|page| places.iter().find(|found| found.page != page)) {
        Some(found) => Err(("doors", format!("\"{mark}\" is in session {}", found.page))),
        None => Ok(()),
    }
}

/// What a session took of one element.
#[derive(Default)]
struct Taken {
    /// The highest number of a commit that set it.
    highest: u64,
    /// Where it was set last, and the number of the commit that did.
    last: (u64, u64),
}

/// Of the values of one element that a session took, the one with the highest number stands, however they arrived.
fn in_order(found: &BTreeMap<&str, Vec<Found<'_>>>, caller: &Caller) -> Result<(), Wrong> {
    let mut all: BTreeMap<_, Taken> = BTreeMap::new();
    for message in &caller.messages {
        let Some(number) = message.number else { continue };
        let places = message.marks.iter().filter_map(|mark| found.get(mark.as_str())).flatten();
        for place in places.filter(|place| place.is_accepted) {
            let taken = all.entry((place.page, place.key)).or_default();
            taken.highest = taken.highest.max(number);
            taken.last = taken.last.max((place.seq, number));
        }
    }
    match all.iter().find(|(_, taken)| taken.highest != taken.last.1) {
        Some(((page, (_, element)), Taken { highest, last: (_, stands) })) => Err((
            "doors",
            format!("{element} of {page} is that of commit {stands}, and commit {highest} had set it"),
        )),
        None => Ok(()),
    }
}

/// What commits with lower numbers bring after the last one was known before that: the visit lasts no longer by it.
fn late_takes_no_time(found: &BTreeMap<&str, Vec<Found<'_>>>, caller: &Caller) -> Result<(), Wrong> {
    let places = |message: &Message| {
        let marks = message.marks.clone();
        marks.into_iter().filter_map(|mark| found.get(mark.as_str())).flatten().collect::<Vec<_>>()
    };
    for last in &caller.messages {
        let of_session =
            || caller.messages.iter().filter(|of| of.number.is_some() && of.session == last.session);
        if last.number.is_none() || of_session().any(|of| of.number > last.number) {
            continue;
        }
        let Some(end) = places(last).iter().map(|place| (place.seq, place.at)).max() else { continue };
        for late in of_session().flat_map(places).filter(|place| place.seq > end.0) {
            if late.at > end.1 {
                return Err(("doors", format!("{} came late, and made the visit longer", late.key.1)));
            }
        }
    }
    Ok(())
}
