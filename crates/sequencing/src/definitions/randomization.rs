use serde::{Deserialize, Serialize};

use super::{is_default, vocabulary::vocabulary};

/// Selection and randomization of a cluster's children (SN 3.11, 3.12; `imsss:randomizationControls`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RandomizationControls {
    /// When the children are put in a new order. Default never.
    pub randomization_timing: RandomizationTiming,
    /// Whether they are put in a new order at all. Default false.
    pub reorder_children: bool,
    /// When children are selected. Default never.
    pub selection_timing: RandomizationTiming,
    /// How many children are selected; `None` is: all of them.
    #[serde(skip_serializing_if = "is_default")]
    pub select_count: Option<u32>,
}

impl Default for RandomizationControls {
    fn default() -> Self {
        Self {
            randomization_timing: RandomizationTiming::Never,
            reorder_children: false,
            selection_timing: RandomizationTiming::Never,
            select_count: None,
        }
    }
}

vocabulary! {
    /// When selection or randomization happens (SN table 3.11.1a).
    RandomizationTiming {
        /// Not at all.
        Never = "never",
        /// Before the first attempt on the activity.
        Once = "once",
        /// Before each new attempt on the activity.
        OnEachNewAttempt = "onEachNewAttempt",
    }
}
