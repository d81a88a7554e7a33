//! The engine's journal: what it has done goes out as entries, what another engine has done comes in and is done again.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use lyceum_cmi::Flags;

use super::Engine;
use crate::Millis;
use crate::entry::{Call, Entry, Outcome};
use crate::reached::{Reached, may_change_standing};
use crate::rollup;
use crate::sequenced::Sequenced;
use crate::state::State;

impl Engine {
    pub(super) fn record(&mut self, call: Call, element: &str, value: &str, at: Millis, outcome: Outcome) {
        let activity = self.run.as_ref().map(|run| run.id.clone()).unwrap_or_default();
        self.record_for(&activity, call, element, value, at, outcome);
    }

    pub(super) fn record_for(
        &mut self,
        activity: &str,
        call: Call,
        element: &str,
        value: &str,
        at: Millis,
        mut outcome: Outcome,
    ) {
        outcome.flags |= self.mark() | self.reached_before(call, element);
        let entry = Entry {
            seq: self.next_seq,
            at,
            activity: activity.to_owned(),
            call,
            element: element.to_owned(),
            value: value.to_owned(),
            error: outcome.error,
            flags: outcome.flags,
            result: outcome.result.clone(),
            seeds: outcome.seeds.clone(),
            sequencing: outcome.sequencing.clone(),
        };
        self.next_seq += 1;
        self.apply(&entry, &outcome);
        self.fresh.push(entry);
    }

    /// Flags of every entry of the session: one that does not count says so, and folding needs no opening.
    #[must_use]
    pub fn mark(&self) -> u16 {
        let flags = if self.opening.settings.counts() { Flags::NONE } else { Flags::UNCOUNTED };
        flags.bits()
    }

    /// Flags that tell what the attempt has reached before a call that may take it back, as far as the state does not know.
    fn reached_before(&self, call: Call, element: &str) -> u16 {
        let settings = &self.opening.settings;
        let known = self.state.reached();
        let is_to_tell = !settings.allow_status_change && settings.counts() && known != Reached::ALL;
        if !(is_to_tell && may_change_standing(call, element)) {
            return 0;
        }
        let standing = rollup::of_content(&self.plan, settings, self.opening.before.as_ref(), &self.state);
        Reached::of(&standing).flags_beyond(known)
    }

    fn apply(&mut self, entry: &Entry, outcome: &Outcome) {
        let stored = match (entry.call, &self.run) {
            (Call::Set, Some(run)) => run.runtime.stored(),
            _ => None,
        };
        self.state.apply_outcome(entry, outcome, self.opening.ordinal, stored);
        if let Some(sequenced) = &mut self.sequenced {
            sequenced.touch();
        }
    }

    /// The entries since the last call of this function.
    pub fn take_entries(&mut self) -> Vec<Entry> {
        core::mem::take(&mut self.fresh)
    }

    /// Number of the last entry.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.next_seq - 1
    }

    /// Does an entry again, as it arrived from a browser, and answers this side's outcome. Entries come in order, each once.
    pub fn execute(&mut self, entry: &Entry) -> Outcome {
        if self.opening.ordinal < self.state.floor() {
            return self.witness(entry);
        }
        let (now, is_superseded) = (entry.at, self.is_superseded());
        let mut outcome = match entry.call {
            // Where the learner is, is no longer this session's to say; what it was told was true for it.
            Call::Navigate if is_superseded => entry.outcome(),
            Call::Navigate => self.perform_navigate(&entry.value, now).1,
            Call::Deliver => self.perform_deliver(&entry.activity, now),
            Call::Act => Outcome::default(),
            Call::Leave => self.perform_leave(&entry.value, now),
            call => self.perform_api(call, &entry.element, &entry.value, now).1,
        };
        outcome.flags |= self.mark() | self.reached_before(entry.call, &entry.element);
        if is_superseded {
            outcome.sequencing.clone_from(&entry.sequencing);
        }
        self.apply(entry, &outcome);
        if entry.call == Call::Leave {
            self.run = None;
        }
        self.next_seq = self.next_seq.max(entry.seq + 1);
        outcome
    }

    /// An entry of a session that ran while the attempt was rolled back: part of the journal, not of the state.
    fn witness(&mut self, entry: &Entry) -> Outcome {
        let outcome = entry.outcome();
        self.state.apply_outcome(entry, &outcome, self.opening.ordinal, None);
        self.next_seq = self.next_seq.max(entry.seq + 1);
        outcome
    }

    /// Takes over what other sessions of the attempt have added since this one was opened. Only the server does so.
    pub fn replace_state(&mut self, state: State) {
        let tracking = |state: &State| state.tracked().map(crate::sequenced::tracked::Tracked::hash);
        if tracking(self.seen(&state)) != tracking(self.view()) {
            self.sequenced = Sequenced::open(&self.plan, &self.opening, self.seen(&state).tracked());
        }
        self.state = state;
    }
}
