//! The sequencing definition model (SCORM 2004 SN, chapter 3), one [`Definition`] per activity.
//!
//! Every field has the default that the standard gives it, so `Definition::default()` is the definition of
//! an activity whose author wrote nothing (and of every SCORM 1.2 item). Numbers are fixed-point
//! ([`Decimal`]), identifiers are kept as written with surrounding and repeated white space collapsed, and
//! vocabulary tokens are spelled as in the XML binding when serialised.

mod auxiliary;
mod completion;
mod control;
mod decimal;
mod delivery;
mod limits;
mod objectives;
mod presentation;
mod randomization;
mod rollup;
mod rules;
mod shared_data;
mod time;
mod vocabulary;

pub use auxiliary::AuxiliaryResource;
pub use completion::CompletionThreshold;
pub use control::{ConstrainedChoice, ControlMode};
pub use decimal::{Decimal, DecimalError};
pub use delivery::DeliveryControls;
pub use limits::LimitConditions;
pub use objectives::{MappedFields, Objective, ObjectiveMap, Objectives};
pub use presentation::{LmsControl, Presentation};
pub use randomization::{RandomizationControls, RandomizationTiming};
pub use rollup::{
    ChildActivitySet, RollupAction, RollupCondition, RollupConditionKind, RollupConsideration,
    RollupConsiderations, RollupControls, RollupRule,
};
pub use rules::{
    Condition, ConditionCombination, ExitAction, PostAction, PreAction, RuleCondition, RuleConditions,
    SequencingRule, SequencingRules,
};
pub use shared_data::SharedDataMap;
pub use time::{Instant, TimeError, TimeSpan};

use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Everything an author can say about the sequencing of one activity (SN 3).
///
/// Serialised, groups that have their default value are left out: a course of a thousand plain items stays
/// small.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Definition {
    /// Sequencing control modes (SN 3.2).
    #[serde(skip_serializing_if = "is_default")]
    pub control: ControlMode,
    /// Constrain choice controls (SN 3.3).
    #[serde(skip_serializing_if = "is_default")]
    pub constrained_choice: ConstrainedChoice,
    /// Precondition, postcondition and exit rules (SN 3.4).
    #[serde(skip_serializing_if = "is_default")]
    pub rules: SequencingRules,
    /// Limit conditions (SN 3.5).
    #[serde(skip_serializing_if = "is_default")]
    pub limits: LimitConditions,
    /// Auxiliary resources (SN 3.6), handed to the player as they are.
    #[serde(skip_serializing_if = "is_default")]
    pub auxiliary_resources: Vec<AuxiliaryResource>,
    /// Rollup rules, rollup controls and rollup considerations (SN 3.7 to 3.9).
    #[serde(skip_serializing_if = "is_default")]
    pub rollup: RollupControls,
    /// Objectives with their maps (SN 3.10).
    #[serde(skip_serializing_if = "is_default")]
    pub objectives: Objectives,
    /// Selection and randomization controls (SN 3.11, 3.12).
    #[serde(skip_serializing_if = "is_default")]
    pub randomization: RandomizationControls,
    /// Delivery controls (SN 3.13).
    #[serde(skip_serializing_if = "is_default")]
    pub delivery: DeliveryControls,
    /// Completion threshold (SN 3.14).
    #[serde(skip_serializing_if = "is_default")]
    pub completion: CompletionThreshold,
    /// What the player must not show while the activity is delivered (CAM 5.2, SN 5.4).
    #[serde(skip_serializing_if = "is_default")]
    pub presentation: Presentation,
}

/// `skip_serializing_if` for every group that has a default.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests;
