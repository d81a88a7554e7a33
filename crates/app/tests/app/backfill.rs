//! Old progress, taken over; enrollments, listed and checked.

use lyceum_app::{Backfilled, EnrollmentFilter, OldProgress};
use lyceum_testkit::{scorm12, scorm2004};

use super::TestApp;

const BEGAN: i64 = 1_577_934_245_000; // 2020-01-02T03:04:05Z

fn row(line: usize, learner: &str, course: &str) -> OldProgress {
    OldProgress { line, learner: learner.to_owned(), course: course.to_owned(), ..OldProgress::default() }
}

#[tokio::test]
async fn each_row_is_one_attempt_once() {
    let on = TestApp::default();
    let tenant = TestApp::TENANT;
    let one = on.import(&scorm12("One part", &["a"])).await;
    let several = on.import(&scorm2004("Several", &["a", "b"])).await;
    on.app.set_topic(tenant, several, "7").await.unwrap();
    let rows = [
        OldProgress {
            completed: true,
            score: Some("85".to_owned()),
            time: 9_000,
            first_access: Some(BEGAN),
            data: vec![("cmi.core.lesson_location".to_owned(), "3".to_owned())],
            ..row(2, "ada", &one.to_string())
        },
        OldProgress { score: Some("40".to_owned()), ..row(3, "bob", &one.to_string()) },
        OldProgress { completed: true, score: Some("70".to_owned()), ..row(4, "ada", "7") },
    ];
    let dry = on.app.backfill(tenant, &rows, true).await.unwrap();
    assert_eq!((dry.taken, dry.errors), (3, 0));
    let everything = EnrollmentFilter::default();
    let all = || on.app.enrollments(tenant, &everything);
    assert_eq!(all().await.unwrap().len(), 0, "a dry run writes nothing");

    let first = on.app.backfill(tenant, &rows, false).await.unwrap();
    assert_eq!((first.taken, first.known, first.errors), (3, 0, 0), "{first:?}");
    let enrollments = serde_json::to_value(all().await.unwrap()).unwrap();
    let again = on.app.backfill(tenant, &rows, false).await.unwrap();
    assert_eq!((again.taken, again.known), (0, 3));
    assert_eq!(serde_json::to_value(all().await.unwrap()).unwrap(), enrollments);

    let of = |learner: &str, course: &lyceum_app::CourseId| {
        let all = enrollments.as_array().unwrap().iter();
        all.clone()
            .find(|of| of["learner"] == learner && of["course_id"] == course.to_string())
            .unwrap()
            .clone()
    };
    for (learner, course, expected) in [
        ("ada", &one, r#""completed" 85 1 false"#),
        ("bob", &one, r#""incomplete" 40 1 false"#),
        ("ada", &several, r#""completed" 70 1 true"#),
    ] {
        let of = of(learner, course);
        assert_eq!(of["problems"], serde_json::json!([]));
        let told =
            format!("{} {} {} {}", of["completion"], of["score"]["raw"], of["attempts"], of["overridden"]);
        assert_eq!(told, expected, "{learner}");
    }
    let ada = of("ada", &one);
    assert_eq!(
        (&ada["total_seconds"], &ada["first_access"]),
        (&90.0.into(), &"2020-01-02T03:04:05.000Z".into())
    );
    assert_eq!(ada["last_access"], "2020-01-02T03:05:35.000Z");

    let by_hand = of("ada", &several);
    assert_eq!(
        by_hand["completed"], by_hand["last_access"],
        "since the old system says so, not since the import"
    );

    // Bob goes on where he was; from then on a row about him changes nothing.
    let id = of("bob", &one)["id"].as_str().unwrap().parse().unwrap();
    let mut tab = on.tab(id).await;
    tab.start();
    assert_eq!(tab.get("cmi.core.score.raw"), "40");
    tab.send(&on.app).await;
    assert_eq!(on.app.backfill(tenant, &rows, false).await.unwrap().known, 3);
    assert!(on.app.verify_chains().await.unwrap().sound);
}

#[tokio::test]
async fn with_one_bad_row_nothing_is_written() {
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await.to_string();
    let known = on.register(course.parse().unwrap(), "eve").await;
    on.tab(known).await.start();
    let rows = [
        row(2, "ada", &course),
        row(3, "ada", &course),
        row(4, "bob", "nothing"),
        row(5, " ", &course),
        OldProgress { score: Some("much".to_owned()), ..row(6, "cy", &course) },
        row(7, "eve", &course),
    ];
    let report = on.app.backfill(TestApp::TENANT, &rows, false).await.unwrap();
    let lines: Vec<_> = report.lines.iter().map(|of| (of.line, of.outcome)).collect();
    assert_eq!(lines, [3, 4, 5, 6].map(|line| (line, Backfilled::Error)), "{report:?}");
    assert_eq!((report.taken, report.begun, report.errors), (0, 1, 4));
    assert_eq!(on.app.enrollments(TestApp::TENANT, &EnrollmentFilter::default()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn enrollments_by_learner_course_and_silence() {
    let on = TestApp::default();
    let (tea, sky) = (on.import(&scorm12("Tea", &["a"])).await, on.import(&scorm12("Sky", &["b"])).await);
    for (course, learner, status) in
        [(tea, "ada", "completed"), (tea, "bob", "incomplete"), (sky, "ada", "incomplete")]
    {
        let id = on.register(course, learner).await;
        let mut tab = on.tab(id).await;
        tab.start();
        tab.set("cmi.core.lesson_status", status);
        tab.send(&on.app).await;
    }
    on.register(sky, "bob").await;
    let hour = 3_600_000;
    on.clock.advance(2 * hour);
    let filters = [
        (None, None, None, 4),
        (Some("ada"), None, None, 2),
        (None, Some(tea), None, 2),
        (Some("bob"), Some(sky), None, 1),
        (None, None, Some(hour), 2),
        (Some("ada"), None, Some(hour), 1),
        (None, None, Some(3 * hour), 0),
        (Some("eve"), None, None, 0),
    ];
    for (learner, course, abandoned, expected) in filters {
        let filter = EnrollmentFilter { learner: learner.map(str::to_owned), course, abandoned };
        let found = on.app.enrollments(TestApp::TENANT, &filter).await.unwrap();
        assert_eq!(found.len(), expected, "{filter:?}");
        assert!(found.iter().all(|of| of.problems.is_empty()), "{found:?}");
    }
}
