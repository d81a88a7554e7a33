//! Can the prerequisites of SCORM 1.2 and AICC be understood, and do they name existing activities?

use std::collections::HashSet;

use lyceum_sequencing::prerequisites;

use crate::{
    Course, Item,
    diagnostic::{Code, Diagnostics, quoted},
};

pub(super) fn check(course: &mut Course, diagnostics: &mut Diagnostics) {
    for organization in &mut course.organizations {
        let known: HashSet<String> = organization.items.iter().map(|item| item.identifier.clone()).collect();
        for item in &mut organization.items {
            if let Some(script) = item.prerequisites.take() {
                item.prerequisites = Some(tidy(script, &item.identifier, diagnostics));
                check_names(item, &known, diagnostics);
            }
        }
    }
}

/// The script, with words in the place of operators replaced.
fn tidy(script: String, item: &str, diagnostics: &mut Diagnostics) -> String {
    let Err(error) = prerequisites::names(&script) else {
        return script;
    };
    let (consequence, used) = match prerequisites::with_operators(&script) {
        Some(tidy) => (format!("It was read as {}", quoted(&tidy)), tidy),
        None => ("The activity is open from the beginning".to_owned(), script.clone()),
    };
    let message = format!(
        "The prerequisites {} are not in the language of AICC scripts: {error}. {consequence}; other systems may lock the \
         activity for ever. Use &, | and ~.",
        quoted(&script)
    );
    diagnostics.add_item(Code::PrerequisiteInvalid, item, message);
    used
}

fn check_names(item: &Item, known: &HashSet<String>, diagnostics: &mut Diagnostics) {
    let script = item.prerequisites.as_deref().unwrap_or_default();
    for name in prerequisites::names(script).unwrap_or_default() {
        if !known.contains(name) {
            let message = format!(
                "The prerequisites name the activity {}, which does not exist: they can never be met through it.",
                quoted(name)
            );
            diagnostics.add_item(Code::PrerequisiteUnknown, &item.identifier, message);
        }
    }
}
