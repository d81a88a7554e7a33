use serde::{Deserialize, Serialize};

/// What the run-time environment expects from the content (SN 3.13; `imsss:deliveryControls`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeliveryControls {
    /// Progress and objectives are recorded and rolled up. Default true.
    pub tracked: bool,
    /// The content says whether it is complete; otherwise a visit is enough. Default false.
    pub completion_set_by_content: bool,
    /// The content says whether its primary objective is satisfied; otherwise a visit is enough. Default false.
    pub objective_set_by_content: bool,
}

impl Default for DeliveryControls {
    fn default() -> Self {
        Self { tracked: true, completion_set_by_content: false, objective_set_by_content: false }
    }
}
