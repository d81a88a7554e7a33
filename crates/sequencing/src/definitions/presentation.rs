use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{is_default, vocabulary::vocabulary};

/// What the player must not show while the activity is delivered (CAM 5.2; `adlnav:presentation`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Presentation {
    /// Controls to hide, in document order, each once.
    #[serde(skip_serializing_if = "is_default")]
    pub hide_lms_ui: Vec<LmsControl>,
}

impl Presentation {
    /// Whether this control is to be hidden.
    #[must_use]
    pub fn hides(&self, control: LmsControl) -> bool {
        self.hide_lms_ui.contains(&control)
    }
}

vocabulary! {
    /// Controls of the player that content can replace by its own (CAM table 5.2.1a, `adlnav:hideLMSUI`).
    LmsControl {
        /// Previous.
        Previous = "previous",
        /// Continue.
        Continue = "continue",
        /// Exit.
        Exit = "exit",
        /// Exit all (4th edition's book; in the schema since 2005).
        ExitAll = "exitAll",
        /// Abandon.
        Abandon = "abandon",
        /// Abandon all.
        AbandonAll = "abandonAll",
        /// Suspend all.
        SuspendAll = "suspendAll",
    }
}
