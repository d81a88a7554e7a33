//! Navigation requests that content makes (SN 2004 5.6), and who answers whether they are possible.

/// A value of `adl.nav.request`, or the question of an `adl.nav.request_valid` element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NavRequest<'a> {
    /// The next activity.
    Continue,
    /// The previous activity.
    Previous,
    /// The activity of this identifier, by the rules of choice.
    Choice(&'a str),
    /// The activity of this identifier, without sequencing rules (4th edition).
    Jump(&'a str),
    /// End the attempt on this activity.
    Exit,
    /// End the attempt on the course.
    ExitAll,
    /// Leave this activity without recording.
    Abandon,
    /// Leave the course without recording.
    AbandonAll,
    /// Leave the course to be resumed (3rd and 4th edition).
    SuspendAll,
}

impl<'a> NavRequest<'a> {
    /// Reads a value of `adl.nav.request`. `_none_` and anything else that requests nothing is `None`.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        Some(match text {
            "continue" => Self::Continue,
            "previous" => Self::Previous,
            "exit" => Self::Exit,
            "exitAll" => Self::ExitAll,
            "abandon" => Self::Abandon,
            "abandonAll" => Self::AbandonAll,
            "suspendAll" => Self::SuspendAll,
            _ => {
                let (target, command) = split_target(text)?;
                match command {
                    "choice" => Self::Choice(target),
                    "jump" => Self::Jump(target),
                    _ => return None,
                }
            }
        })
    }
}

/// Splits `{target=ID}rest` into identifier and rest. The identifier is not empty.
pub(crate) fn split_target(text: &str) -> Option<(&str, &str)> {
    let (target, rest) = text.strip_prefix("{target=")?.split_once('}')?;
    (!target.is_empty()).then_some((target, rest))
}

/// The answer to an `adl.nav.request_valid` element (RTE 2004, `state (unknown, true, false)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Validity {
    /// The request would lead to an activity.
    True,
    /// It would not.
    False,
    /// Nobody knows.
    Unknown,
}

impl Validity {
    /// The word that content reads.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::False => "false",
            Self::Unknown => "unknown",
        }
    }
}

/// What the run-time has to ask the sequencer.
pub trait Host {
    /// Would this request be honoured now? Asked for Continue, Previous, Choice and Jump.
    fn request_valid(&self, request: NavRequest<'_>) -> Validity;
}

/// A host without a sequencer: every answer is `unknown`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHost;

impl Host for NoHost {
    fn request_valid(&self, _: NavRequest<'_>) -> Validity {
        Validity::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_with_their_target() {
        assert_eq!(NavRequest::parse("{target=a.b}choice"), Some(NavRequest::Choice("a.b")));
        assert_eq!(NavRequest::parse("{target=x}jump"), Some(NavRequest::Jump("x")));
        assert_eq!(NavRequest::parse("suspendAll"), Some(NavRequest::SuspendAll));
        for text in
            ["_none_", "", "choice", "{target=}choice", "{target=x}continue", "{target=x", "suspendall"]
        {
            assert_eq!(NavRequest::parse(text), None, "{text}");
        }
    }
}
