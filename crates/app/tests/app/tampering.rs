//! Somebody edits the database file. The bytes are looked for and changed, as an editor of files would.

use lyceum_app::{Actor, Scope, Trouble};
use lyceum_testkit::{TestApp, scorm12};

/// Replaces text in the closed database, and opens it again.
async fn edited(on: &TestApp, from: &str, to: &str) -> TestApp {
    assert_eq!(from.len(), to.len());
    on.app.shutdown().await;
    let path = on.app.data_dir().join("lyceum.db");
    let mut bytes = std::fs::read(&path).expect("the database");
    let mut found = 0;
    for at in 0..bytes.len() - from.len() {
        if bytes[at..].starts_with(from.as_bytes()) {
            bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
            found += 1;
        }
    }
    assert!(found > 0, "{from} is there");
    std::fs::write(&path, bytes).expect("written");
    on.again(9)
}

async fn played() -> TestApp {
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await;
    let id = on.register(course, "ada").await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.set("cmi.core.lesson_location", "needle-in-the-hay");
    tab.send(&on.app).await;
    tab.set("cmi.core.lesson_status", "failed");
    tab.set("cmi.core.score.raw", "12.3456");
    tab.send(&on.app).await;
    assert!(on.app.verify_chains().await.unwrap().sound);
    on
}

#[tokio::test]
async fn a_value_in_the_journal_cannot_be_edited() {
    let on = edited(&played().await, "needle-in-the-hay", "needle-in-the-hat").await;
    let found = on.app.verify_chains().await.unwrap();
    let troubles: Vec<Trouble> = found.findings.iter().map(|f| f.trouble).collect();
    assert!(!found.sound && troubles.contains(&Trouble::Altered), "{:?}", found.findings);
    assert_eq!((found.findings[0].attempt, found.findings[0].commit), (Some(1), Some(1)));
}

#[tokio::test]
async fn heads_are_signed_when_the_program_ends_and_a_forged_one_shows() {
    let on = played().await;
    on.app.shutdown().await;
    let file = on.app.data_dir().join("chain-heads.jsonl");
    let line = std::fs::read_to_string(&file).expect("the file beside the database");
    let again = on.again(3);
    assert_eq!(again.app.verify_chains().await.unwrap().signed_heads, 1, "the two copies are one head");
    // Nobody can claim that the chain was longer without the key.
    std::fs::write(&file, line.replace("\"link\":2", "\"link\":9")).expect("written");
    let found = again.app.verify_chains().await.unwrap();
    assert!(found.findings.iter().any(|f| f.trouble == Trouble::Signature), "{:?}", found.findings);
    let mut out = Vec::new();
    let nobody = again.app.export(TestApp::TENANT, &Scope::Learner("x".to_owned()), &mut out).await;
    assert!(nobody.is_err() && out.is_empty(), "nothing is written for nobody");
}

/// Neither in the database nor in its write-ahead log, nor anywhere else in the data folder.
#[tokio::test]
async fn nothing_that_names_an_erased_learner_is_left_in_any_file() {
    const NAMES: [&str; 4] = ["ada.lovelace", "Lovelace, Augusta", "needle-in-the-hay", "Browser of Ada"];
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await;
    let learner = lyceum_app::NewLearner { id: NAMES[0].to_owned(), name: Some(NAMES[1].to_owned()) };
    let id = on.app.register(TestApp::TENANT, course, learner).await.unwrap().registration;
    let mut tab = on.tab(id).await;
    tab.start();
    // Enough for many pages, so that freed ones and the log's frames would show.
    for n in 0..100 {
        tab.set("cmi.suspend_data", &format!("{} {n} {}", NAMES[2], "x".repeat(3_000)));
        let from = lyceum_app::Caller { user_agent: Some(NAMES[3].to_owned()), ..Default::default() };
        let request = tab.request();
        on.app.commit(&tab.token, request, from).await.unwrap();
    }
    let left = |on: &TestApp| -> Vec<String> {
        let mut found = Vec::new();
        for file in std::fs::read_dir(on.app.data_dir()).unwrap().flatten().map(|entry| entry.path()) {
            let Ok(bytes) = std::fs::read(&file) else { continue };
            let has = |name: &&str| bytes.windows(name.len()).any(|part| part == name.as_bytes());
            found.extend(
                NAMES.iter().filter(|name| has(name)).map(|name| format!("{name}: {}", file.display())),
            );
        }
        found
    };
    assert!(left(&on).len() >= NAMES.len(), "they were there: {:?}", left(&on));
    let actor = Actor { by: "Grace".to_owned(), reason: "asked for".to_owned() };
    on.app.erase_learner(TestApp::TENANT, NAMES[0], &actor).await.unwrap();
    assert_eq!(left(&on), Vec::<String>::new());
}
