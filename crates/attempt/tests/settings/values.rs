//! Names, values, stored form, documentation.

use lyceum_attempt::opening::Opening;
use lyceum_attempt::settings::catalog::{self, ALL, SettingError};
use lyceum_attempt::settings::{Mode, Settings};
use lyceum_cmi::Strictness;
use serde_json::json;

use super::settings;

#[test]
fn every_setting_can_be_set_to_each_of_its_words_and_back() {
    for entry in ALL {
        let default = entry.default_value();
        for word in entry.values.words() {
            let mut of = Settings::default();
            let kept = entry.set(&mut of, &word.to_uppercase()).unwrap();
            assert_eq!(entry.value(&of), kept, "{}", entry.name);
            let stored = serde_json::to_string(&of).unwrap();
            assert_eq!(serde_json::from_str::<Settings>(&stored).unwrap(), of, "{stored}");
            assert_eq!(of == Settings::default(), kept == default, "{} = {kept}", entry.name);
        }
        assert_eq!(entry.values.read(&default).as_deref(), Some(default.as_str()), "{}", entry.name);
    }
}

#[test]
fn names_and_ids_are_unique_and_both_are_found() {
    for (at, entry) in ALL.iter().enumerate() {
        assert!(ALL[..at].iter().all(|e| e.name != entry.name), "{}", entry.name);
        assert!(std::ptr::eq(catalog::find(&entry.name.to_uppercase()).unwrap(), entry));
        if let Some(id) = entry.cloud_id {
            assert!(ALL[..at].iter().all(|e| e.cloud_id != Some(id)), "{id}");
            assert!(std::ptr::eq(catalog::find(id).unwrap(), entry));
        }
    }
}

#[test]
fn values_are_read_or_refused_with_what_is_allowed() {
    for (name, value, kept) in [
        ("mastery_score", " 80.0 ", Some("80")),
        ("mastery_score", "101", None),
        ("mastery_score", "NONE", Some("none")),
        ("mastery_score", "8e1", None),
        ("passing_score", "-0.5", Some("-0.5")),
        ("completion_threshold", "-0.1", None),
        ("credit", "TRUE", Some("yes")),
        ("credit", "maybe", None),
        ("suspend_data_max", "65536", Some("65536")),
        ("suspend_data_max", "-1", None),
        ("scoring_units", "all", Some("all")),
        ("comments_from_lms", " Ask \n Grace ", Some("Ask \n Grace")),
        ("comments_from_lms", &"x".repeat(4_097), None),
        ("PlayerScoreRollupModeValue", "fixed_average", Some("FIXED_AVERAGE")),
    ] {
        let got = catalog::find(name).unwrap().set(&mut Settings::default(), value);
        assert_eq!(got.as_deref().ok(), kept, "{name}={value}");
    }
    let refused = catalog::find("mastery_score").unwrap().set(&mut Settings::default(), "high");
    assert_eq!(
        refused.unwrap_err().to_string(),
        "mastery_score cannot be \"high\": it is a number from 0 to 100, manifest or none"
    );
    let unknown = catalog::find("mastery").unwrap_err();
    assert!(matches!(unknown, SettingError::Unknown(_)));
    assert!(unknown.to_string().contains("mastery_score, passing_score"));
}

#[test]
fn a_stored_opening_of_the_first_version_reads() {
    let stored = json!({
        "engine": "0.1.0", "session": "s", "ordinal": 1, "attempt": 1, "opened_at": 5, "seed": 1,
        "learner": {"id": "l", "name": "n"},
        "settings": {"strictness": "strict", "extensions": true, "reset_run_time_data": "NEVER", "mode": "browse", "credit": false},
    });
    let opening: Opening = serde_json::from_value(stored).unwrap();
    let expected =
        settings("strictness=strict extensions=yes reset_run_time_data=NEVER mode=browse credit=no");
    assert_eq!(opening.settings, expected);
    assert_eq!(Settings::default().strictness, Strictness::Tolerant);
}

#[test]
fn values_of_another_version_are_passed_over() {
    let (of, unknown) =
        Settings::from_values([("mode", "review"), ("from_the_future", "1"), ("credit", "perhaps")]);
    assert_eq!(of.mode, Mode::Review);
    assert_eq!(unknown, ["from_the_future", "credit"]);
}

#[test]
fn a_completed_course_is_opened_for_review_where_that_is_asked_for() {
    let asked = settings("review_when_completed=yes");
    assert!(asked.clone().for_session(false).counts());
    let reviewed = asked.for_session(true);
    assert_eq!((reviewed.mode, reviewed.credit), (Mode::Review, false));
    assert!(Settings::default().for_session(true).counts());
}

/// Write it anew with `UPDATE=1 cargo test -p lyceum-attempt --test settings`.
#[test]
fn the_documentation_is_what_the_program_does() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/settings.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, catalog::markdown()).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == catalog::markdown(),
        "docs/settings.md is out of date: UPDATE=1 cargo test -p lyceum-attempt --test settings"
    );
}
