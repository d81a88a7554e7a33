//! When the disk, the process or another server gets in the way: nothing acknowledged is lost, nothing counts twice.

use std::collections::BTreeMap;
use std::sync::Arc;

use lyceum_app::{
    Actor, AppError, Caller, Clock as _, CommitRequest, ErrorKind, OpenSession, RegistrationId, WritePoint,
    limits,
};
use lyceum_store::{attempts, chain, commits, registrations};
use lyceum_testkit::{Tab, scorm12, scorm2004};

use super::TestApp;

async fn started() -> (TestApp, RegistrationId) {
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await;
    let registration = on.register(course, "ada").await;
    (on, registration)
}

async fn attempt(on: &TestApp, id: RegistrationId) -> serde_json::Value {
    let report = on.app.registration_report(TestApp::TENANT, id).await.unwrap();
    serde_json::to_value(&report.attempts[0]).unwrap()
}

/// Reads the registration's journal past the application, and follows its hash chain.
async fn assert_chain_holds(on: &TestApp, id: RegistrationId) {
    let db = on.db();
    let read = db.read(move |tx| {
        let head = registrations::find(TestApp::TENANT, tx, id)?.unwrap();
        let mut rows = Vec::new();
        let mut openings = BTreeMap::new();
        for attempt in attempts::list(TestApp::TENANT, tx, id)? {
            rows.extend(commits::list(TestApp::TENANT, tx, attempt.id, 0, u32::MAX)?);
            let sessions = attempts::sessions(TestApp::TENANT, tx, attempt.id)?;
            openings.extend(sessions.into_iter().map(|of| (of.id, chain::OpeningDigest::of(&of.opening))));
        }
        Ok((head, rows, openings))
    });
    let (registration, mut rows, openings) = read.await.unwrap();
    rows.sort_by_key(|row| row.link);
    let mut previous = [0; 32];
    for (n, row) in rows.iter().enumerate() {
        assert_eq!(row.link, n as u64 + 1);
        assert!(
            chain::verifies(id, &previous, openings.get(&row.session).copied(), row),
            "link {}",
            row.link
        );
        previous = row.hash;
    }
    assert_eq!((registration.chain_length, registration.chain_head), (rows.len() as u64, previous));
}

#[tokio::test]
async fn a_failed_write_is_tried_again_and_counts_once() {
    for point in [WritePoint::Begin, WritePoint::Job, WritePoint::Commit, WritePoint::Committed] {
        let (on, id) = started().await;
        let mut tab = on.tab(id).await;
        tab.start();
        tab.send(&on.app).await;
        tab.set("cmi.core.session_time", "00:10:00");
        tab.set("cmi.core.lesson_location", "1");
        tab.terminate();
        on.faults.plan(point, 0);
        let answer = tab.send(&on.app).await;
        assert!(!on.faults.is_planned(), "{point:?}");
        assert_eq!(answer.state_hash, Some(tab.hash()), "{point:?}");
        let attempt = attempt(&on, id).await;
        assert_eq!(
            (&attempt["commits"], &attempt["activities"][0]["total_seconds"]),
            (&2.into(), &600.0.into()),
            "{point:?}"
        );
        let health = on.app.ready().await;
        assert_eq!((health.status, health.retries, health.fallback_count), ("ready", 1, 0), "{point:?}");
    }
}

#[tokio::test]
async fn opening_a_session_survives_a_failed_write() {
    for point in [WritePoint::Begin, WritePoint::Job, WritePoint::Commit, WritePoint::Committed] {
        for after in 0..2 {
            let (on, id) = started().await;
            let token = on.token(id).await;
            on.faults.plan(point, after);
            let request = OpenSession { client_clock: None, page: "x".to_owned() };
            let opened = on.app.open_session(&token, request).await.unwrap();
            assert!(!on.faults.is_planned(), "{point:?}");
            let attempt = attempt(&on, id).await;
            let sessions = attempt["sessions"].as_array().unwrap();
            // An acknowledgement that got lost after COMMIT: the same page gets the same session.
            assert_eq!((sessions.len(), opened.opening.ordinal), (1, 1), "{point:?}");
            assert_eq!(sessions[0]["id"], opened.session.as_str());
        }
    }
}

#[tokio::test]
async fn an_outage_loses_nothing_and_counts_nothing_twice() {
    let (on, id) = started().await;
    let course = on.app.courses(TestApp::TENANT).await.unwrap()[0].id;
    let other = on.register(course, "grace").await;
    let (mut tab, mut others) = (on.tab(id).await, on.tab(other).await);
    tab.start();
    others.start();
    tab.send(&on.app).await;
    on.faults.away(true);
    for n in 0..5 {
        on.clock.advance(60_000);
        tab.set("cmi.core.lesson_location", &n.to_string());
        let answer = tab.send(&on.app).await;
        assert_eq!((answer.durable_to, answer.missing), (tab.engine.last_seq(), vec![]));
        assert_eq!(answer.state_hash, None, "nobody has executed it yet");
    }
    let health = on.app.ready().await;
    assert_eq!((health.status, health.database_connected, health.fallback_count), ("degraded", false, 5));
    assert_eq!((health.spool.length, health.spool.age_ms), (5, 240_000));
    assert!(health.failed_attempts > 0 && health.retries > 0, "{health:?}");
    assert!(on.app.replay_spool().await.is_err(), "it is still away");

    // Neither memory nor database: the token has to be enough.
    let on = on.restart(2);
    tab.set("cmi.core.session_time", "00:05:00");
    tab.terminate();
    let request = tab.request();
    for _ in 0..2 {
        let answer = on.app.commit(&tab.token, request.clone(), Caller::default()).await.unwrap();
        assert_eq!(answer.durable_to, tab.engine.last_seq());
    }
    tab.send(&on.app).await;
    others.send(&on.app).await;
    let page = OpenSession { client_clock: None, page: "x".to_owned() };
    assert_eq!(on.app.open_session(&tab.token, page).await.unwrap_err().kind(), ErrorKind::Unavailable);
    on.clock.advance(3_600_000);
    assert_eq!(
        on.app.end_stale_sessions(on.clock.now()).await.unwrap(),
        0,
        "its signs of life are in the spool"
    );

    on.faults.away(false);
    let before = on.app.ready().await;
    assert_eq!((before.status, before.spool.length), ("ready", 9));
    tab.navigate("exit");
    let answer = tab.send(&on.app).await;
    assert_eq!(answer.state_hash, Some(tab.hash()), "what waited came first");
    assert_eq!(on.app.ready().await.spool.length, 1, "and what waits of others did not delay it");
    assert_eq!(on.app.replay_spool().await.unwrap(), 1);
    let attempt = attempt(&on, id).await;
    assert_eq!(attempt["state_hash"], tab.hash());
    assert_eq!(attempt["activities"][0]["total_seconds"], 300.0);
    assert_eq!(attempt["activities"][0]["cmi"]["cmi.core.lesson_location"], "4");
    assert_chain_holds(&on, id).await;
    let after = on.app.ready().await;
    assert_eq!((after.status, after.spool.length, after.fallback_refused), ("ready", 0, 0));
    // And on as usual.
    let mut next = on.tab(id).await;
    next.start();
    assert_eq!(next.send(&on.app).await.state_hash, Some(next.hash()));
    assert_eq!(on.app.replay_spool().await.unwrap(), 0);
}

#[tokio::test]
async fn a_session_begins_with_what_was_accepted_without_the_database() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.send(&on.app).await;
    on.faults.away(true);
    tab.set("cmi.core.lesson_location", "saved, she was told");
    tab.send(&on.app).await;
    drop(tab);
    on.faults.away(false);
    // Before the background job has replayed it.
    let mut next = on.tab(id).await;
    next.start();
    assert_eq!(next.get("cmi.core.lesson_location"), "saved, she was told");
    assert_eq!(on.app.ready().await.spool.length, 0);
}

#[tokio::test]
async fn without_the_database_a_gap_shows_as_well() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.send(&on.app).await;
    let known = tab.confirmed;
    for n in 0..4 {
        tab.set("cmi.core.lesson_location", &n.to_string());
    }
    let entries = tab.request().entries;
    on.faults.away(true);
    // The last two alone, as a page sends them that goes away while the others are on their way.
    let late =
        on.app.commit(&tab.token, tab.request_of(entries[2..].to_vec()), Caller::default()).await.unwrap();
    assert_eq!((late.durable_to, late.missing), (known, vec![[known + 1, known + 2]]));
    let first =
        on.app.commit(&tab.token, tab.request_of(entries[..2].to_vec()), Caller::default()).await.unwrap();
    assert_eq!((first.durable_to, first.missing), (known + 4, vec![]));
    // A caller that does not say what was confirmed to it is told no more than what is known here.
    let on = on.restart(2);
    let mut request = tab.request_of(entries[3..].to_vec());
    request.confirmed = None;
    let answer = on.app.commit(&tab.token, request, Caller::default()).await.unwrap();
    assert_eq!((answer.durable_to, answer.missing), (0, vec![[1, known]]));
    on.faults.away(false);
    on.app.replay_spool().await.unwrap();
    assert_eq!(attempt(&on, id).await["state_hash"], tab.hash());
}

#[tokio::test]
async fn what_the_database_will_never_take_is_kept_for_people() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    let mut request = tab.request();
    request.session = "01020304-0506-7708-890a-0b0c0d0e0f10".to_owned();
    on.faults.away(true);
    on.app.commit(&tab.token, request, Caller::default()).await.unwrap();
    tab.send(&on.app).await;
    on.faults.away(false);
    assert_eq!(on.app.replay_spool().await.unwrap(), 2, "it stops nobody else");
    assert_eq!(on.app.ready().await.fallback_refused, 1);
    let kept = std::fs::read_to_string(on.app.data_dir().join("spool/refused.jsonl")).unwrap();
    assert!(kept.contains("there is no session 01020304"), "{kept}");
    assert_eq!(attempt(&on, id).await["state_hash"], tab.hash());
}

#[tokio::test]
async fn what_was_refused_of_an_erased_learner_is_forgotten_too() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.set("cmi.suspend_data", "her secret");
    let mut request = tab.request();
    request.session = "01020304-0506-7708-890a-0b0c0d0e0f10".to_owned();
    on.faults.away(true);
    on.app.commit(&tab.token, request, Caller::default()).await.unwrap();
    on.faults.away(false);
    on.app.replay_spool().await.unwrap();
    let kept = || std::fs::read_to_string(on.app.data_dir().join("spool/refused.jsonl")).unwrap();
    assert!(kept().contains("her secret"));
    let actor = Actor { by: "Grace".to_owned(), reason: "she asked".to_owned() };
    on.app.erase_learner(TestApp::TENANT, "ada", &actor).await.unwrap();
    assert!(!kept().contains("her secret") && kept().contains(&id.to_string()), "{}", kept());

    // Her tab does not know it, and the database is away: what is refused then is not kept either.
    on.faults.away(true);
    tab.send(&on.app).await;
    on.faults.away(false);
    on.app.replay_spool().await.unwrap();
    assert_eq!(on.app.ready().await.fallback_refused, 2);
    assert!(!kept().contains("her secret") && kept().lines().count() == 2, "{}", kept());
}

#[tokio::test]
async fn a_request_that_is_given_up_half_way_does_no_harm() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.send(&on.app).await;
    for n in 0..20_u32 {
        tab.set("cmi.core.lesson_location", &n.to_string());
        let request = tab.request();
        // Polled a few times, then dropped: the browser's connection broke at some await.
        let mut commit = Box::pin(on.app.commit(&tab.token, request, Caller::default()));
        for _ in 0..n % 5 {
            let polled =
                std::future::poll_fn(|cx| std::task::Poll::Ready(commit.as_mut().poll(cx).is_ready())).await;
            if polled {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(commit);
        let answer = tab.send(&on.app).await;
        assert_eq!(answer.state_hash, Some(tab.hash()), "{n}");
    }
    assert_eq!(attempt(&on.again(2), id).await["state_hash"], tab.hash());
}

#[tokio::test]
async fn two_servers_on_one_data_folder_serialise() {
    let on = TestApp::default();
    let course = on.import(&scorm2004("Course", &["a"])).await;
    let id = on.register(course, "ada").await;
    let other = on.again(2);
    let mut tabs = [on.tab(id).await, other.tab(id).await];
    tabs.iter_mut().for_each(Tab::start);
    // Each server believes that it alone knows the attempt, and must notice that it does not.
    for round in 0..10 {
        for (tab, server) in tabs.iter_mut().zip([&on, &other]) {
            tab.set("cmi.location", &round.to_string());
            tab.set(&format!("cmi.interactions.{round}.id"), &format!("urn:q:{round}"));
            tab.send(&server.app).await;
        }
    }
    let at_once = |tab: &mut Tab, server: &TestApp| {
        tab.set("cmi.suspend_data", "at once");
        let (app, token, request) = (server.app.clone(), tab.token.clone(), tab.request());
        tokio::spawn(async move { app.commit(&token, request, Caller::default()).await.unwrap() })
    };
    let [first, second] = &mut tabs;
    let (a, b) = (at_once(first, &on), at_once(second, &other));
    assert!(a.await.unwrap().superseded);
    assert!(!b.await.unwrap().superseded);
    let (here, there) = (attempt(&on, id).await, attempt(&other, id).await);
    assert_eq!(here, there);
    assert_eq!(here["commits"], 22);
    assert_chain_holds(&on, id).await;
    // A second page load that another server has seen is not taken for the newest here.
    let third = other.tab(id).await;
    assert_eq!(third.engine.opening().ordinal, 3);
    assert_eq!(on.tab(id).await.engine.opening().ordinal, 4);
}

/// As two machines do: each with a data folder of its own, which only a database server can bring together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_with_folders_of_their_own_serialise() {
    let on = TestApp::default();
    let Some(url) = on.server() else { return };
    let course = on.import(&scorm2004("Course", &["a"])).await;
    let id = on.register(course, "ada").await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir_all(data.join("objects")).unwrap();
    // What both have in common: the key of their tokens, and the packages.
    std::fs::copy(on.app.data_dir().join("secret.key"), data.join("secret.key")).unwrap();
    for object in std::fs::read_dir(on.app.data_dir().join("objects")).unwrap().flatten() {
        std::fs::copy(object.path(), data.join("objects").join(object.file_name())).unwrap();
    }
    let other = TestApp::at(folder.path(), Some(url.to_owned()), 2);
    let mut tabs = Vec::new();
    for server in [&on, &other] {
        let mut tab = server.tab(id).await;
        tab.start();
        tabs.push((tab, server.app.clone()));
    }
    let work = tabs.into_iter().enumerate().map(|(who, (mut tab, app))| {
        tokio::spawn(async move {
            for n in 0..20 {
                tab.set(&format!("cmi.interactions.{n}.id"), &format!("urn:of:{who}:{n}"));
                tab.set(if who == 0 { "cmi.location" } else { "cmi.suspend_data" }, &n.to_string());
                // Nobody waits here before trying again (the clock stands still), so one may never get its turn: then the
                // page sends it again, as after any failure.
                while let Err(e) = tab.try_send(&app).await {
                    assert_eq!(e.kind(), ErrorKind::Unavailable, "{e}");
                    tokio::task::yield_now().await;
                }
                assert_eq!(tab.outbox, []);
            }
            tab.engine.last_seq()
        })
    });
    let mut entries = Vec::new();
    for working in work.collect::<Vec<_>>() {
        entries.push(working.await.unwrap());
    }
    let (here, there) = (attempt(&on, id).await, attempt(&other, id).await);
    assert_eq!(here, there);
    assert_eq!(here["commits"], 40, "none is lost, none counts twice");
    for (session, sent) in here["sessions"].as_array().unwrap().iter().zip(entries) {
        assert_eq!(session["entries"], sent);
    }
    let cmi = &here["activities"][0]["cmi"];
    assert_eq!((&cmi["cmi.location"], &cmi["cmi.suspend_data"]), (&"19".into(), &"19".into()));
    assert_chain_holds(&on, id).await;
    assert!(on.app.verify_chains().await.unwrap().sound);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_learners_at_once_are_all_stored() {
    let on = Arc::new(TestApp::default());
    let course = on.import(&scorm12("Course", &["a"])).await;
    let learners: Vec<_> = (0..64)
        .map(|n| {
            let on = Arc::clone(&on);
            tokio::spawn(async move {
                let id = on.register(course, &format!("learner {n}")).await;
                let mut tab = on.tab(id).await;
                tab.start();
                for k in 0..10 {
                    tab.set("cmi.suspend_data", &format!("{n}/{k}"));
                    assert_eq!(tab.send(&on.app).await.state_hash, Some(tab.hash()));
                }
                (id, tab.hash())
            })
        })
        .collect();
    let mut all = Vec::new();
    for learner in learners {
        all.push(learner.await.unwrap());
    }
    // Killed, as far as the next one can tell: nobody closed anything.
    let after = on.again(2);
    for (id, hash) in all {
        assert_eq!(attempt(&after, id).await["state_hash"], hash.as_str());
    }
}

#[tokio::test]
async fn closing_drains_and_later_requests_are_told_to_come_back() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    let request = tab.request();
    let commits: Vec<_> = (0..10)
        .map(|_| {
            let (app, token, request) = (on.app.clone(), tab.token.clone(), request.clone());
            tokio::spawn(async move { app.commit(&token, request, Caller::default()).await })
        })
        .collect();
    tokio::task::yield_now().await;
    on.app.shutdown().await;
    let mut durable = 0;
    for commit in commits {
        match commit.await.unwrap() {
            Ok(answer) => durable = answer.durable_to,
            Err(e) => assert_eq!((e.code(), e.kind()), ("database-closed", ErrorKind::Unavailable)),
        }
    }
    assert!(!on.app.ready().await.is_ready());
    let after = on.again(2);
    assert!(after.app.ready().await.is_ready());
    assert_eq!(attempt(&after, id).await["sessions"][0]["entries"], durable);
    let answer = after.app.commit(&tab.token, request, Caller::default()).await.unwrap();
    assert_eq!(answer.state_hash, Some(tab.hash()));
}

#[tokio::test]
async fn a_hostile_page_cannot_make_the_server_lie() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.set("cmi.core.score.raw", "10");
    tab.terminate();
    let mut request = tab.request();
    for entry in &mut request.entries {
        match entry.element.as_str() {
            // Outcomes that this side does not share.
            "cmi.core.score.raw" => entry.error = 405,
            _ if entry.call == lyceum_app::Call::Terminate => entry.result = "passed".to_owned(),
            _ => {}
        }
    }
    let answer = on.app.commit(&tab.token, request, Caller::default()).await.unwrap();
    assert_eq!(answer.state_hash, Some(tab.hash()), "this side's own outcome counts");
    let attempt = attempt(&on.again(2), id).await;
    assert_eq!(attempt["activities"][0]["success"], "failed");

    let nonsense = serde_json::json!({"session": tab.session, "entries": [
        {"seq": tab.engine.last_seq() + 1, "at": i64::MAX, "activity": "nowhere", "call": "deliver"},
        {"seq": tab.engine.last_seq() + 2, "at": i64::MIN, "activity": "a", "call": "set", "element": "cmi.core.exit", "value": "\u{0}"},
        {"seq": tab.engine.last_seq() + 3, "at": 0, "call": "navigate", "value": "choice ../../etc", "result": "a"},
        {"seq": tab.engine.last_seq() + 4, "at": 0, "activity": "a", "call": "get", "element": "x".repeat(30_000)},
    ]});
    let request = CommitRequest::from_json(nonsense.to_string().as_bytes()).unwrap();
    on.app.commit(&tab.token, request, Caller::default()).await.unwrap();
    assert_eq!(on.again(3).app.registration_report(TestApp::TENANT, id).await.unwrap().status, "failed");
}

#[tokio::test]
async fn a_gap_cannot_fill_the_memory() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    let entry = tab.request().entries.pop().unwrap();
    let large = "x".repeat(limits::MAX_VALUE_BYTES);
    let mut refused = None;
    for seq in (1_000_000..).take(1 + limits::MAX_PENDING_BYTES as usize / limits::MAX_VALUE_BYTES) {
        assert!(refused.is_none(), "only what is too much is refused: {refused:?}");
        let entries = vec![lyceum_app::Entry { seq, value: large.clone(), ..entry.clone() }];
        refused = on.app.commit(&tab.token, tab.request_of(entries), Caller::default()).await.err();
    }
    assert!(matches!(refused, Some(AppError::TooLarge { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_full_disk_under_the_spool_is_told_and_nothing_is_left_half_written() {
    let (on, id) = started().await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.send(&on.app).await;
    on.faults.away(true);
    tab.set("cmi.core.lesson_location", "kept");
    tab.send(&on.app).await;
    on.faults.full(true);
    tab.set("cmi.core.session_time", "00:10:00");
    tab.set("cmi.suspend_data", &"not yet ".repeat(100));
    let e = tab.try_send(&on.app).await.unwrap_err();
    assert_eq!((e.kind(), e.kind().status()), (ErrorKind::Unavailable, 503), "it is not acknowledged: {e}");
    assert_eq!(on.app.ready().await.spool.length, 1);

    // A server that starts now finds what was acknowledged, whole, and nothing else.
    let on = on.restart(2);
    assert_eq!(on.app.ready().await.spool.length, 1);
    on.faults.full(false);
    tab.terminate();
    tab.send(&on.app).await;
    on.faults.away(false);
    assert_eq!(on.app.replay_spool().await.unwrap(), 2);
    let attempt = attempt(&on, id).await;
    assert_eq!(attempt["state_hash"], tab.hash());
    assert_eq!(attempt["activities"][0]["total_seconds"], 600.0);
    assert_eq!(on.app.ready().await.fallback_refused, 0);
    assert_chain_holds(&on, id).await;
}
