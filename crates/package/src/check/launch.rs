//! Is there something to launch, and is it in the package?

use std::collections::HashMap;

use crate::{
    Course, Item, Launch, Organization, Standard,
    course::ScormType,
    diagnostic::{Code, Diagnostics, quoted},
    href,
    package::Package,
};

pub(super) fn check(package: Package<'_>, course: &mut Course, diagnostics: &mut Diagnostics) {
    for item in course.items() {
        check_address(item, course.standard, package.bare, diagnostics);
    }
    for organization in &course.organizations {
        check_repetition(organization, diagnostics);
    }
    choose_organization(course, diagnostics);
    let is_playable = course.organization().is_some_and(|one| is_playable(one, course.standard));
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

fn is_playable(organization: &Organization, standard: Standard) -> bool {
    organization.launches(standard).any(Launch::is_playable)
}

fn check_address(item: &Item, standard: Standard, bare: bool, diagnostics: &mut Diagnostics) {
    let Some(launch) = &item.launch else { return };
    let (title, address) = (quoted(&item.title), quoted(&launch.href));
    let (code, message) = if launch.external && standard.is_scorm() {
        let message = format!(
            "{title} launches {address}, which is outside of the package. The browser keeps pages of other sites from \
             reaching the player, so that nothing can be recorded unless that site takes care of it."
        );
        (Code::LaunchExternal, message)
    } else if launch.is_playable() {
        return;
    } else if href::scheme(&launch.href).is_some() {
        let message = format!(
            "{title} launches {address}. Only files of the package and http or https addresses are opened."
        );
        (Code::LaunchUrlUnsafe, message)
    } else if bare {
        return;
    } else {
        let message = format!(
            "{title} launches {address}, which is not in the package. It cannot be played: add the file or correct the \
             address."
        );
        (Code::LaunchFileMissing, message)
    };
    diagnostics.add_item(code, &item.identifier, message);
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
    let other = match course.organization().is_some_and(|one| is_playable(one, course.standard)) {
        true => None,
        false => course.organizations.iter().position(|one| is_playable(one, course.standard)),
    };
    if let Some(other) = other {
        let message = format!(
            "Nothing in the default organization can be launched, so that {} is played instead.",
            quoted(&course.organizations[other].identifier)
        );
        diagnostics.add(Code::DefaultOrganizationWrong, message);
        course.default_organization = other;
        course.title.clone_from(&course.organizations[other].title);
    }
    if course.organizations.len() > 1 {
        let message = format!(
            "The course has {} organizations; {} is played.",
            course.organizations.len(),
            quoted(course.organization().map_or("none", |one| &one.identifier))
        );
        diagnostics.add(Code::SeveralOrganizations, message);
    }
}
