//! The state of an attempt: a fold over its journal by recorded outcome.
//!
//! Sessions may overlap (two tabs, a laptop that wakes up after a week). Within a session entries apply in the order of
//! their numbers; between sessions an entry of an older session changes only what no newer session has written since.
//! What counts as one thing is a *unit*: a scalar element, or one whole record of a collection, so that no interaction is
//! ever a mixture of two sessions.

mod activity;
mod aside;
mod stored;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;

use lyceum_cmi::{Edition, Stored};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::Millis;
use crate::act::{NO_SESSION, Override};
use crate::entry::{Call, Entry, Outcome, Recorded};
use crate::reached::Reached;
use crate::sequenced::tracked::Tracked;
use crate::visit::VisitEnd;
pub use activity::ActivityState;
use aside::Aside;

/// What SCORM 1.x and AICC call completion and success in one.
pub(crate) const LESSON_STATUS: &str = "cmi.core.lesson_status";

/// The first session's ordinal; units it wrote need no note of their owner.
const FIRST_SESSION: u32 = 1;

/// Everything that is known of one attempt.
#[derive(Clone, Debug)]
pub struct State {
    edition: Edition,
    activities: BTreeMap<String, ActivityState>,
    current: Option<String>,
    pub(crate) sessions: BTreeMap<u32, SessionState>,
    tracked: Option<Tracked>,
    /// What sessions that do not count have made of it.
    aside: Option<Box<Aside>>,
    /// Sessions before this one have nothing to say any more: the attempt was rolled back while they ran.
    pub(crate) floor: u32,
    /// What a person has set.
    pub(crate) overridden: Option<Override>,
    /// What the course's settings do not let it lose.
    reached: Reached,
    /// Whether the last accepted Set was let through, and not overtaken by a newer session. Not stored.
    last_set_counted: bool,
}

/// What one session has contributed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionState {
    /// Highest entry number applied.
    pub applied: u64,
    /// First entry's time.
    pub first: Millis,
    /// Last entry's time.
    pub last: Millis,
    /// How the learner left, when she did so by a control of the player or the content asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<SessionEnd>,
    /// The activity whose content is in this session's frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<String>,
    /// It does not count: nothing that it does is part of the attempt's state.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub uncounted: bool,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionEnd {
    /// Exit or Exit All: the attempt on the course is over unless the content asked to suspend.
    Exit,
    /// Suspend All: to be resumed.
    Suspend,
}

impl State {
    /// Nothing has happened yet.
    #[must_use]
    pub fn new(edition: Edition) -> Self {
        Self {
            edition,
            activities: BTreeMap::new(),
            current: None,
            sessions: BTreeMap::new(),
            tracked: None,
            aside: None,
            floor: FIRST_SESSION,
            overridden: None,
            reached: Reached::default(),
            last_set_counted: false,
        }
    }

    /// Which data model the values follow.
    #[must_use]
    pub fn edition(&self) -> Edition {
        self.edition
    }

    /// Activities that were visited, by identifier.
    #[must_use]
    pub fn activities(&self) -> &BTreeMap<String, ActivityState> {
        &self.activities
    }

    /// One activity, if it was visited.
    #[must_use]
    pub fn activity(&self, id: &str) -> Option<&ActivityState> {
        self.activities.get(id)
    }

    /// The activity the learner is at, or was at last.
    #[must_use]
    pub fn current(&self) -> Option<&str> {
        self.current.as_deref()
    }

    /// What is tracked of a course with rules for the order of its activities, from the first navigation on.
    #[must_use]
    pub fn tracked(&self) -> Option<&Tracked> {
        self.tracked.as_ref()
    }

    /// What each session contributed, by ordinal.
    #[must_use]
    pub fn sessions(&self) -> &BTreeMap<u32, SessionState> {
        &self.sessions
    }

    /// Highest entry number of a session that is part of this state; 0 when none is.
    #[must_use]
    pub fn applied(&self, session: u32) -> u64 {
        self.sessions.get(&session).map_or(0, |s| s.applied)
    }

    /// The first session that can change anything: those before it were running when the attempt was rolled back.
    #[must_use]
    pub fn floor(&self) -> u32 {
        self.floor
    }

    /// What a person has set in the place of the content's status and score.
    #[must_use]
    pub fn overridden(&self) -> Option<&Override> {
        self.overridden.as_ref()
    }

    /// What the attempt has once reached, where a session's settings keep it.
    #[must_use]
    pub fn reached(&self) -> Reached {
        self.reached
    }

    pub(crate) fn last_set_counted(&self) -> bool {
        self.last_set_counted
    }

    /// The newest session that counts.
    fn newest(&self) -> u32 {
        let mut counted = self.sessions.iter().rev().filter(|(_, of)| !of.uncounted);
        counted.next().map_or(0, |(ordinal, _)| *ordinal)
    }

    /// One step of the fold. `session` is the ordinal of the entry's session. The recorded outcome decides; nothing is
    /// validated again, and an entry that was refused changes nothing but the signs of life.
    ///
    /// Entries with `seq` 0 are the server's own (a session ended by its lease); they do not move the session's numbers.
    pub fn apply(&mut self, recorded: &Recorded, session: u32) {
        let entry = &recorded.entry;
        let given;
        let outcome = if let Some(server) = &recorded.server {
            server
        } else {
            given = entry.outcome();
            &given
        };
        self.apply_outcome(entry, outcome, session, None);
    }

    /// `stored`: where the run-time has put the entry's value, if it has run just now.
    pub(crate) fn apply_outcome(
        &mut self,
        entry: &Entry,
        outcome: &Outcome,
        session: u32,
        stored: Option<Stored<'_>>,
    ) {
        self.last_set_counted = false;
        if entry.call == Call::Act {
            if entry.seq == 0 && session == NO_SESSION {
                self.act(entry, outcome);
            }
            return;
        }
        if self.is_uncounted(session) || outcome.is_uncounted() {
            self.apply_aside(entry, outcome, session, stored);
            return;
        }
        self.give_up_aside(session);
        self.apply_counted(entry, outcome, session, stored);
    }

    fn sign_of_life(&mut self, entry: &Entry, session: u32) -> &mut SessionState {
        let of_session = self.sessions.entry(session).or_insert_with(|| SessionState {
            first: entry.at,
            last: entry.at,
            ..SessionState::default()
        });
        of_session.applied = of_session.applied.max(entry.seq);
        of_session.last = of_session.last.max(entry.at);
        of_session
    }

    fn apply_counted(&mut self, entry: &Entry, outcome: &Outcome, session: u32, stored: Option<Stored<'_>>) {
        let (is_newest, floor) = (session >= self.newest(), self.floor);
        if session >= floor {
            self.reached = self.reached.and(Reached::told_by(outcome.flags));
        }
        let of_session = self.sign_of_life(entry, session);
        if session < floor {
            return;
        }
        if outcome.error == 0 && entry.call == Call::Navigate {
            of_session.ended = match &outcome.sequencing {
                Some(recorded) => recorded.ended,
                None => end_of(&entry.value, &outcome.result),
            };
        }
        match entry.call {
            Call::Deliver if outcome.error == 0 => of_session.delivered = Some(entry.activity.clone()),
            Call::Leave => of_session.delivered = None,
            _ => {}
        }
        self.track(entry, outcome, session);
        if entry.activity.is_empty() {
            return;
        }
        let edition = self.edition;
        if !self.activities.contains_key(&entry.activity) {
            self.activities.insert(entry.activity.clone(), ActivityState::new(edition));
        }
        let Some(activity) = self.activities.get_mut(&entry.activity) else { return };
        if entry.call == Call::Deliver && outcome.error == 0 {
            if is_newest {
                self.current = Some(entry.activity.clone());
            }
            activity.deliver(edition, session, entry.at, outcome);
            return;
        }
        activity.touch(session, entry.at);
        if outcome.error == 0 {
            match entry.call {
                Call::Initialize => activity.initialized(session, entry.at),
                Call::Set => {
                    self.last_set_counted = activity.set(session, entry, outcome, stored);
                    if let Some((id, tracked)) = activity.store_of(&entry.element).zip(self.tracked.as_mut())
                    {
                        tracked.share(session, id, &entry.value);
                    }
                }
                Call::Terminate => activity.terminated(session, &outcome.result),
                Call::Leave => activity.left(session, &entry.value, entry.at),
                Call::Get | Call::Commit | Call::Navigate | Call::Deliver | Call::Act => {}
            }
        }
    }

    /// The tracking follows what was recorded, also by a navigation that delivered nothing: it may have ended something.
    fn track(&mut self, entry: &Entry, outcome: &Outcome, session: u32) {
        if let Some(recorded) = &outcome.sequencing {
            let delivered = (entry.call == Call::Navigate).then_some(outcome.result.as_str());
            self.tracked.get_or_insert_default().apply(recorded, session, delivered);
        }
        if entry.call == Call::Deliver
            && outcome.error == 0
            && let Some(tracked) = &mut self.tracked
        {
            tracked.delivered(session);
        }
    }

    /// A number that is equal on both sides when both hold the same values. Costs the number of visited activities, not of
    /// their values.
    #[must_use]
    pub fn hash(&self) -> u64 {
        let mut sum = xxh3_64(self.current.as_deref().unwrap_or("").as_bytes());
        for (id, activity) in &self.activities {
            let terminated =
                activity.visits.iter().filter(|v| v.end == Some(VisitEnd::Terminated)).count() as u64;
            let own = activity.model.hash()
                ^ (activity.visits.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
                ^ terminated.wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
            sum = sum.wrapping_add(own.wrapping_mul(xxh3_64(id.as_bytes()) | 1));
        }
        let sum = self.tracked.as_ref().map_or(sum, |tracked| sum.rotate_left(1) ^ tracked.hash());
        let sum = if self.reached.is_nothing() { sum } else { sum.rotate_left(3) ^ self.reached.hash() };
        self.aside.as_ref().map_or(sum, |aside| sum.rotate_left(7) ^ aside.hash())
    }
}

/// `exit` and its relatives end the session when they deliver nothing.
fn end_of(request: &str, delivered: &str) -> Option<SessionEnd> {
    if !delivered.is_empty() {
        return None;
    }
    match request {
        "suspendAll" => Some(SessionEnd::Suspend),
        "exit" | "exitAll" | "abandon" | "abandonAll" => Some(SessionEnd::Exit),
        _ => None,
    }
}
