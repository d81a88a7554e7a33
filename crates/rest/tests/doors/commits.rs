//! `POST` and `GET /scorm/progress/{topic}/`.

use http::StatusCode;
use lyceum_app::{Actor, Clock as _, Standing, Target, limits};
use lyceum_testkit::TestApp;
use serde_json::{Value, json};

use super::door::{Door, blank};

#[tokio::test]
async fn the_first_commit_makes_everything_and_the_next_goes_on() {
    let door = Door::new().await;
    let answer = door
        .commit(&json!({
            "learner": "ada", "learner_name": "Lovelace, Ada", "session_id": "page-1", "sequence": 1,
            "cmi.core.lesson_status": "incomplete", "cmi.core.score.raw": 40, "cmi.suspend_data": "p=3",
        }))
        .await;
    assert_eq!(
        blank(answer.clone()),
        json!({
            "ok": true, "result": "true", "errorCode": 0,
            "enrollment": {"id": "…", "status": "incomplete", "total_attempts": 1, "best_score": 40, "overridden": false},
            "attempt": {
                "id": "…", "number": 1, "session_id": "…", "completed": false, "score_raw": 40,
                "completion_status": "incomplete", "success_status": "unknown", "commit_count": 1,
                "overridden": false,
            },
            "progress": {"completed": false, "score": 40, "total_seconds": 0.0, "overridden": false},
            "sequence": 1, "repeated": false, "accepted": 3, "refused": [], "ignored": [], "token": "…",
        })
    );
    assert_eq!(answer["attempt"]["session_id"], "page-1");

    door.on.clock.advance(60_000);
    let last = json!({
        "learner": "ada", "session_id": "page-1", "sequence": 2, "terminate": true,
        "cmi": {"core": {"lesson_status": "completed", "score": {"raw": "85"}, "session_time": "00:01:00", "student_id": "ada"}},
    });
    let answer = door.commit(&last).await;
    assert_eq!(
        (&answer["enrollment"]["status"], &answer["progress"]["score"]),
        (&json!("passed"), &json!(85))
    );
    assert_eq!(answer["ignored"], json!(["cmi.core.student_id"]));
    assert_eq!(answer["progress"]["total_seconds"], 60.0);
    let id = answer["enrollment"]["id"].as_str().expect("an id");
    let report = door.report(id).await;
    assert_eq!(report["learner"], json!({"id": "ada", "name": "Lovelace, Ada"}));
    assert_eq!(
        (&report["attempts"][0]["exit"], &report["attempts"][0]["terminated"]),
        (&json!("exit"), &json!(true))
    );
    assert_eq!(report["attempts"][0]["activities"][0]["cmi"]["cmi.suspend_data"], "p=3");
    door.verify().await;

    // What comes again changes nothing.
    let again = door.commit(&last).await;
    assert_eq!((&again["repeated"], &again["attempt"]["commit_count"]), (&json!(true), &json!(2)));
    assert_eq!(again["progress"], answer["progress"]);

    // The record for dashboards is the same, for whoever asks.
    let (_, shown) = door.get("/api/scorm/progress/42?learner=ada").await;
    assert_eq!((&shown["progress"], &shown["enrollment"]), (&answer["progress"], &answer["enrollment"]));
    let by_hand: Standing = serde_json::from_value(json!({"success": "failed"})).expect("a standing");
    let actor = Actor { by: "Grace".to_owned(), reason: "because".to_owned() };
    let target = Target { registration: id.parse().expect("an id"), attempt: None };
    door.on.app.override_standing(TestApp::TENANT, target, &by_hand, &actor).await.expect("is set");
    let (_, shown) = door.get("/scorm/progress/42?learner=ada").await;
    for record in ["enrollment", "attempt", "progress"] {
        assert_eq!(shown[record]["overridden"], true, "{shown}");
    }
    let (_, nobody) = door.get("/scorm/progress/42/?learner=bob").await;
    assert_eq!(
        nobody,
        json!({"ok": true, "enrollment": null, "attempt": null, "progress": {"completed": false, "score": null, "total_seconds": 0.0}})
    );
}

/// Late, twice, out of order, after the content has terminated: the same as in order.
#[tokio::test]
async fn any_order_of_arrival_gives_the_same_state() {
    let commit = |sequence: u64| {
        let mut body = json!({"learner": "ada", "session_id": "s", "sequence": sequence * 10, "cmi.core.lesson_location": sequence.to_string()});
        match sequence {
            1 => body["cmi.comments"] = json!("first"),
            2 => body["cmi.suspend_data"] = json!("second"),
            _ => {
                body["cmi.core.session_time"] = json!("00:02:00");
                body["cmi.core.score.raw"] = json!("90");
                body["terminate"] = json!(true);
            }
        }
        body
    };
    let mut ends = Vec::new();
    for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1], [3, 1, 2]] {
        let door = Door::new().await;
        let mut id = String::new();
        for sequence in order {
            let answer = door.commit(&commit(sequence)).await;
            assert_eq!(door.commit(&commit(sequence)).await["repeated"], true);
            id = answer["enrollment"]["id"].as_str().expect("an id").to_owned();
        }
        let report = door.report(&id).await;
        assert_eq!(report["attempt_count"], 1, "{order:?}");
        ends.push((door.cmi(&id, 0).await, report["status"].clone(), report["total_seconds"].clone()));
        door.verify().await;
    }
    assert_eq!(ends[0].0["cmi.core.lesson_location"], "3");
    assert_eq!((&ends[0].1, &ends[0].2), (&json!("passed"), &json!(120.0)));
    for end in &ends {
        assert_eq!(end, &ends[0]);
    }
}

/// A commit that was on its way for hours was made before the one that it comes after.
#[tokio::test]
async fn what_comes_late_makes_no_visit_longer() {
    for ends in [false, true] {
        let door = Door::new().await;
        let commit = |sequence: u64| {
            json!({
                "learner": "ada", "session_id": "s", "sequence": sequence, "cmi.core.lesson_location": sequence.to_string(),
                "terminate": ends && sequence == 3,
            })
        };
        let first = door.commit(&commit(1)).await;
        door.on.clock.advance(60_000);
        door.commit(&commit(3)).await;
        door.on.clock.advance(7_200_000);
        let mut late = commit(2);
        late["cmi.suspend_data"] = json!("late");
        assert_eq!(door.commit(&late).await["accepted"], 1);
        let id = first["enrollment"]["id"].as_str().expect("an id");
        door.on.clock.advance(limits::SESSION_LEASE + 1);
        door.on.app.end_stale_sessions(door.on.clock.now()).await.expect("ends what has vanished");
        let report = door.report(id).await;
        assert_eq!((&report["measured_seconds"], &report["total_seconds"]), (&json!(60.0), &json!(60.0)));
        assert_eq!(door.cmi(id, 0).await["cmi.suspend_data"], "late");
        door.verify().await;
    }
}

/// As its 3.4 sends them: all of its data model each time, with what is the LMS's own and what says nothing.
#[tokio::test]
async fn scorm_again_is_understood_as_it_is() {
    let cmi = json!({
        "suspend_data": "a&b=100%", "launch_data": "", "comments": "", "comments_from_lms": "",
        "core": {
            "student_id": "", "student_name": "", "lesson_location": "7", "credit": "", "lesson_status": "incomplete", "entry": "",
            "lesson_mode": "normal", "exit": "suspend", "session_time": "00:00:05", "score": {"raw": "50", "min": "", "max": "100"},
            "total_time": "0000:00:05",
        },
        "objectives": {"0": {"id": "o", "score": {"raw": "", "min": "", "max": "100"}, "status": ""}},
        "student_data": {"mastery_score": "", "max_time_allowed": "", "time_limit_action": ""},
        "student_preference": {"audio": "", "language": "", "speed": "", "text": ""},
        "interactions": {"0": {"id": "q", "time": "", "type": "choice", "weighting": "", "student_response": "a", "result": "correct", "latency": "", "objectives": {}, "correct_responses": {"0": {"pattern": "a"}}}},
    });
    let mut flat = serde_json::Map::new();
    flatten("cmi", &cmi, &mut flat);
    let params: Vec<String> =
        flat.iter().map(|(e, v)| format!("{e}={}", v.as_str().unwrap_or_default())).collect();
    let commit_object = json!({
        "successStatus": "unknown", "completionStatus": "incomplete", "runtimeData": {"cmi": cmi}, "totalTimeSeconds": 5,
        "score": {"raw": 50, "min": 0, "max": 100}, "learnerId": "ada", "courseId": "x", "scoId": "y",
    });
    let forms = [
        ("application/json", json!({"cmi": cmi}).to_string()),
        ("application/json", Value::Object(flat).to_string()),
        ("application/x-www-form-urlencoded", params.join("&")),
        ("application/json;charset=UTF-8", commit_object.to_string()),
        // A beacon.
        ("text/plain;charset=UTF-8", json!({"cmi": cmi}).to_string()),
        ("text/plain;charset=UTF-8", params.join("&")),
    ];
    let mut ends = Vec::new();
    for (of, body) in &forms {
        let door = Door::new().await;
        let (status, answer) =
            door.post_as(&door.key, "/scorm/progress/42?learner=ada&terminate=true", of, body).await;
        assert_eq!(status, StatusCode::OK, "{of} {answer}");
        assert_eq!(
            (&answer["result"], &answer["errorCode"], &answer["refused"]),
            (&json!("true"), &json!(0), &json!([])),
            "{of} {body}"
        );
        let id = answer["enrollment"]["id"].as_str().expect("an id");
        assert_eq!(door.report(id).await["attempts"][0]["exit"], "suspend");
        ends.push(door.cmi(id, 0).await);
    }
    assert_eq!(ends[0]["cmi.suspend_data"], "a&b=100%");
    assert_eq!(ends[0]["cmi.interactions.0.correct_responses.0.pattern"], "a");
    assert!(ends.iter().all(|end| end == &ends[0]), "{ends:#?}");
}

fn flatten(name: &str, value: &Value, into: &mut serde_json::Map<String, Value>) {
    match value {
        Value::Object(inner) => {
            inner.iter().for_each(|(leaf, value)| flatten(&format!("{name}.{leaf}"), value, into));
        }
        other => {
            into.insert(name.to_owned(), other.clone());
        }
    }
}

#[tokio::test]
async fn what_is_refused_is_told_and_stands_in_the_journal() {
    let door = Door::to_2004().await;
    let answer = door
        .commit(&json!({
            "learner": "ada", "cmi.completion_status": "done", "cmi.score.scaled": "0.7", "cmi.core.lesson_status": "passed",
            "cmi.progress_measure": 7, "cmi.success_status": "passed",
        }))
        .await;
    let codes: Vec<_> = answer["refused"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|of| (&of["element"], &of["code"]))
        .collect();
    assert_eq!(
        codes,
        [
            (&json!("cmi.completion_status"), &json!(406)),
            (&json!("cmi.core.lesson_status"), &json!(401)),
            (&json!("cmi.progress_measure"), &json!(407)),
        ]
    );
    assert_eq!((&answer["accepted"], &answer["enrollment"]["status"]), (&json!(2), &json!("passed")));
    let id = answer["enrollment"]["id"].as_str().expect("an id").parse().expect("an id");
    let query = lyceum_app::HistoryQuery { limit: 100, ..Default::default() };
    let history = door.on.app.history(super::TestApp::TENANT, id, &query).await.expect("a history");
    let refused = serde_json::to_value(history).expect("JSON");
    let refused = refused["items"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|item| item["effect"] == "refused")
        .count();
    assert_eq!(refused, 3);
}

/// Without a name of its own a page goes on with its last session while that is open; after that it opens another, and resumes.
#[tokio::test]
async fn sessions_without_a_name() {
    let door = Door::new().await;
    let first = door
        .commit(&json!({"learner": "ada", "cmi.core.lesson_location": "1", "cmi.core.exit": "suspend"}))
        .await;
    let second = door.commit(&json!({"learner": "ada", "cmi.core.lesson_location": "2"})).await;
    assert_eq!(first["attempt"]["session_id"], second["attempt"]["session_id"]);
    assert_eq!((&first["sequence"], &second["sequence"]), (&json!(1), &json!(2)));
    let again = door.commit(&json!({"learner": "ada", "cmi.core.lesson_location": "2"})).await;
    assert_eq!(again["repeated"], true);
    door.on.clock.advance(limits::SESSION_LEASE);
    let third = door.commit(&json!({"learner": "ada", "cmi.core.lesson_location": "3"})).await;
    assert_ne!(third["attempt"]["session_id"], second["attempt"]["session_id"]);
    assert_eq!(third["attempt"]["number"], 1);
    // By the id that we gave it.
    let named = json!({"learner": "ada", "session_id": third["attempt"]["session_id"], "cmi.core.lesson_location": "4"});
    assert_eq!(door.commit(&named).await["attempt"]["session_id"], third["attempt"]["session_id"]);
    door.verify().await;
}

#[tokio::test]
async fn new_attempts_by_rule_and_on_request() {
    let door = Door::new().await;
    let set = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    let tenant = super::TestApp::TENANT;
    let done = json!({"learner": "ada", "session_id": "1", "cmi.core.lesson_status": "completed", "cmi.core.score.raw": 70, "terminate": true});
    door.commit(&done).await;
    let asks = json!({"learner": "ada", "session_id": "2", "new_attempt": true, "cmi.core.score.raw": 60});
    let (status, refused) = door.post("/scorm/progress/42/", &asks).await;
    assert_eq!((status, &refused["error"]["code"]), (StatusCode::CONFLICT, &json!("no-new-attempt")));
    door.on
        .app
        .change_course_settings(tenant, door.course, &set("new_attempt_on_request", "yes"))
        .await
        .expect("set");
    let second = door.commit(&asks).await;
    assert_eq!((&second["attempt"]["number"], &second["enrollment"]["best_score"]), (&json!(2), &json!(70)));
    let rule = set("new_attempt", "WHEN_EXISTING_REG_IS_COMPLETE");
    door.on.app.change_course_settings(tenant, door.course, &rule).await.expect("set");
    let open = door
        .commit(&json!({"learner": "ada", "session_id": "3", "cmi.core.lesson_status": "completed"}))
        .await;
    assert_eq!(open["attempt"]["number"], 2, "the second one is not completed yet");
    let third =
        door.commit(&json!({"learner": "ada", "session_id": "4", "cmi.core.lesson_location": "1"})).await;
    assert_eq!((&third["attempt"]["number"], &third["enrollment"]["total_attempts"]), (&json!(3), &json!(3)));
    // A late commit of an old session goes to the old attempt.
    let late =
        door.commit(&json!({"learner": "ada", "session_id": "3", "cmi.core.lesson_location": "9"})).await;
    assert_eq!(late["attempt"]["number"], 2);
    door.verify().await;
}
