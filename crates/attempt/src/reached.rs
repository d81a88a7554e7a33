//! What an attempt has once reached, where its course does not let it go back
//! ([`Settings::allow_status_change`](crate::settings::Settings::allow_status_change)).
//!
//! The fold knows no settings. So the engine, which knows them, says with a call that may take something back how the attempt
//! stood before it; the outcome's flags carry that, and the fold remembers. Journals that never say so fold as they always did.

use lyceum_cmi::Flags;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::entry::Call;
use crate::summary::{Completion, Success, Summary};

/// What stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reached {
    /// The attempt was completed.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub completed: bool,
    /// The attempt was passed.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub passed: bool,
}

impl Reached {
    /// All there is.
    pub(crate) const ALL: Self = Self { completed: true, passed: true };

    /// What a standing amounts to.
    pub(crate) fn of(standing: &Summary) -> Self {
        Self {
            completed: standing.completion == Completion::Completed,
            passed: standing.success == Success::Passed,
        }
    }

    /// What an outcome's flags tell.
    pub(crate) fn told_by(flags: u16) -> Self {
        let flags = Flags::from_bits(flags);
        Self { completed: flags.contains(Flags::WAS_COMPLETED), passed: flags.contains(Flags::WAS_PASSED) }
    }

    /// What tells of this all but what is known already.
    pub(crate) fn flags_beyond(self, known: Self) -> u16 {
        let mut flags = Flags::NONE;
        if self.completed && !known.completed {
            flags |= Flags::WAS_COMPLETED;
        }
        if self.passed && !known.passed {
            flags |= Flags::WAS_PASSED;
        }
        flags.bits()
    }

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { completed: self.completed || other.completed, passed: self.passed || other.passed }
    }

    /// Whether nothing was.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Puts back what was reached.
    pub(crate) fn keep(self, standing: &mut Summary) {
        if self.completed {
            standing.completion = Completion::Completed;
        }
        if self.passed {
            standing.success = Success::Passed;
        }
    }

    pub(crate) fn hash(self) -> u64 {
        xxh3_64(&[u8::from(self.completed), u8::from(self.passed)])
    }
}

/// Calls that may change where the attempt stands. Others need not be told what it has reached.
pub(crate) fn may_change_standing(call: Call, element: &str) -> bool {
    const ELEMENTS: [&str; 6] = [
        "cmi.core.lesson_status",
        "cmi.core.score.",
        "cmi.completion_status",
        "cmi.success_status",
        "cmi.score.",
        "cmi.progress_measure",
    ];
    match call {
        Call::Set => ELEMENTS.iter().any(|start| element.starts_with(start)),
        Call::Get | Call::Initialize | Call::Act => false,
        Call::Commit | Call::Terminate | Call::Navigate | Call::Deliver | Call::Leave => true,
    }
}
