//! `POST /scorm/api/{registration}`.

use http::StatusCode;
use serde_json::{Value, json};

use super::door::Door;

async fn registration(door: &Door) -> String {
    door.on.register(door.course, "ada").await.to_string()
}

/// Calls one after the other: the result, or the error's code.
async fn calls(door: &Door, id: &str, table: &[(&str, &str, &str, &str)]) {
    for (action, element, value, expected) in table {
        let body = json!({"action": action, "element": element, "value": value});
        let (status, answer) = door.post(&format!("/scorm/api/{id}"), &body).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let found = match answer["success"] {
            Value::Bool(true) => answer["data"]["result"].as_str().expect("a text").to_owned(),
            _ => format!("! {}", answer["error"]["code"].as_str().expect("a code")),
        };
        assert_eq!(found, *expected, "{action} {element} {value}: {answer}");
    }
}

#[tokio::test]
async fn a_visit_by_calls_in_1_2() {
    let door = Door::new().await;
    let id = registration(&door).await;
    calls(
        &door,
        &id,
        &[
            ("LMSGetValue", "cmi.core.entry", "", "! 301"),
            ("LMSGetLastError", "", "", "0"),
            ("LMSGetErrorString", "301", "", "Not initialized"),
            ("LMSInitialize", "", "", "true"),
            ("LMSInitialize", "", "", "! 101"),
            ("LMSGetValue", "cmi.core.student_id", "", "ada"),
            ("LMSGetValue", "cmi.core.entry", "", "ab-initio"),
            ("LMSSetValue", "cmi.core.lesson_location", "3", "true"),
            ("LMSGetValue", "cmi.core.lesson_location", "", "3"),
            ("LMSSetValue", "cmi.core.lesson_status", "done", "! 405"),
            ("LMSGetLastError", "", "", "405"),
            ("LMSSetValue", "cmi.core.student_id", "bob", "! 403"),
            ("LMSSetValue", "cmi.core.exit", "suspend", "true"),
            ("LMSCommit", "", "", "true"),
            ("LMSFinish", "", "", "true"),
            ("LMSSetValue", "cmi.core.lesson_location", "4", "! 301"),
            ("LMSInitialize", "", "", "true"),
            ("LMSGetValue", "cmi.core.entry", "", "resume"),
            ("LMSGetValue", "cmi.core.lesson_location", "", "3"),
        ],
    )
    .await;
    assert_eq!(door.report(&id).await["attempts"][0]["sessions"].as_array().expect("a list").len(), 2);
    door.verify().await;
}

#[tokio::test]
async fn a_visit_by_calls_in_2004() {
    let door = Door::to_2004().await;
    let id = registration(&door).await;
    calls(
        &door,
        &id,
        &[
            ("SetValue", "cmi.location", "1", "! 132"),
            ("Terminate", "", "", "! 112"),
            ("Initialize", "", "", "true"),
            ("Initialize", "", "", "! 103"),
            ("SetValue", "cmi.score.scaled", "2", "! 407"),
            ("SetValue", "cmi.score.scaled", "0.5", "true"),
            ("SetValue", "cmi.completion_status", "completed", "true"),
            ("GetValue", "cmi.location", "", "! 403"),
            ("Terminate", "", "", "true"),
            ("GetValue", "cmi.location", "", "! 123"),
            ("Commit", "", "", "! 143"),
        ],
    )
    .await;
    let report = door.report(&id).await;
    assert_eq!((&report["completion"], &report["score"]["scaled"]), (&json!("completed"), &json!(0.5)));
    let (status, answer) = door.post(&format!("/api/scorm/api/{id}/"), &json!({"action": "Fly"})).await;
    assert_eq!((status, &answer["success"]), (StatusCode::BAD_REQUEST, &json!(false)));
    door.verify().await;
}
