use alloc::{string::ToString, vec};

use super::*;

#[test]
fn decimals_read_every_form_of_xs_decimal_exactly() {
    for (text, units, shown) in [
        ("0", 0, "0"),
        ("1", 1_000_000_000, "1"),
        ("1.0000", 1_000_000_000, "1"),
        (" 0.0051 ", 5_100_000, "0.0051"),
        (".5", 500_000_000, "0.5"),
        ("5.", 5_000_000_000, "5"),
        ("+0.75", 750_000_000, "0.75"),
        ("-0.5", -500_000_000, "-0.5"),
        ("-0", 0, "0"),
        ("0.3333333335", 333_333_334, "0.333333334"),
        ("0.3333333334999", 333_333_333, "0.333333333"),
        ("0.9999999999", 1_000_000_000, "1"),
        ("-0.0000000005", -1, "-0.000000001"),
        ("9223372035.999999999", 9_223_372_035_999_999_999, "9223372035.999999999"),
    ] {
        let decimal = Decimal::parse(text).unwrap();
        assert_eq!((decimal.units(), decimal.to_string().as_str()), (units, shown), "{text}");
        assert_eq!(Decimal::parse(&decimal.to_string()), Ok(decimal), "{text}");
    }
}

#[test]
fn decimals_refuse_what_is_no_decimal() {
    for text in ["", " ", ".", "-", "+.", "1e3", "0x1", "1,5", "1.2.3", "--1", "NaN", "one", "1 2", "٣"] {
        assert_eq!(Decimal::parse(text), Err(DecimalError::NotANumber), "{text}");
    }
    for text in ["9223372037", "-99999999999999999999999", "9223372036.999999999"] {
        assert_eq!(Decimal::parse(text), Err(DecimalError::OutOfRange), "{text}");
    }
}

#[test]
fn durations_are_read_with_their_text() {
    for (text, hundredths) in [
        ("PT0S", 0),
        ("PT1H30M", 540_000),
        ("PT0.5S", 50),
        ("PT58.559S", 5_855),
        ("P1D", 8_640_000),
        ("P1M", 259_200_000),
        ("P5Y6M4DT12H30M58.55S", ((5 * 365 + 6 * 30 + 4) * 86_400 + 12 * 3_600 + 30 * 60 + 58) * 100 + 55),
    ] {
        let span = TimeSpan::parse(text).unwrap();
        assert_eq!((span.hundredths, span.text.as_str()), (hundredths, text));
    }
    for text in [
        "",
        "P",
        "PT",
        "1H",
        "-PT1H",
        "P1S",
        "PT1D",
        "PT5M1H",
        "PT1H1H",
        "PT.S",
        "PT1.5H",
        "PT1.S",
        "PT1.2.3S",
        "PT1",
        "P1DT",
        "PT99999999999999999999S",
        "PT1H ago",
        "00:45:00",
        "PTé",
    ] {
        assert_eq!(TimeSpan::parse(text), Err(TimeError::NotADuration), "{text}");
    }
}

#[test]
fn instants_are_read_with_their_offset() {
    for (text, unix_ms) in [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00", 0),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T23:30:00-00:30", 0),
        ("2000-02-29T12:00:00.123456Z", 951_825_600_123),
        ("2026-11-21T09:00:00Z", 1_795_251_600_000),
        ("1999-12-31T24:00:00Z", 946_684_800_000),
    ] {
        assert_eq!(Instant::parse(text).map(|instant| instant.unix_ms), Ok(unix_ms), "{text}");
    }
    for text in [
        "",
        "2027",
        "2027-02-29T00:00:00Z",
        "2027-13-01T00:00:00Z",
        "2027-00-01T00:00:00Z",
        "2027-01-32T00:00:00Z",
        "2027-01-01",
        "2027-01-01 00:00:00",
        "2027-01-01T25:00:00Z",
        "2027-01-01T24:00:01Z",
        "2027-01-01T00:60:00Z",
        "2027-01-01T00:00:00.Z",
        "2027-01-01T00:00:00+1:00",
        "2027-01-01T00:00:00+15:00",
        "20270101T000000Z",
        "0000-01-01T00:00:00Z",
        "2027-01-01T00:00",
        "2027/01/01T00:00:00Z",
        "2027-01-01T00:00:00é",
    ] {
        assert_eq!(Instant::parse(text), Err(TimeError::NotADateTime), "{text}");
    }
}

#[test]
fn vocabularies_read_their_own_tokens_in_any_case() {
    for condition in Condition::ALL {
        assert_eq!(Condition::from_token(condition.token()), Some(*condition));
    }
    assert_eq!(PreAction::from_token("HIDDENFROMCHOICE"), Some(PreAction::HiddenFromChoice));
    assert_eq!(PostAction::from_token("exit"), None);
    assert_eq!(LmsControl::ALL.len(), 7);
    assert_eq!(Condition::ALL.len(), 12);
    assert_eq!(
        serde_json::to_string(&RandomizationTiming::OnEachNewAttempt).unwrap(),
        "\"onEachNewAttempt\""
    );
}

/// The defaults of the XML binding's schemas, written out once more.
#[test]
fn defaults_are_those_of_the_standard() {
    let definition = Definition::default();
    let control = definition.control;
    assert!(control.choice && control.choice_exit && !control.flow && !control.forward_only);
    assert!(control.use_current_attempt_objective_info && control.use_current_attempt_progress_info);
    assert!(
        !definition.constrained_choice.prevent_activation && !definition.constrained_choice.constrain_choice
    );
    assert!(definition.rollup.objective_satisfied && definition.rollup.progress_completion);
    assert_eq!(definition.rollup.objective_measure_weight, Decimal::ONE);
    assert!(definition.rollup.considerations.measure_satisfaction_if_active);
    assert_eq!(definition.rollup.considerations.required_for_incomplete, RollupConsideration::Always);
    assert_eq!(definition.objectives.iter().count(), 1);
    assert!(!definition.objectives.primary.satisfied_by_measure);
    assert_eq!(definition.objectives.primary.min_normalized_measure, Decimal::ONE);
    assert!(definition.delivery.tracked);
    assert!(!definition.delivery.completion_set_by_content && !definition.delivery.objective_set_by_content);
    assert_eq!(definition.randomization.selection_timing, RandomizationTiming::Never);
    assert!(!definition.completion.completed_by_measure);
    assert_eq!(definition.completion.min_progress_measure, Decimal::ONE);
    assert_eq!(definition.completion.progress_weight, Decimal::ONE);
    assert_eq!(RuleConditions::default().combination, ConditionCombination::All);
    assert_eq!(ChildActivitySet::default(), ChildActivitySet::All);
}

#[test]
fn a_definition_survives_json_and_leaves_defaults_out() {
    assert_eq!(serde_json::to_string(&Definition::default()).unwrap(), "{}");
    let mut definition = Definition::default();
    definition.control.flow = true;
    definition.rules.pre.push(SequencingRule {
        conditions: RuleConditions {
            combination: ConditionCombination::Any,
            conditions: vec![RuleCondition {
                condition: Condition::ObjectiveMeasureLessThan,
                negated: true,
                referenced_objective: Some("a b".into()),
                measure_threshold: Decimal::parse("-0.25").unwrap(),
            }],
        },
        action: PreAction::Skip,
    });
    definition.rollup.rules.push(RollupRule {
        children: ChildActivitySet::AtLeastPercent(Decimal::parse("0.3333").unwrap()),
        combination: ConditionCombination::Any,
        conditions: vec![RollupCondition { condition: RollupConditionKind::Attempted, negated: false }],
        action: RollupAction::Incomplete,
    });
    definition.objectives.others.push(Objective {
        id: Some("second".into()),
        maps: vec![ObjectiveMap {
            target: "g".into(),
            read: MappedFields { raw_score: true, ..MappedFields::default() },
            write: MappedFields::default(),
        }],
        ..Objective::default()
    });
    definition.limits.attempt_absolute_duration = Some(TimeSpan::parse("PT1H").unwrap());
    definition.presentation.hide_lms_ui = vec![LmsControl::SuspendAll];
    let json = serde_json::to_string(&definition).unwrap();
    assert!(!json.contains("delivery") && json.contains(r#""measure_threshold":"-0.25""#), "{json}");
    assert_eq!(serde_json::from_str::<Definition>(&json).unwrap(), definition);
    assert!(definition.objectives.find("second").is_some() && definition.objectives.find("Second").is_none());
}

#[test]
fn mapped_fields_combine() {
    let a = MappedFields { satisfied_status: true, raw_score: true, ..MappedFields::default() };
    let b = MappedFields { raw_score: true, progress_measure: true, ..MappedFields::default() };
    assert_eq!(a.common(b), MappedFields { raw_score: true, ..MappedFields::default() });
    assert!(a.union(b).satisfied_status && a.union(b).progress_measure && !a.union(b).min_score);
    assert!(MappedFields::default().is_empty() && !a.is_empty());
}
