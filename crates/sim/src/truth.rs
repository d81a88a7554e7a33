//! What really happened, as nobody in the simulated world can know it: every call of every session, what reached a device or the
//! server, and what the server has said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lyceum_app::{CommitAnswer, Entry, RegistrationId, Tenant};
use lyceum_attempt::Millis;
use lyceum_attempt::opening::Opening;
use lyceum_attempt::plan::Plan;
use serde::Deserialize;

use crate::browser::Line;
use crate::course::Course;

/// A learner on a course.
#[derive(Clone, Debug)]
pub(crate) struct Learner {
    pub(crate) tenant: Tenant,
    pub(crate) registration: RegistrationId,
    pub(crate) course: Course,
    /// Her devices; none where all of it comes through the doors.
    pub(crate) devices: Vec<usize>,
    /// A player that is not ours stores for her too.
    pub(crate) has_caller: bool,
    pub(crate) visits_left: u32,
    /// What was answered as done to her attempts by other people.
    pub(crate) corrections: Vec<Correction>,
    /// Her attempts as they stood when the next one had begun.
    pub(crate) left: Vec<Left>,
}

/// An attempt that another one has followed on.
#[derive(Clone, Debug)]
pub(crate) struct Left {
    pub(crate) attempt: u32,
    /// Rows of its journal.
    pub(crate) commits: u64,
    /// What they came to.
    pub(crate) state_hash: String,
}

/// Something that a person did to an attempt.
#[derive(Clone, Debug)]
pub(crate) struct Correction {
    /// Number of the attempt.
    pub(crate) attempt: u32,
    /// The number of its row in the journal, as answered.
    pub(crate) commit: u64,
    /// The reason that was given: another one each time.
    pub(crate) reason: String,
}

/// One session.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) learner: usize,
    pub(crate) opening: Opening,
    pub(crate) plan: Arc<Plan>,
    /// When the server opened it.
    pub(crate) opened_at: Millis,
    /// Every call that is an entry.
    pub(crate) entries: Vec<Entry>,
    /// On the device, whatever happens to the page.
    pub(crate) kept: BTreeSet<u64>,
    /// What the server has said to have.
    pub(crate) acknowledged: BTreeSet<u64>,
    /// When the server first said so of each entry that it was sent.
    pub(crate) arrived: BTreeMap<u64, Millis>,
    /// Requests that the server took; and whether it answered.
    pub(crate) contacts: Vec<(Millis, bool)>,
}

/// The parts of the answer to an opening that say what a session was given.
#[derive(Deserialize)]
struct Opened {
    server_clock: Millis,
    plan: Plan,
    opening: Opening,
}

/// Everything.
#[derive(Default)]
pub(crate) struct Truth {
    pub(crate) learners: Vec<Learner>,
    pub(crate) sessions: BTreeMap<String, Session>,
    /// Sessions that an attack named.
    pub(crate) attacked: BTreeSet<String>,
}

impl Truth {
    /// The server has answered an opening.
    pub(crate) fn opened(&mut self, learner: usize, body: &str) {
        let opened: Opened = serde_json::from_str(body).expect("the answer to an opening");
        // The same page again after a lost answer is the same session.
        self.sessions.entry(opened.opening.session.clone()).or_insert_with(|| Session {
            learner,
            plan: Arc::new(opened.plan),
            opening: opened.opening,
            opened_at: opened.server_clock,
            entries: Vec::new(),
            kept: BTreeSet::new(),
            acknowledged: BTreeSet::new(),
            arrived: BTreeMap::new(),
            contacts: vec![(opened.server_clock, true)],
        });
    }

    /// A page's engine has noted calls.
    pub(crate) fn noted(&mut self, session: &str, lines: &[Line]) {
        let Some(of) = self.sessions.get_mut(session) else { return };
        let next = of.entries.len() as u64 + 1;
        for line in lines.iter().filter(|line| line.seq >= next) {
            of.entries.push(serde_json::from_str(&line.text).expect("an entry"));
        }
    }

    pub(crate) fn kept(&mut self, session: &str, seqs: impl IntoIterator<Item = u64>) {
        if let Some(of) = self.sessions.get_mut(session) {
            of.kept.extend(seqs);
        }
    }

    /// A server was sent these entries, and has answered or not. Where there are `others`, they do not know what it has in its
    /// spool: then what it has not executed does not count as arrived.
    pub(crate) fn committed(
        &mut self,
        session: &str,
        seqs: &[u64],
        answer: Option<&CommitAnswer>,
        others: bool,
        now: Millis,
    ) {
        let Some(of) = self.sessions.get_mut(session) else { return };
        of.contacts.push((now, answer.is_some()));
        let Some(answer) = answer else { return };
        of.acknowledged.extend(1..=answer.durable_to);
        for seq in seqs {
            if !answer.missing.iter().any(|[from, to]| (from..=to).contains(&seq)) {
                of.acknowledged.insert(*seq);
                if others && answer.state_hash.is_none() {
                    continue;
                }
                of.arrived.entry(*seq).or_insert(now);
            }
        }
    }

    /// The sessions of a learner, the first one first.
    pub(crate) fn sessions_of(&self, learner: usize) -> Vec<(&str, &Session)> {
        let mut all: Vec<_> = self
            .sessions
            .iter()
            .filter(|(_, of)| of.learner == learner)
            .map(|(id, of)| (id.as_str(), of))
            .collect();
        all.sort_by_key(|(_, of)| (of.opening.attempt, of.opening.ordinal));
        all
    }
}
