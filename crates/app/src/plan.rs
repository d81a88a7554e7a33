//! From what the manifest says to what the engine needs.

use lyceum_attempt::plan::{Activity, Kind, Plan, Sequencing};
use lyceum_cmi::{Edition, Family};
use lyceum_package::{Course, Item, Launch, Organization, ScormType, Standard};
use lyceum_sequencing::definitions::Definition;

/// The plan of the organization that is played; `None` where the course's standard has no run-time API of this kind.
pub(crate) fn plan(course: &Course) -> Option<Plan> {
    plan_as(course, edition(course.standard)?)
}

/// The plan for playing without a browser: no file is needed, so whatever a manifest gives to open, and every leaf, opens.
/// In SCORM 2004 an item with children is never delivered (SN 4.8, DB.1.1). `forced` is the edition to play by; `None`
/// where neither it nor the course's standard gives one, or nothing is there to play.
pub(crate) fn rehearsal_plan(course: &Course, forced: Option<Edition>) -> Option<Plan> {
    let edition = forced.or(match course.standard {
        Standard::Aicc => Some(Edition::Aicc),
        standard => edition(standard),
    })?;
    let organization = course.organization()?;
    let mut plan = plan_as(course, edition)?;
    for (index, item) in organization.items.iter().enumerate() {
        let activity = &mut plan.activities[index + 1];
        let opens = organization.is_leaf(index) || (item.launch.is_some() && edition.family() == Family::Cmi);
        if opens && activity.launch.is_none() {
            activity.launch = Some(item.launch.as_ref().map_or_else(|| item.identifier.clone(), address));
            activity.kind = kind(item.scorm_type);
        }
    }
    Some(plan)
}

fn plan_as(course: &Course, edition: Edition) -> Option<Plan> {
    let organization = course.organization()?;
    let mut activities = Vec::with_capacity(organization.items.len() + 1);
    activities.push(root(organization));
    activities.extend(organization.items.iter().map(activity));
    let sequencing = (edition.family() == Family::Ieee).then(|| sequencing(organization));
    Some(Plan { edition, title: organization.title.clone(), activities, sequencing })
}

/// The rules for the order of the activities. A course without a word about it has those that the standard gives it.
fn sequencing(organization: &Organization) -> Sequencing {
    let definitions = organization.items.iter().map(|item| &item.sequencing);
    Sequencing::new(
        [&organization.sequencing].into_iter().chain(definitions),
        organization.objectives_global_to_system,
        organization.shared_data_global_to_system,
    )
}

/// The run-time data model of a standard.
fn edition(standard: Standard) -> Option<Edition> {
    Some(match standard {
        Standard::Scorm11 => Edition::Scorm11,
        Standard::Scorm12 => Edition::Scorm12,
        Standard::Scorm2004Second => Edition::Scorm2004Ed2,
        Standard::Scorm2004Third => Edition::Scorm2004Ed3,
        Standard::Scorm2004Fourth => Edition::Scorm2004Ed4,
        Standard::Aicc | Standard::Xapi | Standard::Cmi5 => return None,
    })
}

fn root(organization: &Organization) -> Activity {
    let mut root = Activity {
        id: organization.identifier.clone(),
        title: organization.title.clone(),
        visible: true,
        ..Activity::default()
    };
    sequence(&mut root, &organization.sequencing);
    root
}

fn activity(item: &Item) -> Activity {
    let launch = item.launch.as_ref().filter(|launch| launch.is_playable()).map(address);
    let kind = if launch.is_some() { kind(item.scorm_type) } else { Kind::Cluster };
    let mut activity = Activity {
        id: item.identifier.clone(),
        title: item.title.clone(),
        // Index 0 is the organization.
        parent: Some(item.parent.map_or(0, |parent| parent + 1)),
        launch,
        kind,
        visible: item.visible,
        launch_data: item.data_from_lms.clone(),
        mastery_score: item.mastery_score.clone(),
        max_time_allowed: item.max_time_allowed.clone(),
        time_limit_action: item.time_limit_action.clone(),
        prerequisites: item.prerequisites.clone(),
        shared_data: item.shared_data.clone(),
        ..Activity::default()
    };
    sequence(&mut activity, &item.sequencing);
    activity
}

/// Of a manifest that does not say: content that then calls the API must find it, and its status must count.
fn kind(scorm_type: Option<ScormType>) -> Kind {
    match scorm_type {
        Some(ScormType::Asset) => Kind::Asset,
        Some(ScormType::Sco) | None => Kind::Sco,
    }
}

/// What the run-time data model takes from the sequencing definition (RTE 4.2.4.1, 4.2.17, 4.2.13, 4.2.22.1).
fn sequence(activity: &mut Activity, definition: &Definition) {
    let primary = &definition.objectives.primary;
    if primary.satisfied_by_measure {
        activity.scaled_passing_score = Some(primary.min_normalized_measure.to_string());
    }
    if definition.completion.completed_by_measure {
        activity.completion_threshold = Some(definition.completion.min_progress_measure.to_string());
    }
    if let Some(limit) = &definition.limits.attempt_absolute_duration {
        activity.max_time_allowed = Some(limit.text.clone());
    }
    activity.objectives = definition.objectives.iter().filter_map(|objective| objective.id.clone()).collect();
}

/// The address relative to the content base, which is the root of the package. Made from the file's own name, so that
/// backslashes, wrong case and `..` of the manifest are no concern of the browser's.
fn address(launch: &Launch) -> String {
    match &launch.file {
        Some(file) => format!("{}{}", encoded(file), query_and_fragment(&launch.href)),
        None => launch.href.clone(),
    }
}

fn query_and_fragment(href: &str) -> &str {
    href.find(['?', '#']).map_or("", |at| &href[at..])
}

/// Percent-encodes what a path may not hold (RFC 3986 3.3), and colons, which would make a scheme of a first segment.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'\\' => out.push('/'),
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'/'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'!'
            | b'$'
            | b'&'
            | b'\'' => {
                out.push(char::from(byte));
            }
            b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b'@' => out.push(char::from(byte)),
            _ => {
                const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(char::from(DIGITS[usize::from(byte >> 4)]));
                out.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_made_from_the_files_names() {
        let cases = [
            ("index.html", "index.html", "index.html"),
            (".\\Index.HTML?a=b c#d", "index.html", "index.html?a=b c#d"),
            ("../x y/ü%20.html", "x y/ü .html", "x%20y/%C3%BC%20.html"),
            ("what%3F.html?q", "what?.html", "what%3F.html?q"),
        ];
        for (href, file, expected) in cases {
            let launch = Launch { href: href.into(), file: Some(file.into()), external: false };
            assert_eq!(address(&launch), expected, "{href}");
        }
        let external = Launch { href: "https://example.org/x".into(), file: None, external: true };
        assert_eq!(address(&external), "https://example.org/x");
    }
}
