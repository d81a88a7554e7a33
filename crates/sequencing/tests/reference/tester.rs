//! What ADL's test suite tells the tester to do and to look at (`scorm-conformance.md` 3.1), for whoever drives its cases.

use serde_json::Value;

/// What the learner does when the content has said its last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    Continue,
    Previous,
    ExitAll,
    SuspendAll,
    /// The item with this title.
    Choose(&'a str),
}

/// What is asked or done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then<'a> {
    GoOn,
    /// The content has ended the session by itself.
    HasEnded,
    /// The step has ended it.
    Ends,
    /// A course is opened again: this one, or another; at an item with a title, or where it begins or was suspended.
    Relaunch {
        package: Option<&'a str>,
        at: Option<&'a str>,
    },
}

/// Reads an instruction, `name` or `name~argument`.
pub(crate) fn instruction(text: &str) -> (Option<Step<'_>>, Then<'_>) {
    let (name, argument) = text.split_once('~').unwrap_or((text, ""));
    let again = Then::Relaunch { package: None, at: None };
    let other = |package| Then::Relaunch { package: Some(package), at: None };
    let at = |title| Then::Relaunch { package: None, at: Some(title) };
    match name {
        "" => (None, Then::GoOn),
        "AutoTest" | "HasEnded" => (None, Then::HasEnded),
        "Continue" => (Some(Step::Continue), Then::GoOn),
        "Previous" => (Some(Step::Previous), Then::GoOn),
        "Exit" | "TRIGExitAll" => (Some(Step::ExitAll), Then::Ends),
        "Choice" | "ChoiceExit" => (Some(Step::Choose(argument)), Then::GoOn),
        "APIt1" => (Some(Step::Choose("API Implementation Test 1")), Then::GoOn),
        "APIt2" => (Some(Step::Choose("API Implementation Test 2")), Then::GoOn),
        "DMIt1" => (Some(Step::Choose("Data Model Implementation Test 1")), Then::GoOn),
        "DMIt2" => (Some(Step::Choose("Data Model Implementation Test 2")), Then::GoOn),
        "DMIt3" => (Some(Step::Choose("Data Model Implementation Test 3")), Then::GoOn),
        "DMIt4" => (Some(Step::Choose("Data Model Implementation Test 4")), Then::GoOn),
        "RootSX4b" => (Some(Step::Choose("root of")), Then::GoOn),
        "ContinueExitCM8" => (Some(Step::Continue), again),
        "SuspendCM09ca" => (Some(Step::SuspendAll), again),
        "RelaunchCM11" | "ExitCM09ba" => (Some(Step::ExitAll), again),
        "exitlaunch" => (Some(Step::ExitAll), other(argument)),
        "autoendrelaunch" => (None, other(argument)),
        "ReLaunchDDMa" => (None, other("DDMa")),
        "ReLaunchDDMb" => (None, other("DDMb")),
        "RelaunchCM10" => (None, at("Activity 4")),
        "DMBxAct" => (None, at("Data Model Behavior Test 1")),
        _ => (None, again),
    }
}

/// What a player offers at a moment.
pub(crate) struct Offers<E> {
    pub(crate) continue_request: bool,
    pub(crate) previous: bool,
    /// Whether anything can be chosen at all.
    pub(crate) choices: bool,
    /// Whether the item with a title can be chosen; `None` where it is not shown.
    pub(crate) entry: E,
}

/// Answers a question about the user interface, `kind` or `kind@title`.
pub(crate) fn answer(question: &Value, offers: &Offers<impl Fn(&str) -> Option<bool>>) -> bool {
    let key = question["key"].as_str().expect("a key");
    let (kind, title) = key.split_once('@').unwrap_or((key, ""));
    match kind {
        "continue.enabled" => offers.continue_request,
        "continue.disabled" => !offers.continue_request,
        "previous.enabled" => offers.previous,
        "previous.disabled" => !offers.previous,
        "toc.enabled" => offers.choices,
        "toc.enabled.selectable" => (offers.entry)(title) == Some(true),
        "toc.visible" => (offers.entry)(title).is_some(),
        "click.button" => true,
        other => panic!("unknown question {other}"),
    }
}
