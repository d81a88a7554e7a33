//! One step of an attempt: entries are executed or kept aside, and what that changes is gathered.

use std::collections::BTreeMap;

use lyceum_attempt::Millis;
use lyceum_attempt::engine::Engine;
use lyceum_attempt::entry::{Call, Entry, Outcome, Recorded};
use lyceum_attempt::state::SessionEnd;
use lyceum_store::SessionId;
use lyceum_store::attempts::EndedBy;
use lyceum_store::commits::{Change, SessionUpdate};

use super::row::{Arrival, change_of, log_row};
use super::{Executed, TOO_LATE, Told};
use crate::commit::arrange::Arranged;
use crate::commit::request::CommitAnswer;
use crate::error::AppError;
use crate::journal::{Packer, pack_entry};
use crate::limits::MAX_MISSING_RANGES;
use crate::live::{Live, Waiting};

/// Value of the server's own entry (number 0) at the last sign of life of a page that vanished.
const LEASE: &str = "lease";

/// One step of an attempt, as it is worked out.
pub(super) struct Step {
    session: SessionId,
    ordinal: u32,
    now: Millis,
    last_seen: Millis,
    executed_to: u64,
    waiting: Waiting,
    journal: Packer,
    refused: BTreeMap<u16, u64>,
    pub(super) ended: Option<(Millis, EndedBy)>,
    drop_pending_to: Option<u64>,
    add_pending: Vec<(u64, Vec<u8>)>,
    disputed: Vec<(u64, Vec<u8>)>,
    pub(super) repeated: usize,
}

impl Step {
    pub(super) fn begin(
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
    pub(super) fn run<'a>(
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
    pub(super) fn journal(&mut self, entry: &Entry, server: Option<&Outcome>) {
        let error = server.map_or(entry.error, |outcome| outcome.error);
        if error != 0 {
            *self.refused.entry(error).or_default() += 1;
        }
        self.journal.push(entry, server);
        self.executed_to = self.executed_to.max(entry.seq);
    }

    pub(super) fn note_end(&mut self, engine: &Engine) {
        self.ended = match engine.ended() {
            Some(SessionEnd::Exit) => Some((self.now, EndedBy::Exit)),
            Some(SessionEnd::Suspend) => Some((self.now, EndedBy::Suspend)),
            None => self.ended,
        };
    }

    /// Entries from a hole. Later ones of the session were executed without them, so they can only set what none of those has
    /// set; they are folded in as the browser saw them.
    pub(super) fn late(&mut self, entries: &[&Entry], stored: &BTreeMap<u64, Recorded>, live: &mut Live) {
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
    pub(super) fn sign_of_life(&mut self, at: Millis, live: &mut Live) -> Result<(), AppError> {
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

    pub(super) fn keep(&mut self, arranged: &Arranged<'_>) {
        self.add_pending = arranged.wait.iter().map(|entry| (entry.seq, pack_entry(entry))).collect();
        self.waiting.pending.extend(arranged.wait.iter().map(|&entry| (entry.seq, entry.clone())));
        self.disputed = arranged.disputed.iter().map(|entry| (entry.seq, pack_entry(entry))).collect();
    }

    pub(super) fn finish(self, live: &mut Live, arrival: Arrival, salt: [u8; 16]) -> Executed {
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
    /// again. One that another attempt has followed is over, whatever still comes of it.
    fn attempt_ended_at(&self, live: &Live) -> Option<Millis> {
        if live.attempt.sessions != self.ordinal || !live.is_newest {
            return live.attempt.ended_at;
        }
        let is_suspended = || live.engines.state().is_suspended();
        self.ended.filter(|(_, by)| *by == EndedBy::Exit && !is_suspended()).map(|(at, _)| at)
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
