use serde::{Deserialize, Serialize};

use super::Decimal;

/// Completion threshold of an activity (SN 3.14; `adlcp:completionThreshold`).
///
/// Until the 3rd edition the element's text was the threshold, and its presence made the progress measure
/// decide about completion; such an element reads as `completed_by_measure: true` with that minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompletionThreshold {
    /// Completion follows from the progress measure. Default false.
    pub completed_by_measure: bool,
    /// Progress measure from which on the activity is completed, 0 to 1. Default 1.
    pub min_progress_measure: Decimal,
    /// Weight of the activity's progress measure in its parent's, 0 to 1. Default 1.
    pub progress_weight: Decimal,
}

impl Default for CompletionThreshold {
    fn default() -> Self {
        Self {
            completed_by_measure: false,
            min_progress_measure: Decimal::ONE,
            progress_weight: Decimal::ONE,
        }
    }
}
