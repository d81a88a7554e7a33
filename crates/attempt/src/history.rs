//! What an entry changed: the fold, one step at a time, with the values before and after.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::act::NO_SESSION;
use crate::entry::{Call, Outcome, Recorded};
use crate::state::State;

/// One value that became another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueChange {
    /// Identifier of the activity.
    pub activity: String,
    /// Element of its data model.
    pub element: String,
    /// Before; `None` where there was none.
    pub old: Option<String>,
    /// After; `None` where it is gone.
    pub new: Option<String>,
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// It is part of the state.
    Accepted,
    /// It was refused, with an error code.
    Refused,
    /// It was accepted in a session that does not count (browse, review, without credit), and is part of that session's copy alone.
    Uncounted,
    /// It was accepted, and changed nothing: a newer session, or a rollback, had the last word already.
    Overtaken,
}

/// One step of the fold, with what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What became of the entry.
    pub effect: Effect,
    /// The outcome's error code, 0 when accepted.
    pub error: u16,
    /// Every value that is another one now.
    pub changes: Vec<ValueChange>,
}

/// Folds an entry in, as [`State::apply`] does, and tells what it changed. Costs what the entry touches; a delivery, a
/// rollback and whatever else may replace many values at once cost as much as there are values.
pub fn step(state: &mut State, recorded: &Recorded, session: u32) -> Step {
    let entry = &recorded.entry;
    let outcome = recorded.server.clone().unwrap_or_else(|| entry.outcome());
    let changes = match entry.call {
        Call::Set => single(state, recorded, session, &entry.element),
        Call::Terminate => single(state, recorded, session, crate::state::LESSON_STATUS),
        Call::Deliver | Call::Act => several(state, recorded, session),
        Call::Initialize | Call::Get | Call::Commit | Call::Navigate | Call::Leave => {
            state.apply(recorded, session);
            Vec::new()
        }
    };
    Step { effect: effect(state, recorded, session, &outcome), error: outcome.error, changes }
}

fn effect(after: &State, recorded: &Recorded, session: u32, outcome: &Outcome) -> Effect {
    let entry = &recorded.entry;
    if outcome.error != 0 {
        return Effect::Refused;
    }
    if outcome.is_uncounted() {
        return Effect::Uncounted;
    }
    let value = || after.activity(&entry.activity).and_then(|a| a.model().value(&entry.element));
    if session < after.floor() && session != NO_SESSION {
        return Effect::Overtaken;
    }
    // The model keeps some values in another form than they came in, but it never keeps nothing of an accepted one.
    let stands = entry.call != Call::Set || after.last_set_counted() || value() == Some(entry.value.as_str());
    if stands { Effect::Accepted } else { Effect::Overtaken }
}

fn single(state: &mut State, recorded: &Recorded, session: u32, element: &str) -> Vec<ValueChange> {
    let activity = &recorded.entry.activity;
    let value = |state: &State| -> Option<String> {
        state.activity(activity).and_then(|a| a.model().value(element)).map(ToString::to_string)
    };
    let old = value(state);
    state.apply(recorded, session);
    let new = value(state);
    if old == new {
        return Vec::new();
    }
    alloc::vec![ValueChange { activity: activity.clone(), element: element.to_string(), old, new }]
}

fn several(state: &mut State, recorded: &Recorded, session: u32) -> Vec<ValueChange> {
    let before = if recorded.entry.call == Call::Deliver {
        values_of(state, core::iter::once(recorded.entry.activity.as_str()))
    } else {
        values(state)
    };
    state.apply(recorded, session);
    let after = if recorded.entry.call == Call::Deliver {
        values_of(state, core::iter::once(recorded.entry.activity.as_str()))
    } else {
        values(state)
    };
    compare(&before, &after)
}

/// Values of an attempt by activity and element.
pub type Values = BTreeMap<(String, String), String>;

/// All values of a state.
#[must_use]
pub fn values(state: &State) -> Values {
    values_of(state, state.activities().keys().map(String::as_str))
}

fn values_of<'a>(state: &State, activities: impl Iterator<Item = &'a str>) -> Values {
    let mut all = Values::new();
    for id in activities {
        let Some(activity) = state.activity(id) else { continue };
        all.extend(
            activity.model().iter().map(|(element, value)| ((id.to_string(), element), value.to_string())),
        );
    }
    all
}

/// What differs between two sets of values, in the order of activities and elements.
#[must_use]
pub fn compare(before: &Values, after: &Values) -> Vec<ValueChange> {
    let change = |key: &(String, String), old: Option<&String>, new: Option<&String>| ValueChange {
        activity: key.0.clone(),
        element: key.1.clone(),
        old: old.cloned(),
        new: new.cloned(),
    };
    let gone = before
        .iter()
        .filter(|(key, value)| after.get(*key) != Some(*value))
        .map(|(key, value)| change(key, Some(value), after.get(key)));
    let come = after
        .iter()
        .filter(|(key, _)| !before.contains_key(*key))
        .map(|(key, value)| change(key, None, Some(value)));
    let mut all: Vec<ValueChange> = gone.chain(come).collect();
    all.sort_by(|a, b| (&a.activity, &a.element).cmp(&(&b.activity, &b.element)));
    all
}
