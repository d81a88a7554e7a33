//! What content reports can be read as records, in every edition.

use lyceum_attempt::engine::Engine;
use lyceum_attempt::records::{Records, of_state};
use serde_json::json;

use super::{open, plan, set, settings};

fn reported(edition: &str, values: &[(&str, &str)]) -> Records {
    let mut engine: Engine = open(&plan(edition, &["sco"]), &settings(""), None);
    assert!(engine.deliver("u0", 0));
    engine.initialize("", 0);
    for (element, value) in values {
        set(&mut engine, element, value);
    }
    let (id, records) = of_state(engine.state()).next().unwrap();
    assert_eq!(id, "u0");
    records
}

#[test]
fn scorm_2004() {
    let records = reported(
        "2004-4",
        &[
            ("cmi.interactions.0.id", "q1"),
            ("cmi.interactions.0.type", "choice"),
            ("cmi.interactions.0.objectives.0.id", "o1"),
            ("cmi.interactions.0.timestamp", "1970-01-01T00:00:10Z"),
            ("cmi.interactions.0.correct_responses.0.pattern", "a[,]b"),
            ("cmi.interactions.0.learner_response", "a[,]c"),
            ("cmi.interactions.0.result", "incorrect"),
            ("cmi.interactions.0.weighting", "2.50"),
            ("cmi.interactions.0.latency", "PT1.5S"),
            ("cmi.interactions.0.description", "Which?"),
            ("cmi.interactions.1.id", "q2"),
            ("cmi.interactions.1.type", "numeric"),
            ("cmi.interactions.1.result", "0.75"),
            ("cmi.objectives.0.id", "o1"),
            ("cmi.objectives.0.success_status", "passed"),
            ("cmi.objectives.0.completion_status", "completed"),
            ("cmi.objectives.0.score.scaled", "0.5"),
            ("cmi.objectives.0.progress_measure", "1"),
            ("cmi.comments_from_learner.0.comment", "Good"),
            ("cmi.comments_from_learner.0.location", "p1"),
            ("cmi.comments_from_learner.0.timestamp", "1970-01-01T00:00:01Z"),
            ("cmi.learner_preference.language", "de"),
            ("cmi.learner_preference.delivery_speed", "1.5"),
        ],
    );
    let none = json!(null);
    let expected = json!({
        "interactions": [
            {"index": 0, "id": "q1", "type": "choice", "objectives": ["o1"], "response": "a[,]c", "correct_responses": ["a[,]b"],
             "result": "incorrect", "weighting": "2.5", "latency": 150, "timestamp": "1970-01-01T00:00:10Z", "at": 10_000,
             "description": "Which?"},
            {"index": 1, "id": "q2", "type": "numeric", "objectives": [], "response": none, "correct_responses": [],
             "result": "0.75", "weighting": none, "latency": none, "timestamp": none, "at": none, "description": none},
        ],
        "objectives": [
            {"index": 0, "id": "o1", "status": none, "completion": "completed", "success": "passed",
             "score": {"scaled": "0.5", "raw": none, "min": none, "max": none}, "progress": "1", "description": none},
        ],
        "comments": [{"comment": "Good", "location": "p1", "timestamp": "1970-01-01T00:00:01Z", "at": 1_000}],
        "preference": {"audio": none, "language": "de", "speed": "1.5", "captioning": none},
    });
    assert_eq!(serde_json::to_value(&records).unwrap(), expected);
}

#[test]
fn scorm_1_2() {
    let records = reported(
        "1.2",
        &[
            ("cmi.interactions.0.id", "q1"),
            ("cmi.interactions.0.type", "true-false"),
            ("cmi.interactions.0.time", "10:00:00"),
            ("cmi.interactions.0.student_response", "t"),
            ("cmi.interactions.0.correct_responses.0.pattern", "t"),
            ("cmi.interactions.0.result", "wrong"),
            ("cmi.interactions.0.latency", "00:00:02"),
            ("cmi.objectives.0.id", "o1"),
            ("cmi.objectives.0.status", "passed"),
            ("cmi.objectives.0.score.raw", "80"),
            ("cmi.comments", "Well done"),
            ("cmi.student_preference.audio", "50"),
        ],
    );
    let question = &records.interactions[0];
    assert_eq!(
        (question.kind.as_deref(), question.result.as_deref()),
        (Some("true-false"), Some("incorrect"))
    );
    assert_eq!((question.response.as_deref(), question.latency, question.at), (Some("t"), Some(200), None));
    assert_eq!(question.timestamp.as_deref(), Some("10:00:00"));
    assert_eq!((records.objectives[0].status, records.objectives[0].success), (Some("passed"), None));
    assert_eq!(records.objectives[0].score.raw.as_deref(), Some("80"));
    assert_eq!(records.comments[0].comment.as_deref(), Some("Well done"));
    assert_eq!(records.preference.audio.as_deref(), Some("50"));
}

#[test]
fn nothing_reported_is_nothing() {
    let records = reported("1.2", &[("cmi.core.lesson_location", "3")]);
    assert!(records.is_empty());
    assert_eq!(serde_json::to_value(&records).unwrap(), json!({}));
}
