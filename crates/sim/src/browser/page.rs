//! Follows `main.js`, `leftovers.js`, `opening.js`, `session.js`, `player.js`, `navigation.js` and `lifecycle.js`: one load of the
//! player page, from the leftovers of earlier visits to the end.

mod calls;

use std::collections::VecDeque;
use std::sync::Arc;

use lyceum_app::CommitAnswer;
use lyceum_attempt::Millis;
use lyceum_attempt::engine::Engine;
use lyceum_attempt::opening::Opening;
use lyceum_attempt::plan::Plan;
use lyceum_attempt::state::State;
use serde::Deserialize;

use super::batch::{Line, commit_body, first_batch};
use super::content::{Content, Move, Words};
use super::device::Device;
use super::outbox::Outbox;
use super::sync::{Beside, Sync};
use super::{Alarm, Effect, Failure, Outcome, Purpose, Scene, SessionClock, wait_after};
use crate::site::{Asked, Said};

/// `BODY_BYTES` of `leftovers.js`.
const LEFTOVER_BYTES: usize = 512 * 1024;

/// The parts of the answer to the opening that a page reads.
#[derive(Deserialize)]
struct Opened {
    session: String,
    token: String,
    server_clock: Millis,
    plan: Plan,
    opening: Opening,
    state: State,
    commit: Terms,
}

#[derive(Deserialize)]
struct Terms {
    max_body_bytes: usize,
}

/// What became of a move, where the page is not there any more as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// The learner goes on.
    Done,
    /// The visit has ended; the page still sends what is left.
    Ended,
    /// The page is gone, in good order.
    Closed,
    /// The page is gone without a word.
    Crashed,
    /// And all others on the device with it.
    PowerLoss,
}

#[derive(Debug)]
enum Phase {
    Loading,
    /// What waits, and what is on its way of it.
    Leftovers(VecDeque<(String, Vec<Line>)>),
    Opening(Millis),
    Playing,
    /// The visit is over.
    Ended,
    /// Turned away for good.
    Failed,
}

/// What a page has once it plays.
struct Play {
    session: String,
    engine: Engine,
    clock: SessionClock,
    sync: Sync,
    content: Content,
    /// Moves left before the learner has had enough.
    patience: u64,
    is_leaving: bool,
}

/// A page.
pub(crate) struct Page {
    pub(crate) id: u32,
    pub(crate) learner: usize,
    pub(crate) device: usize,
    pub(crate) token: String,
    phase: Phase,
    outbox: Outbox,
    failures: u32,
    play: Option<Play>,
    /// Opens the course only to bring what is left, and goes.
    is_brief: bool,
}

impl Page {
    pub(crate) fn load(
        id: u32,
        (learner, device): (usize, usize),
        of: &Device,
        is_brief: bool,
        scene: &mut Scene<'_>,
    ) -> Self {
        scene.send(Purpose::Load, Asked::Page, false);
        let outbox = Outbox::open(id, of);
        Self {
            id,
            learner,
            device,
            token: String::new(),
            phase: Phase::Loading,
            outbox,
            failures: 0,
            play: None,
            is_brief,
        }
    }

    pub(crate) fn is_playing(&self) -> bool {
        matches!(self.phase, Phase::Playing)
    }

    /// Nothing will come of it any more.
    pub(crate) fn is_failed(&self) -> bool {
        matches!(self.phase, Phase::Failed)
    }

    pub(crate) fn is_saved(&self) -> bool {
        self.outbox.is_empty()
    }

    /// The session, once there is one.
    pub(crate) fn session(&self) -> Option<&str> {
        self.play.as_ref().map(|play| play.session.as_str())
    }

    fn parts<'a>(&'a mut self, device: &'a mut Device) -> Option<(&'a mut Sync, Beside<'a>)> {
        let play = self.play.as_mut()?;
        let beside =
            Beside { outbox: &mut self.outbox, engine: &play.engine, clock: &mut play.clock, device };
        Some((&mut play.sync, beside))
    }

    // ---- the way to the first activity --------------------------------------------------------------------------------

    /// The next step before the page plays, or the same again after a failure.
    fn begin(&mut self, device: &mut Device, scene: &mut Scene<'_>) {
        match &mut self.phase {
            Phase::Loading => {
                scene.send(Purpose::Load, Asked::Page, false);
            }
            Phase::Leftovers(queue) => {
                let Some((session, lines)) = queue.front() else {
                    self.phase = Phase::Opening(0);
                    return self.begin(device, scene);
                };
                // What was confirmed has left the device, from the first entry on.
                let batch = first_batch(lines, LEFTOVER_BYTES);
                let from = batch.first().map_or(1, |line| line.seq);
                let body = commit_body(session, from, from - 1, batch, device.wall(scene.now), None);
                let purpose = Purpose::Leftovers { session: session.clone(), count: batch.len() };
                scene.send(purpose, Asked::Commit(body.into()), false);
            }
            Phase::Opening(asked) => {
                *asked = device.wall(scene.now);
                let request = Asked::Open { page: format!("page {}", self.id), client_clock: *asked };
                scene.send(Purpose::Open, request, false);
            }
            Phase::Playing | Phase::Ended | Phase::Failed => {}
        }
    }

    /// `untilReachable`.
    fn try_again(&mut self, scene: &mut Scene<'_>) {
        self.failures += 1;
        let wait = wait_after(self.failures, scene.chance);
        scene.wake(scene.now + wait, Alarm::Again);
    }

    fn leftovers_answered(
        &mut self,
        count: usize,
        answer: &CommitAnswer,
        device: &mut Device,
        scene: &mut Scene<'_>,
    ) {
        let Phase::Leftovers(queue) = &mut self.phase else { return };
        let Some((session, lines)) = queue.front_mut() else { return };
        lines.drain(..count);
        let (session, is_done) = (session.clone(), lines.is_empty());
        if is_done {
            queue.pop_front();
        }
        self.outbox.forget(&session, answer.durable_to, device, scene);
        self.failures = 0;
        self.begin(device, scene);
    }

    fn opened(&mut self, body: &Arc<str>, device: &mut Device, scene: &mut Scene<'_>) {
        let Phase::Opening(asked) = self.phase else { return };
        let opened: Opened = serde_json::from_str(body).expect("the answer to an opening");
        self.token = opened.token;
        self.outbox.begin(&opened.session);
        let sync = Sync::new(&opened.session, opened.commit.max_body_bytes, scene);
        let clock = SessionClock::new(opened.server_clock, asked, device.wall(scene.now));
        let engine = Engine::open(Arc::new(opened.plan), opened.opening, opened.state);
        let patience = if self.is_brief { 1 } else { 4 + scene.chance.below(40) };
        let content = Content::default();
        let session = opened.session;
        self.play = Some(Play { session, engine, clock, sync, content, patience, is_leaving: false });
        self.phase = Phase::Playing;
        self.navigate("start", false, device, scene);
    }

    // ---- answers and timers -------------------------------------------------------------------------------------------

    pub(crate) fn outcome(
        &mut self,
        purpose: &Purpose,
        outcome: &Outcome,
        device: &mut Device,
        scene: &mut Scene<'_>,
    ) {
        match (purpose, outcome) {
            (Purpose::Load, Ok(Said::Page(token))) => {
                self.token.clone_from(token);
                self.failures = 0;
                self.phase = Phase::Leftovers(device.leftovers().into());
                self.begin(device, scene);
            }
            (Purpose::Leftovers { count, .. }, Ok(Said::Committed(answer))) => {
                self.leftovers_answered(*count, answer, device, scene);
            }
            (Purpose::Leftovers { .. }, Err(Failure::Refused(status))) if *status < 500 && *status != 429 => {
                // They stay on the device.
                if let Phase::Leftovers(queue) = &mut self.phase {
                    queue.pop_front();
                }
                self.begin(device, scene);
            }
            (Purpose::Open, Ok(Said::Opened(body))) => self.opened(body, device, scene),
            (Purpose::Open | Purpose::Load, Err(Failure::Refused(status)))
                if *status < 500 && *status != 429 =>
            {
                self.phase = Phase::Failed;
            }
            (Purpose::Load | Purpose::Leftovers { .. } | Purpose::Open, _) => self.try_again(scene),
            (Purpose::Commit { to, .. }, Ok(Said::Committed(answer))) => {
                if let Some((sync, mut beside)) = self.parts(device) {
                    sync.answered(*to, answer, &mut beside, scene);
                }
                self.renewed(answer);
            }
            (Purpose::Commit { count, .. }, failure) => {
                let failure = failure.as_ref().err().cloned().unwrap_or(Failure::Unreachable);
                if let Some((sync, beside)) = self.parts(device) {
                    sync.failed(&failure, *count, beside.outbox, scene);
                }
            }
            (Purpose::Last | Purpose::Heartbeat, Ok(Said::Committed(answer))) => {
                if let Some((sync, mut beside)) = self.parts(device) {
                    sync.heard(answer, &mut beside, scene);
                }
                self.renewed(answer);
            }
            (Purpose::Last | Purpose::Heartbeat, _) => {}
        }
        if self.is_playing() && self.play.as_ref().is_some_and(|play| play.sync.is_superseded) {
            scene.tell("is superseded");
            self.stop_playing(device, scene);
        }
    }

    fn renewed(&mut self, answer: &CommitAnswer) {
        if let Some(token) = &answer.token {
            self.token.clone_from(token);
        }
    }

    pub(crate) fn wake(&mut self, alarm: Alarm, device: &mut Device, scene: &mut Scene<'_>) {
        match alarm {
            Alarm::Again => self.begin(device, scene),
            Alarm::Sync(due) => {
                if let Some((sync, mut beside)) = self.parts(device) {
                    sync.go(due, &mut beside, scene);
                }
            }
            Alarm::Heartbeat => {
                if let Some((sync, mut beside)) = self.parts(device) {
                    sync.heartbeat(&mut beside, scene);
                }
            }
        }
    }

    /// IndexedDB has written entries of this page's session.
    pub(crate) fn wrote(&mut self, to: u64) {
        self.outbox.wrote(to);
    }

    /// IndexedDB has failed.
    pub(crate) fn db_failed(&mut self, device: &mut Device, scene: &mut Scene<'_>) {
        self.outbox.db_failed(device, scene);
    }

    /// The network is back.
    pub(crate) fn online(&mut self, device: &mut Device, scene: &mut Scene<'_>) {
        if let Some((sync, beside)) = self.parts(device) {
            sync.retry_now(beside.outbox, scene);
        }
    }
}
