//! When a launch begins a new attempt: never, by a rule, on request, and at most so often.

use lyceum_app::{
    Actor, AppError, Clock as _, Effect, HistoryQuery, ImportAs, ImportSource, LaunchKind, OpenSession,
    Opened, RegistrationId,
};
use lyceum_testkit::{Tab, scorm12};

use super::TestApp;

async fn started(settings: &[(&str, &str)]) -> (TestApp, RegistrationId, lyceum_app::CourseId) {
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await;
    change(&on, course, settings).await;
    let id = on.register(course, "ada").await;
    (on, id, course)
}

async fn change(on: &TestApp, course: lyceum_app::CourseId, settings: &[(&str, &str)]) {
    let changes: Vec<_> =
        settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    on.app.change_course_settings(TestApp::TENANT, course, &changes).await.unwrap();
}

async fn attempts(on: &TestApp, id: RegistrationId) -> u32 {
    on.app.registration_report(TestApp::TENANT, id).await.unwrap().attempt_count
}

/// Another load of the page that was opened with this token.
async fn load(on: &TestApp, token: &str, page: &str) -> Opened {
    let request = OpenSession { client_clock: None, page: page.to_owned() };
    on.app.open_session(token, request).await.unwrap()
}

async fn finish(tab: &mut Tab, on: &TestApp, status: &str) {
    tab.start();
    tab.set("cmi.core.lesson_status", status);
    tab.terminate();
    tab.send(&on.app).await;
}

#[tokio::test]
async fn launches_resume_unless_a_rule_says_otherwise() {
    let table = [
        // rule, how the first attempt stands, whether a newer version is there, attempts after the next launch
        ("NEVER", "passed", true, 1),
        ("WHEN_EXISTING_REG_IS_COMPLETE", "incomplete", true, 1),
        ("WHEN_EXISTING_REG_IS_COMPLETE", "completed", false, 2),
        ("WHEN_EXISTING_REG_IS_SATISFIED", "completed", false, 1),
        ("WHEN_EXISTING_REG_IS_SATISFIED", "passed", false, 2),
        ("WHEN_NEWER_PACKAGE_VERSION_EXISTS", "incomplete", false, 1),
        ("WHEN_NEWER_PACKAGE_VERSION_EXISTS", "incomplete", true, 2),
        ("WHEN_EXISTING_REG_IS_COMPLETE_AND_NEWER_PACKAGE_VERSION_EXISTS", "completed", false, 1),
        ("WHEN_EXISTING_REG_IS_SATISFIED_AND_NEWER_PACKAGE_VERSION_EXISTS", "passed", true, 2),
    ];
    for (rule, status, is_newer, expected) in table {
        let (on, id, course) = started(&[("new_attempt", rule)]).await;
        finish(&mut on.tab(id).await, &on, status).await;
        if is_newer {
            let path = on.scratch("newer.zip");
            std::fs::write(&path, scorm12("Course", &["a", "b"])).unwrap();
            let as_version = ImportAs { course: Some(course), ..ImportAs::default() };
            on.app.import(TestApp::TENANT, ImportSource::File(path), as_version).await.unwrap();
        }
        drop(on.tab(id).await);
        let report = on.app.registration_report(TestApp::TENANT, id).await.unwrap();
        assert_eq!(report.attempt_count, expected, "{rule} {status} {is_newer}");
        let version = if is_newer && expected == 2 { 2 } else { 1 };
        assert_eq!(report.attempts.last().unwrap().course_version, version, "{rule} {status} {is_newer}");
        let first = &report.attempts[0].activities[0].cmi["cmi.core.lesson_status"];
        assert_eq!(first, status, "the old attempt is kept");
    }
}

/// Whoever loads the page again, or opens the link twice, has launched once.
#[tokio::test]
async fn one_launch_begins_one_attempt() {
    let (on, id, _) = started(&[("new_attempt", "WHEN_EXISTING_REG_IS_COMPLETE")]).await;
    let mut tab = on.tab(id).await;
    let first = tab.token.clone();
    finish(&mut tab, &on, "completed").await;
    load(&on, &first, "again").await;
    assert_eq!(attempts(&on, id).await, 1, "the page of the first launch");

    let second = on.token(id).await;
    let opened = load(&on, &second, "x").await;
    let renewed = on.app.renew(&opened.token).unwrap();
    for (token, page) in
        [(&second, "x"), (&second, "y"), (&opened.token, "z"), (&renewed, "z2"), (&first, "old")]
    {
        load(&on, token, page).await;
    }
    assert_eq!(attempts(&on, id).await, 2);
    let report = on.app.registration_report(TestApp::TENANT, id).await.unwrap();
    assert_eq!((report.status, report.attempts[1].sessions.len()), ("incomplete", 5));
    // What the page of the old attempt still sends goes there.
    tab.engine.navigate("exit", on.clock.now());
    let answer = tab.send(&on.app).await;
    assert!(answer.superseded && answer.corrected);
    assert_eq!(attempts(&on, id).await, 2);
}

#[tokio::test]
async fn a_launch_may_ask_where_the_course_allows_it() {
    let (on, id, course) = started(&[]).await;
    finish(&mut on.tab(id).await, &on, "incomplete").await;
    let ask = async || on.app.new_attempt_link(TestApp::TENANT, id, LaunchKind::Short).await;
    let refused = ask().await.unwrap_err();
    assert_eq!((refused.code(), refused.kind().status()), ("no-new-attempt", 409));
    change(&on, course, &[("new_attempt_on_request", "yes"), ("max_attempts", "2")]).await;
    let link = ask().await.unwrap();
    for page in ["a", "b"] {
        let token = on.app.redeem_launch(link.rsplit('/').next().unwrap()).await.unwrap().session_token;
        assert_eq!(load(&on, &token, page).await.notices, [""; 0]);
    }
    assert_eq!(attempts(&on, id).await, 2);
    assert_eq!(ask().await, Err(AppError::AttemptLimit { limit: 2 }));
    let history = on
        .app
        .history(TestApp::TENANT, id, &HistoryQuery { limit: 100, ..Default::default() })
        .await
        .unwrap();
    let begun = serde_json::to_string(&history).unwrap();
    assert!(begun.contains("new_attempt_on_request=yes"), "{begun}");
}

#[tokio::test]
async fn the_last_attempt_is_resumed_and_says_so() {
    let rule = [("new_attempt", "WHEN_EXISTING_REG_IS_COMPLETE"), ("max_attempts", "2")];
    let (on, id, course) = started(&rule).await;
    for _ in 0..2 {
        finish(&mut on.tab(id).await, &on, "completed").await;
    }
    let token = on.token(id).await;
    let opened = load(&on, &token, "third").await;
    assert_eq!(opened.notices.len(), 1);
    assert!(opened.notices[0].contains("allows 2 attempts"), "{:?}", opened.notices);
    assert_eq!((opened.opening.attempt, attempts(&on, id).await), (2, 2));
    let actor = Actor { by: "me".to_owned(), reason: "again".to_owned() };
    let refused = on.app.reset(TestApp::TENANT, id, &actor).await.unwrap_err();
    assert_eq!((refused.code(), refused.kind().status()), ("attempt-limit", 409));
    change(&on, course, &[("max_attempts", "")]).await;
    assert_eq!(on.app.reset(TestApp::TENANT, id, &actor).await.unwrap().attempt, 3);
}

async fn report(on: &TestApp, id: RegistrationId) -> lyceum_app::RegistrationReport {
    on.app.registration_report(TestApp::TENANT, id).await.unwrap()
}

#[tokio::test]
async fn what_is_done_without_credit_is_kept_and_changes_nothing() {
    for without in [("mode", "browse"), ("mode", "review"), ("credit", "no")] {
        let (on, id, course) = started(&[]).await;
        let mut tab = on.tab(id).await;
        tab.start();
        tab.set("cmi.suspend_data", "page 3");
        tab.set("cmi.core.score.raw", "70");
        tab.set("cmi.core.lesson_status", "passed");
        tab.set("cmi.core.session_time", "00:10:00");
        tab.terminate();
        tab.send(&on.app).await;
        let before = report(&on, id).await;

        change(&on, course, &[without, ("mastery_score", "99")]).await;
        on.clock.advance(60_000);
        let mut tab = on.tab(id).await;
        tab.start();
        assert_eq!(tab.get("cmi.core.credit"), "no-credit");
        tab.set("cmi.suspend_data", "elsewhere");
        tab.set("cmi.core.score.raw", "1");
        tab.set("cmi.core.lesson_status", "failed");
        tab.set("cmi.core.session_time", "10:00:00");
        tab.set("cmi.core.exit", "suspend");
        assert_eq!(tab.get("cmi.suspend_data"), "elsewhere");
        assert!(!tab.send(&on.app).await.superseded);
        tab.terminate();
        tab.send(&on.app).await;
        for on in [&on, &on.again(2)] {
            let after = report(on, id).await;
            assert_eq!((&after.status, &after.score), (&before.status, &before.score), "{without:?}");
            assert_eq!(after.total_seconds, before.total_seconds, "{without:?}");
            assert!(after.last_access > before.last_access, "{without:?}");
            let values = |of: &lyceum_app::RegistrationReport| of.attempts[0].activities[0].cmi.clone();
            assert_eq!(values(&after), values(&before), "{without:?}");
        }
        let query = HistoryQuery { limit: 100, ..HistoryQuery::default() };
        let page = on.app.history(TestApp::TENANT, id, &query).await.unwrap();
        let kept = page.items.iter().find(|item| item.new.as_deref() == Some("elsewhere")).unwrap();
        assert_eq!((kept.effect, &*kept.element), (Effect::Uncounted, "cmi.suspend_data"));

        // The next load of the page goes on in the copy; the next session that counts does not.
        let mut tab = on.tab(id).await;
        tab.start();
        assert_eq!(tab.get("cmi.suspend_data"), "elsewhere", "{without:?}");
        tab.send(&on.app).await;
        change(&on, course, &[(without.0, "")]).await;
        let mut tab = on.again(3).tab(id).await;
        tab.start();
        assert_eq!(tab.get("cmi.suspend_data"), "page 3", "{without:?}");
    }
}
