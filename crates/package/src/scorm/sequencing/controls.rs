//! The elements that are only attributes.

use lyceum_sequencing::definitions::{
    AuxiliaryResource, ConstrainedChoice, ControlMode, DeliveryControls, Instant, LimitConditions,
    RandomizationControls, RandomizationTiming, TimeSpan,
};

use crate::{
    scorm::{Reader, values::Values},
    xml::{Node, NodeExt},
};

impl Reader<'_, '_> {
    pub(super) fn control_mode(&mut self, node: Node<'_>) -> ControlMode {
        let values = &mut self.values;
        ControlMode {
            choice: values.flag(node, "choice", true),
            choice_exit: values.flag(node, "choiceExit", true),
            flow: values.flag(node, "flow", false),
            forward_only: values.flag(node, "forwardOnly", false),
            use_current_attempt_objective_info: values.flag(node, "useCurrentAttemptObjectiveInfo", true),
            use_current_attempt_progress_info: values.flag(node, "useCurrentAttemptProgressInfo", true),
        }
    }

    pub(super) fn constrained_choice(&mut self, node: Node<'_>) -> ConstrainedChoice {
        ConstrainedChoice {
            prevent_activation: self.values.flag(node, "preventActivation", false),
            constrain_choice: self.values.flag(node, "constrainChoice", false),
        }
    }

    pub(super) fn delivery_controls(&mut self, node: Node<'_>) -> DeliveryControls {
        DeliveryControls {
            tracked: self.values.flag(node, "tracked", true),
            completion_set_by_content: self.values.flag(node, "completionSetByContent", false),
            objective_set_by_content: self.values.flag(node, "objectiveSetByContent", false),
        }
    }

    pub(super) fn randomization(&mut self, node: Node<'_>) -> RandomizationControls {
        let values = &mut self.values;
        let mut timing = |name| {
            values.word(node, name, RandomizationTiming::from_token).unwrap_or(RandomizationTiming::Never)
        };
        RandomizationControls {
            randomization_timing: timing("randomizationTiming"),
            selection_timing: timing("selectionTiming"),
            reorder_children: self.values.flag(node, "reorderChildren", false),
            select_count: self.values.count(node, "selectCount"),
        }
    }

    pub(super) fn limit_conditions(&mut self, node: Node<'_>) -> LimitConditions {
        let values = &mut self.values;
        let mut span = |name| values.parsed(node, name, TimeSpan::parse);
        LimitConditions {
            attempt_absolute_duration: span("attemptAbsoluteDurationLimit"),
            attempt_experienced_duration: span("attemptExperiencedDurationLimit"),
            activity_absolute_duration: span("activityAbsoluteDurationLimit"),
            activity_experienced_duration: span("activityExperiencedDurationLimit"),
            attempt_limit: values.count(node, "attemptLimit"),
            begin_time: values.parsed(node, "beginTimeLimit", Instant::parse),
            end_time: values.parsed(node, "endTimeLimit", Instant::parse),
        }
    }

    pub(super) fn auxiliary_resources(&mut self, node: Node<'_>) -> Vec<AuxiliaryResource> {
        node.elements_named("auxiliaryResource")
            .filter_map(|resource| {
                let id = Values::id(resource, "auxiliaryResourceID")?;
                Some(AuxiliaryResource {
                    id,
                    purpose: resource.attr("purpose").unwrap_or("").trim().to_owned(),
                })
            })
            .collect()
    }
}
