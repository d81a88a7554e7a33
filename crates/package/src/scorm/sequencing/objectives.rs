//! `imsss:objectives` and `adlseq:objectives`, merged.

use std::collections::HashMap;

use lyceum_sequencing::definitions::{Decimal, MappedFields, Objective, ObjectiveMap, Objectives};

use crate::{
    Code,
    diagnostic::quoted,
    scorm::{
        Reader,
        values::{MEASURE, Values},
    },
    xml::{Node, NodeExt},
};

use super::is_adlseq;

/// Where an objective of the list being built stands.
#[derive(Clone, Copy)]
enum Slot {
    Primary,
    Other(usize),
}

/// Objectives found by their id in constant time.
struct Builder<'o> {
    objectives: &'o mut Objectives,
    has_primary: bool,
    by_id: HashMap<String, Slot>,
    /// By objective's id (empty for a nameless primary one) and target.
    maps: HashMap<(String, String), usize>,
}

impl Builder<'_> {
    fn get(&mut self, slot: Slot) -> &mut Objective {
        match slot {
            Slot::Primary => &mut self.objectives.primary,
            Slot::Other(index) => &mut self.objectives.others[index],
        }
    }

    /// Adds what a map says to the objective's map with the same target.
    fn map(&mut self, slot: Slot, target: String, read: MappedFields, write: MappedFields) {
        let id = self.get(slot).id.clone().unwrap_or_default();
        let known = self.maps.get(&(id.clone(), target.clone())).copied();
        let maps = &mut self.get(slot).maps;
        match known {
            Some(index) => {
                maps[index].read = maps[index].read.union(read);
                maps[index].write = maps[index].write.union(write);
            }
            None => {
                maps.push(ObjectiveMap { target: target.clone(), read, write });
                let index = maps.len() - 1;
                self.maps.insert((id, target), index);
            }
        }
    }
}

impl<'d> Reader<'_, 'd> {
    /// Reads all `objectives` elements of a definition.
    pub(super) fn objectives(&mut self, elements: &[Node<'d>], objectives: &mut Objectives) {
        let mut builder =
            Builder { objectives, has_primary: false, by_id: HashMap::new(), maps: HashMap::new() };
        let lists = || elements.iter().filter(|node| node.is("objectives"));
        for node in lists().flat_map(|list| list.elements()).filter(|node| !is_adl_objective(*node)) {
            self.objective(node, &mut builder);
        }
        for node in lists().flat_map(|list| list.elements()).filter(|node| is_adl_objective(*node)) {
            self.adl_objective(node, &mut builder);
        }
    }

    fn objective(&mut self, node: Node<'d>, builder: &mut Builder<'_>) {
        let id = Values::id(node, "objectiveID");
        let is_primary = node.is("primaryObjective") && !builder.has_primary;
        if !is_primary && !node.is("objective") && !node.is("primaryObjective") {
            self.values.unknown_word(node, "an element", node.tag_name().name());
            return;
        }
        if !is_primary && id.is_none() {
            self.values.report(
                Code::ObjectiveIdMissing,
                node,
                "An objective has no objectiveID; it was ignored.",
            );
            return;
        }
        let known = id.as_ref().and_then(|id| builder.by_id.get(id).copied());
        let slot = match known {
            Some(slot) => {
                let message = format!(
                    "The activity defines the objective {} twice; both were read as one.",
                    quoted(id.as_deref().unwrap_or(""))
                );
                self.values.report(Code::ObjectiveDuplicate, node, message);
                slot
            }
            None => self.new_objective(node, id, is_primary, builder),
        };
        for map in node.elements_named("mapInfo") {
            self.map(map, slot, builder);
        }
    }

    fn new_objective(
        &mut self,
        node: Node<'_>,
        id: Option<String>,
        is_primary: bool,
        builder: &mut Builder<'_>,
    ) -> Slot {
        let objective = Objective {
            id: id.clone(),
            satisfied_by_measure: self.values.flag(node, "satisfiedByMeasure", false),
            min_normalized_measure: self.min_normalized_measure(node),
            maps: Vec::new(),
        };
        let slot = if is_primary {
            builder.objectives.primary = objective;
            builder.has_primary = true;
            Slot::Primary
        } else {
            builder.objectives.others.push(objective);
            Slot::Other(builder.objectives.others.len() - 1)
        };
        if let Some(id) = id {
            builder.by_id.insert(id, slot);
        }
        slot
    }

    fn min_normalized_measure(&mut self, objective: Node<'_>) -> Decimal {
        let Some(node) = objective.element("minNormalizedMeasure") else {
            return Decimal::ONE;
        };
        let text = node.collapsed_text();
        if text.is_empty() {
            return Decimal::ONE;
        }
        self.values.decimal_text(node, "the measure", &text, &MEASURE).unwrap_or(Decimal::ONE)
    }

    /// An `adlseq:objective` adds maps to the objective with its id (CAM 5.1.11).
    fn adl_objective(&mut self, node: Node<'d>, builder: &mut Builder<'_>) {
        let Some(id) = Values::id(node, "objectiveID") else {
            self.values.report(
                Code::ObjectiveIdMissing,
                node,
                "An objective has no objectiveID; it was ignored.",
            );
            return;
        };
        let slot = match builder.by_id.get(&id).copied() {
            Some(slot) => slot,
            None => {
                let message = format!(
                    "adlseq:objective {} belongs to no imsss:objective of the activity; an objective was added for it.",
                    quoted(&id)
                );
                self.values.report(Code::ObjectiveUnmatched, node, message);
                builder.objectives.others.push(Objective { id: Some(id.clone()), ..Objective::default() });
                let slot = Slot::Other(builder.objectives.others.len() - 1);
                builder.by_id.insert(id, slot);
                slot
            }
        };
        for map in node.elements_named("mapInfo") {
            self.map(map, slot, builder);
        }
    }

    /// `imsss:mapInfo` or `adlseq:mapInfo`. Fields of the other one are not mentioned, so they are not mapped.
    fn map(&mut self, node: Node<'d>, slot: Slot, builder: &mut Builder<'_>) {
        let Some(target) = Values::id(node, "targetObjectiveID") else {
            self.values.report(
                Code::ObjectiveMapWithoutTarget,
                node,
                "A mapInfo has no targetObjectiveID; it was ignored.",
            );
            return;
        };
        let (read, write) = if is_adlseq(node) { self.adl_fields(node) } else { self.ims_fields(node) };
        builder.map(slot, target, read, write);
    }

    fn ims_fields(&mut self, node: Node<'_>) -> (MappedFields, MappedFields) {
        let mut fields = |direction: &str, default| MappedFields {
            satisfied_status: self.values.flag(node, &format!("{direction}SatisfiedStatus"), default),
            normalized_measure: self.values.flag(node, &format!("{direction}NormalizedMeasure"), default),
            ..MappedFields::default()
        };
        (fields("read", true), fields("write", false))
    }

    fn adl_fields(&mut self, node: Node<'_>) -> (MappedFields, MappedFields) {
        let mut fields = |direction: &str, default| MappedFields {
            raw_score: self.values.flag(node, &format!("{direction}RawScore"), default),
            min_score: self.values.flag(node, &format!("{direction}MinScore"), default),
            max_score: self.values.flag(node, &format!("{direction}MaxScore"), default),
            completion_status: self.values.flag(node, &format!("{direction}CompletionStatus"), default),
            progress_measure: self.values.flag(node, &format!("{direction}ProgressMeasure"), default),
            ..MappedFields::default()
        };
        (fields("read", true), fields("write", false))
    }
}

/// Without namespaces an objective is ADL's when it only has maps and these are ADL's.
fn is_adl_objective(node: Node<'_>) -> bool {
    if node.tag_name().namespace().is_some() {
        return node.in_namespace("adlseq");
    }
    let mut maps = node.elements_named("mapInfo").peekable();
    maps.peek().is_some() && node.is("objective") && maps.all(is_adlseq)
}
