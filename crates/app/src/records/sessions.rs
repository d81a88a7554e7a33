//! What an attempt's rows are held against: its sessions, each with what it was given.

use std::collections::BTreeMap;

use lyceum_attempt::opening::Learner;
use lyceum_store::SessionId;
use lyceum_store::chain::OpeningDigest;
use lyceum_store::commits::NO_SESSION;

/// The sessions of an attempt.
pub(super) struct Sessions {
    /// Ordinal and opening of each, in their order.
    all: Vec<(u32, String)>,
    places: BTreeMap<SessionId, (u32, OpeningDigest)>,
}

/// The part of an opening that says whose the session is. Erasing a learner empties it.
#[derive(serde::Deserialize)]
struct Whose {
    learner: Option<Learner>,
}

impl Sessions {
    /// Of id, ordinal and opening of each, in their order.
    pub(super) fn new(rows: impl IntoIterator<Item = (SessionId, u32, String)>) -> Self {
        let (mut all, mut places) = (Vec::new(), BTreeMap::new());
        for (id, ordinal, opening) in rows {
            places.insert(id, (ordinal, OpeningDigest::of(&opening)));
            all.push((ordinal, opening));
        }
        Self { all, places }
    }

    /// The server's own acts have no session, and come as the zeroth. `None` when it is gone.
    pub(super) fn ordinal(&self, session: SessionId) -> Option<u32> {
        if session == NO_SESSION {
            return Some(0);
        }
        self.places.get(&session).map(|(ordinal, _)| *ordinal)
    }

    /// What rows of the session are sealed with.
    pub(super) fn digest(&self, session: SessionId) -> Option<OpeningDigest> {
        self.places.get(&session).map(|(_, digest)| *digest)
    }

    /// What each was given, in their order.
    pub(super) fn openings(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.all.iter().map(|(_, opening)| opening.as_str())
    }

    /// The first one that was opened for somebody else than the learner whom callers know by this name.
    pub(super) fn of_another(&self, learner: &str) -> Option<u32> {
        let is_hers = |opening: &str| {
            let whose = serde_json::from_str::<Whose>(opening).ok().and_then(|opening| opening.learner);
            whose.is_none_or(|whose| whose.id == learner)
        };
        self.all.iter().find(|(_, opening)| !is_hers(opening)).map(|(ordinal, _)| *ordinal)
    }
}
