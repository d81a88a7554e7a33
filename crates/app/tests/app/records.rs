//! Exports: whole, verifiable without a server, the same on another one. And erasing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lyceum_app::{
    AccessError, Actor, App, AppError, Caller, Clock as _, HistoryQuery, Point, RegistrationId, Scope,
    Standing, TakeOverError, Target, Trouble,
};
use lyceum_attempt::summary::Success;
use lyceum_store::{attempts, chain, commits};
use lyceum_testkit::{Tab, scorm12};
use serde_json::Value;

use super::TestApp;

const T: lyceum_app::Tenant = TestApp::TENANT;

fn actor() -> Actor {
    Actor { by: "Grace".to_owned(), reason: "because".to_owned() }
}

/// A learner with everything that can happen to her: two attempts, a refusal, a gap, a dispute, a rollback, an override.
async fn eventful() -> (TestApp, lyceum_app::CourseId, RegistrationId) {
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await;
    let id = on.register(course, "ada").await;
    let mut tab = on.tab(id).await;
    tab.start();
    for page in 1..5 {
        on.clock.advance(1_000);
        tab.set("cmi.core.lesson_location", &format!("page {page}"));
        tab.send(&on.app).await;
    }
    assert_ne!(tab.engine.set_value("cmi.core.student_name", "x", on.clock.now()).error, 0);
    let mut other = tab.request().entries;
    tab.send(&on.app).await;
    other[0].value = "disputed".to_owned();
    on.app.commit(&tab.token, tab.request_of(other), Caller::default()).await.unwrap();
    tab.set("cmi.suspend_data", "late");
    let mut past = tab.request().entries;
    past[0].seq += 5;
    on.app.commit(&tab.token, tab.request_of(past), Caller::default()).await.unwrap();
    let target = Target { registration: id, attempt: None };
    on.app.rollback(T, target, Point::Commit(2), &actor()).await.unwrap();
    on.app.reset(T, id, &actor()).await.unwrap();
    let mut tab = on.tab(id).await;
    tab.start();
    tab.set("cmi.core.score.raw", "55");
    tab.send(&on.app).await;
    let standing = Standing { success: Some(Success::Passed), ..Standing::default() };
    on.app.override_standing(T, target, &standing, &actor()).await.unwrap();
    (on, course, id)
}

async fn export(on: &TestApp, scope: Scope) -> (PathBuf, lyceum_app::Exported) {
    let path = on.scratch("export.json");
    let mut file = std::fs::File::create(&path).unwrap();
    let done = on.app.export(T, &scope, &mut file).await.unwrap();
    (path, done)
}

async fn json(on: &TestApp, id: RegistrationId) -> Value {
    serde_json::to_value(on.app.registration_report(T, id).await.unwrap()).unwrap()
}

fn troubles(path: &Path) -> Vec<Trouble> {
    let mut found: Vec<Trouble> =
        App::verify_export(path).unwrap().findings.iter().map(|finding| finding.trouble).collect();
    found.dedup();
    found
}

#[tokio::test]
async fn an_export_is_the_same_on_another_server() {
    let (on, course, id) = eventful().await;
    on.app.sign_heads(false).await.unwrap();
    let (path, done) = export(&on, Scope::Course(course)).await;
    assert_eq!((done.registrations, done.attempts), (1, 2));
    let found = App::verify_export(&path).unwrap();
    assert!(found.sound, "{:?}", found.findings);
    assert_eq!((found.commits, found.signed_heads), (done.commits, 1));
    assert_eq!(found.public_keys, [on.app.public_key()]);

    let there = TestApp::default();
    let taken = there.app.take_over(T, &path).await.unwrap();
    assert_eq!((taken.registrations, taken.attempts, taken.commits), (1, 2, done.commits));
    assert_eq!(taken.packages_missing.len(), 1, "packages travel by themselves");
    assert_eq!(json(&there, id).await, json(&on, id).await);
    let all = HistoryQuery { limit: 1_000, ..HistoryQuery::default() };
    let history = |page| serde_json::to_value::<lyceum_app::HistoryPage>(page).unwrap();
    let here = history(on.app.history(T, id, &all).await.unwrap());
    assert_eq!(history(there.app.history(T, id, &all).await.unwrap()), here);
    assert!(there.app.verify_chains().await.unwrap().sound);
    let again = there.app.take_over(T, &path).await.unwrap();
    assert_eq!((again.registrations, again.known), (0, 1));

    // Once its package is there too, the learner goes on.
    there.import(&scorm12("Course", &["a"])).await;
    let mut tab = there.tab(id).await;
    tab.start();
    assert_eq!(tab.get("cmi.core.score.raw"), "55");
    tab.send(&there.app).await;
    assert!(there.app.verify_chains().await.unwrap().sound);
    assert!(matches!(there.app.take_over(T, &path).await, Err(TakeOverError::Differs(_))));
}

#[tokio::test]
async fn a_learner_who_goes_on_meanwhile_disturbs_neither_verification_nor_export() {
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await;
    let id = on.register(course, "ada").await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.send(&on.app).await;
    let mut goes_on = async |page: u32| {
        tab.set("cmi.core.lesson_location", &format!("page {page}"));
        tab.send(&on.app).await;
        on.app.sign_heads(false).await.unwrap();
    };
    let path = on.scratch("export.json");
    let mut file = std::fs::File::create(&path).unwrap();
    {
        let scope = Scope::Registration(id);
        let mut verifying = std::pin::pin!(on.app.verify_chains());
        let mut exporting = std::pin::pin!(on.app.export(T, &scope, &mut file));
        let (mut verified, mut exported) = (None, None);
        for page in 0.. {
            tokio::select! {
                biased;
                found = &mut verifying, if verified.is_none() => verified = Some(found.unwrap()),
                done = &mut exporting, if exported.is_none() => exported = Some(done.unwrap()),
                () = goes_on(page) => {}
            }
            if let (Some(found), Some(_)) = (&verified, &exported) {
                assert!(found.sound, "{:?}", found.findings);
                break;
            }
        }
    }
    assert_eq!(troubles(&path), []);
}

#[tokio::test]
async fn whatever_is_touched_in_a_file_shows() {
    let (on, _, id) = eventful().await;
    on.app.sign_heads(false).await.unwrap();
    let (path, _) = export(&on, Scope::Registration(id)).await;
    let whole: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let touched = |touch: &dyn Fn(&mut Value)| {
        let mut copy = whole.clone();
        touch(&mut copy["registrations"][0]);
        let at = on.scratch("touched.json");
        std::fs::write(&at, copy.to_string()).unwrap();
        troubles(&at)
    };
    type Touch = (&'static str, fn(&mut Value), Trouble);
    let table: [Touch; 9] = [
        ("the learner", |r| r["learner"]["external_id"] = "eve".into(), Trouble::Altered),
        (
            "what decides a status",
            |r| r["attempts"][1]["sessions"][0]["opening"]["settings"]["mastery_score"] = 10.into(),
            Trouble::Altered,
        ),
        (
            "a value",
            |r| r["attempts"][0]["commits"][1]["entries"][0]["value"] = "forged".into(),
            Trouble::Altered,
        ),
        ("a time", |r| r["attempts"][0]["commits"][1]["arrived_at"] = 1.into(), Trouble::Altered),
        (
            "a row removed",
            |r| drop(r["attempts"][0]["commits"].as_array_mut().unwrap().remove(1)),
            Trouble::Removed,
        ),
        ("the tail", |r| drop(r["attempts"][1]["commits"].as_array_mut().unwrap().pop()), Trouble::Cut),
        ("a status", |r| r["attempts"][1]["summary"]["success"] = "failed".into(), Trouble::Summary),
        ("a signature", |r| r["signed_heads"][0]["hash"] = "00".repeat(32).into(), Trouble::Signature),
        (
            "contents",
            |r| {
                r["attempts"][0]["commits"][1]["salt"] = Value::Null;
                r["attempts"][0]["commits"][1]["entries"] = Value::Array(vec![]);
            },
            Trouble::Removed,
        ),
    ];
    for (what, touch, expected) in table {
        let found = touched(&touch);
        assert!(found.contains(&expected), "{what}: {found:?}");
        assert!(found.contains(&Trouble::File), "{what}: {found:?}");
    }
    let at = on.scratch("touched.json");
    assert!(matches!(TestApp::default().app.take_over(T, &at).await, Err(TakeOverError::Touched(_))));
    // What the file still holds may be whole: it is not all that was exported, and nothing of it is taken.
    let mut fewer = whole.clone();
    fewer["registrations"] = Value::Array(vec![]);
    std::fs::write(&at, fewer.to_string()).unwrap();
    let there = TestApp::default();
    assert!(matches!(there.app.take_over(T, &at).await, Err(TakeOverError::Touched(_))));
    assert!(there.app.courses(T).await.unwrap().is_empty(), "not even its course");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&at, &text[..text.len() / 2]).unwrap();
    assert!(App::verify_export(&at).is_err(), "half a file is none");
    std::fs::write(&at, "{}").unwrap();
    assert!(App::verify_export(&at).is_err());
}

#[tokio::test]
async fn a_tail_that_was_cut_with_care_shows_by_the_signed_head() {
    let (on, _, id) = eventful().await;
    on.app.sign_heads(false).await.unwrap();
    let (path, _) = export(&on, Scope::Registration(id)).await;
    let mut whole: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let registration = &mut whole["registrations"][0];
    let attempt = &mut registration["attempts"][1];
    attempt["commits"].as_array_mut().unwrap().pop();
    attempt["commit_count"] = (attempt["commit_count"].as_u64().unwrap() - 1).into();
    let head = attempt["commits"].as_array().unwrap().last().unwrap()["hash"].clone();
    registration["chain_head"] = head;
    registration["chain_length"] = (registration["chain_length"].as_u64().unwrap() - 1).into();
    let at = on.scratch("touched.json");
    std::fs::write(&at, whole.to_string()).unwrap();
    let found = App::verify_export(&at).unwrap().findings;
    assert!(found.iter().any(|f| f.trouble == Trouble::Cut && f.message.contains("signed")), "{found:?}");
}

/// Whoever knows how the chain is made can make another one that is sound: other times, every hash after them anew.
#[tokio::test]
async fn a_chain_that_was_written_anew_shows_by_the_signed_head() {
    let (on, _, id) = eventful().await;
    on.app.sign_heads(false).await.unwrap();
    let (path, _) = export(&on, Scope::Registration(id)).await;
    let mut whole: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let read = on.db().read(move |tx| {
        let mut rows = Vec::new();
        for (at, attempt) in attempts::list(T, tx, id)?.iter().enumerate() {
            rows.extend(commits::list(T, tx, attempt.id, 0, u32::MAX)?.into_iter().map(|row| (at, row)));
        }
        let mut openings = BTreeMap::new();
        for attempt in attempts::list(T, tx, id)? {
            let sessions = attempts::sessions(T, tx, attempt.id)?;
            openings.extend(sessions.into_iter().map(|of| (of.id, chain::OpeningDigest::of(&of.opening))));
        }
        Ok((rows, openings))
    });
    let (mut rows, openings) = read.await.unwrap();
    rows.sort_by_key(|(_, row)| row.link);
    let hex = |bytes: [u8; 32]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let mut previous = [0; 32];
    for (attempt, row) in &mut rows {
        row.arrived_at += 1;
        row.previous_hash = previous;
        chain::seal(id, openings.get(&row.session).copied(), row);
        let commit = &mut whole["registrations"][0]["attempts"][*attempt]["commits"][row.n as usize - 1];
        assert_eq!(commit["entries_digest"], hex(row.entries_digest).as_str(), "the values are the same");
        commit["arrived_at"] = row.arrived_at.into();
        commit["previous_hash"] = hex(row.previous_hash).into();
        commit["hash"] = hex(row.hash).into();
        previous = row.hash;
    }
    whole["registrations"][0]["chain_head"] = hex(previous).into();
    let at = on.scratch("touched.json");
    std::fs::write(&at, whole.to_string()).unwrap();
    // The file's own digests are made anew in no time, too.
    let found: Vec<Trouble> = troubles(&at).into_iter().filter(|found| *found != Trouble::File).collect();
    assert_eq!(found, [Trouble::Rewritten]);
}

#[tokio::test]
async fn a_registration_that_is_gone_shows_by_the_signed_heads_beside_the_database() {
    let (on, _, id) = eventful().await;
    on.app.sign_heads(false).await.unwrap();
    let emptied = TestApp::default();
    let heads = |of: &TestApp| of.app.data_dir().join("chain-heads.jsonl");
    std::fs::copy(heads(&on), heads(&emptied)).unwrap();
    let found = emptied.app.verify_chains().await.unwrap();
    assert!(!found.sound);
    let told: Vec<_> = found.findings.iter().map(|of| (of.trouble, of.registration.clone())).collect();
    assert_eq!(told, [(Trouble::Removed, id.to_string())]);
}

#[tokio::test]
async fn scopes_and_csv() {
    let (on, course, id) = eventful().await;
    on.register(course, "grace, not begun").await;
    for (scope, registrations, attempts) in [
        (Scope::Attempt(id, 2), 1, 1),
        (Scope::Registration(id), 1, 2),
        (Scope::Learner("ada".to_owned()), 1, 2),
        (Scope::Course(course), 2, 2),
    ] {
        let (path, done) = export(&on, scope.clone()).await;
        assert_eq!((done.registrations, done.attempts), (registrations, attempts), "{scope:?}");
        assert_eq!(troubles(&path), [], "{scope:?}");
        let mut table = Vec::new();
        on.app.export_csv(T, &scope, &mut table).await.unwrap();
        let table = String::from_utf8(table).unwrap();
        assert!(
            table.starts_with("registration,learner,")
                && table.contains(",cmi.core.score.raw,,55,accepted,0,")
        );
        assert_eq!(table.contains("page 3"), attempts == 2, "{scope:?}");
    }
    let (path, _) = export(&on, Scope::Attempt(id, 2)).await;
    assert!(matches!(TestApp::default().app.take_over(T, &path).await, Err(TakeOverError::Partial(_))));
    let nowhere = "0193f2c4-7a10-7e3b-9c55-0123456789ab".parse().unwrap();
    for scope in [Scope::Attempt(id, 9), Scope::Registration(nowhere), Scope::Learner("nobody".to_owned())] {
        let mut written = Vec::new();
        let done = on.app.export(T, &scope, &mut written).await;
        assert!(matches!(done, Err(AppError::NotFound { .. })), "{scope:?}");
        assert!(written.is_empty(), "no half of a document: {scope:?}");
    }
}

#[tokio::test]
async fn an_erased_learner_is_gone_and_the_chain_still_verifies() {
    let (on, course, id) = eventful().await;
    on.app.sign_heads(false).await.unwrap();
    let mut tab: Tab = on.tab(id).await;
    tab.start();
    tab.send(&on.app).await;
    let before = json(&on, id).await;
    let done = on.app.erase_learner(T, "ada", &actor()).await.unwrap();
    assert_eq!(done.registrations, 1);
    assert!(done.commits > 5);
    let report = json(&on, id).await;
    for name in ["status", "total_seconds", "overridden"] {
        assert_eq!(report[name], before[name], "{name} stays");
    }
    let text = report.to_string();
    assert!(!text.contains("ada") && !text.contains("page") && text.contains("erased-"), "{text}");
    let found = on.app.verify_chains().await.unwrap();
    assert!(found.sound && found.erased == done.commits, "{:?}", found.findings);
    let (path, _) = export(&on, Scope::Course(course)).await;
    assert_eq!(troubles(&path), []);
    assert!(!std::fs::read_to_string(&path).unwrap().contains("page 3"));

    tab.set("cmi.core.lesson_location", "back");
    assert!(matches!(tab.try_send(&on.app).await, Err(AppError::Access(AccessError::Gone))));
    let history =
        on.app.history(T, id, &HistoryQuery { limit: 100, ..HistoryQuery::default() }).await.unwrap();
    let told: Vec<(&str, &str)> =
        history.items.iter().map(|item| (item.call.as_str(), item.user.as_str())).collect();
    assert_eq!(told, [("erase", "Grace")]);
    assert!(on.app.erase_learner(T, "ada", &actor()).await.is_err());
    // The same name again is somebody new.
    assert_ne!(on.register(course, "ada").await, id);
}
