//! Texts of `GetDiagnostic`: what was wrong with the last call, and what its author probably meant.

use crate::edition::{Edition, Family};
use crate::element::{Element, Path, Table};
use crate::error::Reason;
use crate::limits::MAX_DIAGNOSTIC_CHARS;
use crate::vocabulary::{CMI_RESULT, RESULT};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Characters of element and value that are remembered and shown.
const SHOWN_CHARS: usize = 80;

/// What is remembered of a refused call, to be explained when asked.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    reason: Reason,
    element: String,
    value: String,
}

impl Fault {
    pub(crate) fn new(reason: Reason, element: &str, value: &str) -> Self {
        Self { reason, element: shortened(element), value: shortened(value) }
    }

    pub(crate) const fn reason(&self) -> Reason {
        self.reason
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_string(),
    }
}

/// Names of one line of standards and what they are in the other: SCORM 1.x and AICC, then SCORM 2004.
const COUNTERPARTS: [(&str, &str); 28] = [
    ("cmi.core.student_id", "cmi.learner_id"),
    ("cmi.core.student_name", "cmi.learner_name"),
    ("cmi.core.lesson_location", "cmi.location"),
    ("cmi.core.credit", "cmi.credit"),
    ("cmi.core.lesson_status", "cmi.completion_status and cmi.success_status"),
    ("cmi.core.entry", "cmi.entry"),
    ("cmi.core.score.raw", "cmi.score.raw"),
    ("cmi.core.score.min", "cmi.score.min"),
    ("cmi.core.score.max", "cmi.score.max"),
    ("cmi.core.score._children", "cmi.score._children"),
    ("cmi.core.total_time", "cmi.total_time"),
    ("cmi.core.lesson_mode", "cmi.mode"),
    ("cmi.core.exit", "cmi.exit"),
    ("cmi.core.session_time", "cmi.session_time"),
    ("cmi.comments", "cmi.comments_from_learner.n.comment"),
    ("cmi.student_data.mastery_score", "cmi.scaled_passing_score"),
    ("cmi.student_data.max_time_allowed", "cmi.max_time_allowed"),
    ("cmi.student_data.time_limit_action", "cmi.time_limit_action"),
    ("cmi.student_preference.audio", "cmi.learner_preference.audio_level"),
    ("cmi.student_preference.language", "cmi.learner_preference.language"),
    ("cmi.student_preference.speed", "cmi.learner_preference.delivery_speed"),
    ("cmi.student_preference.text", "cmi.learner_preference.audio_captioning"),
    ("cmi.objectives.n.status", "cmi.objectives.n.success_status and .completion_status"),
    ("cmi.interactions.n.time", "cmi.interactions.n.timestamp"),
    ("cmi.interactions.n.student_response", "cmi.interactions.n.learner_response"),
    ("cmi.core.lesson_status", "cmi.completion_status"),
    ("cmi.core.lesson_status", "cmi.success_status"),
    ("cmi.objectives.n.status", "cmi.objectives.n.success_status"),
];

/// Is this a name of the other line of standards?
pub(crate) fn is_foreign(element: &str, edition: Edition) -> bool {
    elsewhere(element, edition).is_some_and(|(other, _)| other.family() != edition.family())
}

/// Another edition that has the name, with its definition.
fn elsewhere(element: &str, edition: Edition) -> Option<(Edition, &'static Element)> {
    let others = match edition.family() {
        Family::Cmi => [Edition::Scorm2004Ed4, Edition::Scorm12, Edition::Aicc],
        Family::Ieee => [Edition::Scorm12, Edition::Aicc, Edition::Scorm2004Ed4],
    };
    others.into_iter().find_map(|other| {
        let table = Table::of(other);
        Path::parse(table, element)
            .map(|path| path.element)
            .or_else(|| Path::parse_question(table, element).map(|(question, _)| question))
            .map(|definition| (other, definition))
    })
}

/// Explains a fault to the author of the course, in at most 254 characters.
pub(crate) fn explain(fault: &Fault, table: &Table) -> String {
    let text = sentence(fault, table);
    match text.char_indices().nth(MAX_DIAGNOSTIC_CHARS) {
        Some((end, _)) => text[..end].to_string(),
        None => text,
    }
}

fn sentence(fault: &Fault, table: &Table) -> String {
    let Fault { reason, element, value } = fault;
    match reason {
        Reason::Argument => format!("the argument must be the empty string, the course sent \"{value}\""),
        Reason::GetNothing | Reason::SetNothing => {
            "the call needs the name of a data model element".to_string()
        }
        Reason::Undefined | Reason::UndefinedLeaf => undefined(element, table),
        Reason::NoChildren => format!("{} is no group, so it has no such keyword", parent(element)),
        Reason::NoCount => format!("{} is no array, so it has no _count", parent(element)),
        Reason::NoSuchRecord => {
            format!("{element}: there is no record with this index yet; ask _count first")
        }
        Reason::NoValue => format!("nothing has been stored in {element} yet"),
        Reason::Keyword => format!("{element} is computed and cannot be set"),
        Reason::ReadOnly => format!("{element} is read only: the LMS gives it its value"),
        Reason::WriteOnly => format!("{element} is write only: it can be set but not read"),
        Reason::Type | Reason::Length | Reason::Range => mismatch(fault, table),
        Reason::IndexGap => {
            format!("{element}: records are numbered without gaps; use the value of _count as the next index")
        }
        Reason::CollectionFull => {
            format!("{element}: an interaction of this type has one correct response only")
        }
        Reason::NotUnique => format!("{element}: \"{value}\" is already used by another record"),
        Reason::WriteOnce => format!("{element} is fixed once it is set, the course sent \"{value}\""),
        Reason::IdFirst => format!("{element}: set the id of this record first"),
        Reason::TypeFirst => format!("{element}: set the type of this interaction first"),
        Reason::TimeOver => format!("{element}: the time allowed for this activity is over"),
        Reason::Limit => format!("{element}: too long, or more than this system keeps for one activity"),
        state => state_sentence(*state).to_string(),
    }
}

const fn state_sentence(reason: Reason) -> &'static str {
    match reason {
        Reason::AlreadyInitialized => "Initialize was already called; call it once per launch",
        Reason::InstanceTerminated => {
            "Initialize was called after the session had ended; a new launch is needed"
        }
        Reason::TerminateBeforeInitialize => "the session was to be ended before Initialize",
        Reason::TerminateAfterTerminate => "the session was to be ended twice",
        Reason::GetBeforeInitialize => "a value was read before Initialize",
        Reason::GetAfterTerminate => "a value was read after the session had ended",
        Reason::SetBeforeInitialize => "a value was set before Initialize",
        Reason::SetAfterTerminate => "a value was set after the session had ended; it is lost",
        Reason::CommitBeforeInitialize => "Commit was called before Initialize",
        Reason::CommitAfterTerminate => "Commit was called after the session had ended",
        _ => "the call could not be served",
    }
}

fn parent(element: &str) -> &str {
    element.rsplit_once('.').map_or(element, |(parent, _)| parent)
}

fn undefined(element: &str, table: &Table) -> String {
    if let Some((other, definition)) = elsewhere(element, table.edition) {
        let counterpart = COUNTERPARTS.iter().find_map(|(cmi, ieee)| match () {
            () if *cmi == definition.name => Some(*ieee),
            () if *ieee == definition.name => Some(*cmi),
            () => None,
        });
        let hint = counterpart.map_or(String::new(), |name| format!(", where it is {name}"));
        return format!(
            "{element} is a name of {}; this course speaks {}{hint}",
            other.title(),
            table.edition.title()
        );
    }
    match nearest(element, table) {
        Some(name) => format!("{} has no element {element}; did it mean {name}?", table.edition.title()),
        None => format!("{} has no element {element}", table.edition.title()),
    }
}

fn mismatch(fault: &Fault, table: &Table) -> String {
    let Fault { reason, element, value } = fault;
    let Some(path) = Path::parse(table, element) else {
        return format!("{element} does not take \"{value}\"");
    };
    let definition = path.element;
    let what = match reason {
        Reason::Range => {
            format!("{element} must be {}, the course sent \"{value}\"", definition.kind.range())
        }
        Reason::Length => format!("{element} takes {}, the course sent more", definition.kind.range()),
        _ => format!("{element} takes {}, the course sent \"{value}\"", definition.kind.range()),
    };
    match meant(definition, value) {
        Some(hint) => format!("{what}; did it mean {hint}?"),
        None => what,
    }
}

/// What the author of a wrong value probably wanted.
fn meant(definition: &Element, value: &str) -> Option<&'static str> {
    match definition.name {
        "cmi.score.scaled" => Some("cmi.score.raw"),
        "cmi.objectives.n.score.scaled" => Some("cmi.objectives.n.score.raw"),
        "cmi.progress_measure" | "cmi.objectives.n.progress_measure" => Some("a fraction of 1"),
        "cmi.completion_status" if matches!(value, "passed" | "failed") => Some("cmi.success_status"),
        "cmi.success_status" if matches!(value, "completed" | "incomplete") => Some("cmi.completion_status"),
        "cmi.interactions.n.result" if CMI_RESULT.contains(value) || RESULT.contains(value) => {
            Some(if value == "wrong" { "incorrect" } else { "wrong" })
        }
        _ => None,
    }
}

/// The element whose name differs least, if it differs little.
fn nearest(element: &str, table: &Table) -> Option<&'static str> {
    const MOST_EDITS: usize = 3;
    if element.len() > SHOWN_CHARS {
        return None;
    }
    let sent: String = element
        .split('.')
        .map(|part| if part.bytes().all(|b| b.is_ascii_digit()) { "n" } else { part })
        .collect::<Vec<_>>()
        .join(".")
        .to_ascii_lowercase();
    table
        .elements()
        .filter(|definition| definition.name.len().abs_diff(sent.len()) <= MOST_EDITS)
        .map(|definition| (edits(sent.as_bytes(), definition.name.as_bytes()), definition.name))
        .filter(|(edits, _)| *edits <= MOST_EDITS)
        .min()
        .map(|(_, name)| name)
}

/// Levenshtein's distance.
fn edits(one: &[u8], other: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, byte) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, target) in other.iter().enumerate() {
            let substituted = diagonal + usize::from(byte != target);
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}
