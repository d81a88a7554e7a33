use alloc::string::String;
use core::{fmt, str::FromStr};

use crate::Exception;

/// What a learner, the content or the player asks for (SN 5.2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Request {
    /// Begin a session at the first activity.
    Start,
    /// Begin a session where the last one was suspended.
    ResumeAll,
    /// Go to the next activity.
    Continue,
    /// Go to the previous activity.
    Previous,
    /// Reserved by the standard, without behaviour.
    Forward,
    /// Reserved by the standard, without behaviour.
    Backward,
    /// Go to the activity with this identifier as far as the rules allow.
    Choice(String),
    /// Go to the activity with this identifier whatever the rules for choice say (4th edition).
    Jump(String),
    /// End the current activity.
    Exit,
    /// End the session.
    ExitAll,
    /// Suspend the session.
    SuspendAll,
    /// Drop the current activity without ending its attempt in order.
    Abandon,
    /// Drop the session without ending its attempts in order.
    AbandonAll,
    /// End the current activity and begin a new attempt on it. No navigation request of the standard: it does what
    /// the post condition action `retry` does.
    Retry,
    /// End the session's attempts and start again. No navigation request of the standard: it does what the post
    /// condition action `retryAll` does.
    RetryAll,
}

impl Request {
    /// The word of the request without its target, as `adl.nav.request` and the journal spell it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::ResumeAll => "resumeAll",
            Self::Continue => "continue",
            Self::Previous => "previous",
            Self::Forward => "forward",
            Self::Backward => "backward",
            Self::Choice(_) => "choice",
            Self::Jump(_) => "jump",
            Self::Exit => "exit",
            Self::ExitAll => "exitAll",
            Self::SuspendAll => "suspendAll",
            Self::Abandon => "abandon",
            Self::AbandonAll => "abandonAll",
            Self::Retry => "retry",
            Self::RetryAll => "retryAll",
        }
    }

    /// The activity that is asked for.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        match self {
            Self::Choice(target) | Self::Jump(target) => Some(target),
            _ => None,
        }
    }
}

impl fmt::Display for Request {
    /// The word, and after a blank the target: `choice item_4`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        self.target().map_or(Ok(()), |target| write!(f, " {target}"))
    }
}

impl FromStr for Request {
    type Err = Exception;

    /// Reads what [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    /// [`Exception::OwnUnknownWord`] for anything else.
    fn from_str(text: &str) -> Result<Self, Exception> {
        let (word, target) = match text.split_once(' ') {
            Some((word, target)) => (word, Some(target.trim())),
            None => (text, None),
        };
        Ok(match (word, target) {
            ("choice", Some(target)) if !target.is_empty() => Self::Choice(target.into()),
            ("jump", Some(target)) if !target.is_empty() => Self::Jump(target.into()),
            ("start", None) => Self::Start,
            ("resumeAll", None) => Self::ResumeAll,
            ("continue", None) => Self::Continue,
            ("previous", None) => Self::Previous,
            ("forward", None) => Self::Forward,
            ("backward", None) => Self::Backward,
            ("exit", None) => Self::Exit,
            ("exitAll", None) => Self::ExitAll,
            ("suspendAll", None) => Self::SuspendAll,
            ("abandon", None) => Self::Abandon,
            ("abandonAll", None) => Self::AbandonAll,
            ("retry", None) => Self::Retry,
            ("retryAll", None) => Self::RetryAll,
            _ => return Err(Exception::OwnUnknownWord),
        })
    }
}
