//! What operators see: keys, lists, health.

use lyceum_app::{AppError, CourseId, NewLearner, StartError, Tenant, limits};
use lyceum_testkit::scorm12;

use super::TestApp;

const T: Tenant = TestApp::TENANT;

#[tokio::test]
async fn keys_open_until_they_are_revoked() {
    let on = TestApp::default();
    let key = on.app.create_key(T, " backup ").await.unwrap();
    let holder = on.app.check_key(&key.secret).await.unwrap().unwrap();
    assert_eq!((holder.tenant, holder.id, holder.name.as_str()), (T, key.id, "backup"));
    for wrong in ["", "lyceum_", &key.secret[1..], &key.secret[..key.secret.len() - 1]] {
        assert_eq!(on.app.check_key(wrong).await.unwrap(), None, "{wrong}");
    }
    if on.server().is_none() {
        let database = std::fs::read(on.app.data_dir().join("lyceum.db-wal")).unwrap();
        assert!(
            !database.windows(key.secret.len()).any(|w| w == key.secret.as_bytes()),
            "the secret is nowhere on disk"
        );
    }
    assert!(on.app.keys(T).await.unwrap()[0].last_used.is_some());
    assert!(matches!(on.app.revoke_key(Tenant(2), key.id).await, Err(AppError::NotFound { .. })));
    on.app.revoke_key(T, key.id).await.unwrap();
    assert_eq!(on.again(2).app.check_key(&key.secret).await.unwrap(), None);
    assert!(matches!(on.app.revoke_key(T, key.id).await, Err(AppError::NotFound { .. })));
    assert!(on.app.create_key(T, "  ").await.is_err());
}

#[tokio::test]
async fn a_learner_is_registered_once() {
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await;
    let register = async |id: &str, name: Option<&str>| {
        on.app.register(T, course, NewLearner { id: id.to_owned(), name: name.map(str::to_owned) }).await
    };
    let first = register("ada", Some("Lovelace, Ada")).await.unwrap();
    let again = register(" ada ", None).await.unwrap();
    assert!(first.is_new && !again.is_new && first.registration == again.registration);
    on.clock.advance(1);
    assert!(register("grace", None).await.unwrap().is_new);
    assert!(matches!(register(" ", None).await, Err(AppError::Malformed(_))));
    assert!(matches!(
        register(&"x".repeat(limits::MAX_TEXT_CHARS + 1), None).await,
        Err(AppError::TooLarge { .. })
    ));
    let nobody = NewLearner { id: "ada".to_owned(), name: None };
    let unknown = on.app.register(T, CourseId::from_bytes([1; 16]), nobody).await.unwrap_err();
    assert_eq!((unknown.code(), unknown.kind().status()), ("not-found", 404));
    let names: Vec<_> = on
        .app
        .registrations(T, Some(course), None)
        .await
        .unwrap()
        .into_iter()
        .map(|r| r.learner_name)
        .collect();
    assert_eq!(names, ["grace", "Lovelace, Ada"]);
    let page = on.app.registrations(T, None, Some(first.registration)).await.unwrap();
    assert!(page.is_empty());
    assert_eq!(on.app.courses(T).await.unwrap()[0].registrations, 2);
    let mut tab = on.tab(first.registration).await;
    tab.start();
    assert_eq!(
        (tab.get("cmi.core.student_id"), tab.get("cmi.core.student_name")),
        ("ada".into(), "Lovelace, Ada".into())
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_says_so() {
    let on = TestApp::default();
    let config = |data_dir, content_url: &str| lyceum_app::Config {
        data_dir,
        database: lyceum_app::Database::Embedded,
        app_url: "http://localhost".to_owned(),
        content_url: content_url.to_owned(),
        clock: on.clock.clone(),
        random: std::sync::Arc::new(lyceum_testkit::SeededRandom::new(9)),
        flood: lyceum_app::FloodBudget::default(),
        faults: None,
    };
    let open = |config| lyceum_app::App::open(config).map(drop).unwrap_err();
    let file = on.scratch("file");
    std::fs::write(&file, "x").unwrap();
    assert!(matches!(open(config(file, "http://127.0.0.1")), StartError::Folder { .. }));
    assert!(matches!(open(config(on.scratch("new"), "127.0.0.1")), StartError::BadAddress(_)));
    let broken = on.scratch("broken");
    std::fs::create_dir(&broken).unwrap();
    std::fs::write(broken.join("secret.key"), "short").unwrap();
    assert!(matches!(open(config(broken.clone(), "http://127.0.0.1")), StartError::BadSecret(_)));
    std::fs::write(broken.join("secret.key"), [1; 32]).unwrap();
    std::fs::write(broken.join("lyceum.db"), "this is no database, but long enough to look at".repeat(99))
        .unwrap();
    let e = open(config(broken, "http://127.0.0.1"));
    assert!(matches!(&e, StartError::Database(e) if e.code() == "database-corrupt"), "{e}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_secret_is_its_owners_alone_and_stays_the_same() {
    use std::os::unix::fs::PermissionsExt;
    let on = TestApp::default();
    let path = on.app.data_dir().join("secret.key");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(on.app.data_dir())), (0o600, 0o700));
    let secret = std::fs::read(&path).unwrap();
    let _second = on.again(2);
    assert_eq!(std::fs::read(&path).unwrap(), secret);
}
