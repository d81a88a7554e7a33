//! What somebody other than the learner does to an attempt: a rollback, an override, its withdrawal, an erasure. Acts are
//! journal entries of the server like any other ([`Call::Act`](crate::entry::Call::Act), number 0, of no session), and so
//! history, hash chain and fold hold them without a rule of their own.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::entry::{Entry, Outcome};
use crate::state::State;
use crate::summary::{Completion, Score, Success, Summary};

/// The ordinal of the server's own acts: before every session, so that an act is never somebody's newest session.
pub const NO_SESSION: u32 = 0;

/// An act, with who did it and why. Its JSON is the entry's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Who: a key's name, `command line`, ...
    pub by: String,
    /// Why, in the words of whoever did it.
    #[serde(default)]
    pub reason: String,
    /// What.
    #[serde(flatten)]
    pub deed: Deed,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "lowercase")]
pub enum Deed {
    /// The attempt stands again where it stood after a commit; 0 is before the first one. The entry's result is that state.
    Rollback {
        /// The commit.
        commit: u64,
        /// Sessions begun so far: what they still send is kept in the journal and changes nothing.
        sessions: u32,
    },
    /// Status and score are what a person says, until this is withdrawn.
    Override(Standing),
    /// The override is withdrawn: status and score are the content's again.
    Withdraw,
    /// The attempt was begun by a person or by a rule while there was an earlier one.
    Begin,
    /// Everything that tells who the learner was and what she entered was destroyed.
    Erase,
    /// The registration was taken over from another server's export.
    Import,
}

/// A status and a score that a person has set. What is `None` stays the content's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Completion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<Completion>,
    /// Success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<Success>,
    /// Score; replaces all of the content's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
}

impl Standing {
    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn told(&self) -> String {
        let completion = self.completion.map(|completion| match completion {
            Completion::Unknown => "not begun".to_string(),
            Completion::Incomplete => "incomplete".to_string(),
            Completion::Completed => "completed".to_string(),
        });
        let success = self.success.map(|success| match success {
            Success::Unknown => "not judged".to_string(),
            Success::Passed => "passed".to_string(),
            Success::Failed => "failed".to_string(),
        });
        let part = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name} {value}"));
        let score = self.score.as_ref().map(|score| {
            let parts = [
                part("scaled", &score.scaled),
                part("raw", &score.raw),
                part("min", &score.min),
                part("max", &score.max),
            ];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        });
        [completion, success, score].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// The override in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// What counts.
    pub standing: Standing,
    /// Who said so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: crate::Millis,
}

impl Override {
    /// Puts what the person said in the place of what was rolled up.
    pub fn apply(&self, summary: &mut Summary) {
        let Standing { completion, success, score } = &self.standing;
        if let Some(completion) = *completion {
            summary.completion = completion;
            if completion == Completion::Completed && summary.progress.is_some() {
                summary.progress = Some(crate::rollup::WHOLE);
            }
        }
        if let Some(success) = *success {
            summary.success = success;
        }
        if let Some(score) = score {
            summary.score.clone_from(score);
        }
        summary.overridden = true;
    }
}

impl Act {
    /// The value of its entry.
    #[must_use]
    pub fn to_value(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From an entry's value; `None` for one that this version does not know.
    #[must_use]
    pub fn from_value(value: &str) -> Option<Self> {
        serde_json::from_str(value).ok()
    }

    /// What was done, in a few words.
    #[must_use]
    pub fn told(&self) -> String {
        match &self.deed {
            Deed::Rollback { commit, .. } => format!("to #{commit}"),
            Deed::Override(standing) => standing.told(),
            Deed::Withdraw | Deed::Begin | Deed::Erase | Deed::Import => String::new(),
        }
    }

    /// The word for people and programs: rollback, override, ...
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self.deed {
            Deed::Rollback { .. } => "rollback",
            Deed::Override(_) => "override",
            Deed::Withdraw => "withdraw",
            Deed::Begin => "begin",
            Deed::Erase => "erase",
            Deed::Import => "import",
        }
    }
}

impl State {
    /// An act of the server. One that this version does not know changes nothing.
    pub(crate) fn act(&mut self, entry: &Entry, outcome: &Outcome) {
        let Some(act) = Act::from_value(&entry.value) else { return };
        match act.deed {
            Deed::Rollback { sessions: begun, .. } => {
                let Ok(mut earlier) = serde_json::from_str::<Self>(&outcome.result) else { return };
                // Sessions count their entries on: what arrives later must find its place.
                earlier.sessions = core::mem::take(&mut self.sessions);
                earlier.drop_aside();
                earlier.floor = self.floor.max(begun.saturating_add(1));
                *self = earlier;
            }
            Deed::Override(standing) => {
                self.overridden = Some(Override { standing, by: act.by, reason: act.reason, at: entry.at });
            }
            Deed::Withdraw => self.overridden = None,
            Deed::Begin | Deed::Erase | Deed::Import => {}
        }
    }
}

/// The result of a rollback's entry: the state that counts again.
#[must_use]
pub fn state_as_result(state: &State) -> String {
    serde_json::to_string(state).unwrap_or_else(|e| e.to_string())
}
