use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{Decimal, is_default, vocabulary::vocabulary};

/// The sequencing rules of an activity (SN 3.4; `imsss:sequencingRules`), each list in document order,
/// which is the order of evaluation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SequencingRules {
    /// Precondition rules: evaluated when the tree is traversed towards a delivery.
    #[serde(skip_serializing_if = "is_default")]
    pub pre: Vec<SequencingRule<PreAction>>,
    /// Postcondition rules: evaluated when an attempt on the activity ends.
    #[serde(skip_serializing_if = "is_default")]
    pub post: Vec<SequencingRule<PostAction>>,
    /// Exit rules: evaluated after a descendant's attempt ended.
    #[serde(skip_serializing_if = "is_default")]
    pub exit: Vec<SequencingRule<ExitAction>>,
}

/// If the conditions hold, then the action (SN 3.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequencingRule<Action> {
    /// The "if" part.
    #[serde(flatten)]
    pub conditions: RuleConditions,
    /// The "then" part.
    pub action: Action,
}

/// The conditions of a rule and how they combine (SN 3.4.1; `imsss:ruleConditions`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleConditions {
    /// Default: all.
    pub combination: ConditionCombination,
    /// In document order. Empty means that the rule can never apply.
    pub conditions: Vec<RuleCondition>,
}

impl Default for RuleConditions {
    fn default() -> Self {
        Self { combination: ConditionCombination::All, conditions: Vec::new() }
    }
}

/// One condition of a sequencing rule (SN 3.4.2; `imsss:ruleCondition`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCondition {
    /// What is tested.
    pub condition: Condition,
    /// Operator `not`: the result is negated (an unknown result stays unknown). Default false.
    #[serde(default, skip_serializing_if = "is_default")]
    pub negated: bool,
    /// Id of the activity's objective that is looked at; `None` is the primary one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub referenced_objective: Option<String>,
    /// Threshold of `objectiveMeasureGreaterThan` and `objectiveMeasureLessThan`, -1 to 1. Default 0.
    #[serde(default, skip_serializing_if = "is_default")]
    pub measure_threshold: Decimal,
}

vocabulary! {
    /// How the conditions of a rule combine (SN 3.4.1).
    ConditionCombination {
        /// Every condition must hold.
        All = "all",
        /// One condition must hold.
        Any = "any",
    }
}

vocabulary! {
    /// Conditions of sequencing rules (SN table 3.4.2a).
    Condition {
        /// The referenced objective is satisfied.
        Satisfied = "satisfied",
        /// The referenced objective's satisfaction is known.
        ObjectiveStatusKnown = "objectiveStatusKnown",
        /// The referenced objective's measure is known.
        ObjectiveMeasureKnown = "objectiveMeasureKnown",
        /// The referenced objective's measure is above the threshold.
        ObjectiveMeasureGreaterThan = "objectiveMeasureGreaterThan",
        /// The referenced objective's measure is below the threshold.
        ObjectiveMeasureLessThan = "objectiveMeasureLessThan",
        /// The activity (4th edition: also a referenced objective) is completed.
        Completed = "completed",
        /// The activity's progress is known.
        ActivityProgressKnown = "activityProgressKnown",
        /// The activity was attempted.
        Attempted = "attempted",
        /// The attempt limit is reached.
        AttemptLimitExceeded = "attemptLimitExceeded",
        /// A duration limit is reached.
        TimeLimitExceeded = "timeLimitExceeded",
        /// It is before the begin time or after the end time.
        OutsideAvailableTimeRange = "outsideAvailableTimeRange",
        /// True.
        Always = "always",
    }
}

vocabulary! {
    /// Actions of precondition rules (SN table 3.4.3a).
    PreAction {
        /// The activity is passed over during flow.
        Skip = "skip",
        /// The activity cannot be delivered.
        Disabled = "disabled",
        /// The activity cannot be chosen.
        HiddenFromChoice = "hiddenFromChoice",
        /// Flow does not get past the activity.
        StopForwardTraversal = "stopForwardTraversal",
    }
}

vocabulary! {
    /// Actions of postcondition rules (SN table 3.4.3b).
    PostAction {
        /// End the parent.
        ExitParent = "exitParent",
        /// End the whole course.
        ExitAll = "exitAll",
        /// Start the activity again.
        Retry = "retry",
        /// End everything and start the course again.
        RetryAll = "retryAll",
        /// Go to the next activity.
        Continue = "continue",
        /// Go to the previous activity.
        Previous = "previous",
    }
}

vocabulary! {
    /// Actions of exit rules (SN table 3.4.3c).
    ExitAction {
        /// End the activity.
        Exit = "exit",
    }
}
