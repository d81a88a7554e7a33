//! The journal on its way to another database, and to another folder.

use lyceum_app::Direction;
use lyceum_app::maintenance::{backup_data, copy_database, restore_data};
use lyceum_testkit::{TestApp, scorm12};

#[tokio::test]
#[cfg(unix)]
async fn a_journal_goes_to_the_server_and_back_whole() {
    let Some(url) = lyceum_testkit::postgres::fresh_schema() else { return };
    let folder = tempfile::tempdir().unwrap();
    let on = TestApp::at(folder.path(), None, 1);
    let course = on.import(&scorm12("Course", &["a"])).await;
    let id = on.register(course, "ada").await;
    let mut tab = on.tab(id).await;
    tab.start();
    for n in 0..600 {
        on.clock.advance(1_000);
        tab.set("cmi.suspend_data", &format!("{n} \u{1F600}"));
        tab.send(&on.app).await;
    }
    let report = async |on: &TestApp| {
        serde_json::to_value(on.app.registration_report(TestApp::TENANT, id).await.unwrap()).unwrap()
    };
    let before = report(&on).await;
    on.app.shutdown().await;
    drop(on);

    let copy = |data: std::path::PathBuf, direction| {
        let url = url.clone();
        tokio::task::spawn_blocking(move || copy_database(&data, &url, direction, 1))
    };
    let copied = copy(folder.path().join("data"), Direction::ToServer).await.unwrap().unwrap();
    assert_eq!((copied.rows["commit_log"], copied.chains), (600, 1));
    let there = TestApp::at(folder.path(), Some(url.clone()), 2);
    assert_eq!(report(&there).await, before);
    // It goes on there.
    tab.set("cmi.core.lesson_location", "there");
    assert_eq!(tab.send(&there.app).await.state_hash, Some(tab.hash()));
    there.app.shutdown().await;
    drop(there);

    let home = tempfile::tempdir().unwrap();
    let copied = copy(home.path().join("data"), Direction::FromServer).await.unwrap().unwrap();
    assert_eq!((copied.rows["commit_log"], copied.chains), (601, 1));
    let again = copy(home.path().join("data"), Direction::FromServer).await.unwrap();
    assert!(again.unwrap_err().to_string().contains("empty database"));
    let back = TestApp::at(home.path(), None, 3);
    assert_eq!(report(&back).await["attempts"][0]["state_hash"], tab.hash());
}

#[tokio::test]
async fn a_backup_has_what_was_accepted_while_the_database_was_away() {
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await;
    let id = on.register(course, "ada").await;
    let mut tab = on.tab(id).await;
    tab.start();
    tab.send(&on.app).await;
    on.faults.away(true);
    tab.set("cmi.core.lesson_location", "accepted");
    tab.send(&on.app).await;
    let (backup, elsewhere) = (on.scratch("backup"), tempfile::tempdir().unwrap());
    backup_data(on.app.data_dir(), &backup).unwrap();
    restore_data(&backup, &elsewhere.path().join("data"), false).unwrap();
    let there = TestApp::at(elsewhere.path(), None, 2);
    assert_eq!(there.app.replay_spool().await.unwrap(), 1);
    let report =
        serde_json::to_value(there.app.registration_report(TestApp::TENANT, id).await.unwrap()).unwrap();
    assert_eq!(report["attempts"][0]["state_hash"], tab.hash());
}
