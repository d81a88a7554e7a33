//! Who reaches what, and what hostile requests come to.

use axum::body::Body;
use http::{Request, StatusCode, header};
use serde_json::json;

use super::door::Door;

#[tokio::test]
async fn keys_and_tokens_reach_their_own() {
    let door = Door::new().await;
    let (course, values) =
        (door.course.to_string(), json!({"learner": "ada", "cmi.core.lesson_location": "1"}).to_string());
    let first = door.commit(&json!({"learner": "ada", "cmi.core.lesson_location": "0"})).await;
    let (id, token) =
        (first["enrollment"]["id"].as_str().expect("an id"), first["token"].as_str().expect("a token"));
    let bob = door.on.register(door.course, "bob").await.to_string();
    let other = door.on.tenant(2).await;
    let foreign = door.on.app.create_key(other, "foreign").await.expect("a key").secret;
    let (progress, api) = (format!("/scorm/progress/{course}/"), format!("/scorm/api/{id}"));
    let call = json!({"action": "GetLastError"}).to_string();
    let bobs = json!({"learner": "bob", "cmi.core.lesson_location": "1"}).to_string();
    let table: [(&str, &str, &str, u16, &str); 12] = [
        (&door.key, &progress, &values, 200, ""),
        (token, &progress, &values, 200, ""),
        (token, "/scorm/progress/42/", &values, 200, ""),
        ("", &progress, &values, 401, "key-invalid"),
        ("lyceum_wrong", &progress, &values, 401, "key-invalid"),
        (&foreign, &progress, &values, 403, "out-of-reach"),
        (&foreign, "/scorm/progress/42/", &values, 404, "not-found"),
        (&foreign, &api, &call, 403, "out-of-reach"),
        (token, &progress, &bobs, 403, "out-of-reach"),
        (token, &format!("/scorm/api/{bob}"), &call, 403, "out-of-reach"),
        (&door.key, "/scorm/api/01234567-0000-7000-8000-000000000000", &call, 404, "not-found"),
        (&door.key, "/scorm/progress/nothing/", &values, 404, "not-found"),
    ];
    for (key, path, body, status, code) in table {
        let (found, answer) = door.post_as(key, path, "application/json", body).await;
        assert_eq!(found.as_u16(), status, "{path} {answer}");
        assert_eq!(answer["error"]["code"].as_str().unwrap_or_default(), code, "{path}");
    }
    // A beacon has no header; a key does not belong into an address.
    for (credential, status) in [(token, 200), (door.key.as_str(), 401)] {
        let request =
            Request::post(format!("/scorm/progress/42/?token={credential}")).body(Body::from(values.clone()));
        assert_eq!(door.send(request.expect("a request")).await.0.as_u16(), status);
    }
    let other = lyceum_testkit::scorm12("Other", &["b"]);
    let other = door.on.import(&other).await.to_string();
    let (status, _) =
        door.post_as(token, &format!("/scorm/progress/{other}/"), "application/json", &values).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn another_method_is_told_so_in_json() {
    let door = Door::new().await;
    for (method, path) in
        [("PUT", "/scorm/progress/42/"), ("GET", "/api/scorm/api/42"), ("POST", "/scorm/launch/42")]
    {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
        let (status, headers, answer) = door.send(request).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert!(headers.contains_key(header::ALLOW), "{headers:?}");
        assert_eq!((&answer["success"], &answer["error"]["code"]), (&json!(false), &json!("no-such-method")));
    }
}

#[tokio::test]
async fn a_sequence_that_is_no_number_is_refused_wherever_it_stands() {
    let door = Door::new().await;
    let values = json!({"learner": "ada", "sequence": "first", "cmi.core.lesson_location": "1"});
    for (path, body) in [
        ("/scorm/progress/42/", values),
        ("/scorm/progress/42/?sequence=first&learner=ada", json!({"cmi.core.lesson_location": "1"})),
    ] {
        let (status, answer) = door.post(path, &body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
        assert!(answer["error"]["message"].as_str().expect("a text").contains("`sequence`"), "{answer}");
    }
    let (_, standing) = door.get("/scorm/progress/42?learner=ada").await;
    assert_eq!(standing["enrollment"], json!(null), "nobody was enrolled by it");
}

#[tokio::test]
async fn launches_and_lists() {
    let door = Door::new().await;
    for path in ["/scorm/launch/42/", "/scorm/launch/42", "/api/scorm/launch/42/", "/api/scorm/launch/42"] {
        let request = Request::get(format!("{path}?learner=ada"))
            .header("authorization", format!("Bearer {}", door.key));
        let (status, headers, _) = door.send(request.body(Body::empty()).expect("a request")).await;
        let location =
            headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert_eq!(status, StatusCode::FOUND);
        assert!(location.starts_with("http://127.0.0.1:8080/launch/"), "{location}");
        assert!(door.on.app.redeem_launch(location.rsplit('/').next().expect("a token")).await.is_ok());
    }
    let (status, refused) = door.get("/scorm/launch/42/").await;
    assert_eq!((status, &refused["error"]["code"]), (StatusCode::BAD_REQUEST, &json!("malformed-request")));
    let (status, refused) = door.get("/scorm/launch/42/?learner=ada&new_attempt=1").await;
    assert_eq!((status, &refused["error"]["code"]), (StatusCode::CONFLICT, &json!("no-new-attempt")));

    door.on.register(door.course, "bob").await;
    for path in
        [format!("/courses/{}/registrations", door.course), "/api/courses/42/registrations/".to_owned()]
    {
        let (status, answer) = door.get(&path).await;
        assert_eq!(status, StatusCode::OK);
        let learners: Vec<_> = answer["data"]["registrations"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|row| row["learner"].clone())
            .collect();
        assert_eq!(learners, [json!("bob"), json!("ada")]);
        assert_eq!(answer["data"]["next"], json!(null));
    }
}

#[tokio::test]
async fn hostile_bodies_are_refused_in_words() {
    let door = Door::new().await;
    let deep = format!("{}1{}", r#"{"cmi":"#.repeat(300), "}".repeat(300));
    let long_name = json!({"learner": "ada", format!("cmi.{}", "x".repeat(70_000)): 1}).to_string();
    let long_session =
        json!({"learner": "ada", "session_id": "s".repeat(1_000), "cmi.comments": "x"}).to_string();
    let long_learner = json!({"learner": "a".repeat(2_000), "cmi.comments": "x"}).to_string();
    let no_part = json!({"learner": "ada", "activity": "nothing", "cmi.comments": "x"}).to_string();
    let huge = "x".repeat(lyceum_app::limits::MAX_COMMIT_BODY + 1);
    let table: [(&str, u16, &str); 11] = [
        ("", 400, "malformed-request"),
        ("{", 400, "malformed-request"),
        ("[[1]]", 400, "malformed-request"),
        ("\"text\"", 400, "malformed-request"),
        (r#"{"cmi.comments":"x"}"#, 400, "malformed-request"),
        (&deep, 400, "malformed-request"),
        (&no_part, 400, "malformed-request"),
        (&long_name, 413, "too-large"),
        (&long_session, 413, "too-large"),
        (&long_learner, 413, "too-large"),
        (&huge, 413, "too-large"),
    ];
    for (body, status, code) in table {
        let (found, answer) = door.post_as(&door.key, "/scorm/progress/42/", "application/json", body).await;
        let start: String = body.chars().take(60).collect();
        assert_eq!(
            (found.as_u16(), answer["error"]["code"].as_str()),
            (status, Some(code)),
            "{start}: {answer}"
        );
        assert_eq!(
            (&answer["ok"], &answer["result"], &answer["errorCode"]),
            (&json!(false), &json!("false"), &json!(101))
        );
    }
    // Wrong types are read as texts; what makes no sense is refused value by value.
    let odd = json!({"learner": 7, "cmi": {"core": {"score": {"raw": [1, 2]}, "lesson_location": true}, "x": {"y": null}}});
    let answer = door.commit(&odd).await;
    assert_eq!((&answer["accepted"], answer["refused"].as_array().map(Vec::len)), (&json!(1), Some(2)));
}

#[tokio::test]
async fn pages_of_every_origin_may_ask() {
    let door = Door::new().await;
    let request = Request::options("/scorm/progress/42/").header("origin", "https://old.example");
    let (status, headers, _) = door.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_HEADERS], "authorization, content-type");
}
