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
    /// A rollup rule for `all` or `none` of the children applies when no child contributes (RB.1.4 1.2.4 says no
    /// change).
    pub rollup_of_nothing_applies: bool,
    /// A rollup rule for a minimum of children does not apply while nothing is known about any child, even if the
    /// minimum is 0 (RB.1.4 1.2.8, 1.2.9 only count), and a minimum percentage is rounded to a number of children.
    pub minimum_needs_knowledge: bool,
    /// A child that was never attempted counts as not suspended (RB.1.4.2 2.1.2.1, 3.1.2.1 exclude it).
    pub unattempted_is_not_suspended: bool,
    /// Continue that finds nothing to deliver ends the session, also when it stops at a blocked activity (SB.2.7
    /// ends it only behind the last activity).
    pub blocked_continue_ends_session: bool,
    /// Abandoning an activity also forgets its completion, satisfaction and measure (TB.2.3 6.1 only makes it
    /// inactive).
    pub abandon_forgets: bool,
    /// The current activity is ended again together with its ancestors (UP.3 2 says exclusive).
    pub current_ends_twice: bool,
    /// Once the current activity has ended, `choiceExit` and `constrainChoice` count for the clusters around it only (SB.2.9
    /// 10.3, 11.4 begin at the current activity).
    pub choice_exit_of_clusters_only: bool,
    /// Clearing a suspended activity stops below the common ancestor, so that the attempt on it goes on (DB.2.1
    /// 1.2 says inclusive).
    pub common_ancestor_stays_suspended: bool,
    /// Information from a former attempt on the parent counts for sequencing rules and measures, and only rollup
    /// conditions ignore it (SN 3.2.6, 3.2.7 say rules and rollup).
    pub former_attempts_count_for_rules: bool,
}

impl Readings {
    /// What ADL's Sample Run-Time Environment, 4th Edition 1.1.1, does.
    #[must_use]
    pub const fn sample_rte() -> Self {
        Self {
            unknown_measures_count_as_zero: true,
            rollup_of_nothing_applies: true,
            minimum_needs_knowledge: true,
            unattempted_is_not_suspended: true,
            blocked_continue_ends_session: true,
            abandon_forgets: true,
            current_ends_twice: true,
            choice_exit_of_clusters_only: true,
            common_ancestor_stays_suspended: true,
            former_attempts_count_for_rules: true,
        }
    }
}
