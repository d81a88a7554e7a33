//! Sequencing that is well-formed but cannot work.

use std::collections::{HashMap, HashSet};

use lyceum_sequencing::definitions::{
    ChildActivitySet, Condition, Definition, MappedFields, PreAction, RandomizationTiming, RollupAction,
};

use crate::{
    Course, Organization,
    diagnostic::{Code, Diagnostics, quoted},
};

/// An activity of the tree: the organization itself or an item.
struct Activity<'c> {
    identifier: &'c str,
    title: &'c str,
    definition: &'c Definition,
    children: usize,
}

pub(super) fn check(course: &Course, diagnostics: &mut Diagnostics) {
    let written = written_globals(course);
    for organization in &course.organizations {
        let activities = activities(organization);
        for activity in &activities {
            check_control(activity, diagnostics);
            check_availability(activity, diagnostics);
            check_rollup_rules(activity, diagnostics);
            check_selection(activity, diagnostics);
            check_maps(activity, &written, diagnostics);
        }
        check_completion(organization, &activities, diagnostics);
    }
}

fn activities(organization: &Organization) -> Vec<Activity<'_>> {
    let mut children = vec![0_usize; organization.items.len() + 1];
    for item in &organization.items {
        children[item.parent.map_or(0, |parent| parent as usize + 1)] += 1;
    }
    let root = Activity {
        identifier: &organization.identifier,
        title: &organization.title,
        definition: &organization.sequencing,
        children: children[0],
    };
    let items = organization.items.iter().zip(&children[1..]).map(|(item, children)| Activity {
        identifier: &item.identifier,
        title: &item.title,
        definition: &item.sequencing,
        children: *children,
    });
    std::iter::once(root).chain(items).collect()
}

/// A cluster that neither flow nor choice lead into (SN 3.2).
fn check_control(activity: &Activity<'_>, diagnostics: &mut Diagnostics) {
    let control = &activity.definition.control;
    if activity.children > 0 && !control.choice && !control.flow {
        let message = format!(
            "{} allows neither choice nor flow among its activities: the learner can reach none of them, except by a \
             jump. Set flow or choice to true in its controlMode.",
            quoted(activity.title)
        );
        diagnostics.add_item(Code::ClusterUnreachable, activity.identifier, message);
    }
}

/// Rules and limits that keep an activity from ever being delivered (SN 3.4, 3.5).
fn check_availability(activity: &Activity<'_>, diagnostics: &mut Diagnostics) {
    let always_disabled = activity.definition.rules.pre.iter().any(|rule| {
        let conditions = &rule.conditions.conditions;
        rule.action == PreAction::Disabled
            && !conditions.is_empty()
            && conditions.iter().all(|one| one.condition == Condition::Always && !one.negated)
    });
    let why = if activity.definition.limits.attempt_limit == Some(0) {
        "Its attempt limit is 0"
    } else if always_disabled {
        "A rule always disables it"
    } else {
        return;
    };
    let message = format!("{why}, so that {} can never be delivered.", quoted(activity.title));
    diagnostics.add_item(Code::ActivityNeverAvailable, activity.identifier, message);
}

/// Rules that want more children than there are (SN 3.7).
fn check_rollup_rules(activity: &Activity<'_>, diagnostics: &mut Diagnostics) {
    for rule in &activity.definition.rollup.rules {
        let ChildActivitySet::AtLeastCount(count) = rule.children else { continue };
        if activity.children > 0 && count as usize > activity.children {
            let message = format!(
                "A rollup rule of {} asks for {count} activities, but there are only {} in it: it never applies.",
                quoted(activity.title),
                activity.children
            );
            diagnostics.add_item(Code::RollupRuleNeverApplies, activity.identifier, message);
        }
    }
}

/// Selecting more children than there are (SN 3.11).
fn check_selection(activity: &Activity<'_>, diagnostics: &mut Diagnostics) {
    let controls = &activity.definition.randomization;
    let selects = controls.selection_timing != RandomizationTiming::Never;
    let Some(count) = controls.select_count.filter(|_| selects && activity.children > 0) else {
        return;
    };
    let message = if count == 0 {
        format!(
            "{} selects none of its activities: there is nothing to deliver in it.",
            quoted(activity.title)
        )
    } else if count as usize > activity.children {
        format!(
            "{} selects {count} activities of {}: it selects all of them.",
            quoted(activity.title),
            activity.children
        )
    } else {
        return;
    };
    diagnostics.add_item(Code::SelectionTooLarge, activity.identifier, message);
}

/// What all activities together write to each global objective.
fn written_globals(course: &Course) -> HashMap<&str, MappedFields> {
    let mut written: HashMap<&str, MappedFields> = HashMap::new();
    let definitions = course.organizations.iter().flat_map(|one| {
        std::iter::once(&one.sequencing).chain(one.items.iter().map(|item| &item.sequencing))
    });
    for map in definitions.flat_map(|definition| definition.objectives.iter()).flat_map(|one| &one.maps) {
        let fields = written.entry(&map.target).or_default();
        *fields = fields.union(map.write);
    }
    written
}

/// Maps that contradict each other (SN 3.10.2), and global objectives that nothing writes.
fn check_maps(activity: &Activity<'_>, written: &HashMap<&str, MappedFields>, diagnostics: &mut Diagnostics) {
    let mut writes: HashMap<&str, MappedFields> = HashMap::new();
    let mut mentioned: HashSet<&str> = HashSet::new();
    for objective in activity.definition.objectives.iter() {
        let id = objective.id.as_deref().unwrap_or("the primary objective");
        let mut reads = MappedFields::default();
        for map in &objective.maps {
            if !reads.common(map.read).is_empty() {
                let message = format!(
                    "Objective {} of {} reads the same information from several global objectives, {} among them. The \
                     standard allows one; which one counts differs between systems.",
                    quoted(id),
                    quoted(activity.title),
                    quoted(&map.target)
                );
                diagnostics.add_item(Code::GlobalObjectiveReadConflict, activity.identifier, message);
            }
            reads = reads.union(map.read);
            let before = writes.entry(&map.target).or_default();
            if !before.common(map.write).is_empty() {
                let message = format!(
                    "Several objectives of {} write the same information to the global objective {}. The standard \
                     allows one; the last one to be written wins.",
                    quoted(activity.title),
                    quoted(&map.target)
                );
                diagnostics.add_item(Code::GlobalObjectiveWriteConflict, activity.identifier, message);
            }
            *before = before.union(map.write);
            let is_written = written.get(map.target.as_str()).is_some_and(|fields| !fields.is_empty());
            if !map.read.is_empty() && !is_written && mentioned.insert(&map.target) {
                let message = format!(
                    "{} reads the global objective {}, which no activity of the course writes. It stays unknown unless \
                     another course writes it.",
                    quoted(activity.title),
                    quoted(&map.target)
                );
                diagnostics.add_item(Code::GlobalObjectiveNeverWritten, activity.identifier, message);
            }
        }
    }
}

/// Whether anything at all can make the course complete: some activity directly below the root must count for its
/// completion, unless the root reads it from a global objective or has a rule that needs no child (SN 4.6).
fn check_completion(organization: &Organization, activities: &[Activity<'_>], diagnostics: &mut Diagnostics) {
    let root = &organization.sequencing;
    let counts =
        |definition: &Definition| definition.delivery.tracked && definition.rollup.progress_completion;
    let some_child_counts =
        organization.items.iter().filter(|item| item.parent.is_none()).any(|item| counts(&item.sequencing));
    let reads_completion = root.objectives.primary.maps.iter().any(|map| map.read.completion_status);
    let has_rule = root.rollup.rules.iter().any(|rule| rule.action == RollupAction::Completed);
    let some_unit_is_tracked =
        activities.iter().skip(1).any(|one| one.children == 0 && one.definition.delivery.tracked);
    let can_complete = (some_child_counts && some_unit_is_tracked) || reads_completion || has_rule;
    if !organization.items.is_empty() && (!root.delivery.tracked || !can_complete) {
        let message = format!(
            "No activity counts for the completion of {}: it can never become complete. Check tracked and \
             rollupProgressCompletion of its activities.",
            quoted(&organization.title)
        );
        diagnostics.add_item(Code::CourseNeverCompletes, &organization.identifier, message);
    }
}
