//! The stored form of a state, for snapshots and for the way to the browser.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use lyceum_cmi::{Edition, Model};
use serde::{Deserialize, Serialize};

use super::aside::Aside;
use super::{ActivityState, FIRST_SESSION, SessionState, State};
use crate::act::Override;
use crate::reached::Reached;
use crate::sequenced::tracked::Tracked;
use crate::visit::Visit;

/// Version of the stored form. Older programs refuse a newer form; newer ones read all older ones.
const FORMAT: u32 = 4;
/// The version before sequencing was tracked: what still is written where nothing is.
const FORMAT_WITHOUT_TRACKING: u32 = 1;
/// The version before something could be kept: what still is written where nothing is.
const FORMAT_WITHOUT_REACHED: u32 = 3;
/// The version before sessions could be without credit: what still is written where none was.
const FORMAT_WITHOUT_ASIDE: u32 = 2;

#[derive(Serialize, Deserialize)]
struct Stored {
    format: u32,
    edition: Edition,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    current: Option<String>,
    sessions: BTreeMap<u32, SessionState>,
    activities: BTreeMap<String, StoredActivity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tracked: Option<Tracked>,
    #[serde(default = "first_session", skip_serializing_if = "is_first_session")]
    floor: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    overridden: Option<Override>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    aside: Option<Box<Aside>>,
    #[serde(default, skip_serializing_if = "Reached::is_nothing")]
    reached: Reached,
}

fn first_session() -> u32 {
    FIRST_SESSION
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn is_first_session(floor: &u32) -> bool {
    *floor == FIRST_SESSION
}

#[derive(Serialize, Deserialize)]
struct StoredActivity {
    cmi: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    owners: BTreeMap<u64, u32>,
    #[serde(default)]
    reset_by: u32,
    visits: Vec<Visit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    earlier: Option<Vec<(String, String)>>,
}

fn pairs(model: &Model) -> Vec<(String, String)> {
    model.iter().map(|(element, value)| (element, value.to_string())).collect()
}

fn restored(edition: Edition, pairs: &[(String, String)]) -> Model {
    let mut model = Model::new(edition);
    for (element, value) in pairs {
        // Accepted when it was stored; never judged again.
        let _ = model.restore(element, value);
    }
    model
}

impl State {
    /// The oldest form that tells all of it.
    fn format(&self) -> u32 {
        match &self.tracked {
            _ if !self.reached.is_nothing() => FORMAT,
            _ if self.sessions.values().any(|of| of.uncounted) => FORMAT_WITHOUT_REACHED,
            Some(_) => FORMAT_WITHOUT_ASIDE,
            None => FORMAT_WITHOUT_TRACKING,
        }
    }
}

impl Serialize for State {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let activities = self
            .activities
            .iter()
            .map(|(id, a)| {
                let stored = StoredActivity {
                    cmi: pairs(&a.model),
                    owners: a.owners.clone(),
                    reset_by: a.reset_by,
                    visits: a.visits.clone(),
                    earlier: a.earlier.as_ref().map(pairs),
                };
                (id.clone(), stored)
            })
            .collect();
        let stored = Stored {
            format: self.format(),
            edition: self.edition,
            current: self.current.clone(),
            sessions: self.sessions.clone(),
            activities,
            tracked: self.tracked.clone(),
            floor: self.floor,
            overridden: self.overridden.clone(),
            aside: self.aside.clone(),
            reached: self.reached,
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for State {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let stored = Stored::deserialize(deserializer)?;
        if stored.format > FORMAT {
            return Err(D::Error::custom("this state was written by a newer version of the program"));
        }
        let mut activities = BTreeMap::new();
        for (id, a) in stored.activities {
            activities.insert(
                id,
                ActivityState {
                    model: restored(stored.edition, &a.cmi),
                    owners: a.owners,
                    reset_by: a.reset_by,
                    visits: a.visits,
                    earlier: a.earlier.as_deref().map(|pairs| restored(stored.edition, pairs)),
                },
            );
        }
        let mut tracked = stored.tracked;
        if let Some(tracked) = &mut tracked {
            tracked.rehash();
        }
        let (edition, current, sessions) = (stored.edition, stored.current, stored.sessions);
        let (floor, overridden, aside, reached) =
            (stored.floor, stored.overridden, stored.aside, stored.reached);
        Ok(Self {
            edition,
            activities,
            current,
            sessions,
            tracked,
            aside,
            floor,
            overridden,
            reached,
            last_set_counted: false,
        })
    }
}
