//! Every real package there is: checked as its table says, imported when it can be played, and its launch files found.

use std::path::PathBuf;

use lyceum_app::{App, Clock, ImportAs, ImportError, ImportSource};
use lyceum_testkit::TestApp;

struct Row {
    path: PathBuf,
    file: String,
    standard: String,
}

/// The rows of the packages' table; `None`, said loudly, where there are no packages.
#[allow(clippy::print_stderr)]
fn table() -> Option<Vec<Row>> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let folder = std::env::var_os("LYCEUM_SHARED").map_or(beside, PathBuf::from).join("packages");
    let Ok(text) = std::fs::read_to_string(folder.join("INDEX.tsv")) else {
        eprintln!("SKIPPED: ../shared not found");
        return None;
    };
    let row = |line: &str| {
        let mut fields = line.split('\t');
        let file = fields.next()?.to_owned();
        let standard = fields.nth(1)?.to_owned();
        Some(Row { path: folder.join(&file), file, standard })
    };
    Some(text.lines().skip(1).filter_map(row).collect())
}

/// The table's words for our names of standards.
fn name_of(standard: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 8] = [
        ("SCORM 1.1", "SCORM_11"),
        ("SCORM 1.2", "SCORM_12"),
        ("SCORM 2004 2nd", "SCORM_2004_2ND_EDITION"),
        ("SCORM 2004 3rd", "SCORM_2004_3RD_EDITION"),
        ("SCORM 2004 4th", "SCORM_2004_4TH_EDITION"),
        ("AICC", "AICC"),
        ("xAPI", "XAPI"),
        ("cmi5", "CMI5"),
    ];
    NAMES.iter().find(|(word, _)| standard.starts_with(word)).map(|(_, name)| *name)
}

#[test]
fn every_package_is_checked_without_a_hitch() {
    let Some(rows) = table() else { return };
    assert!(rows.len() >= 79);
    for Row { path, file, standard } in rows {
        let summary = App::check(&path).unwrap_or_else(|e| panic!("{file}: {e}"));
        let opens = !summary.diagnostics.iter().any(|finding| finding.code == "not-a-zip");
        if opens {
            assert_eq!(summary.standard.map(lyceum_app::Standard::name), name_of(&standard), "{file}");
        }
        let has_error = summary.diagnostics.iter().any(|f| f.severity == lyceum_app::Severity::Error);
        assert!(summary.launchable || has_error, "{file}: what cannot be played must say why");
    }
}

#[tokio::test]
async fn what_can_be_played_is_imported_and_its_files_are_there() {
    let Some(rows) = table() else { return };
    let on = TestApp::default();
    let mut played = 0;
    for Row { path, file, .. } in rows.into_iter().filter(|row| row.file.ends_with(".zip")) {
        let summary = App::check(&path).unwrap();
        let source = ImportSource::File(path);
        let report = match on.app.import(TestApp::TENANT, source, ImportAs::default()).await {
            Ok(report) => report,
            Err(ImportError::UnsupportedStandard(standard, _)) => {
                assert!(!standard.is_scorm(), "{file}");
                continue;
            }
            Err(e) => {
                assert!(!summary.launchable, "{file}: {e}");
                assert!(e.kind().status() == 422 && e.summary().is_some(), "{file}: {e}");
                continue;
            }
        };
        assert!(summary.launchable, "{file}");
        let id = on.register(report.course_id, "ada").await;
        let mut tab = on.tab(id).await;
        let key = tab.content_base.trim_start_matches("/course/").trim_end_matches('/').to_owned();
        let content = on.app.content(&key).await.unwrap();
        for (_, activity) in tab.engine.plan().clone().launchable() {
            let address = activity.launch.as_deref().unwrap();
            let is_there = address.contains("://") || content.archive.lookup(address).is_some();
            assert!(is_there, "{file}: {address}");
        }
        let now = on.clock.now();
        let first = tab.engine.navigate("start", now).deliver.unwrap_or_else(|| {
            // A course without flow begins with the learner's choice.
            let contents = tab.engine.toc(now);
            let open =
                contents.iter().find(|line| line.visible && !line.disabled).expect("something to choose");
            tab.engine.navigate(&format!("choice {}", open.id), now).deliver.expect("it is delivered")
        });
        assert!(tab.engine.deliver(&first, now), "{file}");
        assert_eq!(tab.engine.initialize("", now).value, "true", "{file}");
        assert_eq!(tab.send(&on.app).await.state_hash, Some(tab.hash()), "{file}");
        played += 1;
    }
    assert!(played >= 40, "{played} packages were played");
    on.app.verify_packages().await;
    for course in on.app.courses(TestApp::TENANT).await.unwrap() {
        assert_eq!(course.verified, "sound", "{}", course.title);
    }
}
