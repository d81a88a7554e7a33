//! SCORM 2004: every sequencing and navigation element with its defaults, shared definitions, and what cannot work.

mod support;

use lyceum_package::{Code, Report};
use lyceum_sequencing::definitions::{
    AuxiliaryResource, ChildActivitySet, CompletionThreshold, Condition, ConditionCombination,
    ConstrainedChoice, ControlMode, Decimal, Definition, DeliveryControls, ExitAction, LmsControl,
    MappedFields, PostAction, PreAction, RandomizationControls, RandomizationTiming, RollupAction,
    RollupCondition, RollupConditionKind, RollupConsideration, RollupRule, RuleCondition, RuleConditions,
    SharedDataMap,
};
use support::{
    build::{course, first, scorm, scorm2004},
    codes,
};

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

/// The report about one item with this content.
fn report(content: &str) -> Report {
    report_of("2004 4th Edition", content, "")
}

fn report_of(version: &str, content: &str, after: &str) -> Report {
    let item = format!("<item identifier='I' identifierref='R'><title>L</title>{content}</item>");
    scorm(&scorm2004(version, &item, after))
}

/// The definition of one item with this sequencing, which must read without findings other than that a course of one
/// item that does not count cannot be completed.
fn definition(sequencing: &str) -> Definition {
    let report = report(&format!("<imsss:sequencing>{sequencing}</imsss:sequencing>"));
    let found = codes(&report);
    assert!(found.iter().all(|code| *code == Code::CourseNeverCompletes), "{sequencing}: {found:?}");
    first(&report).sequencing.clone()
}

#[test]
fn without_sequencing_everything_has_its_default() {
    let report = report("");
    assert_eq!(first(&report).sequencing, Definition::default());
    let organization = course(&report).organization().unwrap();
    assert_eq!(organization.sequencing, Definition::default());
    assert!(organization.objectives_global_to_system && organization.shared_data_global_to_system);
    assert_eq!(
        definition(
            "<imsss:controlMode/><imsss:deliveryControls/><imsss:rollupRules/><imsss:limitConditions/><imsss:objectives><imsss:primaryObjective/></imsss:objectives><imsss:randomizationControls/><adlseq:rollupConsiderations/><adlseq:constrainedChoiceConsiderations/>"
        ),
        Definition::default()
    );
}

#[test]
fn control_modes_and_choice_controls() {
    let read = definition("<imsss:controlMode choice='false' choiceExit='0' flow='TRUE' forwardOnly=' 1 ' useCurrentAttemptObjectiveInfo='no' useCurrentAttemptProgressInfo='false'/>
        <adlseq:constrainedChoiceConsiderations preventActivation='true' constrainChoice='true'/>");
    let expected = ControlMode {
        choice: false,
        choice_exit: false,
        flow: true,
        forward_only: true,
        use_current_attempt_objective_info: false,
        use_current_attempt_progress_info: false,
    };
    assert_eq!(read.control, expected);
    assert_eq!(
        read.constrained_choice,
        ConstrainedChoice { prevent_activation: true, constrain_choice: true }
    );
}

#[test]
fn delivery_randomization_and_auxiliary_resources() {
    let read = definition("<imsss:deliveryControls tracked='false' completionSetByContent='true' objectiveSetByContent='true'/>
        <imsss:randomizationControls randomizationTiming='once' selectCount='3' reorderChildren='true' selectionTiming='onEachNewAttempt'/>
        <imsss:auxiliaryResources><imsss:auxiliaryResource auxiliaryResourceID='g' purpose='glossary'/></imsss:auxiliaryResources>");
    assert_eq!(
        read.delivery,
        DeliveryControls { tracked: false, completion_set_by_content: true, objective_set_by_content: true }
    );
    let expected = RandomizationControls {
        randomization_timing: RandomizationTiming::Once,
        reorder_children: true,
        selection_timing: RandomizationTiming::OnEachNewAttempt,
        select_count: Some(3),
    };
    assert_eq!(read.randomization, expected);
    assert_eq!(read.auxiliary_resources, [AuxiliaryResource { id: "g".into(), purpose: "glossary".into() }]);
}

#[test]
fn limit_conditions() {
    let limits = definition("<imsss:limitConditions attemptLimit='2' attemptAbsoluteDurationLimit='PT1H' attemptExperiencedDurationLimit='PT2M'
        activityAbsoluteDurationLimit='P1D' activityExperiencedDurationLimit='PT0.5S' beginTimeLimit='2027-01-01T00:00:00Z' endTimeLimit='2027-01-01T01:00:00+01:00'/>").limits;
    let hundredths =
        |span: &Option<lyceum_sequencing::definitions::TimeSpan>| span.as_ref().unwrap().hundredths;
    assert_eq!(limits.attempt_limit, Some(2));
    assert_eq!(hundredths(&limits.attempt_absolute_duration), 360_000);
    assert_eq!(hundredths(&limits.attempt_experienced_duration), 12_000);
    assert_eq!(hundredths(&limits.activity_absolute_duration), 8_640_000);
    assert_eq!(hundredths(&limits.activity_experienced_duration), 50);
    assert_eq!(limits.attempt_absolute_duration.unwrap().text, "PT1H");
    assert_eq!(limits.begin_time.unwrap().unix_ms, limits.end_time.unwrap().unix_ms);
}

#[test]
fn sequencing_rules_with_every_condition_and_action() {
    for condition in Condition::ALL {
        let rules = definition(&format!(
            "<imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions><imsss:ruleCondition condition='{condition}'/></imsss:ruleConditions>
             <imsss:ruleAction action='skip'/></imsss:preConditionRule></imsss:sequencingRules>"
        ))
        .rules;
        let expected = RuleCondition {
            condition: *condition,
            negated: false,
            referenced_objective: None,
            measure_threshold: Decimal::ZERO,
        };
        assert_eq!(
            rules.pre[0].conditions,
            RuleConditions { combination: ConditionCombination::All, conditions: vec![expected] }
        );
    }
    let rule = |kind: &str, action: &str| {
        format!(
            "<imsss:{kind}><imsss:ruleConditions conditionCombination='any'><imsss:ruleCondition condition='satisfied' operator='not'/><imsss:ruleCondition condition='objectiveMeasureLessThan' measureThreshold='-0.25' operator='noOp' referencedObjective=' o '/></imsss:ruleConditions><imsss:ruleAction action='{action}'/></imsss:{kind}>"
        )
    };
    let mut text = String::new();
    PreAction::ALL.iter().for_each(|action| text.push_str(&rule("preConditionRule", action.token())));
    text.push_str(&rule("exitConditionRule", "exit"));
    PostAction::ALL.iter().for_each(|action| text.push_str(&rule("postConditionRule", action.token())));
    let read = definition(&format!(
        "<imsss:sequencingRules>{text}</imsss:sequencingRules><imsss:objectives><imsss:primaryObjective/><imsss:objective objectiveID='o'/></imsss:objectives>"
    ))
    .rules;
    assert_eq!(read.pre.iter().map(|rule| rule.action).collect::<Vec<_>>(), PreAction::ALL);
    assert_eq!(read.post.iter().map(|rule| rule.action).collect::<Vec<_>>(), PostAction::ALL);
    assert_eq!(read.exit.iter().map(|rule| rule.action).collect::<Vec<_>>(), [ExitAction::Exit]);
    let conditions = &read.exit[0].conditions;
    assert_eq!(conditions.combination, ConditionCombination::Any);
    assert!(conditions.conditions[0].negated && !conditions.conditions[1].negated);
    assert_eq!(conditions.conditions[1].referenced_objective.as_deref(), Some("o"));
    assert_eq!(conditions.conditions[1].measure_threshold, decimal("-0.25"));
}

#[test]
fn rollup_rules_controls_and_considerations() {
    let rule = |set: &str, condition: &str, action: &str| {
        format!(
            "<imsss:rollupRule {set}><imsss:rollupConditions><imsss:rollupCondition condition='{condition}' operator='not'/></imsss:rollupConditions><imsss:rollupAction action='{action}'/></imsss:rollupRule>"
        )
    };
    let sets = [
        ("", ChildActivitySet::All),
        ("childActivitySet='any'", ChildActivitySet::Any),
        ("childActivitySet='none'", ChildActivitySet::None),
        ("childActivitySet='atLeastCount' minimumCount='2'", ChildActivitySet::AtLeastCount(2)),
        ("childActivitySet='atLeastCount'", ChildActivitySet::AtLeastCount(0)),
        (
            "childActivitySet='atLeastPercent' minimumPercent='0.3333'",
            ChildActivitySet::AtLeastPercent(decimal("0.3333")),
        ),
    ];
    let text: String = sets.iter().map(|(set, _)| rule(set, "attempted", "completed")).collect();
    let read = definition(&format!(
        "<imsss:rollupRules rollupObjectiveSatisfied='false' rollupProgressCompletion='false' objectiveMeasureWeight='0.25'>{text}</imsss:rollupRules>
         <adlseq:rollupConsiderations requiredForSatisfied='ifAttempted' requiredForNotSatisfied='ifNotSkipped' requiredForCompleted='ifNotSuspended' requiredForIncomplete='always' measureSatisfactionIfActive='false'/>"
    ))
    .rollup;
    assert!(!read.objective_satisfied && !read.progress_completion);
    assert_eq!(read.objective_measure_weight, decimal("0.25"));
    let expected: Vec<RollupRule> = sets
        .iter()
        .map(|(_, children)| RollupRule {
            children: *children,
            combination: ConditionCombination::Any,
            conditions: vec![RollupCondition { condition: RollupConditionKind::Attempted, negated: true }],
            action: RollupAction::Completed,
        })
        .collect();
    assert_eq!(read.rules, expected);
    let considerations = read.considerations;
    assert_eq!(considerations.required_for_satisfied, RollupConsideration::IfAttempted);
    assert_eq!(considerations.required_for_not_satisfied, RollupConsideration::IfNotSkipped);
    assert_eq!(considerations.required_for_completed, RollupConsideration::IfNotSuspended);
    assert_eq!(considerations.required_for_incomplete, RollupConsideration::Always);
    assert!(!considerations.measure_satisfaction_if_active);
    for (action, condition) in RollupAction::ALL.iter().zip(RollupConditionKind::ALL) {
        let read = definition(&format!(
            "<imsss:rollupRules>{}</imsss:rollupRules>",
            rule("", condition.token(), action.token())
        ));
        assert_eq!(
            (read.rollup.rules[0].action, read.rollup.rules[0].conditions[0].condition),
            (*action, *condition)
        );
    }
}

#[test]
fn objectives_and_the_maps_of_both_namespaces_are_merged() {
    let read = report("<imsss:sequencing><imsss:objectives>
          <imsss:primaryObjective objectiveID='p' satisfiedByMeasure='true'><imsss:minNormalizedMeasure> 0.75 </imsss:minNormalizedMeasure>
            <imsss:mapInfo targetObjectiveID=' g%20%201 '/></imsss:primaryObjective>
          <imsss:objective objectiveID='o'><imsss:mapInfo targetObjectiveID='h' readSatisfiedStatus='false' readNormalizedMeasure='false' writeSatisfiedStatus='true' writeNormalizedMeasure='true'/></imsss:objective>
        </imsss:objectives>
        <adlseq:objectives>
          <adlseq:objective objectiveID='p'><adlseq:mapInfo targetObjectiveID='g 1' readRawScore='false' writeRawScore='true' writeProgressMeasure='true'/></adlseq:objective>
          <adlseq:objective objectiveID='o'><adlseq:mapInfo targetObjectiveID='k' readRawScore='false' readMinScore='false' readMaxScore='false' readCompletionStatus='false' readProgressMeasure='false' writeMinScore='true' writeMaxScore='true' writeCompletionStatus='true'/></adlseq:objective>
        </adlseq:objectives></imsss:sequencing>");
    assert_eq!(codes(&read), []);
    let objectives = &first(&read).sequencing.objectives;
    let primary = &objectives.primary;
    assert_eq!(
        (primary.id.as_deref(), primary.satisfied_by_measure, primary.min_normalized_measure),
        (Some("p"), true, decimal("0.75"))
    );
    assert_eq!(primary.maps.len(), 1);
    assert_eq!(primary.maps[0].target, "g 1");
    let read = MappedFields {
        satisfied_status: true,
        normalized_measure: true,
        raw_score: false,
        min_score: true,
        max_score: true,
        completion_status: true,
        progress_measure: true,
    };
    assert_eq!(primary.maps[0].read, read);
    assert_eq!(
        primary.maps[0].write,
        MappedFields { raw_score: true, progress_measure: true, ..MappedFields::default() }
    );
    let other = &objectives.others[0];
    assert_eq!(other.maps.iter().map(|map| map.target.as_str()).collect::<Vec<_>>(), ["h", "k"]);
    assert!(other.maps.iter().all(|map| map.read.is_empty()));
    assert_eq!(
        other.maps[0].write,
        MappedFields { satisfied_status: true, normalized_measure: true, ..MappedFields::default() }
    );
    assert_eq!(
        other.maps[1].write,
        MappedFields { min_score: true, max_score: true, completion_status: true, ..MappedFields::default() }
    );
}

#[test]
fn the_maps_are_told_apart_without_namespaces() {
    let sequencing = "<sequencing><objectives><primaryObjective objectiveID='p'><mapInfo targetObjectiveID='g' writeSatisfiedStatus='true'/></primaryObjective></objectives>
        <objectives><objective objectiveID='p'><mapInfo targetObjectiveID='g' readRawScore='false' writeRawScore='true'/></objective></objectives></sequencing>";
    let manifest = format!(
        "<manifest identifier='M'><metadata><schemaversion>2004 4th Edition</schemaversion></metadata><organizations><organization identifier='O'><title>C</title><item identifier='I' identifierref='R'><title>L</title>{sequencing}</item></organization></organizations><resources><resource identifier='R' scormType='sco' href='index.html'/></resources></manifest>"
    );
    let report = scorm(&manifest);
    let objectives = &first(&report).sequencing.objectives;
    assert_eq!(objectives.others, []);
    assert_eq!(objectives.primary.maps.len(), 1);
    let map = &objectives.primary.maps[0];
    assert!(
        map.write.satisfied_status
            && map.write.raw_score
            && map.read.satisfied_status
            && !map.read.raw_score
            && map.read.min_score
    );
}

#[test]
fn completion_thresholds_of_all_editions() {
    let threshold = |completed_by_measure, minimum: &str, weight: &str| CompletionThreshold {
        completed_by_measure,
        min_progress_measure: decimal(minimum),
        progress_weight: decimal(weight),
    };
    for (version, element, expected) in [
        ("2004 4th Edition", "<adlcp:completionThreshold/>", threshold(false, "1", "1")),
        (
            "2004 4th Edition",
            "<adlcp:completionThreshold completedByMeasure='true' minProgressMeasure='0.8' progressWeight='0.5'/>",
            threshold(true, "0.8", "0.5"),
        ),
        (
            "2004 3rd Edition",
            "<adlcp:completionThreshold>0.75</adlcp:completionThreshold>",
            threshold(true, "0.75", "1"),
        ),
        (
            "CAM 1.3",
            "<adlcp:completionThreshold> 1.0 </adlcp:completionThreshold>",
            threshold(true, "1", "1"),
        ),
    ] {
        let report = report_of(version, element, "");
        assert_eq!(first(&report).sequencing.completion, expected, "{element}");
        assert_eq!(codes(&report), [], "{element}");
    }
}

#[test]
fn presentation_hides_each_control_once() {
    let hide: String = LmsControl::ALL
        .iter()
        .chain(LmsControl::ALL)
        .map(|one| format!("<adlnav:hideLMSUI> {one} </adlnav:hideLMSUI>"))
        .collect();
    let report = report(&format!(
        "<adlnav:presentation><adlnav:navigationInterface>{hide}</adlnav:navigationInterface></adlnav:presentation>"
    ));
    assert_eq!(first(&report).sequencing.presentation.hide_lms_ui, LmsControl::ALL);
}

#[test]
fn shared_data_and_run_time_elements() {
    let report = report("<adlcp:timeLimitAction>exit,no message</adlcp:timeLimitAction><adlcp:dataFromLMS>x=1</adlcp:dataFromLMS>
        <adlcp:data><adlcp:map targetID=' a '/><adlcp:map targetID='b' readSharedData='false' writeSharedData='false'/></adlcp:data>");
    let item = first(&report);
    let expected = [
        SharedDataMap { target: "a".into(), read: true, write: true },
        SharedDataMap { target: "b".into(), read: false, write: false },
    ];
    assert_eq!(item.shared_data, expected);
    assert_eq!(
        (item.time_limit_action.as_deref(), item.data_from_lms.as_deref()),
        (Some("exit,no message"), Some("x=1"))
    );
    let manifest = scorm2004("2004 4th Edition", "<item identifier='I' identifierref='R'><title>L</title></item>", "")
        .replace("<organization identifier=\"O\">", "<organization identifier=\"O\" adlseq:objectivesGlobalToSystem=\"false\" adlcp:sharedDataGlobalToSystem=\"false\">");
    let report = scorm(&manifest);
    let organization = course(&report).organization().unwrap();
    assert!(!organization.objectives_global_to_system && !organization.shared_data_global_to_system);
}

#[test]
fn the_organization_has_a_definition_too() {
    let manifest = scorm2004(
        "2004 4th Edition",
        "<item identifier='I' identifierref='R'><title>L</title></item><imsss:sequencing><imsss:controlMode flow='true'/></imsss:sequencing><adlcp:completionThreshold progressWeight='0.5'/>",
        "",
    );
    let report = scorm(&manifest);
    let root = &course(&report).organization().unwrap().sequencing;
    assert!(root.control.flow);
    assert_eq!(root.completion.progress_weight, decimal("0.5"));
}

#[test]
fn shared_definitions_fill_what_an_item_does_not_say_itself() {
    let collection = "<imsss:sequencingCollection>
        <imsss:sequencing ID=' common '><imsss:controlMode flow='true' choice='false'/><imsss:deliveryControls tracked='false'/>
          <imsss:objectives><imsss:primaryObjective objectiveID='p'/></imsss:objectives>
          <adlseq:objectives><adlseq:objective objectiveID='p'><adlseq:mapInfo targetObjectiveID='g'/></adlseq:objective></adlseq:objectives></imsss:sequencing>
        <imsss:sequencing ID='Common'><imsss:controlMode flow='false'/></imsss:sequencing>
      </imsss:sequencingCollection>";
    let read = |content: &str| {
        let report = report_of("2004 4th Edition", content, collection);
        (first(&report).sequencing.clone(), codes(&report))
    };
    let (whole, found) = read("<imsss:sequencing IDRef='common'/>");
    assert!(whole.control.flow && !whole.control.choice && !whole.delivery.tracked);
    assert_eq!(whole.objectives.primary.maps[0].target, "g");
    assert_eq!(found, [Code::GlobalObjectiveNeverWritten, Code::CourseNeverCompletes]);
    // An element of the item's own replaces the whole element of that name, and only that one.
    let (partly, _) = read(
        "<imsss:sequencing IDRef='common'><imsss:controlMode forwardOnly='true'/><imsss:objectives><imsss:primaryObjective objectiveID='q'/></imsss:objectives></imsss:sequencing>",
    );
    assert!(
        partly.control.forward_only
            && !partly.control.flow
            && partly.control.choice
            && !partly.delivery.tracked
    );
    assert_eq!(partly.objectives.primary.id.as_deref(), Some("q"));
    assert_eq!(partly.objectives.find("p").unwrap().maps[0].target, "g");
    let (_, found) = read("<imsss:sequencing IDRef='nothing'/>");
    assert_eq!(found, [Code::SequencingReferenceMissing]);
}

/// Content of an item and the finding about it, with what is used instead.
#[test]
fn doubtful_values_are_told_and_replaced() {
    let check = |sequencing: &str, code: Code, holds: fn(&Definition) -> bool| {
        let report = report(&format!("<imsss:sequencing>{sequencing}</imsss:sequencing>"));
        assert_eq!(codes(&report), [code], "{sequencing}");
        assert!(holds(&first(&report).sequencing), "{sequencing}: {:?}", first(&report).sequencing);
        let place = report.diagnostics[0].place.as_deref().unwrap();
        assert!(place.starts_with("imsmanifest.xml:5:"), "{place}");
    };
    let objective = |measure: &str| {
        format!(
            "<imsss:objectives><imsss:primaryObjective satisfiedByMeasure='true'><imsss:minNormalizedMeasure>{measure}</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives>"
        )
    };
    check("<imsss:controlMode flow='maybe'/>", Code::ValueInvalid, |one| !one.control.flow);
    check("<imsss:controlMode choice='maybe'/>", Code::ValueInvalid, |one| one.control.choice);
    check("<imsss:limitConditions attemptLimit='-1'/>", Code::ValueInvalid, |one| {
        one.limits.attempt_limit.is_none()
    });
    check("<imsss:limitConditions attemptLimit='two'/>", Code::ValueInvalid, |one| {
        one.limits.attempt_limit.is_none()
    });
    check("<imsss:limitConditions attemptAbsoluteDurationLimit='1 hour'/>", Code::ValueInvalid, |one| {
        one.limits.attempt_absolute_duration.is_none()
    });
    check("<imsss:limitConditions beginTimeLimit='tomorrow'/>", Code::ValueInvalid, |one| {
        one.limits.begin_time.is_none()
    });
    check(&objective("80"), Code::ValueIsPercent, |one| {
        one.objectives.primary.min_normalized_measure.to_string() == "0.8"
    });
    check(&objective("80 %"), Code::ValueIsPercent, |one| {
        one.objectives.primary.min_normalized_measure.to_string() == "0.8"
    });
    check(&objective("0,8"), Code::ValueInvalid, |one| {
        one.objectives.primary.min_normalized_measure.to_string() == "0.8"
    });
    check(&objective("1.5"), Code::ValueOutOfRange, |one| {
        one.objectives.primary.min_normalized_measure == Decimal::ONE
    });
    check(&objective("-7"), Code::ValueOutOfRange, |one| {
        one.objectives.primary.min_normalized_measure == Decimal::MINUS_ONE
    });
    check(&objective("high"), Code::ValueInvalid, |one| {
        one.objectives.primary.min_normalized_measure == Decimal::ONE
    });
    check("<imsss:rollupRules objectiveMeasureWeight='3'/>", Code::ValueOutOfRange, |one| {
        one.rollup.objective_measure_weight.to_string() == "3"
    });
    check("<imsss:randomizationControls randomizationTiming='always'/>", Code::VocabularyUnknown, |one| {
        one.randomization.randomization_timing == RandomizationTiming::Never
    });
    check(
        "<adlseq:rollupConsiderations requiredForCompleted='sometimes'/>",
        Code::VocabularyUnknown,
        |one| one.rollup.considerations.required_for_completed == RollupConsideration::Always,
    );
    check("<imsss:flowMode flow='true'/>", Code::VocabularyUnknown, |one| !one.control.flow);
    check(
        "<imsss:objectives><imsss:primaryObjective/><imsss:objective/></imsss:objectives>",
        Code::ObjectiveIdMissing,
        |one| one.objectives.others.is_empty(),
    );
    check(
        "<imsss:objectives><imsss:primaryObjective><imsss:mapInfo/></imsss:primaryObjective></imsss:objectives>",
        Code::ObjectiveMapWithoutTarget,
        |one| one.objectives.primary.maps.is_empty(),
    );
    check(
        "<imsss:objectives><imsss:primaryObjective objectiveID='a'/><imsss:objective objectiveID='a'/></imsss:objectives>",
        Code::ObjectiveDuplicate,
        |one| one.objectives.iter().count() == 1,
    );
    check(
        "<adlseq:objectives><adlseq:objective objectiveID='a'><adlseq:mapInfo targetObjectiveID='g' writeRawScore='true'/></adlseq:objective></adlseq:objectives>",
        Code::ObjectiveUnmatched,
        |one| one.objectives.others.len() == 1,
    );
    check(
        "<imsss:sequencingRules><imsss:preConditionRule><imsss:ruleAction action='skip'/></imsss:preConditionRule></imsss:sequencingRules>",
        Code::RuleIncomplete,
        |one| one.rules.pre.len() == 1,
    );
    check(
        "<imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions><imsss:ruleCondition condition='always'/></imsss:ruleConditions></imsss:preConditionRule></imsss:sequencingRules>",
        Code::RuleIncomplete,
        |one| one.rules.pre.is_empty(),
    );
    check(
        "<imsss:sequencingRules><imsss:exitConditionRule><imsss:ruleConditions><imsss:ruleCondition condition='satisfied' referencedObjective='x'/></imsss:ruleConditions><imsss:ruleAction action='exit'/></imsss:exitConditionRule></imsss:sequencingRules>",
        Code::RuleObjectiveUnknown,
        |one| one.rules.exit.len() == 1,
    );
}

/// Items below the organization, sequencing of the organization, and what cannot work about it.
#[test]
fn sequencing_that_cannot_work_is_told() {
    let item = |id: &str, sequencing: &str| {
        format!(
            "<item identifier='{id}' identifierref='R' parameters='?{id}'><title>{id}</title><imsss:sequencing>{sequencing}</imsss:sequencing></item>"
        )
    };
    let maps = |first: &str, second: &str| {
        format!(
            "<imsss:objectives><imsss:primaryObjective objectiveID='p'><imsss:mapInfo {first}/></imsss:primaryObjective><imsss:objective objectiveID='o'><imsss:mapInfo {second}/></imsss:objective></imsss:objectives>"
        )
    };
    let write = "targetObjectiveID='g' readSatisfiedStatus='false' readNormalizedMeasure='false' writeSatisfiedStatus='true'";
    let two_reads = "<imsss:objectives><imsss:primaryObjective><imsss:mapInfo targetObjectiveID='g' writeSatisfiedStatus='true'/><imsss:mapInfo targetObjectiveID='h' writeSatisfiedStatus='true'/></imsss:primaryObjective></imsss:objectives>";
    let not_counting = "<imsss:rollupRules rollupProgressCompletion='false'/>";
    let disabled = "<imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions><imsss:ruleCondition condition='always'/></imsss:ruleConditions><imsss:ruleAction action='disabled'/></imsss:preConditionRule></imsss:sequencingRules>";
    let completes = "<imsss:rollupRules><imsss:rollupRule childActivitySet='any'><imsss:rollupConditions><imsss:rollupCondition condition='satisfied'/></imsss:rollupConditions><imsss:rollupAction action='completed'/></imsss:rollupRule></imsss:rollupRules>";
    let counts = |number: u32| {
        completes.replace(
            "childActivitySet='any'",
            &format!("childActivitySet='atLeastCount' minimumCount='{number}'"),
        )
    };
    for (items, root, expected) in [
        (item("A", ""), "<imsss:controlMode flow='true'/>".to_owned(), vec![]),
        (item("A", ""), "<imsss:controlMode choice='false'/>".to_owned(), vec![Code::ClusterUnreachable]),
        (item("A", "<imsss:controlMode choice='false'/>"), String::new(), vec![]),
        (item("A", disabled), String::new(), vec![Code::ActivityNeverAvailable]),
        (
            item("A", "<imsss:limitConditions attemptLimit='0'/>"),
            String::new(),
            vec![Code::ActivityNeverAvailable],
        ),
        (item("A", ""), counts(2), vec![Code::RollupRuleNeverApplies]),
        (item("A", "") + &item("B", ""), counts(2), vec![]),
        (
            item("A", ""),
            "<imsss:randomizationControls selectionTiming='once' selectCount='2'/>".to_owned(),
            vec![Code::SelectionTooLarge],
        ),
        (
            item("A", ""),
            "<imsss:randomizationControls selectionTiming='once' selectCount='0'/>".to_owned(),
            vec![Code::SelectionTooLarge],
        ),
        (item("A", ""), "<imsss:randomizationControls selectCount='2'/>".to_owned(), vec![]),
        (item("A", two_reads), String::new(), vec![Code::GlobalObjectiveReadConflict]),
        (item("A", &maps(write, write)), String::new(), vec![Code::GlobalObjectiveWriteConflict]),
        (item("A", &maps(write, "targetObjectiveID='g'")), String::new(), vec![]),
        (
            item("A", &maps("targetObjectiveID='g'", write))
                + &item("B", &maps("targetObjectiveID='h'", write)),
            String::new(),
            vec![Code::GlobalObjectiveNeverWritten],
        ),
        (
            item("A", "<imsss:deliveryControls tracked='false'/>"),
            String::new(),
            vec![Code::CourseNeverCompletes],
        ),
        (item("A", not_counting), String::new(), vec![Code::CourseNeverCompletes]),
        (item("A", not_counting), completes.to_owned(), vec![]),
        (item("A", not_counting) + &item("B", ""), String::new(), vec![]),
        (
            item("A", ""),
            "<imsss:deliveryControls tracked='false'/>".to_owned(),
            vec![Code::CourseNeverCompletes],
        ),
    ] {
        let organization = format!("{items}<imsss:sequencing>{root}</imsss:sequencing>");
        let report = scorm(&scorm2004("2004 4th Edition", &organization, ""));
        assert_eq!(codes(&report), expected, "{organization}");
        assert!(course(&report).launchable);
    }
}

#[test]
fn scorm12_ignores_sequencing() {
    let report =
        report_of("1.2", "<imsss:sequencing><imsss:controlMode flow='true'/></imsss:sequencing>", "");
    assert_eq!(first(&report).sequencing, Definition::default());
}

#[test]
fn a_course_survives_json() {
    let report = report(
        "<imsss:sequencing><imsss:controlMode flow='true'/><imsss:objectives><imsss:primaryObjective objectiveID='p'><imsss:mapInfo targetObjectiveID='g' writeSatisfiedStatus='true'/></imsss:primaryObjective></imsss:objectives></imsss:sequencing>",
    );
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
    let summary = serde_json::to_value(report.summary()).unwrap();
    let mut keys: Vec<_> = summary.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        ["also", "authoring_tool", "diagnostics", "items", "launch", "launchable", "standard", "title"]
    );
    assert_eq!(summary["standard"], "SCORM_2004_4TH_EDITION");
}

#[test]
fn attributes_of_a_completion_threshold_win_over_its_text() {
    let report =
        report("<adlcp:completionThreshold minProgressMeasure='0.5'>0.9</adlcp:completionThreshold>");
    let completion = first(&report).sequencing.completion;
    assert_eq!((completion.completed_by_measure, completion.min_progress_measure), (false, decimal("0.5")));
}

#[test]
fn only_leaves_are_launched() {
    let cluster = |child: &str| {
        format!(
            "<item identifier='A' identifierref='R' parameters='?a'><title>A</title><item identifier='B'{child}><title>B</title></item></item>"
        )
    };
    let report = scorm(&scorm2004("2004 3rd Edition", &cluster(" identifierref='R' parameters='?b'"), ""));
    assert_eq!(report.summary().launch.as_deref(), Some("index.html?b"));
    assert!(report.is_launchable());
    let organization = course(&report).organization().unwrap();
    assert!(!organization.is_leaf(0) && organization.is_leaf(1));
    let report = scorm(&scorm2004("2004 3rd Edition", &cluster(""), ""));
    assert_eq!((report.is_launchable(), codes(&report).contains(&Code::NothingToLaunch)), (false, true));
}
