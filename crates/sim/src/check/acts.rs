//! `acts`: what people corrected is in the journal, with who and why, and is what the attempt shows.

use lyceum_app::Call;
use lyceum_attempt::act::{Act, Deed};

use super::Wrong;
use super::journal::Attempt;
use crate::truth::Correction;

/// Every correction that was answered stands in the journal once, under the number that was told; the last override that was
/// not withdrawn shows. Answers whether the attempt was rolled back.
pub(super) fn are_kept(attempt: &Attempt, corrections: &[Correction]) -> Result<bool, Wrong> {
    let mut found: Vec<(u64, Act)> = Vec::new();
    for (n, row) in (1..).zip(&attempt.commits) {
        for recorded in row.entries.iter().filter(|recorded| recorded.entry.call == Call::Act) {
            let act = serde_json::from_str(&recorded.entry.value).map_err(|e| ("acts", e.to_string()))?;
            found.push((n, act));
        }
    }
    let of_this = |of: &&Correction| of.attempt == attempt.number;
    for Correction { commit, reason, .. } in corrections.iter().filter(of_this) {
        let places: Vec<u64> =
            found.iter().filter(|(_, act)| act.reason == *reason).map(|(n, _)| *n).collect();
        if places != [*commit] {
            return Err(("acts", format!("{reason} was answered as commit {commit}, and is {places:?}")));
        }
    }
    let is_rolled_back = found.iter().any(|(_, act)| matches!(act.deed, Deed::Rollback { .. }));
    if !is_rolled_back {
        shows(attempt, &found)?;
    }
    Ok(is_rolled_back)
}

fn shows(attempt: &Attempt, found: &[(u64, Act)]) -> Result<(), Wrong> {
    let summary = &attempt.summary;
    let standing = match found.last() {
        Some((_, Act { deed: Deed::Override(standing), .. })) => standing,
        _ if summary.overridden => {
            return Err(("acts", "it shows an override, and there is none".to_owned()));
        }
        _ => return Ok(()),
    };
    let is_shown = summary.overridden
        && standing.completion.is_none_or(|completion| completion == summary.completion)
        && standing.success.is_none_or(|success| success == summary.success);
    if is_shown { Ok(()) } else { Err(("acts", format!("{standing:?} was set, it shows {summary:?}"))) }
}
