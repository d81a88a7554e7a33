use serde::{Deserialize, Serialize};

/// Which edition of SCORM 2004 a course was written for.
///
/// The engine is one; the books differ in a few places, each of which asks [`Edition`] here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Edition {
    /// SCORM 2004 2nd Edition (SN 1.3.1).
    Second,
    /// SCORM 2004 3rd Edition (SN 1.0).
    Third,
    /// SCORM 2004 4th Edition (SN 1.1). Also what courses without sequencing run under.
    #[default]
    Fourth,
}

impl Edition {
    /// The Jump navigation request came with the 4th edition (NB.2.1, SB.2.13).
    pub(crate) fn has_jump(self) -> bool {
        self >= Self::Fourth
    }

    /// Progress measures of clusters came with the 4th edition (RB.1.1 b, RB.1.3 a).
    pub(crate) fn rolls_up_progress_measures(self) -> bool {
        self >= Self::Fourth
    }

    /// From the 3rd edition on, Continue past the last activity ends the session (SB.2.1, 3.1); before, it is
    /// the exception SB.2.1-1.
    pub(crate) fn ends_session_behind_last_activity(self) -> bool {
        self >= Self::Third
    }

    /// The default rules for not satisfied and incomplete: the 4th edition asks whether the status of all
    /// children is known (RB.1.2 b 1.2, RB.1.3 b 1.2), the former ones whether all children were attempted or
    /// are known to have failed (SN 4.6.5, 4.6.6).
    pub(crate) fn default_rules_ask_for_known_status(self) -> bool {
        self >= Self::Fourth
    }
}
