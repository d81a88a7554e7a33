//! What is tracked of a sequenced course: the fold over what navigations recorded.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use lyceum_sequencing::{ObjectiveValues, State as SequencingState};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::recorded::{Recorded, Standing, is_default};

/// The tracking state of an attempt.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tracked {
    sequencing: SequencingState,
    /// Data that activities share, by the id of the store.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    shared_data: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "is_default")]
    standing: Standing,
    /// How the last attempt on the root stood before the present one began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    earlier: Option<Standing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delivery: Option<Delivery>,
    /// Ordinal of the session that navigated last.
    session: u32,
    /// Sum over everything that is known, each with its place.
    #[serde(skip)]
    hash: u64,
}

/// An activity that was identified for delivery and is not in the frame yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Identifier of the activity.
    pub activity: String,
    /// Its content finds its data again.
    #[serde(default, skip_serializing_if = "is_default")]
    pub resumed: bool,
}

impl Tracked {
    /// The sequencer's state.
    #[must_use]
    pub fn sequencing(&self) -> &SequencingState {
        &self.sequencing
    }

    /// Data that activities share, by the id of the store.
    #[must_use]
    pub fn shared_data(&self) -> &BTreeMap<String, String> {
        &self.shared_data
    }

    /// Where the course stands in the present attempt on its root.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// Where it stood in the one before.
    #[must_use]
    pub fn earlier(&self) -> Option<Standing> {
        self.earlier
    }

    /// What is to be delivered next.
    #[must_use]
    pub fn delivery(&self) -> Option<&Delivery> {
        self.delivery.as_ref()
    }

    /// Ordinal of the session that navigated last. What older ones still report does not move the learner.
    #[must_use]
    pub fn session(&self) -> u32 {
        self.session
    }

    /// Something is suspended, to be resumed.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        self.sequencing.at.suspended.is_some()
    }

    /// Equal on both sides when both know the same.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hash ^ of(b'@', "", &(&self.sequencing.at, self.sequencing.seed, &self.delivery, self.session))
    }

    /// One navigation, or the status that a call of the content led to. `delivered`: the activity to deliver, or empty;
    /// `None` where nobody navigated.
    pub(crate) fn apply(&mut self, recorded: &Recorded, session: u32, delivered: Option<&str>) {
        if session < self.session {
            return;
        }
        self.session = session;
        if let Some(seed) = recorded.seed {
            self.sequencing = SequencingState::new(seed);
        }
        if recorded.anew {
            for (id, value) in core::mem::take(&mut self.shared_data) {
                self.hash = self.hash.wrapping_sub(of(b's', &id, &value));
            }
        }
        for (id, value) in &recorded.shared_data {
            self.share(session, id, value);
        }
        self.change(recorded);
        if let Some(standing) = recorded.standing {
            self.stand(standing);
        }
        if let Some(activity) = delivered {
            self.delivery = (!activity.is_empty())
                .then(|| Delivery { activity: activity.into(), resumed: recorded.resumed });
        }
    }

    fn change(&mut self, recorded: &Recorded) {
        let (state, changes) = (&mut self.sequencing, &recorded.changes);
        let mut hash = self.hash;
        for id in changes.activities.keys() {
            hash = hash.wrapping_sub(state.activities.get(id).map_or(0, |known| of(b'a', id, known)));
        }
        let forgotten: Vec<&String> = if changes.globals_forgotten {
            state.globals.keys().collect()
        } else {
            changes.globals.keys().collect()
        };
        for id in forgotten {
            hash = hash.wrapping_sub(state.globals.get(id).map_or(0, |known| of(b'g', id, known)));
        }
        state.apply(changes);
        for (id, record) in &changes.activities {
            hash = hash.wrapping_add(record.as_ref().map_or(0, |record| of(b'a', id, record)));
        }
        for (id, values) in &changes.globals {
            hash = hash.wrapping_add(values.as_ref().map_or(0, |values| of(b'g', id, values)));
        }
        self.hash = hash;
    }

    fn stand(&mut self, standing: Standing) {
        if standing.attempt != self.standing.attempt && self.standing != Standing::default() {
            self.earlier = Some(match self.earlier {
                Some(earlier) => {
                    Standing { values: merged(self.standing.values, earlier.values), ..self.standing }
                }
                None => self.standing,
            });
        }
        self.standing = standing;
    }

    /// The activity is in the frame.
    pub(crate) fn delivered(&mut self, session: u32) {
        if session >= self.session {
            self.delivery = None;
        }
    }

    /// Content has written to a store.
    pub(crate) fn share(&mut self, session: u32, id: &str, value: &str) {
        if session < self.session {
            return;
        }
        if let Some(before) = self.shared_data.insert(id.into(), value.into()) {
            self.hash = self.hash.wrapping_sub(of(b's', id, &before));
        }
        self.hash = self.hash.wrapping_add(of(b's', id, value));
    }

    /// Computes the hash anew, after reading a stored form.
    pub(crate) fn rehash(&mut self) {
        let activities = self.sequencing.activities.iter().map(|(id, record)| of(b'a', id, record));
        let globals = self.sequencing.globals.iter().map(|(id, values)| of(b'g', id, values));
        let shared = self.shared_data.iter().map(|(id, value)| of(b's', id, value));
        self.hash = activities.chain(globals).chain(shared).fold(0, u64::wrapping_add);
    }
}

/// What is known now, and where nothing is, what was known before.
pub(crate) fn merged(now: ObjectiveValues, before: ObjectiveValues) -> ObjectiveValues {
    let mut values = now;
    if before.completed == Some(true) || values.completed.is_none() {
        values.completed = before.completed.or(values.completed);
    }
    values.satisfied = values.satisfied.or(before.satisfied);
    if values.measure.is_none() {
        (values.measure, values.raw, values.min, values.max) =
            (before.measure, before.raw, before.min, before.max);
    }
    values
}

/// One known thing's part of the hash. Our own shapes with string keys: writing them cannot fail.
fn of<T: Serialize + ?Sized>(kind: u8, id: &str, value: &T) -> u64 {
    let mut bytes = Vec::with_capacity(128);
    bytes.push(kind);
    bytes.extend_from_slice(id.as_bytes());
    bytes.push(0);
    bytes.extend(serde_json::to_vec(value).unwrap_or_default());
    xxh3_64(&bytes)
}
