//! Sessions that do not count: browse, review, without credit.
//!
//! RTE 2004 4.2.6 and 4.2.16, RTE 1.2 3.4.4: what content reports then is not the learner's result. Content is answered as ever
//! and finds again what it has stored, but all of it goes to a copy beside the attempt's state, which stays as it is; only the
//! signs of life count. The copy begins as what counts, goes on in the next session of its kind where it was suspended or
//! broken off (a reload, a closed tab), and is given up when a session that counts begins.

use alloc::boxed::Box;

use lyceum_cmi::Stored;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::{SessionEnd, State};
use crate::entry::{Entry, Outcome};
use crate::visit::Visit;

/// The copy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Aside {
    /// The session that it is of.
    session: u32,
    state: State,
}

impl Aside {
    pub(super) fn hash(&self) -> u64 {
        self.state.hash() ^ xxh3_64(&self.session.to_le_bytes())
    }

    /// Left for good: exited, and nothing in it is suspended.
    fn is_over(&self) -> bool {
        let ended = self.state.sessions.get(&self.session).and_then(|of| of.ended);
        ended == Some(SessionEnd::Exit) && !self.state.is_suspended()
    }
}

impl State {
    /// The state that a session acts on: its own copy where it does not count and has begun or goes on, else this.
    #[must_use]
    pub fn seen_by(&self, session: u32, counts: bool) -> &Self {
        if counts && !self.is_uncounted(session) {
            return self;
        }
        match &self.aside {
            Some(aside) if aside.session == session => &aside.state,
            Some(aside) if aside.session < session && !aside.is_over() => &aside.state,
            _ => self,
        }
    }

    /// Whether something waits to be resumed.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        match self.tracked() {
            Some(tracked) => tracked.is_suspended(),
            None => {
                self.activities.values().any(|known| known.visits().last().is_some_and(Visit::is_suspended))
            }
        }
    }

    pub(super) fn is_uncounted(&self, session: u32) -> bool {
        self.sessions.get(&session).is_some_and(|of| of.uncounted)
    }

    /// An entry of a session that does not count. One of an older such session than the copy's changes nothing.
    pub(super) fn apply_aside(
        &mut self,
        entry: &Entry,
        outcome: &Outcome,
        session: u32,
        stored: Option<Stored<'_>>,
    ) {
        let may_act =
            session >= self.floor && self.aside.as_ref().is_none_or(|aside| aside.session <= session);
        let mut of_session = self.sign_of_life(entry, session).clone();
        of_session.uncounted = true;
        if may_act {
            let mut state = self.copy_for(session);
            state.apply_counted(entry, outcome, session, stored);
            if let Some(known) = state.sessions.get(&session) {
                of_session.ended = known.ended;
                of_session.delivered.clone_from(&known.delivered);
            }
            self.last_set_counted = state.last_set_counted;
            self.aside = Some(Box::new(Aside { session, state }));
        }
        self.sessions.insert(session, of_session);
    }

    /// What [`seen_by`](Self::seen_by) shows, to be changed.
    fn copy_for(&mut self, session: u32) -> Self {
        match self.aside.take() {
            Some(aside) if aside.session == session || !aside.is_over() => aside.state,
            _ => self.clone(),
        }
    }

    /// What ran while the attempt was rolled back has nothing to say any more.
    pub(crate) fn drop_aside(&mut self) {
        self.aside = None;
    }

    /// A session that counts has begun after the copy's last one.
    pub(super) fn give_up_aside(&mut self, session: u32) {
        if self.aside.as_ref().is_some_and(|aside| aside.session < session) {
            self.aside = None;
        }
    }
}
