//! Does the entries again on this side's engine, and works out everything that the database is to hold afterwards.

use std::collections::BTreeMap;

use lyceum_attempt::Millis;
use lyceum_attempt::engine::Engine;
use lyceum_attempt::entry::{Call, Entry, Outcome, Recorded};
use lyceum_attempt::state::SessionEnd;
use lyceum_attempt::summary::{Completion, Success};
use lyceum_store::attempts::EndedBy;
use lyceum_store::commits::{Change, LogRow, SessionUpdate};
use lyceum_store::{SessionId, chain};

use super::arrange::{Arranged, arrange};
use super::request::{Caller, CommitAnswer, CommitRequest};
use crate::error::AppError;
use crate::journal::{Packer, pack_entry, pack_state};
use crate::limits::{
    MAX_MISSING_RANGES, MAX_PENDING_BYTES, MAX_PENDING_ENTRIES, MAX_USER_AGENT_CHARS, SNAPSHOT_AFTER,
};
use crate::live::{Live, Waiting};

/// Error code of an outcome for an entry that came after its session had ended with a gap where it belongs, and that would
/// now undo something newer. Not a code of the standards: it never reaches content.
pub(crate) const TOO_LATE: u16 = 9_002;

/// Value of the server's own entry (number 0) at the last sign of life of a page that vanished.
const LEASE: &str = "lease";

/// What is to be stored, and what is to be said.
pub(super) struct Executed {
    /// `None` when nothing is new.
    pub(super) change: Option<Box<Change>>,
    pub(super) answer: CommitAnswer,
    pub(super) told: Told,
}

/// The line for the log, and the counts.
#[derive(Debug, Default)]
pub(super) struct Told {
    session: String,
    entries: u32,
    refused: BTreeMap<u16, u64>,
    differences: u32,
    repeated: usize,
    disputed: usize,
    waiting: usize,
    state_differs: bool,
    durable_to: u64,
}

impl Told {
    pub(super) fn tell(self, live: &Live) {
        let refused: u64 = self.refused.values().sum();
        metrics::counter!("lyceum_commit_entries_total").increment(u64::from(self.entries));
        for (code, count) in &self.refused {
            metrics::counter!("lyceum_calls_refused_total", "code" => code.to_string()).increment(*count);
        }
        count("lyceum_outcome_differences_total", u64::from(self.differences));
        count("lyceum_state_differences_total", u64::from(self.state_differs));
        count("lyceum_disputed_entries_total", self.disputed as u64);
        tracing::info!(
            registration = %live.owner.registration, session = self.session, durable_to = self.durable_to,
            entries = self.entries, refused, differences = self.differences, repeated = self.repeated,
            disputed = self.disputed, waiting = self.waiting, state_differs = self.state_differs, "commit"
        );
    }
}

fn count(name: &'static str, n: u64) {
    if n > 0 {
        metrics::counter!(name).increment(n);
    }
}

/// Entries from a browser.
pub(super) fn entries(
    live: &mut Live,
    session: SessionId,
    request: &CommitRequest,
    stored: &BTreeMap<u64, Recorded>,
    from: &Caller,
    salt: [u8; 16],
    now: Millis,
) -> Result<Executed, AppError> {
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
    session: SessionId,
    from: &Caller,
    salt: [u8; 16],
    now: Millis,
    drive: impl FnOnce(&mut Engine) -> Result<T, AppError>,
) -> Result<Driven<T>, AppError> {
    let waiting = live.session(session)?.waiting.clone().unwrap_or_default();
    let mut step = Step::begin(live, session, waiting, now, now)?;
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
    let is_superseded = live.is_superseded(of);
    let waiting = of.waiting.clone().unwrap_or_default();
    let mut step = Step::begin(live, session, waiting, last_seen, now)?;
    if !is_superseded {
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

/// What came with the entries.
#[derive(Default)]
pub(super) struct Arrival {
    client_clock: Option<Millis>,
    ip: Option<String>,
    user_agent: Option<String>,
    client_hash: Option<[u8; 8]>,
}

impl Arrival {
    fn of(from: &Caller) -> Self {
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

/// One step of an attempt, as it is worked out.
struct Step {
    session: SessionId,
    ordinal: u32,
    now: Millis,
    last_seen: Millis,
    executed_to: u64,
    waiting: Waiting,
    journal: Packer,
    refused: BTreeMap<u16, u64>,
    ended: Option<(Millis, EndedBy)>,
    drop_pending_to: Option<u64>,
    add_pending: Vec<(u64, Vec<u8>)>,
    disputed: Vec<(u64, Vec<u8>)>,
    repeated: usize,
}

impl Step {
    fn begin(
        live: &Live,
        session: SessionId,
        waiting: Waiting,
        last_seen: Millis,
        now: Millis,
    ) -> Result<Self, AppError> {
        let of = live.session(session)?;
        let (ordinal, executed_to) = (of.row.ordinal, of.row.executed_to);
        // A page that was thought dead and sends again has not ended; one that the learner left stays left.
        let ended = of.row.ended.filter(|(_, by)| *by != EndedBy::Lease);
        Ok(Self {
            session,
            ordinal,
            now,
            last_seen,
            executed_to,
            waiting,
            journal: Packer::new(),
            refused: BTreeMap::new(),
            ended,
            drop_pending_to: None,
            add_pending: Vec::new(),
            disputed: Vec::new(),
            repeated: 0,
        })
    }

    /// Entries in order, on the session's engine.
    fn run<'a>(
        &mut self,
        entries: impl IntoIterator<Item = &'a Entry>,
        live: &mut Live,
    ) -> Result<(), AppError> {
        let engine = live.engine(self.session)?;
        for entry in entries {
            let outcome = engine.execute(entry);
            let is_shared = entry.has_outcome(&outcome);
            self.journal(entry, (!is_shared).then_some(&outcome));
        }
        if self.waiting.pending.first_key_value().is_some_and(|(seq, _)| *seq <= self.executed_to) {
            self.drop_pending_to = Some(self.executed_to);
            self.waiting.pending = self.waiting.pending.split_off(&(self.executed_to + 1));
        }
        self.note_end(engine);
        Ok(())
    }

    /// An entry that has become part of the state.
    fn journal(&mut self, entry: &Entry, server: Option<&Outcome>) {
        let error = server.map_or(entry.error, |outcome| outcome.error);
        if error != 0 {
            *self.refused.entry(error).or_default() += 1;
        }
        self.journal.push(entry, server);
        self.executed_to = self.executed_to.max(entry.seq);
    }

    fn note_end(&mut self, engine: &Engine) {
        self.ended = match engine.ended() {
            Some(SessionEnd::Exit) => Some((self.now, EndedBy::Exit)),
            Some(SessionEnd::Suspend) => Some((self.now, EndedBy::Suspend)),
            None => self.ended,
        };
    }

    /// Entries from a hole. Later ones of the session were executed without them, so they can only set what none of those has
    /// set; they are folded in as the browser saw them.
    fn late(&mut self, entries: &[&Entry], stored: &BTreeMap<u64, Recorded>, live: &mut Live) {
        for &entry in entries {
            let is_set_later = stored.range(entry.seq + 1..).any(|(_, later)| sets_the_same(entry, later));
            let fits = entry.call == Call::Set && entry.error == 0 && !is_set_later;
            let server = (!fits).then(|| Outcome { error: TOO_LATE, ..entry.outcome() });
            self.journal.push(entry, server.as_ref());
            live.engines.fold(&Recorded { entry: entry.clone(), server }, self.ordinal);
            self.waiting.fill(entry.seq);
        }
    }

    /// Time runs to the last sign of life, also when nothing was called since.
    fn sign_of_life(&mut self, at: Millis, live: &mut Live) -> Result<(), AppError> {
        let last_entry = live.engines.state().sessions().get(&self.ordinal).map_or(i64::MIN, |s| s.last);
        if last_entry >= at {
            return Ok(());
        }
        let engine = live.engine(self.session)?;
        let entry = Entry {
            seq: 0,
            at,
            activity: engine.delivered().unwrap_or_default().to_owned(),
            call: Call::Commit,
            element: String::new(),
            value: LEASE.to_owned(),
            error: 0,
            flags: engine.mark(),
            result: String::new(),
            seeds: Vec::new(),
            sequencing: None,
        };
        self.journal.push(&entry, None);
        live.engines.fold(&Recorded { entry, server: None }, self.ordinal);
        Ok(())
    }

    fn keep(&mut self, arranged: &Arranged<'_>) {
        self.add_pending = arranged.wait.iter().map(|entry| (entry.seq, pack_entry(entry))).collect();
        self.waiting.pending.extend(arranged.wait.iter().map(|&entry| (entry.seq, entry.clone())));
        self.disputed = arranged.disputed.iter().map(|entry| (entry.seq, pack_entry(entry))).collect();
    }

    fn finish(self, live: &mut Live, arrival: Arrival, salt: [u8; 16]) -> Executed {
        let state_hash = live.engines.state().hash();
        let durable_to = self.waiting.durable_to(self.executed_to);
        let missing = self.waiting.missing(self.executed_to, MAX_MISSING_RANGES);
        let is_superseded = live.sessions.get(&self.session).is_none_or(|of| live.is_superseded(of));
        let is_comparable = missing.is_empty() && !is_superseded;
        let state_differs = is_comparable
            && !self.journal.is_empty()
            && arrival.client_hash.is_some_and(|hash| hash != state_hash.to_be_bytes());
        let told = Told {
            session: self.session.to_string(),
            entries: self.journal.entries,
            refused: self.refused.clone(),
            differences: self.journal.differences,
            repeated: self.repeated,
            disputed: self.disputed.len(),
            waiting: self.add_pending.len(),
            state_differs,
            durable_to,
        };
        let answer = CommitAnswer {
            durable_to,
            state_hash: missing.is_empty().then(|| format!("{state_hash:016x}")),
            missing,
            superseded: is_superseded,
            corrected: live.sessions.get(&self.session).is_some_and(|of| live.is_corrected(of)),
            token: None,
        };
        let waiting = self.waiting.clone();
        let session = self.session;
        let change = self.change(live, arrival, salt, state_hash);
        if let Some(of) = live.sessions.get_mut(&session) {
            of.waiting = Some(waiting);
        }
        Executed { change: Some(Box::new(change)), answer, told }
    }

    fn change(self, live: &Live, arrival: Arrival, salt: [u8; 16], state_hash: u64) -> Change {
        let durable_to = self.waiting.durable_to(self.executed_to);
        let attempt_ended_at = self.attempt_ended_at(live);
        let session = SessionUpdate {
            id: self.session,
            last_seen_at: self.last_seen,
            durable_to,
            executed_to: self.executed_to,
            ended: self.ended,
        };
        let (add_pending, drop_pending_to) = (self.add_pending, self.drop_pending_to);
        let (disputed, now) = (self.disputed, self.now);
        let log = (!self.journal.is_empty())
            .then(|| log_row(live, self.session, self.journal, arrival, salt, state_hash, now));
        let change = change_of(live, log, now);
        Change { session: Some(session), attempt_ended_at, add_pending, drop_pending_to, disputed, ..change }
    }

    /// An attempt is over when its newest session was left by Exit and nothing in it is suspended; a later session opens it
    /// again.
    fn attempt_ended_at(&self, live: &Live) -> Option<Millis> {
        if live.attempt.sessions != self.ordinal {
            return live.attempt.ended_at;
        }
        let is_suspended = || live.engines.state().is_suspended();
        self.ended.filter(|(_, by)| *by == EndedBy::Exit && !is_suspended()).map(|(at, _)| at)
    }
}

/// What a new row of the journal changes in the attempt and the registration, now that it is part of the state.
pub(super) fn change_of(live: &Live, log: Option<LogRow>, now: Millis) -> Change {
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

fn sets_the_same(entry: &Entry, later: &Recorded) -> bool {
    let error = later.server.as_ref().map_or(later.entry.error, |server| server.error);
    let later = &later.entry;
    later.call == Call::Set
        && error == 0
        && later.activity == entry.activity
        && later.element == entry.element
}

fn snapshot_is_due(live: &Live, row: &LogRow) -> bool {
    live.attempt.unsnapped_bytes + row.entries.len() as u64 > live.attempt.snapshot_bytes.max(SNAPSHOT_AFTER)
}

pub(super) fn log_row(
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
    chain::seal(live.owner.registration, &mut row);
    row
}
