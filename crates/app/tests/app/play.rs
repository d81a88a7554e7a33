//! From a launch link to a resumed attempt: what a course reports is on disk, counted once, and there next time.

use lyceum_app::{AccessError, AppError, Caller, Clock, CommitRequest, ErrorKind, OpenSession, limits};
use lyceum_testkit::{Tab, scorm12, scorm2004};

use super::TestApp;

async fn started() -> (TestApp, lyceum_app::RegistrationId) {
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await;
    let registration = on.register(course, "ada").await;
    (on, registration)
}

async fn report(on: &TestApp, id: lyceum_app::RegistrationId) -> serde_json::Value {
    serde_json::to_value(on.app.registration_report(TestApp::TENANT, id).await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_course_is_taken_left_and_resumed() {
    let (on, id) = started().await;
    assert_eq!(report(&on, id).await["status"], "not-started");
    let mut tab = on.tab(id).await;
    assert!(tab.content_base.starts_with("/course/"));
    tab.start();
    assert_eq!(tab.get("cmi.core.entry"), "ab-initio");
    tab.set("cmi.core.lesson_location", "page 3");
    tab.set("cmi.suspend_data", "secret");
    tab.set("cmi.core.exit", "suspend");
    on.clock.advance(65_000);
    tab.set("cmi.core.session_time", "00:01:05");
    tab.terminate();
    let answer = tab.send(&on.app).await;
    assert_eq!(answer.state_hash.as_deref(), Some(tab.hash().as_str()));
    assert!(!answer.superseded && answer.missing.is_empty() && answer.token.is_none());
    drop(tab);

    let on = on.again(2);
    let mut tab = on.tab(id).await;
    tab.start();
    assert_eq!(tab.get("cmi.core.entry"), "resume");
    assert_eq!(tab.get("cmi.core.lesson_location"), "page 3");
    assert_eq!(tab.get("cmi.suspend_data"), "secret");
    assert_eq!(tab.get("cmi.core.total_time"), "0000:01:05.00");
    tab.set("cmi.core.score.raw", "85");
    tab.terminate();
    tab.navigate("exit");
    tab.send(&on.app).await;

    let report = report(&on, id).await;
    assert_eq!((&report["status"], &report["completion"]), (&"passed".into(), &"completed".into()));
    assert_eq!((&report["score"]["raw"], &report["score"]["scaled"]), (&85.into(), &0.85.into()));
    assert_eq!(report["total_seconds"], 65.0);
    let attempt = &report["attempts"][0];
    assert_eq!((&attempt["number"], &attempt["exit"]), (&1.into(), &"exit".into()));
    assert_eq!(attempt["sessions"].as_array().unwrap().len(), 2);
    assert_eq!(attempt["activities"][0]["cmi"]["cmi.suspend_data"], "secret");
    assert!(attempt["ended"].is_string() && report["first_access"].is_string());
}

#[tokio::test]
async fn several_parts_of_a_2004_course() {
    let on = TestApp::default();
    let course = on.import(&scorm2004("Course", &["a", "b"])).await;
    let id = on.register(course, "ada").await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.set("cmi.completion_status", "completed");
    tab.set("cmi.score.scaled", "0.5");
    tab.terminate();
    tab.navigate("continue");
    tab.engine.initialize("", on.clock.now());
    tab.set("cmi.completion_status", "incomplete");
    tab.navigate("suspendAll");
    tab.send(&on.app).await;
    let report = report(&on, id).await;
    // The mean counts a part without a measure as well (SN RB.1.1).
    assert_eq!((&report["completion"], &report["score"]["scaled"]), (&"incomplete".into(), &0.25.into()));
    let attempt = &report["attempts"][0];
    assert_eq!((&attempt["exit"], &attempt["ended"]), (&"suspend".into(), &serde_json::Value::Null));
    assert_eq!(attempt["activities"][1]["cmi"]["cmi.completion_status"], "incomplete");
}

#[tokio::test]
async fn a_commit_that_comes_twice_counts_once() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.set("cmi.core.session_time", "00:10:00");
    tab.terminate();
    let request = tab.request();
    let first = on.app.commit(&tab.token, request.clone(), Caller::default()).await.unwrap();
    for _ in 0..3 {
        assert_eq!(on.app.commit(&tab.token, request.clone(), Caller::default()).await.unwrap(), first);
    }
    let report = report(&on, id).await;
    assert_eq!((&report["total_seconds"], &report["attempts"][0]["commits"]), (&600.0.into(), &1.into()));
}

#[tokio::test]
async fn any_order_of_arrival_gives_the_same_state() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    for n in 0..6 {
        tab.set("cmi.core.lesson_location", &n.to_string());
        tab.set(&format!("cmi.interactions.{n}.id"), &format!("q{n}"));
    }
    let all = tab.request().entries;
    let expected = tab.hash();
    let pieces: Vec<_> = all.chunks(3).map(<[_]>::to_vec).collect();
    let mut answers = Vec::new();
    // The last piece first, the first one last, one of them twice.
    for at in [4, 2, 3, 2, 1, 0] {
        let request = tab.request_of(pieces[at].clone());
        answers.push(on.app.commit(&tab.token, request, Caller::default()).await.unwrap());
    }
    assert_eq!(answers[0].missing, [[1, 12]]);
    assert_eq!((answers[0].durable_to, &answers[0].state_hash), (0, &None));
    assert_eq!(answers[1].missing, [[1, 6], [10, 12]]);
    assert_eq!(answers[4].missing, [[1, 3]]);
    let last = answers.pop().unwrap();
    assert_eq!((last.durable_to, last.missing.len()), (all.len() as u64, 0));
    assert_eq!(last.state_hash, Some(expected.clone()));
    assert_eq!(report(&on, id).await["attempts"][0]["state_hash"], expected.as_str());
}

#[tokio::test]
async fn a_second_entry_under_a_number_does_not_count_but_stays() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.set("cmi.core.lesson_location", "true");
    let mut entries = tab.request().entries;
    tab.send(&on.app).await;
    entries.last_mut().unwrap().value = "forged".to_owned();
    let answer = on.app.commit(&tab.token, tab.request_of(entries), Caller::default()).await.unwrap();
    assert_eq!(answer.state_hash, Some(tab.hash()));
    assert_eq!(
        report(&on, id).await["attempts"][0]["activities"][0]["cmi"]["cmi.core.lesson_location"],
        "true"
    );
}

#[tokio::test]
async fn two_tabs_keep_both_and_the_newer_one_wins() {
    let on = TestApp::default();
    let course = on.import(&scorm2004("Course", &["a"])).await;
    let id = on.register(course, "ada").await;
    let mut old = on.tab(id).await;
    old.start();
    old.set("cmi.location", "old 1");
    assert!(!old.send(&on.app).await.superseded);
    let mut new = on.tab(id).await;
    new.start();
    assert_eq!(new.get("cmi.location"), "old 1");
    new.set("cmi.location", "new");
    assert!(!new.send(&on.app).await.superseded);
    old.set("cmi.location", "old 2");
    old.set("cmi.suspend_data", "only the old one");
    assert!(old.send(&on.app).await.superseded);
    let cmi = report(&on, id).await["attempts"][0]["activities"][0]["cmi"].clone();
    assert_eq!((&cmi["cmi.location"], &cmi["cmi.suspend_data"]), (&"new".into(), &"only the old one".into()));
    // Memory and disk agree, also after the engines took turns.
    new.set("cmi.location", "newest");
    let live = new.send(&on.app).await.state_hash.unwrap();
    assert_eq!(report(&on.again(2), id).await["attempts"][0]["state_hash"], live);
}

#[tokio::test]
async fn a_vanished_page_ends_by_its_lease_and_may_come_back() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.set("cmi.core.lesson_location", "2");
    tab.send(&on.app).await;
    // Signs of life without calls, then silence.
    on.clock.advance(120_000);
    tab.send(&on.app).await;
    assert_eq!(on.app.end_stale_sessions(on.clock.now()).await.unwrap(), 0);
    on.clock.advance(limits::SESSION_LEASE + 1);
    assert_eq!(on.app.end_stale_sessions(on.clock.now()).await.unwrap(), 1);
    assert_eq!(on.app.end_stale_sessions(on.clock.now()).await.unwrap(), 0);
    let after = report(&on, id).await;
    assert_eq!((&after["attempts"][0]["exit"], &after["measured_seconds"]), (&"lease".into(), &120.0.into()));

    // The laptop wakes up; nobody has opened the course meanwhile. On a restarted server, even.
    for (on, location) in [(&on, "3"), (&on.again(2), "4")] {
        tab.set("cmi.core.lesson_location", location);
        let answer = tab.send(&on.app).await;
        assert_eq!(answer.state_hash, Some(tab.hash()), "{location}");
        let after = report(on, id).await;
        assert_eq!(after["attempts"][0]["exit"], serde_json::Value::Null);
        assert_eq!(after["attempts"][0]["activities"][0]["cmi"]["cmi.core.lesson_location"], location);
    }
}

#[tokio::test]
async fn a_vanished_page_that_comes_back_is_not_given_time_twice() {
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a", "b"])).await;
    let id = on.register(course, "ada").await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.send(&on.app).await;
    // She goes on to the next part, which the server does not know yet when it hears of her for the last time.
    on.clock.advance(60_000);
    tab.navigate("continue");
    let unsent = tab.request();
    on.clock.advance(60_000);
    on.app.commit(&tab.token, tab.request_of(Vec::new()), Caller::default()).await.unwrap();
    on.clock.advance(limits::SESSION_LEASE + 1);
    assert_eq!(on.app.end_stale_sessions(on.clock.now()).await.unwrap(), 1);
    assert_eq!(report(&on, id).await["measured_seconds"], 120.0, "as far as is known");
    on.app.commit(&tab.token, unsent, Caller::default()).await.unwrap();
    assert_eq!(report(&on, id).await["measured_seconds"], 60.0);
    assert_eq!(report(&on.again(2), id).await["measured_seconds"], 60.0);
}

#[tokio::test]
async fn a_newer_session_is_executed_as_it_began_whatever_is_found_out_about_an_older_one() {
    let on = TestApp::default();
    let course = on.import(&scorm2004("Course", &["a", "b"])).await;
    let id = on.register(course, "ada").await;
    let mut old = on.tab(id).await;
    old.start();
    old.send(&on.app).await;
    // Reads for a minute, and crashes. The next page plays for a while before its entries get through.
    on.clock.advance(60_000);
    old.send(&on.app).await;
    drop(old);
    let mut new = on.tab(id).await;
    new.start();
    on.clock.advance(limits::SESSION_LEASE + 1);
    on.app.end_stale_sessions(on.clock.now()).await.unwrap();
    let answer = new.send(&on.app).await;
    assert_eq!(answer.state_hash, Some(new.hash()));
    assert_eq!(report(&on, id).await["measured_seconds"], 60.0);
}

#[tokio::test]
async fn an_older_session_that_starts_afresh_takes_nothing_from_a_newer_one() {
    let on = TestApp::default();
    let course = on.import(&scorm2004("Course", &["a"])).await;
    let id = on.register(course, "ada").await;
    let mut first = on.tab(id).await;
    first.start();
    first.set("cmi.location", "1");
    first.set("cmi.exit", "normal");
    first.terminate();
    first.navigate("exitAll");
    first.send(&on.app).await;
    // Starts the course again, on a device that has no network for a while.
    let mut old = on.tab(id).await;
    old.start();
    old.set("cmi.location", "2");
    let mut new = on.tab(id).await;
    new.start();
    new.set("cmi.location", "3");
    new.send(&on.app).await;
    old.send(&on.app).await;
    let cmi = report(&on, id).await["attempts"][0]["activities"][0]["cmi"].clone();
    assert_eq!(cmi["cmi.location"], "3");
}

#[tokio::test]
async fn what_waits_past_a_gap_is_not_judged_before_the_rest_had_its_chance() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.send(&on.app).await;
    tab.set("cmi.core.lesson_location", "1");
    tab.terminate();
    tab.navigate("choice a");
    assert_eq!(tab.engine.initialize("", on.clock.now()).value, "true");
    tab.set("cmi.core.lesson_location", "2");
    tab.set("cmi.core.score.raw", "90");
    tab.terminate();
    let entries = tab.request().entries;
    // The page ends while a commit is on its way; only its last words arrive. It is all on the device, which is opened again
    // the next day.
    let (lost, last) = entries.split_at(3);
    let commit = async |entries: &[lyceum_app::Entry]| {
        on.app.commit(&tab.token, tab.request_of(entries.to_vec()), Caller::default()).await.unwrap()
    };
    commit(last).await;
    on.clock.advance(limits::SESSION_LEASE + 1);
    assert_eq!(on.app.end_stale_sessions(on.clock.now()).await.unwrap(), 1);
    let answer = commit(lost).await;
    assert_eq!((answer.durable_to, answer.missing), (tab.engine.last_seq(), vec![]));
    assert_eq!(answer.state_hash, Some(tab.hash()), "as if nothing had been lost on the way");
    assert_eq!(report(&on, id).await["status"], "passed");
}

#[tokio::test]
async fn what_waits_past_a_gap_is_taken_in_when_nobody_can_close_it_any_more() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.send(&on.app).await;
    tab.set("cmi.core.lesson_location", "lost");
    tab.set("cmi.core.score.raw", "90");
    let entries = tab.request().entries;
    let request = tab.request_of(entries[1..].to_vec());
    on.app.commit(&tab.token, request, Caller::default()).await.unwrap();
    on.clock.advance(limits::SESSION_LEASE + 1);
    on.app.end_stale_sessions(on.clock.now()).await.unwrap();
    // As long as the page may still send, it is waited for.
    on.clock.advance(limits::COMMIT_GRACE);
    assert_eq!(on.app.give_up_old_gaps(on.clock.now()).await.unwrap(), 0);
    let cmi = async |on: &TestApp| report(on, id).await["attempts"][0]["activities"][0]["cmi"].clone();
    assert!(cmi(&on).await["cmi.core.score.raw"].is_null());
    on.clock.advance(limits::SESSION_LIFE);
    assert_eq!(on.app.give_up_old_gaps(on.clock.now()).await.unwrap(), 1);
    for on in [&on, &on.again(2)] {
        assert_eq!(cmi(on).await["cmi.core.score.raw"], "90");
    }
    assert_eq!(on.app.give_up_old_gaps(on.clock.now()).await.unwrap(), 0, "once");
    assert!(on.app.verify_chains().await.unwrap().sound);
}

#[tokio::test]
async fn a_gap_that_is_open_when_a_newer_session_begins_is_passed_over_and_filled_in_late() {
    let on = TestApp::default();
    let course = on.import(&scorm2004("Course", &["a"])).await;
    let id = on.register(course, "ada").await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.send(&on.app).await;
    tab.set("cmi.location", "lost 1");
    tab.set("cmi.suspend_data", "lost 2");
    tab.set("cmi.location", "arrived");
    let entries = tab.request().entries;
    let commit = async |entries: &[lyceum_app::Entry]| {
        on.app.commit(&tab.token, tab.request_of(entries.to_vec()), Caller::default()).await.unwrap()
    };
    let (from, to) = (entries[0].seq, entries[1].seq);
    assert_eq!(commit(&entries[2..]).await.missing, [[from, to]]);
    on.clock.advance(limits::SESSION_LEASE + 1);
    on.app.end_stale_sessions(on.clock.now()).await.unwrap();
    // On another device: it begins with what has arrived.
    assert_eq!(
        on.tab(id).await.engine.state().activity("a").unwrap().model().value("cmi.location"),
        Some("arrived")
    );
    let cmi = async || report(&on, id).await["attempts"][0]["activities"][0]["cmi"].clone();
    assert_eq!(cmi().await["cmi.location"], "arrived");
    // What was lost arrives: it fills in what nothing later has set, and is not asked for again.
    let answer = commit(&entries[1..2]).await;
    assert_eq!((answer.durable_to, &answer.missing), (from - 1, &vec![[from, from]]));
    let answer = commit(&entries[..1]).await;
    assert_eq!((answer.durable_to, answer.missing.len()), (entries[2].seq, 0));
    let found = cmi().await;
    assert_eq!((&found["cmi.location"], &found["cmi.suspend_data"]), (&"arrived".into(), &"lost 2".into()));
    let live = answer.state_hash.unwrap();
    assert_eq!(report(&on.again(2), id).await["attempts"][0]["state_hash"], live);
}

#[tokio::test]
async fn opening_again_after_a_lost_answer_is_the_same_session() {
    let (on, id) = started().await;
    let token = on.token(id).await;
    let open = async |page: &str| {
        let request = OpenSession { client_clock: None, page: page.to_owned() };
        on.app.open_session(&token, request).await.unwrap().session
    };
    let first = open("x").await;
    assert_eq!(open("x").await, first);
    assert_ne!(open("y").await, first);
    let request = OpenSession { client_clock: None, page: String::new() };
    assert!(matches!(on.app.open_session(&token, request).await, Err(AppError::Malformed(_))));
}

#[tokio::test]
async fn a_long_journal_is_snapshotted_and_rebuilds_to_the_same_state() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    let mut answer = tab.send(&on.app).await;
    for n in 0..40 {
        tab.set("cmi.suspend_data", &format!("{n}").repeat(1_500));
        tab.set(&format!("cmi.interactions.{n}.id"), &format!("q{n}"));
        answer = tab.send(&on.app).await;
    }
    assert_eq!(answer.state_hash, Some(tab.hash()));
    assert_eq!(report(&on.again(2), id).await["attempts"][0]["state_hash"], tab.hash());
    let mut resumed = on.again(3).tab(id).await;
    resumed.start();
    assert_eq!(resumed.get("cmi.interactions._count"), "40");
}

#[tokio::test]
async fn tokens_open_what_they_are_for() {
    let (on, id) = started().await;
    let course = on.import(&scorm12("Other", &["a"])).await;
    let other = on.register(course, "ada").await;
    let mut tab = on.tab(id).await;
    tab.start();
    let request = tab.request();
    let commit = async |token: &str, request: &CommitRequest| {
        on.app.commit(token, request.clone(), Caller::default()).await
    };
    let expect = |answer: Result<_, AppError>, code: &str, status: u16| {
        let e = answer.expect_err(code);
        assert_eq!((e.code(), e.kind().status()), (code, status), "{e}");
    };
    expect(commit("forged", &request).await, "token-invalid", 401);
    expect(commit(&on.token(other).await, &request).await, "foreign-session", 403);
    let unknown =
        CommitRequest { session: "01020304-0506-7708-890a-0b0c0d0e0f10".to_owned(), ..request.clone() };
    expect(commit(&tab.token, &unknown).await, "unknown-session", 404);
    expect(
        commit(&tab.token, &CommitRequest { session: "x".to_owned(), ..request.clone() }).await,
        "unknown-session",
        404,
    );

    // Half of its life over: renewed with the commit. Expired: commits go on for a month, pages do not open.
    on.clock.advance(limits::SESSION_LIFE - limits::RENEW_WITHIN + 1);
    let renewed = commit(&tab.token, &request).await.unwrap().token.expect("a later token");
    on.clock.advance(limits::RENEW_WITHIN);
    assert_eq!(on.app.renew(&tab.token), Err(AccessError::Expired));
    assert_eq!(on.app.player_page(&tab.token).await.unwrap_err(), AccessError::Expired);
    assert_eq!(on.app.player_page(&renewed).await.unwrap().title, "Course");
    assert!(on.app.renew(&renewed).is_ok());
    tab.set("cmi.core.lesson_location", "late");
    assert_eq!(tab.send(&on.app).await.token, None);
    on.clock.advance(limits::COMMIT_GRACE);
    expect(commit(&tab.token, &request).await, "token-expired", 401);
}

#[tokio::test]
async fn launch_links_open_until_they_expire() {
    let (on, id) = started().await;
    let link = async |kind| on.app.launch_link(TestApp::TENANT, id, kind).await.unwrap();
    let token = |link: &str| link.rsplit('/').next().unwrap().to_owned();
    let short = link(lyceum_app::LaunchKind::Short).await;
    let lasting = link(lyceum_app::LaunchKind::Lasting).await;
    assert!(short.starts_with("http://127.0.0.1:8080/launch/"), "{short}");
    let redeemed = on.app.redeem_launch(&token(&short)).await.unwrap();
    assert_eq!((redeemed.registration, redeemed.host_label), (id, None));
    assert_eq!(on.app.registration_of(&redeemed.session_token), Ok(id));
    on.clock.advance(limits::LAUNCH_LIFE);
    assert_eq!(on.app.redeem_launch(&token(&short)).await.unwrap_err(), AccessError::Expired);
    assert!(on.app.redeem_launch(&token(&lasting)).await.is_ok());
    let nobody = lyceum_app::RegistrationId::from_bytes([9; 16]);
    let none = on.app.launch_link(TestApp::TENANT, nobody, lyceum_app::LaunchKind::Short).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn what_is_too_much_is_refused_with_a_reason_and_nothing_is_lost() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.send(&on.app).await;
    let with = |value: String, seq: u64| {
        let json = serde_json::json!({"seq": seq, "at": 0, "activity": "a", "call": "set", "element": "cmi.comments", "value": value});
        serde_json::from_value::<lyceum_app::Entry>(json).unwrap()
    };
    let commit = async |tab: &Tab, entries| {
        on.app.commit(&tab.token, tab.request_of(entries), Caller::default()).await
    };
    let e = commit(&tab, vec![with("x".repeat(limits::MAX_VALUE_BYTES + 1), 9)]).await.unwrap_err();
    assert_eq!((e.code(), e.kind().status()), ("too-large", 413));
    let e = commit(
        &tab,
        (9..).map(|seq| with(String::new(), seq)).take(limits::MAX_COMMIT_ENTRIES + 1).collect(),
    );
    assert_eq!(e.await.unwrap_err().kind().status(), 413);
    for seq in [0, u64::MAX] {
        assert_eq!(
            commit(&tab, vec![with(String::new(), seq)]).await.unwrap_err().code(),
            "malformed-request"
        );
    }
    let mut refused = None;
    for _ in 0..10_000 {
        if let Err(e) = commit(&tab, Vec::new()).await {
            refused = Some(e);
            break;
        }
    }
    let Some(AppError::Flood { retry_after }) = refused else { panic!("a flood must end") };
    on.clock.advance(retry_after as i64);
    tab.set("cmi.core.lesson_location", "after");
    tab.send(&on.app).await;
    for body in ["", "{}", "[]", r#"{"session":1}"#, r#"{"session":"x","entries":[{"seq":1}]}"#] {
        assert_eq!(
            CommitRequest::from_json(body.as_bytes()).unwrap_err().kind(),
            ErrorKind::Malformed,
            "{body}"
        );
    }
    assert!(CommitRequest::from_json(br#"{"session":"x","entries":[],"more":1}"#).is_ok());
}

#[tokio::test]
async fn content_opens_by_its_key() {
    let (on, id) = started().await;
    let tab = on.tab(id).await;
    let key = tab.content_base.trim_start_matches("/course/").trim_end_matches('/');
    for _ in 0..2 {
        let content = on.app.content(key).await.unwrap();
        assert_eq!(content.registration, id);
        let page = content.archive.lookup("a.html").unwrap();
        assert!(content.archive.read(page, 1_000).unwrap().starts_with(b"<!doctype"));
    }
    assert_eq!(on.tab(id).await.content_base, tab.content_base, "stable, so that browsers keep their cache");
    assert_eq!(on.app.content(&tab.token).await.unwrap_err(), AccessError::Forged);
}

/// Sets a value, and answers what the content is answered.
fn outcome(tab: &mut Tab, element: &str, value: &str, now: i64) -> (String, u16) {
    let reply = tab.engine.set_value(element, value, now);
    (reply.value, reply.error)
}

#[tokio::test]
async fn a_courses_settings_are_for_the_sessions_after_and_both_sides_judge_by_them() {
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await;
    let id = on.register(course, "ada").await;
    let change = async |name: &str, value: &str| {
        let changes = [(name.to_owned(), value.to_owned())];
        on.app.change_course_settings(TestApp::TENANT, course, &changes).await
    };
    let now = on.clock.now();

    // Tolerant, without extensions: what is too long is kept whole, a vendor's element gets the standard's error.
    let long = "x".repeat(5_000);
    let mut tab = on.tab(id).await;
    tab.start();
    change("extensions", "yes").await.unwrap();
    assert_eq!(outcome(&mut tab, "cmi.suspend_data", &long, now), ("true".to_owned(), 0));
    assert_eq!(outcome(&mut tab, "cmi.vendor.page", "7", now), ("false".to_owned(), 401));
    let entry = tab.request().entries.into_iter().find(|e| e.element == "cmi.suspend_data").unwrap();
    assert_ne!(entry.flags, 0, "it is flagged");
    tab.set("cmi.core.score.raw", "90");
    tab.send(&on.app).await;
    assert_eq!(report(&on, id).await["attempts"][0]["activities"][0]["cmi"]["cmi.suspend_data"], long);
    drop(tab);

    // The next session has extensions; a change of the mastery score in its middle is for the one after.
    let mut tab = on.tab(id).await;
    tab.start();
    assert_eq!(outcome(&mut tab, "cmi.vendor.page", "7", now), ("true".to_owned(), 0));
    assert_eq!(tab.get("cmi.vendor.page"), "7");
    change("PlayerLaunchCompletedRegsAsNoCredit", "YES").await.unwrap();
    change("mastery_score", "60").await.unwrap();
    tab.terminate();
    tab.send(&on.app).await;
    let after = report(&on, id).await;
    assert_eq!((&after["status"], &after["score"]["scaled"]), (&"passed".into(), &0.9.into()));
    assert_eq!(after["attempts"][0]["activities"][0]["cmi"]["cmi.vendor.page"], "7");
    drop(tab);

    // Completed, it is opened for review: nothing that is reported counts, after a restart either.
    let mut tab = on.tab(id).await;
    tab.start();
    assert_eq!(
        (tab.get("cmi.core.lesson_mode"), tab.get("cmi.core.credit")),
        ("review".into(), "no-credit".into())
    );
    tab.set("cmi.core.score.raw", "10");
    tab.set("cmi.core.lesson_status", "failed");
    tab.terminate();
    tab.send(&on.app).await;
    assert_eq!(report(&on, id).await["status"], "passed");
    drop(tab);
    let again = on.again(2);
    assert_eq!(report(&again, id).await["status"], "passed");

    let settings = on.app.course_settings(TestApp::TENANT, course).await.unwrap();
    let set: Vec<_> =
        settings.settings.iter().filter(|s| s.source == lyceum_app::SettingSource::Course).collect();
    assert_eq!(
        set.iter().map(|s| s.name).collect::<Vec<_>>(),
        ["extensions", "review_when_completed", "mastery_score"]
    );
    let refused = change("mastery_score", "high").await.unwrap_err();
    assert_eq!((refused.code(), refused.kind().status()), ("bad-setting", 400));
    assert_eq!(change("no_such", "1").await.unwrap_err().code(), "unknown-setting");
    let elsewhere = on.app.course_settings(lyceum_app::Tenant(2), course).await.unwrap_err();
    assert_eq!(elsewhere.code(), "not-found");
}
