//! What happened, and what people do about it: history, states of earlier moments, rollback, override, reset.

use lyceum_app::{
    Acted, Actor, AppError, Call, Caller, Clock as _, Cursor, Effect, Glob, HistoryItem, HistoryQuery, Point,
    RegistrationId, Standing, Target, limits,
};
use lyceum_attempt::summary::{Completion, Score, Success};
use lyceum_testkit::{Tab, scorm12, scorm2004};

use super::TestApp;

const T: lyceum_app::Tenant = TestApp::TENANT;

async fn started() -> (TestApp, RegistrationId) {
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await;
    let registration = on.register(course, "ada").await;
    (on, registration)
}

/// Pages 1 to `pages`, one commit a second.
async fn read(on: &TestApp, tab: &mut Tab, pages: std::ops::RangeInclusive<u32>) {
    for page in pages {
        on.clock.advance(1_000);
        tab.set("cmi.core.lesson_location", &page.to_string());
        tab.send(&on.app).await;
    }
}

async fn items(on: &TestApp, id: RegistrationId, query: HistoryQuery) -> Vec<HistoryItem> {
    let page = on.app.history(T, id, &HistoryQuery { limit: 1_000, ..query }).await.unwrap();
    assert_eq!(page.next, None);
    page.items
}

fn element(pattern: &str) -> HistoryQuery {
    HistoryQuery { element: Some(Glob::new(pattern)), ..HistoryQuery::default() }
}

async fn json(on: &TestApp, id: RegistrationId) -> serde_json::Value {
    serde_json::to_value(on.app.registration_report(T, id).await.unwrap()).unwrap()
}

fn actor(reason: &str) -> Actor {
    Actor { by: "Grace".to_owned(), reason: reason.to_owned() }
}

async fn rollback(on: &TestApp, id: RegistrationId, to: Point) -> Result<Acted, AppError> {
    on.app.rollback(T, Target { registration: id, attempt: None }, to, &actor("a mistake")).await
}

fn changes(items: &[HistoryItem]) -> Vec<(Option<&str>, Option<&str>)> {
    items.iter().map(|item| (item.old.as_deref(), item.new.as_deref())).collect()
}

#[tokio::test]
async fn every_change_is_told_with_who_when_and_what_was_before() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    let made = on.clock.now();
    tab.set("cmi.core.lesson_location", "1");
    tab.set("cmi.core.lesson_location", "2");
    assert_eq!(tab.engine.set_value("cmi.core.student_name", "Eve", made).error, 403);
    on.clock.advance(5_000);
    tab.send(&on.app).await;
    tab.set("cmi.core.lesson_location", "2");
    tab.set("cmi.core.lesson_location", "3");
    tab.send(&on.app).await;

    let found = items(&on, id, element("cmi.core.lesson_location")).await;
    let expected =
        [(None, Some("1")), (Some("1"), Some("2")), (Some("2"), Some("2")), (Some("2"), Some("3"))];
    assert_eq!(changes(&found), expected);
    let first = &found[0];
    assert_eq!((first.user.as_str(), first.activity.as_str(), first.attempt), ("ada", "a", 1));
    assert_eq!((first.commit, found[2].commit), (1, 2));
    assert_eq!(first.session.as_deref(), Some(tab.session.as_str()));
    assert!(first.client_time < first.server_time, "five seconds on the way");

    let refused = items(&on, id, HistoryQuery { refused: true, ..HistoryQuery::default() }).await;
    assert_eq!((refused.len(), refused[0].error, refused[0].effect), (1, 403, Effect::Refused));
    assert_eq!(refused[0].new.as_deref(), Some("Eve"), "what was asked for");

    let of_commit = HistoryQuery { commit: Some(2), ..element("cmi.core.lesson_location") };
    assert_eq!(items(&on, id, of_commit).await.len(), 2);
    let (from, to) = (on.clock.now(), on.clock.now());
    let later = HistoryQuery { from: Some(from + 1), ..HistoryQuery::default() };
    assert!(items(&on, id, later).await.is_empty());
    let before = HistoryQuery { to: Some(to - 1), ..HistoryQuery::default() };
    assert!(items(&on, id, before).await.is_empty());
    assert!(items(&on, id, HistoryQuery::default()).await.iter().any(|item| item.call == "deliver"));
}

#[tokio::test]
async fn pages_of_any_size_are_the_whole() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    for n in 0..7 {
        tab.set(&format!("cmi.interactions.{n}.id"), &format!("q{n}"));
        tab.set("cmi.suspend_data", &n.to_string());
    }
    tab.send(&on.app).await;
    read(&on, &mut tab, 1..=9).await;
    on.app.reset(T, id, &actor("once more")).await.unwrap();
    let mut tab = on.tab(id).await;
    tab.start();
    tab.send(&on.app).await;
    let whole = serde_json::to_value(items(&on, id, HistoryQuery::default()).await).unwrap();
    for limit in [1, 2, 7, 16] {
        let (mut all, mut after): (Vec<HistoryItem>, Option<Cursor>) = (Vec::new(), None);
        loop {
            let query = HistoryQuery { limit, after, ..HistoryQuery::default() };
            let page = on.app.history(T, id, &query).await.unwrap();
            assert!(page.items.len() <= limit);
            all.extend(page.items);
            let Some(next) = page.next else { break };
            after = Some(next.parse().unwrap());
        }
        assert_eq!(serde_json::to_value(all).unwrap(), whole, "{limit} a page");
    }
    assert!("1.2".parse::<Cursor>().is_err() && "x.y.z".parse::<Cursor>().is_err());
}

#[tokio::test]
async fn an_attempt_is_shown_as_it_stood() {
    let (on, id) = started().await;
    let before = on.clock.now() - 1;
    let mut tab = on.tab(id).await;
    tab.start();
    read(&on, &mut tab, 1..=3).await;
    let then = on.clock.now();
    on.clock.advance(1);
    tab.set("cmi.core.score.raw", "90");
    tab.terminate();
    tab.navigate("exit");
    tab.send(&on.app).await;
    let at = |at| on.app.registration_report_at(T, id, at);
    let report = serde_json::to_value(at(then).await.unwrap()).unwrap();
    let attempt = &report["attempts"][0];
    assert_eq!((&report["status"], &attempt["commits"]), (&"incomplete".into(), &3.into()));
    assert_eq!(attempt["activities"][0]["cmi"]["cmi.core.lesson_location"], "3");
    assert!(attempt["ended"].is_null() && attempt["exit"].is_null());
    let now = serde_json::to_value(at(on.clock.now()).await.unwrap()).unwrap();
    assert_eq!(now, json(&on, id).await, "now is now");
    assert_eq!(at(before).await.unwrap().attempts.len(), 0);

    let difference =
        on.app.differences(T, id, None, (Point::Commit(2), Point::At(on.clock.now()))).await.unwrap();
    let elements: Vec<&str> = difference.values.iter().map(|value| value.element.as_str()).collect();
    assert_eq!(elements, ["cmi.core.lesson_location", "cmi.core.lesson_status", "cmi.core.score.raw"]);
    assert_eq!((difference.from.status, difference.to.status), ("incomplete", "passed"));
    let same = on.app.differences(T, id, None, (Point::Commit(3), Point::At(then))).await.unwrap();
    assert!(same.values.is_empty() && same.from.state_hash == same.to.state_hash);
    let unknown = on.app.differences(T, id, None, (Point::Commit(99), Point::Commit(0))).await;
    assert!(matches!(unknown, Err(AppError::NotFound { what: "commit", .. })));
}

#[tokio::test]
async fn a_rollback_restores_is_recorded_and_can_be_undone() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    read(&on, &mut tab, 1..=2).await;
    let then = tab.hash();
    read(&on, &mut tab, 3..=6).await;
    tab.set("cmi.interactions.0.id", "q");
    tab.send(&on.app).await;
    let later = tab.hash();
    let to_come = rollback(&on, id, Point::At(on.clock.now() + 1)).await;
    assert!(matches!(to_come, Err(AppError::Malformed(_))), "{to_come:?}");
    let done = rollback(&on, id, Point::Commit(2)).await.unwrap();
    assert_eq!((done.attempt, done.commit, done.act, done.values_changed), (1, 8, "rollback", 2));
    assert_eq!(done.state_hash, then);
    let report = json(&on, id).await;
    assert_eq!(report["attempts"][0]["state_hash"], then.as_str());
    assert_eq!(report["attempts"][0]["activities"][0]["cmi"]["cmi.core.lesson_location"], "2");

    // After a restart, from disk alone.
    let on = on.again(2);
    assert_eq!(json(&on, id).await["attempts"][0]["state_hash"], then.as_str());
    let told = items(&on, id, HistoryQuery { commit: Some(8), ..HistoryQuery::default() }).await;
    assert!(told.iter().all(|item| item.call == "rollback" && item.user == "Grace"));
    assert_eq!(told[0].reason.as_deref(), Some("a mistake"));
    assert_eq!(changes(&told)[1..], [(Some("6"), Some("2")), (Some("q"), None)]);

    let undone = rollback(&on, id, Point::Commit(done.commit - 1)).await.unwrap();
    assert_eq!(undone.state_hash, later);
    let nothing = rollback(&on, id, Point::Commit(0)).await.unwrap();
    assert!(nothing.values_changed > 0);
    let report = json(&on, id).await;
    assert_eq!((&report["total_seconds"], &report["attempts"][0]["commits"]), (&0.0.into(), &10.into()));
    assert!(rollback(&on, id, Point::Commit(99)).await.is_err());
    for (by, reason) in [("", "why"), ("who", " ")] {
        let actor = Actor { by: by.to_owned(), reason: reason.to_owned() };
        let target = Target { registration: id, attempt: None };
        assert!(on.app.rollback(T, target, Point::Commit(1), &actor).await.is_err(), "{by} {reason}");
    }
}

#[tokio::test]
async fn a_running_session_is_told_and_changes_nothing_any_more() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    read(&on, &mut tab, 1..=3).await;
    assert!(!tab.send(&on.app).await.superseded);
    rollback(&on, id, Point::Commit(1)).await.unwrap();
    let then = json(&on, id).await["attempts"][0]["state_hash"].clone();
    let heartbeat = on.app.commit(&tab.token, tab.request_of(vec![]), Caller::default()).await.unwrap();
    assert!(heartbeat.superseded && heartbeat.corrected);

    tab.set("cmi.core.lesson_location", "late");
    tab.set("cmi.core.session_time", "01:00:00");
    let answer = tab.send(&on.app).await;
    assert!(answer.superseded && answer.corrected, "and yet all of it is kept");
    for on in [&on, &on.again(2)] {
        let report = json(on, id).await;
        assert_eq!(report["attempts"][0]["state_hash"], then);
        assert!(report["total_seconds"].as_f64().unwrap() < 60.0);
    }
    let late = items(&on, id, element("*location")).await;
    let last = late.last().unwrap();
    assert_eq!((last.effect, last.new.as_deref()), (Effect::Overtaken, Some("late")));

    let mut next = on.tab(id).await;
    next.start();
    assert_eq!(next.get("cmi.core.lesson_location"), "1");
    next.set("cmi.core.lesson_location", "new");
    assert!(!next.send(&on.app).await.superseded);
    tab.set("cmi.core.lesson_location", "later still");
    tab.send(&on.app).await;
    let report = json(&on.again(3), id).await;
    assert_eq!(report["attempts"][0]["activities"][0]["cmi"]["cmi.core.lesson_location"], "new");
}

#[tokio::test]
async fn an_override_counts_is_shown_as_such_and_can_be_withdrawn() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.set("cmi.core.score.raw", "40");
    tab.send(&on.app).await;
    let target = Target { registration: id, attempt: None };
    let standing = Standing {
        completion: Some(Completion::Completed),
        success: Some(Success::Passed),
        score: Some(Score { raw: Some("81".into()), scaled: Some("0.81".into()), ..Score::default() }),
    };
    on.app.override_standing(T, target, &standing, &actor("seen in person")).await.unwrap();
    // What the content says meanwhile is kept and does not count.
    tab.set("cmi.core.score.raw", "50");
    assert!(!tab.send(&on.app).await.superseded, "the learner goes on");
    for on in [&on, &on.again(2)] {
        let report = json(on, id).await;
        assert_eq!((&report["status"], &report["overridden"]), (&"passed".into(), &true.into()));
        assert_eq!(report["score"]["raw"], 81);
        let shown = &report["attempts"][0]["overridden"];
        assert_eq!((&shown["by"], &shown["reason"]), (&"Grace".into(), &"seen in person".into()));
        let listed = on.app.registrations(T, None, None).await.unwrap();
        assert!(listed[0].overridden && listed[0].status == "passed");
    }
    on.app.withdraw_override(T, target, &actor("was somebody else")).await.unwrap();
    let report = json(&on, id).await;
    assert_eq!((&report["status"], &report["overridden"]), (&"incomplete".into(), &false.into()));
    assert_eq!(report["score"]["raw"], 50);
    let again = on.app.withdraw_override(T, target, &actor("again")).await;
    assert!(matches!(again, Err(AppError::NotFound { what: "override", .. })));
    let points = |raw: &str, min: &str, max: &str| {
        let [raw, min, max] = [raw, min, max].map(|text| (!text.is_empty()).then(|| text.to_owned()));
        Some(Score { scaled: None, raw, min, max })
    };
    let scaled = Some(Score { scaled: Some("1.5".into()), ..Score::default() });
    for score in [None, scaled, points("120", "", "100"), points("5", "10", ""), points("50", "60", "40")] {
        let standing = Standing { score, ..Standing::default() };
        assert!(on.app.override_standing(T, target, &standing, &actor("x")).await.is_err());
    }
    let acts: Vec<String> =
        items(&on, id, HistoryQuery::default()).await.into_iter().map(|i| i.call).collect();
    assert!(acts.contains(&"override".to_owned()) && acts.contains(&"withdraw".to_owned()));
}

#[tokio::test]
async fn a_reset_begins_anew_and_keeps_the_old_attempt() {
    let (on, id) = started().await;
    let none = on.app.reset(T, id, &actor("too early")).await;
    assert!(matches!(none, Err(AppError::NotFound { what: "attempt", .. })), "{none:?}");
    let mut old = on.tab(id).await;
    old.start();
    read(&on, &mut old, 1..=2).await;
    let before = json(&on, id).await;
    let done = on.app.reset(T, id, &actor("a second try")).await.unwrap();
    assert_eq!((done.attempt, done.commit, done.act), (2, 1, "begin"));
    let heartbeat = on.app.commit(&old.token, old.request_of(vec![]), Caller::default()).await.unwrap();
    assert!(heartbeat.superseded && heartbeat.corrected);
    old.set("cmi.core.lesson_location", "to the old one");
    assert!(old.send(&on.app).await.superseded);

    let mut new = on.tab(id).await;
    new.start();
    assert_eq!(
        (new.get("cmi.core.entry"), new.get("cmi.core.lesson_location")),
        ("ab-initio".into(), "".into())
    );
    new.set("cmi.core.lesson_location", "fresh");
    new.send(&on.app).await;
    let report = json(&on.again(2), id).await;
    let attempts = report["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 2);
    let location = |n: usize| &attempts[n]["activities"][0]["cmi"]["cmi.core.lesson_location"];
    assert_eq!((location(0), location(1)), (&"to the old one".into(), &"fresh".into()));
    assert_eq!(attempts[0]["started"], before["attempts"][0]["started"]);
    // What still came of it has not opened it again.
    assert!(attempts[0]["ended"].is_string() && attempts[1]["ended"].is_null(), "{attempts:?}");
    // The old one can still be corrected by itself.
    let target = Target { registration: id, attempt: Some(1) };
    on.app.rollback(T, target, Point::Commit(1), &actor("old news")).await.unwrap();
    assert_eq!(json(&on, id).await["status"], "incomplete");
}

#[tokio::test]
async fn a_page_that_vanished_before_a_reset_has_its_time() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.send(&on.app).await;
    on.clock.advance(120_000);
    on.app.commit(&tab.token, tab.request_of(vec![]), Caller::default()).await.unwrap();
    on.clock.advance(60_000);
    on.app.reset(T, id, &actor("once more")).await.unwrap();
    on.clock.advance(limits::SESSION_LEASE);
    assert_eq!(on.app.end_stale_sessions(on.clock.now()).await.unwrap(), 1);
    let report = json(&on, id).await;
    assert_eq!(report["attempts"][0]["measured_seconds"], 120.0, "to the last sign of life");
    assert_eq!((&report["measured_seconds"], &report["attempt_count"]), (&120.0.into(), &2.into()));
}

#[tokio::test]
async fn no_browser_can_act() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    let mut request = tab.request();
    let act = r#"{"by":"me","act":"override","completion":"completed","success":"passed"}"#;
    for entry in &mut request.entries {
        (entry.call, entry.value) = (Call::Act, act.to_owned());
    }
    let answer = on.app.commit(&tab.token, request, Caller::default()).await;
    assert!(matches!(answer, Err(AppError::Malformed(_))), "{answer:?}");
    assert_eq!(json(&on, id).await["overridden"], false);
}

#[tokio::test]
async fn an_enrollment_tells_dates_and_scores_of_all_attempts() {
    let (on, id) = started().await;
    let mut completed = Vec::new();
    for score in ["85", "95", "90"] {
        on.clock.advance(60_000);
        let mut tab = on.tab(id).await;
        tab.start();
        tab.send(&on.app).await;
        on.clock.advance(1_000);
        tab.set("cmi.core.score.raw", score);
        tab.terminate();
        tab.navigate("exit");
        completed.push(on.clock.now());
        // It arrives later: what counts is when it was done.
        on.clock.advance(30_000);
        tab.send(&on.app).await;
        if score != "90" {
            on.app.reset(T, id, &actor("again")).await.unwrap();
        }
    }
    let report = json(&on, id).await;
    let scores = &report["scores"];
    assert_eq!((&scores["first"]["raw"], &scores["last"]["raw"]), (&85.into(), &90.into()));
    assert_eq!((&scores["best"]["raw"], &report["attempt_count"]), (&95.into(), &3.into()));
    let attempts = report["attempts"].as_array().unwrap();
    for (attempt, completed) in attempts.iter().zip(&completed) {
        let since = |name: &str| attempt[name].as_str().unwrap().parse::<Point>().unwrap();
        assert_eq!((since("completed"), since("satisfied")), (Point::At(*completed), Point::At(*completed)));
        assert_eq!((&attempt["terminated"], &attempt["standard"]), (&true.into(), &"SCORM_12".into()));
        assert!(attempt["last_seq"].as_u64().unwrap() > 3);
    }
    assert_eq!(report["completed"], attempts[0]["completed"], "the first time");
    // Rolled back to before it was done, an attempt was never completed.
    let target = Target { registration: id, attempt: Some(1) };
    on.app.rollback(T, target, Point::Commit(1), &actor("a cheat")).await.unwrap();
    let report = json(&on, id).await;
    assert_eq!(report["attempts"][0]["completed"], serde_json::Value::Null);
    assert_eq!(report["completed"], report["attempts"][1]["completed"]);
}

/// Each navigation is told with the decisions on its way, in words, and can be looked for.
#[tokio::test]
async fn a_navigation_is_told_with_its_reasons() {
    let on = TestApp::default();
    let course = on.import(&scorm2004("Course", &["a", "b"])).await;
    let id = on.register(course, "ada").await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.set("cmi.completion_status", "completed");
    tab.terminate();
    tab.navigate("continue");
    tab.navigate("continue");
    tab.send(&on.app).await;
    let all = items(&on, id, HistoryQuery::default()).await;
    let navigations = items(&on, id, HistoryQuery { navigation: true, ..HistoryQuery::default() }).await;
    assert!(all.len() > navigations.len());
    let told: Vec<_> = navigations.iter().map(|item| (item.call.as_str(), item.new.as_deref())).collect();
    assert_eq!(told.last(), Some(&("navigate", Some("continue"))), "{told:?}");
    assert!(navigations.iter().all(|item| !item.decisions.is_empty()), "{navigations:?}");
    let steps = navigations.iter().flat_map(|item| &item.decisions).collect::<Vec<_>>();
    assert!(steps.iter().any(|step| step.about == "Part b" && step.process.starts_with("DB.")), "{steps:?}");
    assert!(all.iter().all(|item| item.call == "navigate" || item.decisions.is_empty()));
    // The last one led nowhere, or out of the course: in both cases it says so.
    let last = navigations.last().unwrap();
    assert!(
        last.exception.is_some() || last.decisions.iter().any(|step| step.text.contains("session")),
        "{last:?}"
    );
    // From page to page nothing is lost or told twice.
    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let query = HistoryQuery { navigation: true, after, limit: 1, ..HistoryQuery::default() };
        let page = on.app.history(T, id, &query).await.unwrap();
        paged.extend(page.items.into_iter().map(|item| item.new));
        let Some(next) = page.next else { break };
        after = Some(next.parse::<Cursor>().unwrap());
    }
    assert_eq!(paged, navigations.into_iter().map(|item| item.new).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_long_history_is_looked_through_a_piece_at_a_time() {
    const COMMITS: u64 = 60;
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    for commit in 1..=COMMITS {
        for page in 1..=1_000 {
            tab.set("cmi.core.lesson_location", &format!("{commit}.{page}"));
        }
        if commit == 1 || commit == COMMITS {
            tab.set("cmi.core.lesson_status", if commit == 1 { "incomplete" } else { "passed" });
        }
        tab.send(&on.app).await;
    }
    let page = async |query: HistoryQuery, after: Option<String>| {
        let after = after.map(|after| after.parse::<Cursor>().unwrap());
        on.app.history(T, id, &HistoryQuery { after, limit: 100, ..query }).await.unwrap()
    };
    let commits = |items: &[HistoryItem]| items.iter().map(|item| item.commit).collect::<Vec<_>>();
    // What is rare: the page ends before it has looked through all, and the next one goes on.
    let first = page(element("*.lesson_status"), None).await;
    assert_eq!(commits(&first.items), [1]);
    assert!(first.next.is_some());
    let second = page(element("*.lesson_status"), first.next).await;
    assert_eq!(commits(&second.items), [COMMITS]);
    assert_eq!((second.next, second.newest), (None, None));
    // The newest are not reached through all others.
    let oldest = page(HistoryQuery::default(), None).await;
    assert_eq!(oldest.items.len(), 100);
    let newest = page(HistoryQuery::default(), oldest.newest).await;
    assert_eq!(newest.items[0].commit, COMMITS - 49);
    assert_eq!(newest.newest, None, "this is where they begin");
}
