//! Is there something to launch, and is it in the package?

use std::collections::HashMap;

use crate::{
    Course, Item, Organization, Standard,
    course::ScormType,
    diagnostic::{Code, Diagnostics, quoted},
    href,
    package::Package,
};

pub(super) fn check(package: Package<'_>, course: &mut Course, diagnostics: &mut Diagnostics) {
    if !package.bare {
        course.items().for_each(|item| check_file(item, diagnostics));
    }
    for organization in &course.organizations {
        check_repetition(organization, diagnostics);
    }
    choose_organization(course, diagnostics);
    let is_playable = course.organization().is_some_and(is_playable);
    if !is_playable && !package.bare {
        diagnostics.add(
            Code::NothingToLaunch,
            "Nothing in the course can be launched. Make sure that the manifest names the first page and that this \
             page is in the package.",
        );
    }
    // cmi5 demands that a course structure with a mistake be refused as a whole (cmi5 6.1).
    let is_forbidden = course.standard == Standard::Cmi5 && diagnostics.has_error();
    course.launchable = is_playable && !is_forbidden;
}

fn is_playable(organization: &Organization) -> bool {
    organization.items.iter().any(|item| item.launch.as_ref().is_some_and(|launch| launch.is_playable()))
}

fn check_file(item: &Item, diagnostics: &mut Diagnostics) {
    let Some(launch) = item.launch.as_ref().filter(|launch| !launch.is_playable()) else {
        return;
    };
    if href::scheme(&launch.href).is_some() {
        return;
    }
    let message = format!(
        "{} launches {}, which is not in the package. It cannot be played: add the file or correct the address.",
        quoted(&item.title),
        quoted(&launch.href)
    );
    diagnostics.add_item(Code::LaunchFileMissing, &item.identifier, message);
}

/// Two SCOs with one address cannot tell from the address which of them they are.
fn check_repetition(organization: &Organization, diagnostics: &mut Diagnostics) {
    let mut seen: HashMap<&str, &str> = HashMap::new();
    for item in &organization.items {
        let Some(launch) = item.launch.as_ref().filter(|_| item.scorm_type == Some(ScormType::Sco)) else {
            continue;
        };
        match seen.get(launch.href.as_str()) {
            None => {
                seen.insert(&launch.href, &item.identifier);
            }
            Some(first) => {
                let message = format!(
                    "{} launches the same address as item {first}. Each keeps its own results, but the learner sees \
                     the same content.",
                    quoted(&item.title)
                );
                diagnostics.add_item(Code::LaunchRepeated, &item.identifier, message);
            }
        }
    }
}

/// Of several organizations the default one is played, unless nothing in it can be launched.
fn choose_organization(course: &mut Course, diagnostics: &mut Diagnostics) {
    if course.organizations.len() > 1 {
        let played = course.organization().map(|one| one.identifier.clone()).unwrap_or_default();
        let message = format!(
            "The course has {} organizations; {} is played.",
            course.organizations.len(),
            quoted(&played)
        );
        diagnostics.add(Code::SeveralOrganizations, message);
    }
    if course.organization().is_some_and(is_playable) {
        return;
    }
    let Some(other) = course.organizations.iter().position(is_playable) else {
        return;
    };
    let message = format!(
        "Nothing in the default organization can be launched, so that {} is played instead.",
        quoted(&course.organizations[other].identifier)
    );
    course.default_organization = other;
    diagnostics.add(Code::DefaultOrganizationWrong, message);
}
