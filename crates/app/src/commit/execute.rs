//! Does the entries again on this side's engine, and works out everything that the database is to hold afterwards.

mod row;
mod step;
mod told;

use std::collections::BTreeMap;

use lyceum_attempt::Millis;
use lyceum_attempt::engine::Engine;
use lyceum_attempt::entry::{Entry, Recorded};
use lyceum_store::SessionId;
use lyceum_store::attempts::EndedBy;
use lyceum_store::commits::Change;

use super::arrange::{Arranged, arrange};
use super::request::CommitAnswer;
use super::{Driving, Incoming};
use crate::error::AppError;
use crate::limits::{MAX_PENDING_BYTES, MAX_PENDING_ENTRIES};
use crate::live::{Live, Waiting};
pub(super) use row::{Arrival, change_of, log_row};
use step::Step;
pub(super) use told::Told;

/// Error code of an outcome for an entry that came after its session had ended with a gap where it belongs, and that would
/// now undo something newer. Not a code of the standards: it never reaches content.
pub(crate) const TOO_LATE: u16 = 9_002;

/// What is to be stored, and what is to be said.
pub(super) struct Executed {
    /// `None` when nothing is new.
    pub(super) change: Option<Box<Change>>,
    pub(super) answer: CommitAnswer,
    pub(super) told: Told,
}

/// Entries from a browser.
pub(super) fn entries(
    live: &mut Live,
    incoming: Incoming<'_>,
    stored: &BTreeMap<u64, Recorded>,
    salt: [u8; 16],
) -> Result<Executed, AppError> {
    let Incoming { session, request, from, now, .. } = incoming;
    let of = live.session(session)?;
    let waiting = of.waiting.clone().unwrap_or_default();
    let arranged = arrange(&request.entries, of.row.executed_to, &waiting, stored);
    check_waiting(&waiting, &arranged)?;
    let mut step = Step::begin(live, session, waiting, now, now)?;
    step.late(&arranged.late, stored, live);
    step.run(arranged.run.iter().map(AsRef::as_ref), live)?;
    step.keep(&arranged);
    let arrival = Arrival {
        client_clock: request.client_clock,
        client_hash: request.client_hash(),
        ..Arrival::of(from)
    };
    step.repeated = arranged.repeated;
    Ok(step.finish(live, arrival, salt))
}

/// What became of calls that this side made itself.
pub(super) struct Driven<T> {
    pub(super) executed: Executed,
    /// What the calls answered.
    pub(super) told: T,
    /// The session's entries that they left, as an inclusive range; empty where the second number is the smaller one.
    pub(super) entries: (u64, u64),
}

/// Calls on the session's engine by somebody without one of his own.
pub(super) fn driven<T>(
    live: &mut Live,
    Driving { session, from, now, seen }: Driving<'_>,
    salt: [u8; 16],
    drive: impl FnOnce(&mut Engine) -> Result<T, AppError>,
) -> Result<Driven<T>, AppError> {
    let waiting = live.session(session)?.waiting.clone().unwrap_or_default();
    let mut step = Step::begin(live, session, waiting, seen, now)?;
    let engine = live.engine(session)?;
    let first = engine.last_seq() + 1;
    let told = drive(engine)?;
    for entry in engine.take_entries() {
        step.journal(&entry, None);
    }
    step.note_end(engine);
    let entries = (first, engine.last_seq());
    Ok(Driven { executed: step.finish(live, Arrival::of(from), salt), told, entries })
}

/// The end of a session whose page vanished. What waits past a gap goes on waiting: the rest may lie on the learner's device
/// and come with her next visit.
pub(super) fn lease_end(
    live: &mut Live,
    session: SessionId,
    last_seen: Millis,
    salt: [u8; 16],
    now: Millis,
) -> Result<Executed, AppError> {
    let of = live.session(session)?;
    // What came of it after a newer session began was on its way for long, and that session was executed without it.
    let is_overtaken = live.is_overtaken(of);
    let waiting = of.waiting.clone().unwrap_or_default();
    let mut step = Step::begin(live, session, waiting, last_seen, now)?;
    if !is_overtaken {
        step.sign_of_life(last_seen, live)?;
    }
    step.ended.get_or_insert((last_seen, EndedBy::Lease));
    Ok(step.finish(live, Arrival::default(), salt))
}

/// A session that goes on, as far as is known: its time runs to its last sign of life.
pub(super) fn sign_of_life(
    live: &mut Live,
    session: SessionId,
    last_seen: Millis,
    salt: [u8; 16],
    now: Millis,
) -> Result<Executed, AppError> {
    let waiting = live.session(session)?.waiting.clone().unwrap_or_default();
    let mut step = Step::begin(live, session, waiting, last_seen, now)?;
    step.sign_of_life(last_seen, live)?;
    Ok(step.finish(live, Arrival::default(), salt))
}

/// A session that ended by its lease, with a gap that is waited for no longer: what stands behind it is executed without what
/// is missing.
pub(super) fn pass_gaps(
    live: &mut Live,
    session: SessionId,
    salt: [u8; 16],
    now: Millis,
) -> Result<Executed, AppError> {
    let of = live.session(session)?;
    let (ended, last_seen) = (of.row.ended, of.row.last_seen_at);
    let mut waiting = of.waiting.clone().unwrap_or_default();
    let run: Vec<Entry> = waiting.pending.values().cloned().collect();
    let mut next = of.row.executed_to + 1;
    for entry in &run {
        if entry.seq > next {
            waiting.holes.push((next, entry.seq - 1));
        }
        next = entry.seq + 1;
    }
    let mut step = Step::begin(live, session, waiting, last_seen, now)?;
    step.run(&run, live)?;
    step.ended = step.ended.or(ended);
    Ok(step.finish(live, Arrival::default(), salt))
}

/// A gap that never closes must not fill the disk.
fn check_waiting(waiting: &Waiting, arranged: &Arranged<'_>) -> Result<(), AppError> {
    let found = waiting.pending.len() + arranged.wait.len();
    if found > MAX_PENDING_ENTRIES {
        let (found, limit) = (found as u64, MAX_PENDING_ENTRIES as u64);
        return Err(AppError::TooLarge {
            what: "the part of the session past the gap",
            found,
            limit,
            unit: "entries",
        });
    }
    let bytes: u64 =
        waiting.pending.values().chain(arranged.wait.iter().copied()).map(|e| e.value.len() as u64).sum();
    if bytes > MAX_PENDING_BYTES {
        let limit = MAX_PENDING_BYTES;
        return Err(AppError::TooLarge {
            what: "the part of the session past the gap",
            found: bytes,
            limit,
            unit: "bytes",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(entries: u64) -> Waiting {
        let json = r#"{"seq":1,"at":0,"activity":"a","call":"commit"}"#;
        let entry: Entry = serde_json::from_str(json).expect("an entry");
        Waiting { pending: (10..10 + entries).map(|seq| (seq, entry.clone())).collect(), holes: Vec::new() }
    }

    #[test]
    fn so_many_entries_may_wait_and_no_more() {
        let limit = MAX_PENDING_ENTRIES as u64;
        for (entries, fits) in [(limit, true), (limit + 1, false)] {
            let found = check_waiting(&waiting(entries), &Arranged::default());
            assert_eq!(found.is_ok(), fits, "{entries}");
        }
    }
}
