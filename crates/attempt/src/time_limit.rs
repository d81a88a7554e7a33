//! The time that a learner may take for an activity (`cmi.max_time_allowed`), and what follows when it is used up.
//!
//! RTE 2004 4.2.15: the time accumulated over a learner attempt; RTE 1.2 3.4.4 says the same of the student's time on the lesson. Both ask
//! the content to act (`cmi.time_limit_action`); here the player does as well, so that a limit holds also where content forgets it.

use lyceum_cmi::time::parse_any_interval;
use serde::Serialize;

use crate::Millis;
use crate::plan::Activity;

/// What was set this long after an exit was due is refused. Until then content has its last words: it learns of the end only when it is
/// taken out of the frame, and a slow device needs its time for that.
pub const LAST_WORDS: Millis = 30_000;

/// The value of a `leave` entry that ends a visit because its time is used up.
pub(crate) const TIME_OUT: &str = "time-out";

/// The end of a visit's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deadline {
    at: Millis,
    exit: bool,
    message: bool,
}

/// What the player has to do about the time of the activity that is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TimeLimit {
    /// Milliseconds until it is used up; 0 when it is.
    pub left_ms: Millis,
    /// Then the content is taken out.
    pub exit: bool,
    /// Then the learner is told.
    pub message: bool,
}

impl Deadline {
    /// Of a visit that begins at `started` when the learner attempt has taken `used` hundredths of a second already. `None` where there is no
    /// limit, or nothing follows from it (`continue,no message`, the default of both standards).
    pub(crate) fn of(activity: &Activity, used: u64, started: Millis) -> Option<Self> {
        let allowed = parse_any_interval(activity.max_time_allowed.as_deref()?)?;
        let action = activity.time_limit_action.as_deref()?;
        let mut words = action.split(',').map(str::trim);
        let says = |word: Option<&str>, what: &str| word.is_some_and(|word| word.eq_ignore_ascii_case(what));
        let (exit, message) = (says(words.next(), "exit"), says(words.next(), "message"));
        let left = i64::try_from(allowed.saturating_sub(used)).unwrap_or(i64::MAX).saturating_mul(10);
        (exit || message).then(|| Self { at: started.saturating_add(left), exit, message })
    }

    pub(crate) fn left(self, now: Millis) -> TimeLimit {
        TimeLimit { left_ms: (self.at - now).max(0), exit: self.exit, message: self.message }
    }

    /// Whether what is set now comes too late to count.
    pub(crate) fn is_long_over(self, now: Millis) -> bool {
        self.exit && now.saturating_sub(self.at) > LAST_WORDS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_actions_are_read_as_manifests_write_them() {
        let table = [
            // limit, action, used -> left, exit, message
            ("0000:10:00.00", "exit,message", 0, Some((600_000, true, true))),
            ("PT10M", "exit,no message", 30_000, Some((300_000, true, false))),
            ("00:10:00", "Continue, Message", 70_000, Some((0, false, true))),
            ("00:10:00", "continue,no message", 0, None),
            ("soon", "exit,message", 0, None),
        ];
        for (limit, action, used, expected) in table {
            let activity = Activity {
                max_time_allowed: Some(limit.into()),
                time_limit_action: Some(action.into()),
                ..Activity::default()
            };
            let found = Deadline::of(&activity, used, 1_000).map(|deadline| deadline.left(1_000));
            assert_eq!(found.map(|of| (of.left_ms, of.exit, of.message)), expected, "{limit} {action}");
        }
        let without_action = Activity { max_time_allowed: Some("PT1M".into()), ..Activity::default() };
        assert_eq!(Deadline::of(&without_action, 0, 0), None);
    }
}
