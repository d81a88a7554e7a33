//! The ADL manifests and random trees beside the workspace are read without errors, and their definitions completely.

mod support;

use std::{collections::HashMap, fs};

use lyceum_package::{Course, Report, Standard, read_manifest};
use lyceum_sequencing::definitions::{
    ChildActivitySet, Condition, ConditionCombination, Decimal, Definition, LmsControl, Objective,
    ObjectiveMap, PostAction, PreAction, RollupAction, RollupConditionKind, RollupConsideration,
    RuleConditions,
};
use roxmltree::{Document, Node};
use support::shared;

/// Reads a manifest that must be without errors.
fn course(name: &str, manifest: &str) -> Course {
    let report: Report = read_manifest(name, manifest.as_bytes());
    let errors: Vec<_> = report.errors().collect();
    assert!(errors.is_empty(), "{name}: {errors:?}");
    report.course.unwrap_or_else(|| panic!("{name}: no course"))
}

fn adl_manifests() -> Option<Vec<(String, String)>> {
    let mut files: Vec<_> =
        fs::read_dir(shared("adl/manifests")?).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &std::path::Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    Some(files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect())
}

fn walks() -> Option<Vec<serde_json::Value>> {
    let text = fs::read_to_string(shared("adl/random/walks.jsonl")?).unwrap();
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn definitions(course: &Course) -> impl Iterator<Item = &Definition> {
    course
        .organizations
        .iter()
        .flat_map(|one| std::iter::once(&one.sequencing).chain(one.items.iter().map(|item| &item.sequencing)))
}

#[test]
fn all_adl_manifests_are_read() {
    let Some(manifests) = adl_manifests() else { return };
    assert_eq!(manifests.len(), 189);
    for (name, text) in &manifests {
        let course = course(name, text);
        assert_eq!(course.standard, Standard::Scorm2004Fourth, "{name}");
        let document = Document::parse(text).unwrap();
        let items = document.descendants().filter(|node| node.has_tag_name_any("item"));
        assert_eq!(course.item_count(), items.count(), "{name}");
        for item in course.items().filter(|item| item.resource.is_some()) {
            let launch = item.launch.as_ref().unwrap_or_else(|| panic!("{name}: {}", item.identifier));
            assert!(launch.href.starts_with("resources/"), "{name}: {}", launch.href);
        }
        complete(name, &document, &course);
    }
}

#[test]
fn all_random_trees_are_read() {
    let Some(walks) = walks() else { return };
    assert_eq!(walks.len(), 300);
    for walk in &walks {
        let (name, text) = (walk["id"].as_str().unwrap(), walk["manifest"].as_str().unwrap());
        let course = course("imsmanifest.xml", text);
        let organization = course.organization().unwrap();
        let ids = std::iter::once(&organization.identifier)
            .chain(organization.items.iter().map(|item| &item.identifier));
        assert_eq!(serde_json::json!(ids.collect::<Vec<_>>()), walk["order"], "{name}");
        let ids = |definition: &Definition| -> Vec<String> {
            definition.objectives.iter().filter_map(|objective| objective.id.clone()).collect()
        };
        for (activity, objectives) in walk["objectives"].as_object().unwrap() {
            let definition = match organization.find(activity) {
                Some(index) => &organization.items[index].sequencing,
                None => &organization.sequencing,
            };
            assert_eq!(&serde_json::json!(ids(definition)), objectives, "{name} {activity}");
        }
        complete(name, &Document::parse(text).unwrap(), &course);
    }
}

/// What the manifest says more than once or by default, counted in the XML and in the definitions: nothing is lost and
/// nothing is made up. Collections make an exception, because one of them can serve many activities.
fn complete(name: &str, document: &Document<'_>, course: &Course) {
    if document.descendants().any(|node| node.attribute("IDRef").is_some()) {
        return;
    }
    for (what, in_xml, in_course) in counts(document, course) {
        assert_eq!(in_xml, in_course, "{name}: {what}");
    }
}

fn counts(document: &Document<'_>, course: &Course) -> Vec<(String, usize, usize)> {
    let xml = Xml(document);
    let all = || definitions(course);
    let mut rows: Vec<(String, usize, usize)> = Vec::new();
    let mut row =
        |what: &str, in_xml: usize, in_course: usize| rows.push((what.to_owned(), in_xml, in_course));

    let control = |flag: fn(&Definition) -> bool| all().filter(|one| flag(one)).count();
    row("choice=false", xml.attribute("controlMode", "choice", "false"), control(|one| !one.control.choice));
    row(
        "choiceExit=false",
        xml.attribute("controlMode", "choiceExit", "false"),
        control(|one| !one.control.choice_exit),
    );
    row("flow", xml.attribute("controlMode", "flow", "true"), control(|one| one.control.flow));
    row(
        "forwardOnly",
        xml.attribute("controlMode", "forwardOnly", "true"),
        control(|one| one.control.forward_only),
    );
    row(
        "objective info",
        xml.attribute("controlMode", "useCurrentAttemptObjectiveInfo", "false"),
        control(|one| !one.control.use_current_attempt_objective_info),
    );
    row(
        "progress info",
        xml.attribute("controlMode", "useCurrentAttemptProgressInfo", "false"),
        control(|one| !one.control.use_current_attempt_progress_info),
    );
    row(
        "tracked=false",
        xml.attribute("deliveryControls", "tracked", "false"),
        control(|one| !one.delivery.tracked),
    );
    row(
        "completionSetByContent",
        xml.attribute("deliveryControls", "completionSetByContent", "true"),
        control(|one| one.delivery.completion_set_by_content),
    );
    row(
        "objectiveSetByContent",
        xml.attribute("deliveryControls", "objectiveSetByContent", "true"),
        control(|one| one.delivery.objective_set_by_content),
    );
    row(
        "preventActivation",
        xml.attribute("constrainedChoiceConsiderations", "preventActivation", "true"),
        control(|one| one.constrained_choice.prevent_activation),
    );
    row(
        "constrainChoice",
        xml.attribute("constrainedChoiceConsiderations", "constrainChoice", "true"),
        control(|one| one.constrained_choice.constrain_choice),
    );
    row(
        "rollupObjectiveSatisfied",
        xml.attribute("rollupRules", "rollupObjectiveSatisfied", "false"),
        control(|one| !one.rollup.objective_satisfied),
    );
    row(
        "rollupProgressCompletion",
        xml.attribute("rollupRules", "rollupProgressCompletion", "false"),
        control(|one| !one.rollup.progress_completion),
    );
    row(
        "measureSatisfactionIfActive",
        xml.attribute("rollupConsiderations", "measureSatisfactionIfActive", "false"),
        control(|one| !one.rollup.considerations.measure_satisfaction_if_active),
    );
    row(
        "completedByMeasure",
        xml.attribute("completionThreshold", "completedByMeasure", "true"),
        control(|one| one.completion.completed_by_measure),
    );
    for limit in 0..4 {
        row(
            "attemptLimit",
            xml.attribute("limitConditions", "attemptLimit", &limit.to_string()),
            all().filter(|one| one.limits.attempt_limit == Some(limit)).count(),
        );
    }
    for (attribute, get) in [
        (
            "requiredForSatisfied",
            (|one| one.rollup.considerations.required_for_satisfied)
                as fn(&Definition) -> RollupConsideration,
        ),
        ("requiredForNotSatisfied", |one| one.rollup.considerations.required_for_not_satisfied),
        ("requiredForCompleted", |one| one.rollup.considerations.required_for_completed),
        ("requiredForIncomplete", |one| one.rollup.considerations.required_for_incomplete),
    ] {
        for word in RollupConsideration::ALL.iter().filter(|word| **word != RollupConsideration::Always) {
            row(
                attribute,
                xml.attribute("rollupConsiderations", attribute, word.token()),
                all().filter(|one| get(one) == *word).count(),
            );
        }
    }
    for control in LmsControl::ALL {
        let hidden = xml
            .nodes("hideLMSUI")
            .filter(|node| node.text().is_some_and(|text| text.trim() == control.token()))
            .count();
        row("hideLMSUI", hidden, all().filter(|one| one.presentation.hides(*control)).count());
    }

    let sets: Vec<&RuleConditions> = all().flat_map(|one| rule_sets(one)).collect();
    let conditions: Vec<_> = sets.iter().flat_map(|set| &set.conditions).collect();
    let rules: Vec<_> = all().map(|one| &one.rules).collect();
    row("pre rules", xml.nodes("preConditionRule").count(), rules.iter().map(|one| one.pre.len()).sum());
    row("post rules", xml.nodes("postConditionRule").count(), rules.iter().map(|one| one.post.len()).sum());
    row("exit rules", xml.nodes("exitConditionRule").count(), rules.iter().map(|one| one.exit.len()).sum());
    row(
        "any",
        xml.attribute("ruleConditions", "conditionCombination", "any"),
        sets.iter().filter(|set| set.combination == ConditionCombination::Any).count(),
    );
    for action in PreAction::ALL {
        row(
            action.token(),
            xml.attribute("ruleAction", "action", action.token()),
            rules.iter().flat_map(|one| &one.pre).filter(|rule| rule.action == *action).count(),
        );
    }
    for action in PostAction::ALL {
        row(
            action.token(),
            xml.attribute("ruleAction", "action", action.token()),
            rules.iter().flat_map(|one| &one.post).filter(|rule| rule.action == *action).count(),
        );
    }
    for condition in Condition::ALL {
        row(
            condition.token(),
            xml.attribute("ruleCondition", "condition", condition.token()),
            conditions.iter().filter(|one| one.condition == *condition).count(),
        );
    }
    row(
        "not",
        xml.attribute("ruleCondition", "operator", "not"),
        conditions.iter().filter(|one| one.negated).count(),
    );
    row(
        "referencedObjective",
        xml.with_attribute("ruleCondition", "referencedObjective"),
        conditions.iter().filter(|one| one.referenced_objective.is_some()).count(),
    );
    row(
        "measureThreshold",
        xml.sum("ruleCondition", "measureThreshold"),
        conditions.iter().map(|one| one.measure_threshold).map(offset).sum(),
    );

    let rollups: Vec<_> = all().flat_map(|one| &one.rollup.rules).collect();
    row("rollup rules", xml.nodes("rollupRule").count(), rollups.len());
    row(
        "all conditions",
        xml.attribute("rollupConditions", "conditionCombination", "all"),
        rollups.iter().filter(|one| one.combination == ConditionCombination::All).count(),
    );
    for action in RollupAction::ALL {
        row(
            action.token(),
            xml.attribute("rollupAction", "action", action.token()),
            rollups.iter().filter(|one| one.action == *action).count(),
        );
    }
    for condition in RollupConditionKind::ALL {
        row(
            condition.token(),
            xml.attribute("rollupCondition", "condition", condition.token()),
            rollups.iter().flat_map(|one| &one.conditions).filter(|one| one.condition == *condition).count(),
        );
    }
    row(
        "not",
        xml.attribute("rollupCondition", "operator", "not"),
        rollups.iter().flat_map(|one| &one.conditions).filter(|one| one.negated).count(),
    );
    let children =
        |set: fn(&ChildActivitySet) -> bool| rollups.iter().filter(|one| set(&one.children)).count();
    row(
        "any child",
        xml.attribute("rollupRule", "childActivitySet", "any"),
        children(|set| *set == ChildActivitySet::Any),
    );
    row(
        "no child",
        xml.attribute("rollupRule", "childActivitySet", "none"),
        children(|set| *set == ChildActivitySet::None),
    );
    row(
        "count",
        xml.attribute("rollupRule", "childActivitySet", "atLeastCount"),
        children(|set| matches!(set, ChildActivitySet::AtLeastCount(_))),
    );
    row(
        "percent",
        xml.attribute("rollupRule", "childActivitySet", "atLeastPercent"),
        children(|set| matches!(set, ChildActivitySet::AtLeastPercent(_))),
    );
    row(
        "objectiveMeasureWeight",
        xml.sum("rollupRules", "objectiveMeasureWeight"),
        all().map(|one| one.rollup.objective_measure_weight).map(from_one).sum(),
    );
    row(
        "progressWeight",
        xml.sum("completionThreshold", "progressWeight"),
        all().map(|one| one.completion.progress_weight).map(from_one).sum(),
    );
    row(
        "minProgressMeasure",
        xml.sum("completionThreshold", "minProgressMeasure"),
        all().map(|one| one.completion.min_progress_measure).map(from_one).sum(),
    );

    let objectives: Vec<&Objective> = all().flat_map(|one| one.objectives.iter()).collect();
    let maps: Vec<&ObjectiveMap> = objectives.iter().flat_map(|one| &one.maps).collect();
    let ims_objectives = xml.nodes("objective").filter(|node| is_ims(*node)).count();
    row("objectives", ims_objectives, all().map(|one| one.objectives.others.len()).sum());
    let ids = xml.nodes("primaryObjective").filter(|node| node.attribute("objectiveID").is_some()).count();
    row("primary ids", ids, all().filter(|one| one.objectives.primary.id.is_some()).count());
    row(
        "satisfiedByMeasure",
        xml.attribute("primaryObjective", "satisfiedByMeasure", "true")
            + xml.attribute("objective", "satisfiedByMeasure", "true"),
        objectives.iter().filter(|one| one.satisfied_by_measure).count(),
    );
    let measures = xml.nodes("minNormalizedMeasure").filter_map(|node| Decimal::parse(node.text()?).ok());
    row(
        "minNormalizedMeasure",
        measures.map(from_one).sum(),
        objectives.iter().map(|one| one.min_normalized_measure).map(from_one).sum(),
    );
    for (fields, get) in map_fields() {
        for (direction, default) in [("read", true), ("write", false)] {
            let attribute = format!("{direction}{fields}");
            let is_ims_field = matches!(fields, "SatisfiedStatus" | "NormalizedMeasure");
            let in_xml = xml.nodes("mapInfo").filter(|node| is_ims(*node) == is_ims_field).filter(|node| {
                node.attribute(attribute.as_str()).map_or(default, |value| value.trim() == "true")
            });
            let in_course = maps.iter().filter(|map| get(map, direction == "read"));
            row(&attribute, in_xml.count(), in_course.count());
        }
    }
    let shared: usize = course.items().map(|item| item.shared_data.len()).sum();
    row("shared data", xml.nodes("map").count(), shared);
    let not_written = course.items().flat_map(|item| &item.shared_data).filter(|map| !map.write).count();
    row("not written", xml.attribute("map", "writeSharedData", "false"), not_written);
    let private = course.organizations.iter().filter(|one| !one.objectives_global_to_system).count();
    row(
        "objectivesGlobalToSystem",
        xml.attribute("organization", "objectivesGlobalToSystem", "false"),
        private,
    );
    let hidden = course.items().filter(|item| !item.visible).count();
    row("isvisible", xml.attribute("item", "isvisible", "false"), hidden);
    rows
}

type FieldOf = fn(&ObjectiveMap, bool) -> bool;

fn map_fields() -> [(&'static str, FieldOf); 7] {
    fn of(map: &ObjectiveMap, read: bool) -> lyceum_sequencing::definitions::MappedFields {
        if read { map.read } else { map.write }
    }
    [
        ("SatisfiedStatus", |map, read| of(map, read).satisfied_status),
        ("NormalizedMeasure", |map, read| of(map, read).normalized_measure),
        ("RawScore", |map, read| of(map, read).raw_score),
        ("MinScore", |map, read| of(map, read).min_score),
        ("MaxScore", |map, read| of(map, read).max_score),
        ("CompletionStatus", |map, read| of(map, read).completion_status),
        ("ProgressMeasure", |map, read| of(map, read).progress_measure),
    ]
}

fn rule_sets(definition: &Definition) -> Vec<&RuleConditions> {
    let rules = &definition.rules;
    let pre = rules.pre.iter().map(|rule| &rule.conditions);
    let post = rules.post.iter().map(|rule| &rule.conditions);
    pre.chain(post).chain(rules.exit.iter().map(|rule| &rule.conditions)).collect()
}

/// A number from -1 to 1 as something that can be summed up: 0 is the default of thresholds.
fn offset(value: Decimal) -> usize {
    usize::try_from(value.units() / 1_000 + if value == Decimal::ZERO { 0 } else { 10_000_000 }).unwrap()
}

/// The same where 1 is the default.
fn from_one(value: Decimal) -> usize {
    usize::try_from((Decimal::ONE.units() - value.units()) / 1_000).unwrap()
}

fn is_ims(node: Node<'_, '_>) -> bool {
    node.tag_name().namespace().is_some_and(|namespace| namespace.ends_with("imsss"))
}

/// Counts in an XML document, by local names.
struct Xml<'d>(&'d Document<'d>);

impl<'d> Xml<'d> {
    fn nodes(&self, name: &str) -> impl Iterator<Item = Node<'d, 'd>> {
        self.0.descendants().filter(move |node| node.has_tag_name_any(name))
    }

    fn attribute(&self, element: &str, name: &str, value: &str) -> usize {
        let local = |node: &Node<'_, '_>| {
            node.attributes().any(|one| one.name() == name && one.value().trim() == value)
        };
        self.nodes(element).filter(local).count()
    }

    fn with_attribute(&self, element: &str, name: &str) -> usize {
        self.nodes(element).filter(|node| node.attribute(name).is_some()).count()
    }

    fn sum(&self, element: &str, name: &str) -> usize {
        let value = if name == "measureThreshold" { offset } else { from_one };
        self.nodes(element).filter_map(|node| Decimal::parse(node.attribute(name)?).ok()).map(value).sum()
    }
}

trait LocalName {
    fn has_tag_name_any(&self, name: &str) -> bool;
}

impl LocalName for Node<'_, '_> {
    fn has_tag_name_any(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

/// Findings about ADL's own courses would be mistakes of the checks, where they are not about what the tests want to
/// be strange.
#[test]
fn the_checks_find_little_to_say_about_adls_own_courses() {
    let Some(manifests) = adl_manifests() else { return };
    let mut found: HashMap<&str, usize> = HashMap::new();
    for (name, text) in &manifests {
        for diagnostic in read_manifest(name, text.as_bytes()).diagnostics {
            *found.entry(diagnostic.code.as_str()).or_default() += 1;
        }
    }
    let mut codes: Vec<_> = found.into_iter().collect();
    codes.sort_unstable();
    // CM-07 disables activities and CM-14, CM-15 lock clusters on purpose; global objectives that nothing writes are how
    // "unknown" is tested; CO-03 reads scores from two global objectives that never have any.
    let expected = [
        ("activity-never-available", 4),
        ("bare-manifest", 189),
        ("cluster-unreachable", 3),
        ("global-objective-never-written", 10),
        ("global-objective-read-conflict", 1),
    ];
    assert_eq!(codes, expected);
}
