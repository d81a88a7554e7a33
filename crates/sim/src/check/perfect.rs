//! `perfect`: the same calls again, on a network and a server on which nothing ever goes wrong. That needs neither of them: one
//! engine after the other, each with the state that the one before has left.

use std::sync::Arc;

use lyceum_app::{Call, Entry};
use lyceum_attempt::Millis;
use lyceum_attempt::engine::Engine;
use lyceum_attempt::state::State;

use super::Wrong;
use super::journal::{Attempt, Truths};

/// Whether no session had anything to say after a newer one was opened.
pub(super) fn are_apart(attempt: &Attempt, sessions: &Truths<'_>) -> bool {
    sessions.iter().enumerate().all(|(n, (id, truth))| {
        let next: Option<Millis> = sessions.get(n + 1).map(|(_, next)| next.opened_at);
        next.is_none_or(|opened| {
            attempt.numbers(id).iter().all(|seq| truth.arrived.get(seq).is_some_and(|at| *at < opened))
        })
    })
}

/// Compares state and outcomes. False where a part of a session is gone for good, its page and its device with it: then there
/// is nothing to compare with.
pub(super) fn is_same(attempt: &Attempt, sessions: &Truths<'_>) -> Result<bool, Wrong> {
    let is_torn = |id: &str| {
        let numbers = attempt.numbers(id);
        numbers.last().is_some_and(|last| *last != numbers.len() as u64)
    };
    if sessions.iter().any(|(id, _)| is_torn(id)) {
        return Ok(false);
    }
    let mut state = State::new(sessions[0].1.plan.edition);
    // What the server adds where a page vanished is there on a perfect network as well.
    let mut ended = 0;
    for (id, truth) in sessions {
        let made = &truth.entries[..attempt.numbers(id).len()];
        attempt.leases(sessions, truth.opened_at).skip(ended).for_each(|(recorded, ordinal)| {
            state.apply(recorded, ordinal);
            ended += 1;
        });
        let mut engine = Engine::open(Arc::clone(&truth.plan), truth.opening.clone(), state);
        made.iter().for_each(|entry| again(&mut engine, entry));
        let ordinal = truth.opening.ordinal;
        if let Some((entry, other)) =
            made.iter().zip(&engine.take_entries()).find(|(entry, other)| entry != other)
        {
            return Err(("perfect", format!("session {ordinal}: {entry:?} would have been {other:?}")));
        }
        state = engine.state().clone();
    }
    attempt
        .leases(sessions, Millis::MAX)
        .skip(ended)
        .for_each(|(recorded, ordinal)| state.apply(recorded, ordinal));
    let hash = format!("{:016x}", state.hash());
    if hash == attempt.state_hash {
        return Ok(true);
    }
    Err(("perfect", format!("the state would be {hash}, it is {}", attempt.state_hash)))
}

/// The call that made the entry, once more.
fn again(engine: &mut Engine, entry: &Entry) {
    let now = entry.at;
    match entry.call {
        Call::Initialize => drop(engine.initialize(&entry.value, now)),
        Call::Set => drop(engine.set_value(&entry.element, &entry.value, now)),
        Call::Get => drop(engine.get_value(&entry.element, now)),
        Call::Commit => drop(engine.commit(&entry.value, now)),
        Call::Terminate => drop(engine.terminate(&entry.value, now)),
        Call::Navigate => drop(engine.navigate(&entry.value, now)),
        Call::Deliver => {
            engine.deliver(&entry.activity, now);
        }
        Call::Leave => engine.leave(now),
        Call::Act => {}
    }
}
