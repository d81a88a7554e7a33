use serde::{Deserialize, Serialize};

use crate::definitions::{Decimal, is_default};

/// What is known about one objective (TM.1.1, with the additions of the 4th edition). `None` is: unknown.
///
/// For the primary objective, `completed` and `progress_measure` are at the same time the attempt's completion
/// status and completion amount (TM.1.2.2): the 4th edition maps both through the objective.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObjectiveValues {
    /// Objective Progress Status with Objective Satisfied Status.
    #[serde(rename = "s", skip_serializing_if = "is_default")]
    pub satisfied: Option<bool>,
    /// Objective Measure Status with Objective Normalized Measure, -1 to 1.
    #[serde(rename = "m", skip_serializing_if = "is_default")]
    pub measure: Option<Decimal>,
    /// Raw score.
    #[serde(rename = "r", skip_serializing_if = "is_default")]
    pub raw: Option<Decimal>,
    /// Lowest possible raw score.
    #[serde(rename = "n", skip_serializing_if = "is_default")]
    pub min: Option<Decimal>,
    /// Highest possible raw score.
    #[serde(rename = "x", skip_serializing_if = "is_default")]
    pub max: Option<Decimal>,
    /// Completion status; `Some(false)` is: incomplete.
    #[serde(rename = "c", skip_serializing_if = "is_default")]
    pub completed: Option<bool>,
    /// Progress measure, 0 to 1.
    #[serde(rename = "p", skip_serializing_if = "is_default")]
    pub progress_measure: Option<Decimal>,
}
