//! What the database is to hold afterwards: the row of the journal, and what it changes in attempt and registration.

use lyceum_attempt::Millis;
use lyceum_attempt::summary::{Completion, Success};
use lyceum_store::commits::{Change, LogRow};
use lyceum_store::{SessionId, chain};

use crate::commit::request::Caller;
use crate::journal::{Packer, pack_state};
use crate::limits::{MAX_USER_AGENT_CHARS, SNAPSHOT_AFTER};
use crate::live::{Live, LiveSession};

/// What came with the entries.
#[derive(Default)]
pub(in crate::commit) struct Arrival {
    pub(super) client_clock: Option<Millis>,
    pub(super) ip: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) client_hash: Option<[u8; 8]>,
}

impl Arrival {
    pub(super) fn of(from: &Caller) -> Self {
        Self {
            ip: from.ip.map(|ip| ip.to_string()),
            user_agent: from
                .user_agent
                .as_ref()
                .map(|name| name.chars().take(MAX_USER_AGENT_CHARS).collect()),
            ..Self::default()
        }
    }
}

/// What a new row of the journal changes in the attempt and the registration, now that it is part of the state.
pub(in crate::commit) fn change_of(live: &Live, log: Option<LogRow>, now: Millis) -> Change {
    let state = live.engines.state();
    let snapshot = log.as_ref().filter(|row| snapshot_is_due(live, row)).map(|_| pack_state(state));
    let attempt_summary = live.summary();
    // The time of the entry that made it so, as far as the commit tells; of an override, its own.
    let date = attempt_summary.last_access.filter(|_| !attempt_summary.overridden).unwrap_or(now);
    let since = |is_so: bool, before: Option<Millis>| is_so.then(|| before.unwrap_or(date));
    Change {
        registration: live.owner.registration,
        revision: live.registration.revision,
        attempt: live.attempt.id,
        session: None,
        session_floor: state.floor(),
        attempt_ended_at: live.attempt.ended_at,
        log,
        snapshot,
        completed_at: since(attempt_summary.completion == Completion::Completed, live.attempt.completed_at),
        satisfied_at: since(attempt_summary.success == Success::Passed, live.attempt.satisfied_at),
        registration_summary: live.registration_summary(&attempt_summary),
        attempt_summary,
        add_pending: Vec::new(),
        drop_pending_to: None,
        disputed: Vec::new(),
        shared: live.known_of_shared().changed_since(&live.shared),
        now,
    }
}

fn snapshot_is_due(live: &Live, row: &LogRow) -> bool {
    live.attempt.unsnapped_bytes + row.entries.len() as u64 > live.attempt.snapshot_bytes.max(SNAPSHOT_AFTER)
}

pub(in crate::commit) fn log_row(
    live: &Live,
    session: SessionId,
    journal: Packer,
    arrival: Arrival,
    salt: [u8; 16],
    state_hash: u64,
    now: Millis,
) -> LogRow {
    let (from_seq, to_seq) = journal.numbers.unwrap_or_default();
    let mut row = LogRow {
        n: live.attempt.commits + 1,
        session,
        link: live.registration.chain_length + 1,
        from_seq,
        to_seq,
        entry_count: journal.entries,
        differences: journal.differences,
        arrived_at: now,
        client_clock: arrival.client_clock,
        ip: arrival.ip,
        user_agent: arrival.user_agent,
        entries: journal.finish(),
        state_hash: state_hash.to_be_bytes(),
        client_state_hash: arrival.client_hash,
        salt: Some(salt),
        entries_digest: [0; 32],
        origin_digest: [0; 32],
        previous_hash: live.registration.chain_head,
        hash: [0; 32],
    };
    let opening = live.sessions.get(&session).and_then(LiveSession::opening_digest);
    chain::seal(live.owner.registration, opening, &mut row);
    row
}
