//! Sequencing and navigation elements to a complete definition (CAM 5; SN 3).

mod controls;
mod objectives;
mod rollup;
mod rules;

use std::collections::HashMap;

use lyceum_sequencing::definitions::{Decimal, Definition, LmsControl, Presentation};

use crate::{
    Code,
    diagnostic::quoted,
    xml::{Node, NodeExt},
};

use super::{
    Reader,
    values::{SHARE, Values},
};

/// Sequencing definitions that items refer to by `IDRef`, with their number of XML nodes.
pub(super) type Collections<'d> = HashMap<String, (Node<'d>, usize)>;

/// Every `imsss:sequencing` inside of a `sequencingCollection`, by its ID. Of equal IDs the first one counts.
pub(super) fn collections(root: Node<'_>) -> Collections<'_> {
    let mut found = Collections::new();
    for collection in root.descendants().filter(|node| node.is("sequencingCollection")) {
        for node in collection.elements_named("sequencing") {
            if let Some(id) = Values::id(node, "ID") {
                found.entry(id).or_insert_with(|| (node, node.descendants().count()));
            }
        }
    }
    found
}

/// Whether an element is one of ADL's extensions rather than of IMS Simple Sequencing. Without namespaces, only what
/// it contains can tell.
fn is_adlseq(node: Node<'_>) -> bool {
    const ONLY_ADLSEQ: [&str; 5] =
        ["RawScore", "MinScore", "MaxScore", "CompletionStatus", "ProgressMeasure"];
    if node.tag_name().namespace().is_some() {
        return node.in_namespace("adlseq");
    }
    node.attributes().any(|attribute| ONLY_ADLSEQ.iter().any(|part| attribute.name().ends_with(part)))
}

impl<'d> Reader<'_, 'd> {
    /// The definition of an item or organization, with the defaults of the standard.
    pub(super) fn definition(&mut self, activity: Node<'d>) -> Definition {
        let mut definition = Definition::default();
        if !self.standard.is_scorm_2004() {
            return definition;
        }
        if let Some(sequencing) = activity.element("sequencing") {
            let elements = self.effective_elements(sequencing);
            for element in &elements {
                self.sequencing_element(*element, &mut definition);
            }
            self.objectives(&elements, &mut definition.objectives);
            self.check_referenced_objectives(sequencing, &definition);
        }
        if let Some(threshold) = activity.element("completionThreshold") {
            self.completion_threshold(threshold, &mut definition);
        }
        definition.presentation = self.presentation(activity);
        definition
    }

    /// The elements that make up a definition: its own, and of the one it refers to those that it does not have
    /// itself (CAM 5.1.1, `IDRef`).
    fn effective_elements(&mut self, sequencing: Node<'d>) -> Vec<Node<'d>> {
        let mut elements: Vec<Node<'d>> = sequencing.elements().collect();
        let mut nodes = sequencing.descendants().count();
        if let Some(reference) = Values::id(sequencing, "IDRef") {
            match self.collections.get(&reference).copied() {
                Some((shared, shared_nodes)) => {
                    nodes += shared_nodes;
                    let own: Vec<(&str, bool)> = elements.iter().map(|node| kind(*node)).collect();
                    elements.extend(shared.elements().filter(|node| !own.contains(&kind(*node))));
                }
                None => {
                    let message = format!(
                        "The sequencing definition {} does not exist in the sequencingCollection; what it should say is \
                         missing.",
                        quoted(&reference)
                    );
                    self.values.report(Code::SequencingReferenceMissing, sequencing, message);
                }
            }
        }
        if self.budget.sequencing(nodes) { elements } else { Vec::new() }
    }

    fn sequencing_element(&mut self, node: Node<'d>, definition: &mut Definition) {
        match node.tag_name().name().to_ascii_lowercase().as_str() {
            "controlmode" => definition.control = self.control_mode(node),
            "sequencingrules" => self.sequencing_rules(node, &mut definition.rules),
            "limitconditions" => definition.limits = self.limit_conditions(node),
            "auxiliaryresources" => definition.auxiliary_resources = self.auxiliary_resources(node),
            "rolluprules" => self.rollup_rules(node, &mut definition.rollup),
            "randomizationcontrols" => definition.randomization = self.randomization(node),
            "deliverycontrols" => definition.delivery = self.delivery_controls(node),
            "constrainedchoiceconsiderations" => {
                definition.constrained_choice = self.constrained_choice(node);
            }
            "rollupconsiderations" => definition.rollup.considerations = self.rollup_considerations(node),
            // Read together, because adlseq's belong to imsss's.
            "objectives" => {}
            other => {
                let message = format!("{} is no element of sequencing; it was ignored.", quoted(other));
                self.values.report(Code::VocabularyUnknown, node, message);
            }
        }
    }

    /// `adlcp:completionThreshold`: attributes in the 4th edition, a number as text before (CAM 3rd ed. 3.4.1.13).
    fn completion_threshold(&mut self, node: Node<'_>, definition: &mut Definition) {
        let threshold = &mut definition.completion;
        threshold.completed_by_measure = self.values.flag(node, "completedByMeasure", false);
        threshold.min_progress_measure =
            self.values.decimal(node, "minProgressMeasure", &SHARE, Decimal::ONE);
        threshold.progress_weight = self.values.weight(node, "progressWeight");
        let text = node.collapsed_text();
        let says_it_in_attributes =
            node.attr("completedByMeasure").or(node.attr("minProgressMeasure")).is_some();
        if text.is_empty() || says_it_in_attributes {
            return;
        }
        if let Some(minimum) = self.values.decimal_text(node, "the threshold", &text, &SHARE) {
            threshold.completed_by_measure = true;
            threshold.min_progress_measure = minimum;
        }
    }

    /// `adlnav:presentation` (CAM 5.2).
    fn presentation(&mut self, activity: Node<'_>) -> Presentation {
        let mut presentation = Presentation::default();
        let hidden = activity
            .elements_named("presentation")
            .flat_map(|node| node.elements_named("navigationInterface"))
            .flat_map(|node| node.elements_named("hideLMSUI"));
        for node in hidden {
            let token = node.collapsed_text();
            match LmsControl::from_token(&token) {
                Some(control) if !presentation.hides(control) => presentation.hide_lms_ui.push(control),
                Some(_) => {}
                None => self.values.unknown_word(node, "hideLMSUI", &token),
            }
        }
        presentation
    }
}

/// What makes two elements of a definition the same one: name and family.
fn kind<'d>(node: Node<'d>) -> (&'d str, bool) {
    (node.tag_name().name(), is_adlseq(node))
}
