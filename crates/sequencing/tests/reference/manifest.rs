//! A small reader of the manifests that the tests use: sequencing only, no diagnostics.

use lyceum_sequencing::{Edition, Item, Tree, definitions::*};
use roxmltree::{Document, Node};
use std::collections::BTreeMap;

/// The parts of a manifest that the tests need.
pub struct Manifest {
    pub tree: Tree,
    /// `cmi.completion_threshold` of each activity.
    pub thresholds: Vec<Option<Decimal>>,
}

pub fn read(xml: &str) -> Manifest {
    let document = Document::parse(xml).expect("well-formed manifest");
    let root = document.root_element();
    let organizations = child(root, "organizations").expect("organizations");
    let wanted = attribute(organizations, "default");
    let organization = children(organizations, "organization")
        .find(|node| wanted.is_none() || attribute(*node, "identifier") == wanted)
        .or_else(|| child(organizations, "organization"))
        .expect("an organization");
    let mut reader = Reader { collections: collections(root), items: Vec::new(), thresholds: Vec::new() };
    reader.read_item(organization, 0);
    let global = attribute(organization, "objectivesGlobalToSystem").is_none_or(|text| text == "true");
    let tree = Tree::new(Edition::Fourth, global, reader.items).expect("a tree");
    Manifest { tree, thresholds: reader.thresholds }
}

struct Reader<'a> {
    collections: BTreeMap<String, Node<'a, 'a>>,
    items: Vec<Item>,
    thresholds: Vec<Option<Decimal>>,
}

impl<'a> Reader<'a> {
    fn read_item(&mut self, node: Node<'a, 'a>, depth: u32) {
        let mut definition = Definition::default();
        if let Some(sequencing) = child(node, "sequencing") {
            let referenced = attribute(sequencing, "IDRef").and_then(|id| self.collections.get(&id).copied());
            for source in referenced.into_iter().chain([sequencing]) {
                read_sequencing(source, &mut definition);
            }
        }
        let threshold = child(node, "completionThreshold");
        if let Some(threshold) = threshold {
            definition.completion = completion(threshold);
        }
        let minimum = threshold.and_then(|node| decimal(node, "minProgressMeasure"));
        self.thresholds.push(minimum.or(definition.completion.completed_by_measure.then_some(Decimal::ONE)));
        self.items.push(Item {
            id: attribute(node, "identifier").expect("identifier"),
            depth,
            visible: attribute(node, "isvisible").is_none_or(|text| text == "true"),
            definition,
        });
        for item in children(node, "item") {
            self.read_item(item, depth + 1);
        }
    }
}

fn read_sequencing(node: Node<'_, '_>, into: &mut Definition) {
    if let Some(node) = child(node, "controlMode") {
        let control = &mut into.control;
        flag(node, "choice", &mut control.choice);
        flag(node, "choiceExit", &mut control.choice_exit);
        flag(node, "flow", &mut control.flow);
        flag(node, "forwardOnly", &mut control.forward_only);
        flag(node, "useCurrentAttemptObjectiveInfo", &mut control.use_current_attempt_objective_info);
        flag(node, "useCurrentAttemptProgressInfo", &mut control.use_current_attempt_progress_info);
    }
    if let Some(node) = child(node, "constrainedChoiceConsiderations") {
        flag(node, "preventActivation", &mut into.constrained_choice.prevent_activation);
        flag(node, "constrainChoice", &mut into.constrained_choice.constrain_choice);
    }
    if let Some(node) = child(node, "sequencingRules") {
        into.rules.pre = rules(node, "preConditionRule", PreAction::from_token);
        into.rules.post = rules(node, "postConditionRule", PostAction::from_token);
        into.rules.exit = rules(node, "exitConditionRule", ExitAction::from_token);
    }
    if let Some(node) = child(node, "limitConditions") {
        into.limits.attempt_limit = attribute(node, "attemptLimit").and_then(|text| text.parse().ok());
        let duration = attribute(node, "attemptAbsoluteDurationLimit");
        into.limits.attempt_absolute_duration = duration.and_then(|text| TimeSpan::parse(&text).ok());
    }
    if let Some(node) = child(node, "rollupRules") {
        read_rollup(node, &mut into.rollup);
    }
    if let Some(node) = child(node, "rollupConsiderations") {
        let considerations = &mut into.rollup.considerations;
        token(
            node,
            "requiredForSatisfied",
            RollupConsideration::from_token,
            &mut considerations.required_for_satisfied,
        );
        token(
            node,
            "requiredForNotSatisfied",
            RollupConsideration::from_token,
            &mut considerations.required_for_not_satisfied,
        );
        token(
            node,
            "requiredForCompleted",
            RollupConsideration::from_token,
            &mut considerations.required_for_completed,
        );
        token(
            node,
            "requiredForIncomplete",
            RollupConsideration::from_token,
            &mut considerations.required_for_incomplete,
        );
        flag(node, "measureSatisfactionIfActive", &mut considerations.measure_satisfaction_if_active);
    }
    let own = "http://www.imsglobal.org/xsd/imsss";
    for objectives in node.children().filter(|node| node.tag_name().name() == "objectives") {
        if objectives.tag_name().namespace() == Some(own) {
            read_objectives(objectives, &mut into.objectives);
        } else {
            read_more_maps(objectives, &mut into.objectives);
        }
    }
    if let Some(node) = child(node, "randomizationControls") {
        let controls = &mut into.randomization;
        token(
            node,
            "randomizationTiming",
            RandomizationTiming::from_token,
            &mut controls.randomization_timing,
        );
        token(node, "selectionTiming", RandomizationTiming::from_token, &mut controls.selection_timing);
        flag(node, "reorderChildren", &mut controls.reorder_children);
        controls.select_count = attribute(node, "selectCount").and_then(|text| text.parse().ok());
    }
    if let Some(node) = child(node, "deliveryControls") {
        flag(node, "tracked", &mut into.delivery.tracked);
        flag(node, "completionSetByContent", &mut into.delivery.completion_set_by_content);
        flag(node, "objectiveSetByContent", &mut into.delivery.objective_set_by_content);
    }
}

fn rules<A>(node: Node<'_, '_>, name: &str, action: fn(&str) -> Option<A>) -> Vec<SequencingRule<A>> {
    children(node, name)
        .map(|rule| {
            let set = child(rule, "ruleConditions").expect("ruleConditions");
            let mut combination = ConditionCombination::All;
            token(set, "conditionCombination", ConditionCombination::from_token, &mut combination);
            let conditions = children(set, "ruleCondition")
                .map(|node| RuleCondition {
                    condition: attribute(node, "condition")
                        .and_then(|text| Condition::from_token(&text))
                        .expect("a condition"),
                    negated: attribute(node, "operator").as_deref() == Some("not"),
                    referenced_objective: attribute(node, "referencedObjective"),
                    measure_threshold: decimal(node, "measureThreshold").unwrap_or_default(),
                })
                .collect();
            let word =
                child(rule, "ruleAction").and_then(|node| attribute(node, "action")).expect("an action");
            SequencingRule {
                conditions: RuleConditions { combination, conditions },
                action: action(&word).expect("a known action"),
            }
        })
        .collect()
}

fn read_rollup(node: Node<'_, '_>, into: &mut RollupControls) {
    flag(node, "rollupObjectiveSatisfied", &mut into.objective_satisfied);
    flag(node, "rollupProgressCompletion", &mut into.progress_completion);
    if let Some(weight) = decimal(node, "objectiveMeasureWeight") {
        into.objective_measure_weight = weight;
    }
    for rule in children(node, "rollupRule") {
        let set = child(rule, "rollupConditions").expect("rollupConditions");
        let mut combination = ConditionCombination::Any;
        token(set, "conditionCombination", ConditionCombination::from_token, &mut combination);
        let count = attribute(rule, "minimumCount").and_then(|text| text.parse().ok()).unwrap_or(0);
        let children_set = match attribute(rule, "childActivitySet").as_deref() {
            Some("any") => ChildActivitySet::Any,
            Some("none") => ChildActivitySet::None,
            Some("atLeastCount") => ChildActivitySet::AtLeastCount(count),
            Some("atLeastPercent") => {
                ChildActivitySet::AtLeastPercent(decimal(rule, "minimumPercent").unwrap_or_default())
            }
            _ => ChildActivitySet::All,
        };
        into.rules.push(RollupRule {
            children: children_set,
            combination,
            conditions: children(set, "rollupCondition")
                .map(|node| RollupCondition {
                    condition: attribute(node, "condition")
                        .and_then(|text| RollupConditionKind::from_token(&text))
                        .expect("a condition"),
                    negated: attribute(node, "operator").as_deref() == Some("not"),
                })
                .collect(),
            action: child(rule, "rollupAction")
                .and_then(|node| attribute(node, "action"))
                .and_then(|text| RollupAction::from_token(&text))
                .expect("an action"),
        });
    }
}

fn read_objectives(node: Node<'_, '_>, into: &mut Objectives) {
    if let Some(primary) = child(node, "primaryObjective") {
        into.primary = objective(primary);
    }
    into.others = children(node, "objective").map(objective).collect();
}

fn objective(node: Node<'_, '_>) -> Objective {
    let mut objective = Objective { id: attribute(node, "objectiveID"), ..Objective::default() };
    flag(node, "satisfiedByMeasure", &mut objective.satisfied_by_measure);
    if let Some(minimum) = child(node, "minNormalizedMeasure") {
        objective.min_normalized_measure = Decimal::parse(&text(minimum)).expect("a measure");
    }
    for map in children(node, "mapInfo") {
        // As the Sample RTE reads it: what `imsss:mapInfo` does not mention is read as well.
        let mut read = ALL;
        let mut write = MappedFields::default();
        flag(map, "readSatisfiedStatus", &mut read.satisfied_status);
        flag(map, "readNormalizedMeasure", &mut read.normalized_measure);
        flag(map, "writeSatisfiedStatus", &mut write.satisfied_status);
        flag(map, "writeNormalizedMeasure", &mut write.normalized_measure);
        let target = attribute(map, "targetObjectiveID").expect("a target");
        objective.maps.push(ObjectiveMap { target, read, write });
    }
    objective
}

/// `adlseq:objectives`: further maps of objectives that `imsss:objectives` defines.
fn read_more_maps(node: Node<'_, '_>, into: &mut Objectives) {
    for more in children(node, "objective") {
        let id = attribute(more, "objectiveID");
        let known = [&mut into.primary].into_iter().chain(&mut into.others).find(|known| known.id == id);
        let Some(objective) = known else { continue };
        for map in children(more, "mapInfo") {
            let target = attribute(map, "targetObjectiveID").expect("a target");
            let mut read = MappedFields { satisfied_status: false, normalized_measure: false, ..ALL };
            let mut write = MappedFields::default();
            for (name, field) in [
                ("readRawScore", &mut read.raw_score),
                ("readMinScore", &mut read.min_score),
                ("readMaxScore", &mut read.max_score),
                ("readCompletionStatus", &mut read.completion_status),
                ("readProgressMeasure", &mut read.progress_measure),
                ("writeRawScore", &mut write.raw_score),
                ("writeMinScore", &mut write.min_score),
                ("writeMaxScore", &mut write.max_score),
                ("writeCompletionStatus", &mut write.completion_status),
                ("writeProgressMeasure", &mut write.progress_measure),
            ] {
                flag(map, name, field);
            }
            match objective.maps.iter_mut().find(|map| map.target == target) {
                Some(map) => (map.read, map.write) = (map.read.union(read), map.write.union(write)),
                None => objective.maps.push(ObjectiveMap { target, read, write }),
            }
        }
    }
}

const ALL: MappedFields = MappedFields {
    satisfied_status: true,
    normalized_measure: true,
    raw_score: true,
    min_score: true,
    max_score: true,
    completion_status: true,
    progress_measure: true,
};

fn completion(node: Node<'_, '_>) -> CompletionThreshold {
    let mut threshold = CompletionThreshold::default();
    flag(node, "completedByMeasure", &mut threshold.completed_by_measure);
    if let Some(minimum) = decimal(node, "minProgressMeasure") {
        threshold.min_progress_measure = minimum;
    }
    if let Some(weight) = decimal(node, "progressWeight") {
        threshold.progress_weight = weight;
    }
    threshold
}

fn collections<'a>(root: Node<'a, 'a>) -> BTreeMap<String, Node<'a, 'a>> {
    child(root, "sequencingCollection")
        .into_iter()
        .flat_map(|node| children(node, "sequencing"))
        .filter_map(|node| Some((attribute(node, "ID")?, node)))
        .collect()
}

fn children<'a>(node: Node<'a, 'a>, name: &str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(move |child| child.tag_name().name() == name)
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    children(node, name).next()
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn attribute(node: Node<'_, '_>, name: &str) -> Option<String> {
    node.attributes().find(|attribute| attribute.name() == name).map(|attribute| collapse(attribute.value()))
}

fn text(node: Node<'_, '_>) -> String {
    collapse(node.text().unwrap_or_default())
}

fn flag(node: Node<'_, '_>, name: &str, value: &mut bool) {
    if let Some(text) = attribute(node, name) {
        *value = text == "true" || text == "1";
    }
}

fn token<T>(node: Node<'_, '_>, name: &str, from: fn(&str) -> Option<T>, value: &mut T) {
    if let Some(known) = attribute(node, name).and_then(|text| from(&text)) {
        *value = known;
    }
}

fn decimal(node: Node<'_, '_>, name: &str) -> Option<Decimal> {
    attribute(node, name).and_then(|text| Decimal::parse(&text).ok())
}
