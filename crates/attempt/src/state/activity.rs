//! What is known of one activity: its run-time data, who has written which part of it, and its visits.

use alloc::collections::BTreeMap;
use alloc::string::ToString;
use alloc::vec::Vec;

use lyceum_cmi::{Edition, Model, Stored};
use xxhash_rust::xxh3::xxh3_64;

use super::{FIRST_SESSION, LESSON_STATUS};
use crate::Millis;
use crate::entry::{Entry, Outcome};
use crate::time_limit::TIME_OUT;
use crate::visit::{Visit, VisitEnd};

/// What is known of one activity.
#[derive(Clone, Debug)]
pub struct ActivityState {
    pub(super) model: Model,
    /// Session that last wrote a unit, by hash of the unit's name; absent: the first session or nobody.
    pub(super) owners: BTreeMap<u64, u32>,
    /// Session that started the data afresh.
    pub(super) reset_by: u32,
    pub(super) visits: Vec<Visit>,
    /// The run-time data as it stood before it was last started afresh.
    pub(super) earlier: Option<Model>,
}

impl ActivityState {
    pub(super) fn new(edition: Edition) -> Self {
        Self {
            model: Model::new(edition),
            owners: BTreeMap::new(),
            reset_by: 0,
            visits: Vec::new(),
            earlier: None,
        }
    }

    /// The values that the content set.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// All visits, oldest first.
    #[must_use]
    pub fn visits(&self) -> &[Visit] {
        &self.visits
    }

    /// What stood before the data was started afresh.
    #[must_use]
    pub fn earlier(&self) -> Option<&Model> {
        self.earlier.as_ref()
    }

    /// The latest visit of a session.
    #[must_use]
    pub fn latest_visit(&self, session: u32) -> Option<&Visit> {
        self.visits.iter().rev().find(|v| v.session == session)
    }

    /// Time for `cmi.total_time`, in hundredths of a second: all visits of this learner attempt but the last `except_last`
    /// ones.
    #[must_use]
    pub fn total_time(&self, except_last: usize) -> u64 {
        let count = self.visits.len().saturating_sub(except_last);
        let begun = self.visits.iter().rposition(|v| v.entry == "ab-initio").unwrap_or(0).min(count);
        self.visits[begun..count].iter().map(Visit::total_time).fold(0, u64::saturating_add)
    }

    /// The learner's time as it counts: reported, else measured. Hundredths of a second.
    #[must_use]
    pub fn counted_time(&self) -> u64 {
        self.visits.iter().map(Visit::counted).fold(0, u64::saturating_add)
    }

    /// Measured time alone. Hundredths of a second.
    #[must_use]
    pub fn measured_time(&self) -> u64 {
        self.visits.iter().map(Visit::measured).fold(0, u64::saturating_add)
    }

    /// True when the content terminated at least once and the last visit is not suspended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.visits.last().is_some_and(|v| v.end == Some(VisitEnd::Terminated) && !v.is_suspended())
    }

    pub(super) fn deliver(&mut self, edition: Edition, session: u32, at: Millis, outcome: &Outcome) {
        let is_newest = self.visits.iter().all(|v| v.session <= session);
        // An older session's fresh start must not take what a newer one has written.
        if outcome.result == "ab-initio" && !self.visits.is_empty() && is_newest {
            let old = core::mem::replace(&mut self.model, Model::new(edition));
            if !old.is_empty() {
                self.earlier = Some(old);
            }
            self.owners.clear();
            self.reset_by = session;
        }
        if is_newest {
            self.model.start_session();
        }
        for (element, value) in &outcome.seeds {
            if self.owns(session, element) {
                self.restore(element, value);
            }
        }
        self.visits.push(Visit::begin(session, at, outcome.result.clone()));
    }

    fn visit_of(&mut self, session: u32) -> Option<&mut Visit> {
        self.visits.iter_mut().rev().find(|v| v.session == session)
    }

    pub(super) fn touch(&mut self, session: u32, at: Millis) {
        if let Some(visit) = self.visit_of(session) {
            visit.last = visit.last.max(at);
        }
    }

    pub(super) fn initialized(&mut self, session: u32, at: Millis) {
        if let Some(visit) = self.visit_of(session) {
            visit.initialized = visit.initialized.or(Some(at));
        }
    }

    /// Whether the value counts.
    pub(super) fn set(
        &mut self,
        session: u32,
        entry: &Entry,
        outcome: &Outcome,
        stored: Option<Stored<'_>>,
    ) -> bool {
        let (element, value) = (&*entry.element, &*entry.value);
        if matches!(element, "cmi.session_time" | "cmi.core.session_time")
            && let Some(visit) = self.visit_of(session)
        {
            visit.reported = lyceum_cmi::time::parse_any_interval(value);
        }
        let owns = self.owns(session, element);
        if owns {
            match stored {
                // Another session may have added to the text that this one's run-time began with.
                _ if outcome.is_appended() => drop(self.model.append(element, value)),
                Some(stored) => drop(self.model.adopt(&stored)),
                None => self.restore(element, value),
            }
        }
        owns
    }

    /// The store of shared data that an element `adl.data.n.store` stands for.
    pub(super) fn store_of(&self, element: &str) -> Option<&str> {
        let n = element.strip_prefix("adl.data.")?.strip_suffix(".store")?.parse().ok()?;
        self.model.shared_data().nth(n).map(|store| store.id)
    }

    /// A value that was accepted once is accepted. What the model cannot place is still in the journal.
    fn restore(&mut self, element: &str, value: &str) {
        let _ = self.model.restore(element, value);
    }

    /// Whether the session may write this element: no newer session has written its unit. Takes ownership.
    fn owns(&mut self, session: u32, element: &str) -> bool {
        if session < self.reset_by {
            return false;
        }
        if session == FIRST_SESSION && self.owners.is_empty() {
            return true;
        }
        let key = unit(element);
        let owner = self.owners.get(&key).copied().unwrap_or(FIRST_SESSION);
        if session < owner {
            return false;
        }
        if session > FIRST_SESSION {
            self.owners.insert(key, session);
        }
        true
    }

    /// `status` is the lesson status that the standard's mastery rule gives at LMSFinish, or empty.
    pub(super) fn terminated(&mut self, session: u32, status: &str) {
        if !status.is_empty() && self.owns(session, LESSON_STATUS) {
            self.restore(LESSON_STATUS, status);
        }
        let exit = self.model.exit().as_str().to_string();
        if let Some(visit) = self.visit_of(session) {
            visit.end = Some(VisitEnd::Terminated);
            visit.exit = exit;
        }
    }

    /// Time runs to here, also where a page was taken for vanished and its last sign of life was later: what it did then was
    /// another visit.
    pub(super) fn left(&mut self, session: u32, how: &str, at: Millis) {
        let Some(visit) = self.visit_of(session) else { return };
        visit.last = at.max(visit.started);
        if how == TIME_OUT {
            visit.end = Some(VisitEnd::TimedOut);
            visit.exit = TIME_OUT.to_string();
        } else {
            visit.end = visit.end.or(Some(VisitEnd::Left));
        }
    }
}

/// The unit an element belongs to: up to and including its first index.
fn unit(element: &str) -> u64 {
    let bytes = element.as_bytes();
    let mut from = 0;
    for part in bytes.split(|byte| *byte == b'.') {
        let to = from + part.len();
        if !part.is_empty() && part.iter().all(u8::is_ascii_digit) {
            return xxh3_64(&bytes[..to]);
        }
        from = to + 1;
    }
    xxh3_64(bytes)
}
