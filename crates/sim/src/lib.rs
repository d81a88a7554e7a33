//! Deterministic simulation: learners, tabs, devices, a bad network, and servers that stop at any step, all from one seed. The
//! engine, the application and the store are the real ones; what is modelled is the browser's JavaScript (`browser`) and the
//! world around. What must hold afterwards is in `check`; how it is used, and the bugs that it was shown to find, is in
//! `docs/sim.md`.
//!
//! Requests are served one after the other, so that a seed is always the same story: its digest is compared by a test.
#![forbid(unsafe_code)]

mod browser;
mod caller;
mod chance;
mod check;
mod course;
mod many;
mod site;
mod story;
mod trouble;
mod truth;
mod weather;
mod world;

use std::ops::AddAssign;

pub use many::{Tally, many};

use world::World;

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Its name, as in `docs/sim.md`.
    pub invariant: &'static str,
    /// What was found.
    pub what: String,
}

/// How much of everything happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Commits that reached a server.
    pub commits: u32,
    /// Requests and answers that were lost.
    pub lost: u32,
    /// Requests that arrived twice.
    pub doubled: u32,
    /// Answers that named missing entries.
    pub gaps: u32,
    /// Commits that were accepted without the database.
    pub spooled: u32,
    /// Servers that stopped.
    pub stops: u32,
    /// Outages of the database.
    pub outages: u32,
    /// Tabs and devices that ended without a word.
    pub crashed_tabs: u32,
    /// Pages that another one took over from.
    pub taken_over: u32,
    /// Sessions that ended by their lease.
    pub lapsed: u32,
    /// Commits with somebody else's token.
    pub attacks: u32,
    /// Messages that reached an old door.
    pub at_doors: u32,
    /// Messages that a door refused while the database was away.
    pub turned_away: u32,
    /// Attempts in which callers without our player stored.
    pub foreign: u32,
    /// Corrections by people.
    pub corrections: u32,
    /// Attempts that people began.
    pub resets: u32,
    /// Attempts beyond a learner's first one, whoever began them.
    pub further: u32,
    /// Attempts that were rolled back.
    pub rolled_back: u32,
    /// Attempts that were compared with a perfect network.
    pub perfect: u32,
    /// Attempts whose sessions overlapped.
    pub overlapped: u32,
    /// Attempts a part of which was lost with its device before anybody else had it.
    pub torn: u32,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.commits += other.commits;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.gaps += other.gaps;
        self.spooled += other.spooled;
        self.stops += other.stops;
        self.outages += other.outages;
        self.crashed_tabs += other.crashed_tabs;
        self.taken_over += other.taken_over;
        self.lapsed += other.lapsed;
        self.attacks += other.attacks;
        self.at_doors += other.at_doors;
        self.turned_away += other.turned_away;
        self.foreign += other.foreign;
        self.corrections += other.corrections;
        self.resets += other.resets;
        self.further += other.further;
        self.rolled_back += other.rolled_back;
        self.perfect += other.perfect;
        self.overlapped += other.overlapped;
        self.torn += other.torn;
    }
}

/// What came of a seed.
#[derive(Clone, Debug)]
pub struct Run {
    /// The seed.
    pub seed: u64,
    /// What does not hold; empty when all is well.
    pub violations: Vec<Violation>,
    /// How much happened.
    pub counts: Counts,
    /// Of the story: the same for the same seed.
    pub digest: u64,
    /// The story, line by line, where it was asked for.
    pub story: Vec<String>,
}

/// Runs one seed to its end. `is_told`: the story is wanted.
#[must_use]
pub fn run(seed: u64, is_told: bool) -> Run {
    course::Template::get();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let mut world = World::new(seed, is_told).await;
        world.run().await;
        check::all(&mut world).await;
        let World { violations, counts, story, .. } = world;
        let (digest, story) = story.end();
        Run { seed, violations, counts, digest, story }
    })
}
