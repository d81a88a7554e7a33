//! Follows `sync.js` and `carrier.js`: one commit on the way at a time, again and again until everything is durable. Bodies are
//! not deflated here, so less fits into the last requests than in a browser.

use lyceum_app::{CommitAnswer, limits};
use lyceum_attempt::Millis;
use lyceum_attempt::engine::Engine;

use super::batch::{Line, commit_body, first_batch};
use super::device::Device;
use super::outbox::Outbox;
use super::{Alarm, Failure, Purpose, Scene, SessionClock, wait_after};
use crate::site::Asked;

const QUIET_MS: Millis = 1_000;
const LEAST_GAP_MS: Millis = 100;
const BIG_BYTES: usize = 16 * 1024;
const ENVELOPE_BYTES: usize = 512;
/// `KEEPALIVE_BYTES` of `carrier.js`.
const KEEPALIVE_BYTES: usize = 60 * 1024;

/// What a page has beside its sync.
pub(super) struct Beside<'a> {
    pub(super) outbox: &'a mut Outbox,
    pub(super) engine: &'a Engine,
    pub(super) clock: &'a mut SessionClock,
    pub(super) device: &'a mut Device,
}

#[derive(Debug)]
pub(super) struct Sync {
    session: String,
    max_bytes: usize,
    sent: u64,
    sent_last: u64,
    missing: Vec<[u64; 2]>,
    /// The request that has no answer yet, and its last entry.
    on_the_way: Option<(u64, u64)>,
    failures: u32,
    rounds: u32,
    due: Option<Millis>,
    last_start: Millis,
    last_contact: Millis,
    is_resting: bool,
    /// A newer session has begun.
    pub(super) is_superseded: bool,
}

impl Sync {
    pub(super) fn new(session: &str, max_bytes: usize, scene: &mut Scene<'_>) -> Self {
        scene.wake(scene.now + limits::HEARTBEAT, Alarm::Heartbeat);
        Self {
            session: session.to_owned(),
            max_bytes,
            sent: 0,
            sent_last: 0,
            missing: Vec::new(),
            on_the_way: None,
            failures: 0,
            rounds: 0,
            due: None,
            last_start: Millis::MIN / 2,
            last_contact: scene.now,
            is_resting: false,
            is_superseded: false,
        }
    }

    pub(super) fn changed(&mut self, urgent: bool, outbox: &Outbox, scene: &mut Scene<'_>) {
        let waiting: usize = outbox.since(self.sent + 1).iter().map(|line| line.text.len()).sum();
        self.within(if urgent || waiting >= BIG_BYTES { 0 } else { QUIET_MS }, scene);
    }

    pub(super) fn flush(&mut self, outbox: &Outbox, scene: &mut Scene<'_>) {
        if !outbox.is_empty() {
            self.within(0, scene);
        }
    }

    pub(super) fn retry_now(&mut self, outbox: &Outbox, scene: &mut Scene<'_>) {
        if !outbox.is_empty() {
            self.due = None;
            self.at(0, scene);
        }
    }

    /// The page may end in this moment.
    pub(super) fn hurry(&mut self, again: bool, beside: &mut Beside<'_>, scene: &mut Scene<'_>) {
        let on_the_way = self.on_the_way.filter(|_| !again).map_or(0, |(_, to)| to);
        let from = beside.outbox.durable_to.max(self.sent_last).max(on_the_way);
        let lines = beside.outbox.since(from + 1).to_vec();
        let mut room = KEEPALIVE_BYTES;
        for parcel in self.parcels(&lines, beside) {
            if parcel.len() > room {
                continue;
            }
            room -= parcel.len();
            scene.send(Purpose::Last, Asked::Commit(parcel.into()), true);
        }
        self.sent_last = lines.last().map_or(self.sent_last, |line| line.seq);
    }

    pub(super) fn rest(&mut self) {
        self.is_resting = true;
    }

    pub(super) fn stay(&mut self, outbox: &Outbox, scene: &mut Scene<'_>) {
        self.sent_last = 0;
        self.flush(outbox, scene);
    }

    fn within(&mut self, ms: Millis, scene: &mut Scene<'_>) {
        if self.failures == 0 {
            self.at(ms, scene);
        }
    }

    fn at(&mut self, ms: Millis, scene: &mut Scene<'_>) {
        if self.on_the_way.is_some() {
            return;
        }
        let due = (scene.now + ms).max(self.last_start + LEAST_GAP_MS);
        if self.due.is_some_and(|earlier| earlier <= due) {
            return;
        }
        self.due = Some(due);
        scene.wake(due, Alarm::Sync(due));
    }

    /// A timer of [`at`](Self::at) has come; perhaps one that was replaced meanwhile.
    pub(super) fn go(&mut self, due: Millis, beside: &mut Beside<'_>, scene: &mut Scene<'_>) {
        if self.due != Some(due) {
            return;
        }
        self.due = None;
        let lines = self.next(beside.outbox);
        let Some(to) = lines.last().map(|line| line.seq).filter(|_| self.on_the_way.is_none()) else {
            return;
        };
        self.last_start = scene.now;
        let (body, purpose) = (self.pack(&lines, beside), Purpose::Commit { to, count: lines.len() });
        let id = scene.send(purpose, Asked::Commit(body.into()), false);
        self.on_the_way = Some((id, to));
    }

    /// First what the server misses, then what is new.
    fn next(&self, outbox: &Outbox) -> Vec<Line> {
        let waiting: Vec<Line> = match self.missing.first() {
            Some([from, to]) => {
                let within = outbox.since(*from).iter().filter(|line| (*from..=*to).contains(&line.seq));
                within.cloned().collect()
            }
            None => outbox.since(self.sent + 1).to_vec(),
        };
        first_batch(&waiting, self.max_bytes.saturating_sub(ENVELOPE_BYTES)).to_vec()
    }

    fn pack(&self, lines: &[Line], beside: &mut Beside<'_>) -> String {
        let confirmed = beside.outbox.durable_to;
        let from = lines.first().map_or(confirmed + 1, |line| line.seq);
        let is_present = lines.last().is_some_and(|line| line.seq == beside.engine.last_seq());
        let hash = is_present.then(|| beside.engine.state_hash());
        commit_body(&self.session, from, confirmed, lines, beside.clock.last, hash)
    }

    /// The commit's answer.
    pub(super) fn answered(
        &mut self,
        to: u64,
        answer: &CommitAnswer,
        beside: &mut Beside<'_>,
        scene: &mut Scene<'_>,
    ) {
        self.on_the_way = None;
        self.sent = self.sent.max(to);
        self.heard(answer, beside, scene);
    }

    /// Any answer of the server.
    pub(super) fn heard(&mut self, answer: &CommitAnswer, beside: &mut Beside<'_>, scene: &mut Scene<'_>) {
        self.failures = 0;
        self.last_contact = scene.now;
        if answer.durable_to > beside.outbox.durable_to {
            self.rounds = 0;
        }
        beside.outbox.release(answer.durable_to, beside.device, scene);
        let has = |[from, to]: &[u64; 2]| beside.outbox.since(*from).iter().any(|line| line.seq <= *to);
        self.missing = answer.missing.iter().copied().filter(has).collect();
        self.sent = self.sent.max(answer.durable_to);
        self.is_superseded |= answer.superseded;
        if !beside.outbox.is_empty() {
            self.more(beside.outbox, scene);
        }
    }

    fn more(&mut self, outbox: &Outbox, scene: &mut Scene<'_>) {
        if outbox.last_seq() > self.sent || !self.missing.is_empty() {
            self.at(0, scene);
            return;
        }
        self.sent = outbox.durable_to;
        self.rounds += 1;
        let wait = wait_after(self.rounds, scene.chance);
        self.at(wait, scene);
    }

    pub(super) fn failed(&mut self, failure: &Failure, count: usize, outbox: &Outbox, scene: &mut Scene<'_>) {
        self.on_the_way = None;
        if matches!(failure, Failure::Refused(413)) && count > 1 {
            self.max_bytes = (self.max_bytes / 2).max(1);
            self.at(0, scene);
            return;
        }
        if outbox.is_empty() {
            return;
        }
        self.failures += 1;
        let wait = wait_after(self.failures, scene.chance);
        self.at(wait, scene);
    }

    pub(super) fn heartbeat(&mut self, beside: &mut Beside<'_>, scene: &mut Scene<'_>) {
        if self.is_resting {
            return;
        }
        scene.wake(scene.now + limits::HEARTBEAT, Alarm::Heartbeat);
        let is_silent = scene.now - self.last_contact >= limits::HEARTBEAT / 2;
        if is_silent && self.on_the_way.is_none() && beside.outbox.is_empty() {
            let body = self.pack(&[], beside);
            scene.send(Purpose::Heartbeat, Asked::Commit(body.into()), false);
        }
    }

    /// Requests for all entries, each within what outlives a page. An entry that alone is larger is left out.
    fn parcels(&self, lines: &[Line], beside: &mut Beside<'_>) -> Vec<String> {
        if lines.is_empty() {
            return Vec::new();
        }
        let body = self.pack(lines, beside);
        if body.len() <= KEEPALIVE_BYTES {
            return vec![body];
        }
        if lines.len() == 1 {
            return Vec::new();
        }
        let (first, second) = lines.split_at(lines.len() / 2);
        let mut all = self.parcels(first, beside);
        all.extend(self.parcels(second, beside));
        all
    }
}
