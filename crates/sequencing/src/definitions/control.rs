use serde::{Deserialize, Serialize};

/// Sequencing control modes of a cluster (SN 3.2; `imsss:controlMode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ControlMode {
    /// The learner may choose among the children. Default true.
    pub choice: bool,
    /// The learner may leave the activity by choosing something outside of it. Default true.
    pub choice_exit: bool,
    /// Continue and Previous go through the children. Default false.
    pub flow: bool,
    /// The children can only be gone through forward. Default false.
    pub forward_only: bool,
    /// Rollup looks only at objective information of the current attempt. Default true.
    pub use_current_attempt_objective_info: bool,
    /// Rollup looks only at progress information of the current attempt. Default true.
    pub use_current_attempt_progress_info: bool,
}

impl Default for ControlMode {
    fn default() -> Self {
        Self {
            choice: true,
            choice_exit: true,
            flow: false,
            forward_only: false,
            use_current_attempt_objective_info: true,
            use_current_attempt_progress_info: true,
        }
    }
}

/// Constrain choice controls (SN 3.3; `adlseq:constrainedChoiceConsiderations`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConstrainedChoice {
    /// From outside, nothing below the activity can be chosen before the activity is active. Default false.
    pub prevent_activation: bool,
    /// From the activity only its logically next and previous activities can be chosen. Default false.
    pub constrain_choice: bool,
}
