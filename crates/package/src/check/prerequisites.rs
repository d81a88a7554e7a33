//! Can the prerequisites of SCORM 1.2 and AICC be understood, and do they name existing activities?

use std::collections::HashSet;

use crate::{
    Course,
    diagnostic::{Code, Diagnostics, quoted},
    prerequisites,
};

pub(super) fn check(course: &Course, diagnostics: &mut Diagnostics) {
    for organization in &course.organizations {
        let known: HashSet<&str> = organization.items.iter().map(|item| item.identifier.as_str()).collect();
        for item in &organization.items {
            let Some(script) = &item.prerequisites else { continue };
            match prerequisites::names(script) {
                Err(error) => {
                    let message = format!(
                        "The prerequisites {} cannot be understood: {error}. The activity is open from the beginning.",
                        quoted(script)
                    );
                    diagnostics.add_item(Code::PrerequisiteInvalid, &item.identifier, message);
                }
                Ok(names) => names.iter().filter(|name| !known.contains(*name)).for_each(|name| {
                    let message = format!(
                        "The prerequisites name the activity {}, which does not exist: they can never be met through it.",
                        quoted(name)
                    );
                    diagnostics.add_item(Code::PrerequisiteUnknown, &item.identifier, message);
                }),
            }
        }
    }
}
