//! What an export says of an attempt, held against the truth.

use std::collections::{BTreeMap, BTreeSet};

use lyceum_app::{Call, Entry};
use lyceum_attempt::Millis;
use lyceum_attempt::entry::Recorded;
use lyceum_attempt::state::State;
use lyceum_attempt::summary::Summary;
use lyceum_cmi::Edition;
use serde::Deserialize;

use super::{Wrong, is_stolen};
use crate::truth::Session;

/// The exported form, as far as it is looked at.
#[derive(Deserialize)]
pub(super) struct Document {
    registrations: Vec<Registration>,
}

#[derive(Deserialize)]
pub(super) struct Registration {
    pub(super) attempt_count: u32,
    pub(super) summary: Summary,
    /// The first one first.
    pub(super) attempts: Vec<Attempt>,
}

#[derive(Deserialize)]
pub(super) struct Attempt {
    pub(super) number: u32,
    pub(super) started_at: Millis,
    pub(super) ended_at: Option<Millis>,
    pub(super) summary: Summary,
    pub(super) state_hash: String,
    cmi: BTreeMap<String, BTreeMap<String, String>>,
    pub(super) sessions: Vec<Row>,
    pub(super) commits: Vec<Commit>,
    #[serde(default)]
    pub(super) aside: Vec<Aside>,
}

#[derive(Deserialize)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) ordinal: u32,
    pub(super) page: String,
    pub(super) opened_at: Millis,
    pub(super) ended_at: Option<Millis>,
    pub(super) ended_by: Option<String>,
    executed_to: u64,
}

#[derive(Deserialize)]
pub(super) struct Commit {
    pub(super) session: Option<String>,
    pub(super) arrived_at: Millis,
    pub(super) state_hash: String,
    pub(super) entries: Vec<Recorded>,
}

#[derive(Deserialize)]
pub(super) struct Aside {
    pub(super) session: String,
    kind: String,
    pub(super) entry: Entry,
}

/// The truth of an attempt: its sessions by id.
pub(super) type Truths<'a> = [(&'a str, &'a Session)];

impl Document {
    pub(super) fn only(&self) -> Result<&Registration, String> {
        match self.registrations.as_slice() {
            [one] => Ok(one),
            _ => Err("there is not one registration".to_owned()),
        }
    }
}

impl Row {
    /// Its engine ran on the server, for a caller without our player.
    pub(super) fn is_of_door(&self) -> bool {
        self.page.starts_with("door:")
    }
}

impl Attempt {
    /// Recorded entries of a session in the order of the journal; the server's own are number 0.
    pub(super) fn recorded(&self, session: &str) -> impl Iterator<Item = &Recorded> {
        let rows = self.commits.iter().filter(move |row| row.session.as_deref() == Some(session));
        rows.flat_map(|row| &row.entries)
    }

    /// The server's own entries that arrived until then, with the ordinals of their sessions.
    pub(super) fn leases<'a>(
        &'a self,
        sessions: &'a Truths<'_>,
        until: Millis,
    ) -> impl Iterator<Item = (&'a Recorded, u32)> {
        let rows = self.commits.iter().filter(move |row| row.arrived_at <= until);
        rows.flat_map(move |row| {
            let of = sessions.iter().find(|(id, _)| row.session.as_deref() == Some(*id));
            let ordinal = of.map_or(0, |(_, truth)| truth.opening.ordinal);
            row.entries
                .iter()
                .filter(|recorded| recorded.entry.seq == 0)
                .map(move |recorded| (recorded, ordinal))
        })
    }

    fn pending(&self, session: &str) -> impl Iterator<Item = &Entry> {
        let aside =
            self.aside.iter().filter(move |aside| aside.session == session && aside.kind == "pending");
        aside.map(|aside| &aside.entry)
    }

    /// Numbers of a session's entries that are in the journal.
    pub(super) fn numbers(&self, session: &str) -> BTreeSet<u64> {
        self.recorded(session).map(|recorded| recorded.entry.seq).filter(|seq| *seq > 0).collect()
    }

    /// `durable`, `kept`, `once`, and the part of `walls` that the journal shows.
    pub(super) fn holds(&self, id: &str, truth: &Session) -> Result<(), Wrong> {
        if is_stolen(self) {
            return Err(("walls", "the journal holds what an attack sent".to_owned()));
        }
        let mut found: BTreeMap<u64, &Entry> = BTreeMap::new();
        let journal = self.recorded(id).map(|recorded| &recorded.entry).filter(|entry| entry.seq > 0);
        for entry in journal.chain(self.pending(id)) {
            let made = usize::try_from(entry.seq - 1).ok().and_then(|at| truth.entries.get(at));
            if made != Some(entry) {
                return Err((
                    "once",
                    format!(
                        "entry {} of session {} is none that its page made",
                        entry.seq, truth.opening.ordinal
                    ),
                ));
            }
            if found.insert(entry.seq, entry).is_some() {
                return Err((
                    "once",
                    format!("entry {} of session {} is there twice", entry.seq, truth.opening.ordinal),
                ));
            }
        }
        for (invariant, must) in [("durable", &truth.acknowledged), ("kept", &truth.kept)] {
            if let Some(seq) = must.iter().find(|seq| !found.contains_key(seq)) {
                return Err((
                    invariant,
                    format!("entry {seq} of session {} is not there", truth.opening.ordinal),
                ));
            }
        }
        if let Some(disputed) = self.aside.iter().find(|aside| aside.kind != "pending") {
            return Err(("once", format!("entry {} is disputed", disputed.entry.seq)));
        }
        let has_gap = found.keys().next_back().is_some_and(|last| *last != found.len() as u64);
        let waiting = self.pending(id).count();
        if !has_gap && waiting > 0 {
            return Err((
                "once",
                format!("{waiting} entries of session {} wait behind no gap", truth.opening.ordinal),
            ));
        }
        Ok(())
    }

    /// `fold`: every row's state is what the rows up to it come to.
    pub(super) fn folds(&self, edition: Edition) -> Result<(), Wrong> {
        let ordinals: BTreeMap<&str, u32> =
            self.sessions.iter().map(|row| (row.id.as_str(), row.ordinal)).collect();
        let mut state = State::new(edition);
        for (n, row) in self.commits.iter().enumerate() {
            let ordinal = row.session.as_deref().and_then(|id| ordinals.get(id)).copied().unwrap_or(0);
            row.entries.iter().for_each(|recorded| state.apply(recorded, ordinal));
            if format!("{:016x}", state.hash()) != row.state_hash {
                return Err((
                    "fold",
                    format!("commit {} names another state than the journal leads to", n + 1),
                ));
            }
        }
        let hash = format!("{:016x}", state.hash());
        if !self.commits.is_empty() && hash != self.state_hash {
            return Err(("fold", format!("the journal leads to {hash}, the state is {}", self.state_hash)));
        }
        let cmi: BTreeMap<String, BTreeMap<String, String>> = state
            .activities()
            .iter()
            .map(|(id, of)| {
                (id.clone(), of.model().iter().map(|(name, value)| (name, value.to_owned())).collect())
            })
            .collect();
        let filled = |of: &BTreeMap<String, BTreeMap<String, String>>| -> BTreeMap<_, _> {
            of.iter()
                .filter(|(_, values)| !values.is_empty())
                .map(|(id, values)| (id.clone(), values.clone()))
                .collect()
        };
        if filled(&cmi) != filled(&self.cmi) {
            return Err(("fold", "the values are not those of the journal".to_owned()));
        }
        for row in &self.sessions {
            let last = self.numbers(&row.id).last().copied().unwrap_or(0);
            if row.executed_to != last {
                return Err((
                    "fold",
                    format!(
                        "session {} is executed to {last}, its row says {}",
                        row.ordinal, row.executed_to
                    ),
                ));
            }
        }
        Ok(())
    }

    /// `order`: what stood at a moment is found by this.
    pub(super) fn is_in_order(&self) -> Result<(), Wrong> {
        match self.commits.windows(2).position(|pair| pair[0].arrived_at > pair[1].arrived_at) {
            Some(n) => Err(("order", format!("commit {} arrived before commit {}", n + 2, n + 1))),
            None => Ok(()),
        }
    }

    /// `newest`: the last accepted value of the newest session counts, whenever it arrived.
    pub(super) fn newest_counts(&self) -> Result<bool, Wrong> {
        const ELEMENTS: [&str; 3] = ["cmi.location", "cmi.core.lesson_location", "cmi.suspend_data"];
        let mut expected: BTreeMap<(&str, &str), (u32, &str)> = BTreeMap::new();
        let mut sessions: Vec<&Row> = self.sessions.iter().collect();
        sessions.sort_by_key(|row| row.ordinal);
        for row in sessions {
            let mut entries: Vec<&Recorded> =
                self.recorded(&row.id).filter(|recorded| recorded.entry.seq > 0).collect();
            entries.sort_by_key(|recorded| recorded.entry.seq);
            for Recorded { entry, server } in entries {
                let (error, result) = match server {
                    Some(outcome) => (outcome.error, outcome.result.as_str()),
                    None => (entry.error, entry.result.as_str()),
                };
                let activity = entry.activity.as_str();
                if error == 0 && entry.call == Call::Deliver && result == "ab-initio" {
                    expected.retain(|(of, _), _| *of != activity);
                }
                if error == 0 && entry.call == Call::Set && ELEMENTS.contains(&entry.element.as_str()) {
                    expected.insert((activity, &entry.element), (row.ordinal, &entry.value));
                }
            }
        }
        for ((activity, element), (ordinal, value)) in expected {
            let found = self.cmi.get(activity).and_then(|values| values.get(element));
            if found.map(String::as_str) != Some(value) {
                let short = |text: &str| text.chars().take(30).collect::<String>();
                let found = found.map(|text| short(text));
                return Err((
                    "newest",
                    format!("{element} of {activity} is {found:?}, session {ordinal} set {}", short(value)),
                ));
            }
        }
        Ok(true)
    }
}
