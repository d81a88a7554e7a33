//! What happens after content has exited: sixteen cases, an action each.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

use lyceum_cmi::{Edition, Exit, Family};
use serde::{Deserialize, Serialize};

use super::ExitAction;

/// How content exited (`cmi.exit`, RTE 2004 4.2.8; `cmi.core.exit`, RTE 1.2 3.4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the words of cmi.exit; normal is also the empty one")]
pub enum ExitKind {
    Normal,
    Suspend,
    Logout,
    Timeout,
}

/// One of the sixteen cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ExitCase {
    /// How content exited.
    pub kind: ExitKind,
    /// Nothing that launches follows in the course: then `is_satisfied` is about the course.
    pub is_final: bool,
    /// Passed, or completed where success is not judged: the unit, or at the end the course.
    pub is_satisfied: bool,
}

/// The actions that are set; the others are [`ExitAction::Standard`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExitActions(BTreeMap<ExitCase, ExitAction>);

impl ExitKind {
    const ALL: [Self; 4] = [Self::Normal, Self::Suspend, Self::Logout, Self::Timeout];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Suspend => "suspend",
            Self::Logout => "logout",
            Self::Timeout => "timeout",
        }
    }
}

impl From<Exit> for ExitKind {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Suspend => Self::Suspend,
            Exit::Logout => Self::Logout,
            Exit::TimeOut => Self::Timeout,
            Exit::Normal | Exit::Unstated => Self::Normal,
        }
    }
}

impl From<ExitCase> for String {
    fn from(case: ExitCase) -> Self {
        let place = if case.is_final { "final" } else { "intermediate" };
        let result = if case.is_satisfied { "satisfied" } else { "not_satisfied" };
        format!("{}_{place}_{result}", case.kind.as_str())
    }
}

impl TryFrom<String> for ExitCase {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        let cases = ExitKind::ALL.into_iter().flat_map(|kind| {
            [(false, false), (false, true), (true, false), (true, true)]
                .map(|(is_final, is_satisfied)| Self { kind, is_final, is_satisfied })
        });
        cases.into_iter().find(|case| String::from(*case) == text).ok_or("there is no such case of an exit")
    }
}

impl ExitActions {
    /// The action of a case as it is set.
    #[must_use]
    pub fn get(&self, case: ExitCase) -> ExitAction {
        self.0.get(&case).copied().unwrap_or_default()
    }

    /// Sets the action of a case.
    pub fn set(&mut self, case: ExitCase, action: ExitAction) {
        if action == ExitAction::Standard {
            self.0.remove(&case);
        } else {
            self.0.insert(case, action);
        }
    }

    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What to do in a case; never [`ExitAction::Standard`].
    ///
    /// The standard: `logout` leaves the course in every edition, `time-out` does in SCORM 2004 (RTE 2004 4.2.8: an Exit All
    /// request; RTE 1.2 3.4.4 asks for the log-out only). After `normal` and `suspend` the learner decides. There is no next
    /// unit after the last: the learner decides there too. In a course of one unit (`is_only`) nothing is to be decided, so that
    /// nothing is told unless a setting asks for it.
    #[must_use]
    pub fn decide(&self, edition: Edition, case: ExitCase, is_only: bool) -> ExitAction {
        match (self.get(case), case.kind) {
            (ExitAction::Standard, ExitKind::Logout) => ExitAction::ExitCourse,
            (ExitAction::Standard, ExitKind::Timeout) if edition.family() == Family::Ieee => {
                ExitAction::ExitCourse
            }
            (ExitAction::Standard, _) if is_only => ExitAction::DoNothing,
            (ExitAction::Standard, _) => ExitAction::DisplayMessage,
            (ExitAction::GoToNextSco, _) if case.is_final => ExitAction::DisplayMessage,
            (action, _) => action,
        }
    }
}
