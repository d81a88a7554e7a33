//! The browser's side: the real engine, and a model of the player's modules that bring its entries to the server. They are
//! JavaScript and cannot run here; each file says which of them it follows, and is to be changed with it.

mod batch;
mod content;
mod device;
mod outbox;
mod page;
mod sync;

use lyceum_attempt::Millis;

pub(crate) use batch::Line;
pub(crate) use device::{Device, Op};
pub(crate) use page::{Deed, Page};

use crate::chance::Chance;
use crate::site::{Asked, Said};

/// Why a request was made; the answer goes back there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `main.js`: the page itself.
    Load,
    /// `leftovers.js`: entries of an earlier session, so many of them.
    Leftovers { session: String, count: usize },
    /// `opening.js`.
    Open,
    /// `sync.js`: the one commit that may be on its way; its last entry and the number of entries.
    Commit { to: u64, count: usize },
    /// `sync.js`: what goes out as the page may end.
    Last,
    /// `sync.js`: a sign of life.
    Heartbeat,
}

/// What a page wants done.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// A request. `outlives`: also when the page is gone.
    Send { id: u64, purpose: Purpose, asked: Asked, outlives: bool },
    /// To be woken by `Page::wake` at this moment.
    Wake(Millis, Alarm),
    /// Something for IndexedDB, done a little later.
    Db(Op),
    /// Entries of a session are on the device now.
    Kept { session: String, from: u64, to: u64 },
    /// The engine has noted calls: what really happened.
    Noted { session: String, lines: Vec<Line> },
    /// For the story.
    Tell(String),
}

/// Which timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alarm {
    /// The next commit is due.
    Sync(Millis),
    Heartbeat,
    /// The loading of the page is tried again.
    Again,
}

/// No answer that helps.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// `http.js`: `Unreachable`.
    Unreachable,
    /// `http.js`: `Refused`, with the status.
    Refused(u16),
}

/// What came of a request.
pub(crate) type Outcome = Result<Said, Failure>;

/// What a page sees of the world while it does something.
pub(crate) struct Scene<'a> {
    /// Time since the start of everything, which no one sets.
    pub(crate) now: Millis,
    pub(crate) chance: &'a mut Chance,
    pub(crate) effects: Vec<Effect>,
    pub(crate) next_request: &'a mut u64,
}

impl Scene<'_> {
    fn send(&mut self, purpose: Purpose, asked: Asked, outlives: bool) -> u64 {
        *self.next_request += 1;
        let id = *self.next_request;
        self.effects.push(Effect::Send { id, purpose, asked, outlives });
        id
    }

    fn wake(&mut self, at: Millis, alarm: Alarm) {
        self.effects.push(Effect::Wake(at, alarm));
    }

    fn tell(&mut self, what: impl Into<String>) {
        self.effects.push(Effect::Tell(what.into()));
    }
}

/// `backoff.js`: how long to wait before the next try.
fn wait_after(failures: u32, chance: &mut Chance) -> Millis {
    const FIRST_MS: Millis = 1_000;
    const LONGEST_MS: Millis = 60_000;
    let ceiling = LONGEST_MS.min(FIRST_MS << failures.saturating_sub(1).min(10));
    ceiling / 2 + chance.between(0, ceiling / 2)
}

/// `clock.js`: the device's clock, moved so that it agrees with the server's at the opening; never runs backwards.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SessionClock {
    offset: Millis,
    last: Millis,
}

impl SessionClock {
    fn new(server: Millis, asked: Millis, answered: Millis) -> Self {
        Self { offset: server - (asked + answered) / 2, last: 0 }
    }

    fn now(&mut self, wall: Millis) -> Millis {
        self.last = self.last.max(wall + self.offset);
        self.last
    }
}
