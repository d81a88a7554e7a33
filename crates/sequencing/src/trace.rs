use alloc::{string::String, vec::Vec};
use core::cell::RefCell;

use serde::{Deserialize, Serialize};

use crate::tree::{Ix, Tree};

/// One decision on the way from a request to its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceLine {
    /// Number of the process in the SN book, such as `SB.2.3`.
    pub process: String,
    /// Identifier of the activity that it is about, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<String>,
    /// What was decided and why.
    pub text: String,
}

/// Collects [`TraceLine`]s, or does nothing at all.
///
/// Processes that only look have no other result than their answer, so the lines lie behind a cell.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    lines: Option<RefCell<Vec<TraceLine>>>,
}

/// Upper limit of the lines of one request; what comes after is not kept.
const MAX_LINES: usize = 10_000;

impl Trace {
    pub(crate) fn new(on: bool) -> Self {
        Self { lines: on.then(RefCell::default) }
    }

    /// Adds a line. `text` is only called when somebody listens.
    pub(crate) fn add(&self, process: &str, at: Option<(&Tree, Ix)>, text: impl FnOnce() -> String) {
        let Some(lines) = &self.lines else { return };
        let mut lines = lines.borrow_mut();
        if lines.len() < MAX_LINES {
            let activity = at.map(|(tree, ix)| tree.activity(ix).id().into());
            lines.push(TraceLine { process: process.into(), activity, text: text() });
        }
    }

    pub(crate) fn into_lines(self) -> Vec<TraceLine> {
        self.lines.map(RefCell::into_inner).unwrap_or_default()
    }
}
