use serde::{Deserialize, Serialize};

/// Places where implementations differ from the text of the SN book, or where the text leaves room.
///
/// The default follows the pseudo-code. [`Readings::sample_rte`] follows ADL's Sample Run-Time Environment, which
/// many courses were tuned to; with it the engine can also be compared with that implementation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Readings {
    /// A cluster's measure is 0, not unknown, as long as no child has one (RB.1.1 a 6.2, RB.1.1 b 5.1 say
    /// unknown).
    pub unknown_measures_count_as_zero: bool,
    /// A rollup rule for a minimum of children does not apply while nothing is known about any child, and never if the
    /// minimum is a count of 0 (RB.1.4 1.2.8, 1.2.9 only compare); a minimum percentage is rounded to a number of
    /// children.
    pub minimum_needs_knowledge: bool,
    /// Conditions combined by `all` are unknown as soon as one is unknown before another is false (UP.2.1 4, RB.1.4.1 4:
    /// false decides).
    pub first_doubt_decides_all: bool,
    /// Information of a cluster that was never attempted belongs to the attempt on its parent during which something was first
    /// known, not to the one during which it was last rolled up (SN 3.2.6, 3.2.7).
    pub former_information_stays_former: bool,
    /// Rollup passes over the measures of a cluster that was never attempted the first time that it comes by (RB.1.5 3.1
    /// knows no such condition).
    pub first_rollup_passes_over_measures: bool,
    /// Where satisfaction follows from a measure, looking at the measure for rollup also writes the satisfaction to global
    /// objectives (RB.1.1 a only reads).
    pub reading_measures_writes_satisfaction: bool,
    /// Which of the clusters that lie equally deep are rolled up first, which the book leaves open (SN 4.6.1). 0 is the
    /// last one of the manifest; other numbers give other orders, to find out whether something depends on it.
    pub rollup_order: u32,
    /// A child that was never attempted counts as not suspended (RB.1.4.2 2.1.2.1, 3.1.2.1 exclude it).
    pub unattempted_is_not_suspended: bool,
    /// When the attempt on a cluster ends, the clusters above are not rolled up again (UP.4 4).
    pub ending_clusters_are_not_rolled_up: bool,
    /// Continue that finds nothing to deliver ends the session, also when it stops at a blocked activity (SB.2.7
    /// ends it only behind the last activity).
    pub blocked_continue_ends_session: bool,
    /// When the root was exited without a retry, the pending request is still tried, and only if it finds nothing the
    /// session ends (TB.2.3 3.3.5 asks for Exit).
    pub pending_request_survives_exit_of_root: bool,
    /// The post condition exitParent does nothing at the root (TB.2.3 3.3.4.2 raises TB.2.3-4).
    pub exit_parent_of_root_is_ignored: bool,
    /// Conditions about limits are unknown, not false, where there is no such limit, and time limits are not looked at at
    /// all (SN tables 3.4.2a, 3.7.2a).
    pub missing_limits_are_unknown: bool,
    /// Abandoning an activity also forgets its completion, satisfaction and measure (TB.2.3 6.1 only makes it
    /// inactive).
    pub abandon_forgets: bool,
    /// An entry of `cmi.objectives` for the primary objective goes before `cmi.success_status`, also where the content left
    /// the entry as it began (RTE 4.2.21 maps what the content says).
    pub primary_entry_goes_first: bool,
    /// That content once said something about completion or success keeps UP.4 1.1 from concluding it in later attempts
    /// as well (DB.2 5.1.1.2.3 begins with nothing known).
    pub what_content_said_outlives_attempt: bool,
    /// The current activity is ended again together with its ancestors (UP.3 2 says exclusive).
    pub current_ends_twice: bool,
    /// Once the current activity has ended, `choiceExit` and `constrainChoice` count for the clusters around it only (SB.2.9
    /// 10.3, 11.4 begin at the current activity).
    pub choice_exit_of_clusters_only: bool,
    /// A choice of an earlier activity is also stopped by stopForwardTraversal of a cluster on the way down to it (SB.2.9
    /// 11.9 tests only preventActivation).
    pub choice_backward_can_be_stopped: bool,
    /// Clearing a suspended activity stops below the common ancestor, so that the attempt on it goes on (DB.2.1
    /// 1.2 says inclusive).
    pub common_ancestor_stays_suspended: bool,
    /// Measures of objectives from a former attempt on the parent are rolled up also where the parent wants only those of the
    /// current one (SN 3.2.6).
    pub former_measures_count: bool,
    /// Look-ahead takes the tracking as it is while the current activity goes on, not as it would be after that has ended, and
    /// asks SB.2.9 about a choice but not NB.2.1 7 before (RTE 4.4 leaves open what is looked at).
    pub look_ahead_ends_nothing: bool,
}

impl Readings {
    /// What ADL's Sample Run-Time Environment, 4th Edition 1.1.1, does.
    #[must_use]
    pub const fn sample_rte() -> Self {
        Self {
            unknown_measures_count_as_zero: true,
            minimum_needs_knowledge: true,
            first_doubt_decides_all: true,
            former_information_stays_former: true,
            first_rollup_passes_over_measures: true,
            reading_measures_writes_satisfaction: true,
            rollup_order: 0,
            unattempted_is_not_suspended: true,
            ending_clusters_are_not_rolled_up: true,
            blocked_continue_ends_session: true,
            pending_request_survives_exit_of_root: true,
            exit_parent_of_root_is_ignored: true,
            missing_limits_are_unknown: true,
            abandon_forgets: true,
            primary_entry_goes_first: true,
            what_content_said_outlives_attempt: true,
            current_ends_twice: true,
            choice_exit_of_clusters_only: true,
            choice_backward_can_be_stopped: true,
            common_ancestor_stays_suspended: true,
            former_measures_count: true,
            look_ahead_ends_nothing: true,
        }
    }
}
