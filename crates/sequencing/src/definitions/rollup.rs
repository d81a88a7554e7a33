use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{ConditionCombination, Decimal, is_default, vocabulary::vocabulary};

/// What an activity contributes to its parent, and how its own state follows from its children
/// (SN 3.7 to 3.9; `imsss:rollupRules`, `adlseq:rollupConsiderations`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RollupControls {
    /// Rollup rules in document order. Empty: the default rules of SN 4.6.5 apply.
    #[serde(skip_serializing_if = "is_default")]
    pub rules: Vec<RollupRule>,
    /// The activity's satisfaction counts for its parent. Default true.
    pub objective_satisfied: bool,
    /// The activity's completion counts for its parent. Default true.
    pub progress_completion: bool,
    /// Weight of the activity's measure in its parent's measure, 0 to 1. Default 1.
    pub objective_measure_weight: Decimal,
    /// When the activity counts for its parent.
    #[serde(skip_serializing_if = "is_default")]
    pub considerations: RollupConsiderations,
}

impl Default for RollupControls {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            objective_satisfied: true,
            progress_completion: true,
            objective_measure_weight: Decimal::ONE,
            considerations: RollupConsiderations::default(),
        }
    }
}

/// If enough children meet the conditions, then the action (SN 3.7; `imsss:rollupRule`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollupRule {
    /// How many children must meet the conditions. Default: all.
    pub children: ChildActivitySet,
    /// How the conditions combine for one child. Default: any.
    pub combination: ConditionCombination,
    /// In document order. Empty means that the rule can never apply.
    pub conditions: Vec<RollupCondition>,
    /// What becomes of the activity.
    pub action: RollupAction,
}

/// How many of the contributing children must meet the conditions (SN 3.7.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChildActivitySet {
    /// Every child.
    #[default]
    All,
    /// One child.
    Any,
    /// No child.
    None,
    /// This many children (`minimumCount`).
    AtLeastCount(u32),
    /// This share of the children, 0 to 1 (`minimumPercent`).
    AtLeastPercent(Decimal),
}

/// One condition of a rollup rule (SN 3.7.2; `imsss:rollupCondition`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollupCondition {
    /// What is tested on the child.
    pub condition: RollupConditionKind,
    /// Operator `not`: the result is negated (an unknown result stays unknown). Default false.
    #[serde(default, skip_serializing_if = "is_default")]
    pub negated: bool,
}

vocabulary! {
    /// Conditions of rollup rules (SN table 3.7.2a).
    RollupConditionKind {
        /// The child's primary objective is satisfied.
        Satisfied = "satisfied",
        /// The child's satisfaction is known.
        ObjectiveStatusKnown = "objectiveStatusKnown",
        /// The child's measure is known.
        ObjectiveMeasureKnown = "objectiveMeasureKnown",
        /// The child is completed.
        Completed = "completed",
        /// The child's progress is known.
        ActivityProgressKnown = "activityProgressKnown",
        /// The child was attempted.
        Attempted = "attempted",
        /// The child's attempt limit is reached.
        AttemptLimitExceeded = "attemptLimitExceeded",
        /// A duration limit of the child is reached.
        TimeLimitExceeded = "timeLimitExceeded",
        /// It is outside of the child's time range.
        OutsideAvailableTimeRange = "outsideAvailableTimeRange",
        /// False: the default of the information model, which the XML binding does not offer.
        Never = "never",
    }
}

vocabulary! {
    /// Actions of rollup rules (SN table 3.7.3a).
    RollupAction {
        /// The activity's primary objective becomes satisfied.
        Satisfied = "satisfied",
        /// The activity's primary objective becomes not satisfied.
        NotSatisfied = "notSatisfied",
        /// The activity becomes completed.
        Completed = "completed",
        /// The activity becomes incomplete.
        Incomplete = "incomplete",
    }
}

/// When a child counts in its parent's rollup (SN 3.9; `adlseq:rollupConsiderations`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RollupConsiderations {
    /// For rules with the action satisfied. Default always.
    pub required_for_satisfied: RollupConsideration,
    /// For rules with the action not satisfied. Default always.
    pub required_for_not_satisfied: RollupConsideration,
    /// For rules with the action completed. Default always.
    pub required_for_completed: RollupConsideration,
    /// For rules with the action incomplete. Default always.
    pub required_for_incomplete: RollupConsideration,
    /// A measure decides about satisfaction even while the activity is still active. Default true.
    pub measure_satisfaction_if_active: bool,
}

impl Default for RollupConsiderations {
    fn default() -> Self {
        Self {
            required_for_satisfied: RollupConsideration::Always,
            required_for_not_satisfied: RollupConsideration::Always,
            required_for_completed: RollupConsideration::Always,
            required_for_incomplete: RollupConsideration::Always,
            measure_satisfaction_if_active: true,
        }
    }
}

vocabulary! {
    /// Under which circumstance a child counts (SN table 3.9.1a).
    RollupConsideration {
        /// In any case.
        Always = "always",
        /// If it was attempted.
        IfAttempted = "ifAttempted",
        /// If it is not skipped by a precondition rule.
        IfNotSkipped = "ifNotSkipped",
        /// If it was attempted and is not suspended.
        IfNotSuspended = "ifNotSuspended",
    }
}
