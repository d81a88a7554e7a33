//! The documentation of all elements, printed from the definitions that the engine runs on.

use crate::edition::{Edition, Family};
use crate::element::{Access, Collection, Element, Initial, Kind, Place, Table};
use crate::error::codes;
use crate::limits::{MAX_COMMENTS_BYTES, MAX_MODEL_BYTES, MAX_NESTED, MAX_RECORDS, MAX_VALUE_BYTES};
use crate::pattern::pattern_limit;
use crate::vocabulary::{INTERACTION_TYPE, InteractionType};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

/// Every element of every edition, in the order of the documentation.
pub fn catalogue() -> impl Iterator<Item = (Edition, &'static Element)> {
    Edition::ALL
        .into_iter()
        .flat_map(|edition| Table::of(edition).elements().map(move |element| (edition, element)))
}

/// The whole page `docs/cmi.md`: elements of all editions, error codes, limits.
#[must_use]
pub fn write_markdown() -> String {
    let mut page = String::from(INTRODUCTION);
    write_differences(&mut page, &[Edition::Scorm11, Edition::Scorm12, Edition::Aicc]);
    write_differences(&mut page, &[Edition::Scorm2004Ed2, Edition::Scorm2004Ed3, Edition::Scorm2004Ed4]);
    for edition in Edition::ALL {
        write_edition(&mut page, edition);
    }
    write_interactions(&mut page);
    write_codes(&mut page, Family::Cmi, "SCORM 1.1, SCORM 1.2 and AICC");
    write_codes(&mut page, Family::Ieee, "SCORM 2004");
    write_limits(&mut page);
    page
}

const INTRODUCTION: &str = "\
# CMI data models

Printed by `cargo xtask` from the definitions in `crates/cmi` that the engine runs on; do not edit.

*Access*: `RO` the LMS sets it and the course reads it, `WO` the course sets it and cannot read it, `RW` both.
*Initial*: what reading gives before the course has set something; `launch` is what the LMS supplied, `-` is nothing
(SCORM 2004: error 403; the older line: the empty string). Lengths are characters. In SCORM 1.x and AICC they are part
of the type; in SCORM 2004 they are smallest permitted maxima, and longer values are kept whole and flagged. Tolerant
mode keeps and flags them everywhere, takes numbers, words and times that are written slightly differently by their
meaning, and always keeps the text as it was sent.
";

/// The elements that editions of one line define differently.
fn write_differences(page: &mut String, editions: &[Edition]) {
    let titles: Vec<&str> = editions.iter().map(|edition| edition.title()).collect();
    let _ = writeln!(
        page,
        "\n## Differences between {}\n\n| element | {} |",
        titles.join(", "),
        titles.join(" | ")
    );
    let _ = writeln!(page, "| --- |{}", " --- |".repeat(editions.len()));
    let mut names: Vec<&str> = Vec::new();
    for element in editions.iter().flat_map(|edition| Table::of(*edition).elements()) {
        if !names.contains(&element.name) {
            names.push(element.name);
        }
    }
    for name in names {
        let range = |edition: &Edition| {
            Table::of(*edition).named(name).map_or("-".into(), |found| found.kind.range())
        };
        let ranges: Vec<Cow<'_, str>> = editions.iter().map(range).collect();
        if ranges.iter().any(|range| *range != ranges[0]) {
            let cells: Vec<Cow<'_, str>> = ranges.iter().map(|range| cell(range)).collect();
            let _ = writeln!(page, "| `{name}` | {} |", cells.join(" | "));
        }
    }
}

fn write_edition(page: &mut String, edition: Edition) {
    let table = Table::of(edition);
    let _ = writeln!(page, "\n## {}\n", edition.title());
    page.push_str("| element | type | values | access | initial | meaning | source |\n");
    page.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
    for element in table.elements() {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | {} | {} |",
            element.name,
            element.kind.name(),
            cell(&element.kind.range()),
            access(element.access),
            initial(element),
            element.about,
            source(element, edition),
        );
    }
    page.push('\n');
    for element in table.elements() {
        if let (Place::CountOf(of), Some(wanted)) = (element.place, spm_of(element, edition)) {
            let _ = writeln!(page, "* `{}`: the standard wants room for {wanted} records.", of.name());
        }
    }
}

/// Vertical bars would end a cell.
fn cell(text: &str) -> Cow<'_, str> {
    if text.contains('|') { text.replace('|', "\\|").into() } else { text.into() }
}

const fn access(access: Access) -> &'static str {
    match access {
        Access::ReadOnly => "RO",
        Access::WriteOnly => "WO",
        Access::ReadWrite => "RW",
    }
}

fn initial(element: &Element) -> Cow<'static, str> {
    match (element.kind, element.initial) {
        (Kind::Children(_) | Kind::Count | Kind::Version(_) | Kind::NavValid(_), _) => "computed".into(),
        (_, Initial::Nothing) => "-".into(),
        (_, Initial::Fixed("")) => "empty".into(),
        (_, Initial::Fixed(text)) => format!("`{text}`").into(),
        (_, Initial::Given(_)) => "launch".into(),
        (_, Initial::GivenOr(_, "")) => "launch, else empty".into(),
        (_, Initial::GivenOr(_, text)) => format!("launch, else `{text}`").into(),
    }
}

/// Keywords have no paragraph of their own.
fn source(element: &Element, edition: Edition) -> &'static str {
    match (element.source, edition.family()) {
        ("", Family::Cmi) => "RTE 1.2 3.4.1.2",
        ("", Family::Ieee) => "RTE 2004 4.1.1",
        (source, _) => source,
    }
}

/// Records that a collection has to hold at least; SCORM 1.x names none.
fn spm_of(element: &Element, edition: Edition) -> Option<u32> {
    match (element.place, edition.family()) {
        (
            Place::CountOf(
                Collection::Interactions | Collection::CommentsFromLearner | Collection::SharedData,
            ),
            Family::Ieee,
        ) => Some(250),
        (Place::CountOf(Collection::Objectives | Collection::CommentsFromLms), Family::Ieee) => Some(100),
        _ => None,
    }
}

/// Form of responses and patterns per type (SCORM 2004).
const FORMS: [(&str, &str, &str); 10] = [
    ("true-false", "`true` or `false`", "the same"),
    ("choice", "identifiers between `[,]`, each once, may be empty", "the same, every pattern another set"),
    (
        "fill-in",
        "texts between `[,]`, each optionally after `{lang=}`",
        "the same, after `{case_matters=}` and `{order_matters=}`",
    ),
    ("long-fill-in", "a text, optionally after `{lang=}`", "the same, optionally with `{case_matters=}`"),
    ("likert", "an identifier", "the same"),
    ("matching", "`source[.]target` between `[,]`, may be empty", "the same, not empty"),
    (
        "performance",
        "`step[.]answer` between `[,]`, one of both may be empty",
        "the same after `{order_matters=}`, the answer may be `min[:]max`",
    ),
    ("sequencing", "identifiers between `[,]`", "the same, every pattern another order"),
    ("numeric", "a number", "`min[:]max`, either may be missing"),
    ("other", "any text", "any text"),
];

fn write_interactions(page: &mut String) {
    page.push_str("\n## Responses and patterns of SCORM 2004 interactions\n\n");
    page.push_str(
        "| type | learner_response | correct_responses.n.pattern | patterns |\n| --- | --- | --- | --- |\n",
    );
    for (word, response, pattern) in FORMS {
        let limit = InteractionType::parse(word).and_then(pattern_limit);
        let limit = limit.map_or(Cow::Borrowed("several"), |limit| format!("{limit}").into());
        let _ = writeln!(page, "| `{word}` | {response} | {pattern} | {limit} |");
    }
    debug_assert!(
        FORMS.iter().all(|(word, ..)| INTERACTION_TYPE.contains(word)),
        "forms of types that exist"
    );
}

fn write_codes(page: &mut String, family: Family, title: &str) {
    let _ = writeln!(
        page,
        "\n## Error codes of {title}\n\n| code | text | what it means here |\n| --- | --- | --- |"
    );
    for (code, text, explanation) in codes(family) {
        let _ = writeln!(page, "| {code} | {text} | {} |", cell(explanation));
    }
}

fn write_limits(page: &mut String) {
    let mebibytes = |bytes: usize| bytes / (1024 * 1024);
    let _ = writeln!(
        page,
        "\n## Limits\n\nBeyond them a call fails with the general code (351; 101 in SCORM 1.x) and the flag `limit`: \
         {} MiB a value, {MAX_RECORDS} records a collection, {MAX_NESTED} entries a collection inside a record, \
         {} MiB a model, {} KiB the concatenated `cmi.comments` of SCORM 1.1 and 1.2.",
        mebibytes(MAX_VALUE_BYTES),
        mebibytes(MAX_MODEL_BYTES),
        MAX_COMMENTS_BYTES / 1024,
    );
}
