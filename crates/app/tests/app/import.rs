//! Taking in packages: good ones once, bad ones not at all, and nothing by halves.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use lyceum_app::{
    App, AppError, Clock, ErrorKind, ImportAs, ImportError, ImportSource, Severity, Tenant, WritePoint,
    limits,
};
use lyceum_testkit::{Zip, scorm12, scorm2004};

use super::TestApp;

const T: Tenant = TestApp::TENANT;

/// Files below a folder of the data folder, without those that say that a process runs.
fn files(on: &TestApp, folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![on.app.data_dir().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().unwrap() != "lock" {
                found.push(path);
            }
        }
    }
    found
}

#[tokio::test]
async fn a_package_is_in_once_whatever_way_it_comes() {
    let on = TestApp::default();
    let package = scorm12("Course", &["a", "b"]);
    let first = on.try_import(&package).await.unwrap();
    assert_eq!((first.version, first.new_version, first.size), (1, true, package.len() as u64));
    assert_eq!((first.summary.items, first.summary.launchable), (2, true));
    let again = on.try_import(&package).await.unwrap();
    assert_eq!((again.course_id, again.version, again.new_version), (first.course_id, 1, false));

    let mut upload = on.app.upload().unwrap();
    for piece in package.chunks(100) {
        upload.write(bytes::Bytes::copy_from_slice(piece)).await.unwrap();
    }
    let uploaded = on.app.import(T, ImportSource::Upload(upload), ImportAs::default()).await.unwrap();
    assert_eq!((uploaded.course_id, uploaded.new_version), (first.course_id, false));

    let courses = on.app.courses(T).await.unwrap();
    assert_eq!(
        (courses.len(), courses[0].title.as_str(), courses[0].standard.as_str()),
        (1, "Course", "SCORM_12")
    );
    assert_eq!((files(&on, "objects").len(), files(&on, "incoming").len()), (1, 0));
    assert_eq!(on.app.course(T, first.course_id).await.unwrap().summary.unwrap().items, 2);
}

#[tokio::test]
async fn a_folder_is_packed_into_the_same_bytes_each_time() {
    let on = TestApp::default();
    let folder = on.scratch("course");
    fs::create_dir_all(folder.join("sub")).unwrap();
    let zip = scorm12("Folder", &["a"]);
    let archive =
        lyceum_archive::Archive::open(&write(&on, &zip), &lyceum_archive::OpenOptions::default()).unwrap();
    for (id, entry) in archive.files() {
        fs::write(folder.join(entry.name()), archive.read(id, 100_000).unwrap()).unwrap();
    }
    let import =
        async || on.app.import(T, ImportSource::Folder(folder.clone()), ImportAs::default()).await.unwrap();
    let (first, second) = (import().await, import().await);
    assert_eq!((second.course_id, second.new_version), (first.course_id, false));
    assert_eq!(App::check(&folder).unwrap().title.as_deref(), Some("Folder"));
    fs::write(folder.join("sub/new.txt"), "changed").unwrap();
    assert_ne!(import().await.course_id, first.course_id);
    let none = on.app.import(T, ImportSource::Folder(on.scratch("nowhere")), ImportAs::default()).await;
    assert_eq!(none.unwrap_err().code(), "folder-unusable");
}

fn write(on: &TestApp, package: &[u8]) -> PathBuf {
    let path = on.scratch("written.zip");
    fs::write(&path, package).unwrap();
    path
}

#[tokio::test]
async fn a_new_version_is_asked_for_and_who_has_begun_goes_on_with_the_old_one() {
    let on = TestApp::default();
    let course = on.import(&scorm12("One", &["a"])).await;
    let ada = on.register(course, "ada").await;
    let mut tab = on.tab(ada).await;
    tab.start();
    tab.send(&on.app).await;
    let as_version = |title: Option<&str>| ImportAs { title: title.map(str::to_owned), course: Some(course) };
    let second = write(&on, &scorm12("Two", &["a", "b"]));
    let import = async |options| on.app.import(T, ImportSource::File(second.clone()), options).await;
    let report = import(as_version(Some(" Renamed "))).await.unwrap();
    assert_eq!((report.course_id, report.version, report.new_version), (course, 2, true));
    assert_eq!(on.app.courses(T).await.unwrap()[0].title, "Renamed");
    let grace = on.register(course, "grace").await;
    assert_eq!(on.tab(ada).await.engine.plan().launchable().count(), 1);
    assert_eq!(on.tab(grace).await.engine.plan().launchable().count(), 2);

    let other = on.import(&scorm12("Other", &["a"])).await;
    let taken = import(ImportAs { title: None, course: Some(other) }).await.unwrap_err();
    assert!(matches!(taken, ImportError::OtherCourse { course: of, version: 2 } if of == course), "{taken}");
    let nobody = lyceum_app::CourseId::from_bytes([7; 16]);
    let third = write(&on, &scorm12("Three", &["c"]));
    let options = ImportAs { title: None, course: Some(nobody) };
    let unknown = on.app.import(T, ImportSource::File(third), options).await.unwrap_err();
    assert_eq!((unknown.code(), unknown.kind()), ("not-found", ErrorKind::NotFound));
}

#[tokio::test]
async fn bad_packages_are_refused_with_a_reason_and_leave_nothing() {
    let on = TestApp::default();
    let good = scorm12("Course", &["a"]);
    let manifest = |text: &str| Zip::default().file("imsmanifest.xml", text).build();
    let xapi = r#"<tincan xmlns="http://projecttincan.com/tincan.xsd"><activities><activity id="http://x/y" type="course">
        <name lang="en">X</name><description lang="en">x</description><launch lang="en">a.html</launch></activity></activities></tincan>"#;
    let cases: [(&str, Vec<u8>, &str, u16); 9] = [
        ("nothing", Vec::new(), "empty-file", 422),
        ("no zip", b"Hello, I am a text file and no zip at all.".to_vec(), "not-a-zip", 422),
        ("cut off", good[..good.len() / 2].to_vec(), "truncated-zip", 422),
        ("empty zip", Zip::default().build(), "empty-zip", 422),
        ("no manifest", Zip::default().file("index.html", "x").build(), "course-unplayable", 422),
        ("no XML", manifest("this is not XML"), "course-unplayable", 422),
        ("nothing to launch", scorm12("Empty", &[]), "course-unplayable", 422),
        (
            "climbs out",
            Zip::default().file("../evil.txt", "x").file("imsmanifest.xml", "x").build(),
            "refused-zip",
            422,
        ),
        (
            "other standard",
            Zip::default().file("tincan.xml", xapi).file("a.html", "x").build(),
            "standard-unsupported",
            422,
        ),
    ];
    for (what, package, code, status) in cases {
        let e = on.try_import(&package).await.expect_err(what);
        assert_eq!((e.code(), e.kind().status()), (code, status), "{what}: {e}");
        assert!(e.to_string().len() > 20, "{what} must say what to do: {e}");
        let errors =
            e.summary().expect(what).diagnostics.iter().filter(|f| f.severity == Severity::Error).count();
        assert!(errors > 0 || code == "standard-unsupported", "{what}: the report names the error");
    }
    let gone = on
        .app
        .import(T, ImportSource::File(on.scratch("nowhere.zip")), ImportAs::default())
        .await
        .unwrap_err();
    assert_eq!(gone.code(), "source-unreadable");
    assert!(on.app.courses(T).await.unwrap().is_empty());
    assert_eq!((files(&on, "objects").len(), files(&on, "incoming").len()), (0, 0));
}

#[tokio::test]
async fn an_upload_that_is_given_up_leaves_nothing() {
    let on = TestApp::default();
    let mut upload = on.app.upload().unwrap();
    upload.write(bytes::Bytes::from_static(b"PK half of a package")).await.unwrap();
    drop(upload);
    let mut cut = on.app.upload().unwrap();
    cut.write(bytes::Bytes::copy_from_slice(&scorm12("Course", &["a"])[..500])).await.unwrap();
    let e = on.app.import(T, ImportSource::Upload(cut), ImportAs::default()).await.unwrap_err();
    assert_eq!(e.code(), "truncated-zip");
    // The first one's thread ends by itself.
    while !files(&on, "incoming").is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_database_that_fails_leaves_no_course_and_the_next_try_succeeds() {
    for point in [WritePoint::Begin, WritePoint::Job, WritePoint::Commit] {
        let on = TestApp::default();
        let package = scorm12("Course", &["a"]);
        on.faults.plan(point, 0);
        let e = on.try_import(&package).await.unwrap_err();
        assert_eq!(e.kind(), ErrorKind::Unavailable, "{point:?}: {e}");
        assert!(!on.faults.is_planned());
        assert!(on.app.courses(T).await.unwrap().is_empty(), "{point:?}");
        assert!(on.try_import(&package).await.unwrap().new_version, "{point:?}");
        assert_eq!(files(&on, "objects").len(), 1);
    }
}

/// A process that dies leaves what it had on disk at that moment; each step's leftovers are put there by hand.
#[tokio::test]
async fn a_crash_after_each_step_leaves_nothing_half_imported() {
    let on = TestApp::default();
    let package = scorm12("Course", &["a"]);
    let data = on.app.data_dir().to_owned();

    // Died while it took the file in: its lock is free again. And before it had made its lock.
    for (folder, file) in [("dead", Some("lock")), ("half", None)] {
        let folder = data.join("incoming").join(folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("1-1.part"), &package[..100]).unwrap();
        if let Some(name) = file {
            fs::write(folder.join(name), "").unwrap();
        }
    }
    // Died with the object in place, but no rows.
    let digest = lyceum_archive::Digest::of(&package[..]).unwrap().0;
    let object = data.join("objects").join(format!("{digest}.zip"));
    fs::write(&object, &package).unwrap();

    let mut upload = on.app.upload().unwrap();
    upload.write(bytes::Bytes::copy_from_slice(&package[..100])).await.unwrap();
    let second = on.again(2);
    assert!(!data.join("incoming/dead").exists() && !data.join("incoming/half").exists());
    // A process that lives keeps what it is taking in.
    upload.write(bytes::Bytes::copy_from_slice(&package[100..])).await.unwrap();
    assert!(second.app.courses(T).await.unwrap().is_empty());
    let imported = on.app.import(T, ImportSource::Upload(upload), ImportAs::default()).await.unwrap();
    assert!(imported.new_version);
}

#[tokio::test]
async fn packages_that_no_course_uses_are_removed_when_they_are_old() {
    let on = TestApp::default();
    on.import(&scorm12("Used", &["a"])).await;
    let objects = on.app.data_dir().join("objects");
    let orphan = |byte: u8| objects.join(format!("{}.zip", format!("{byte:02x}").repeat(32)));
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(on.clock.now() as u64);
    let age = |path: &PathBuf, age: i64| {
        let file = fs::File::options().write(true).create(true).truncate(false).open(path).unwrap();
        file.set_modified(now - Duration::from_millis(age as u64)).unwrap();
    };
    age(&orphan(1), limits::ORPHAN_AGE);
    age(&orphan(2), limits::ORPHAN_AGE - 1_000);
    age(&objects.join("notes.txt"), limits::ORPHAN_AGE * 2);
    for used in files(&on, "objects") {
        if used != orphan(2) && used != orphan(1) {
            age(&used, limits::ORPHAN_AGE * 2);
        }
    }
    assert_eq!(on.app.remove_unused_objects().await.unwrap(), 1);
    assert!(!orphan(1).exists() && orphan(2).exists());
    assert_eq!(files(&on, "objects").len(), 3);
}

#[tokio::test]
async fn checksums_are_verified_in_the_background_and_damage_is_known() {
    let on = TestApp::default();
    let sound = on.import(&scorm12("Sound", &["a"])).await;
    let mut package = Zip::default();
    let course = scorm2004("Damaged", &["a"]);
    let archive =
        lyceum_archive::Archive::open(&write(&on, &course), &lyceum_archive::OpenOptions::default()).unwrap();
    for (id, entry) in archive.files() {
        package = package.stored(entry.name(), archive.read(id, 100_000).unwrap());
    }
    let mut bytes = package.stored("picture.txt", "find me and break me").build();
    let at = bytes.windows(7).position(|w| w == b"find me").unwrap();
    bytes[at] = b'F';
    let damaged = on.import(&bytes).await;
    on.app.verify_packages().await;
    let courses = on.app.courses(T).await.unwrap();
    let verified = |id| courses.iter().find(|course| course.id == id).unwrap().verified;
    assert_eq!((verified(sound), verified(damaged)), ("sound", "damaged"));
    assert_eq!(on.app.course(T, damaged).await.unwrap().damaged, ["picture.txt"]);
    // The rest of the course plays.
    let id = on.register(damaged, "ada").await;
    let tab = on.tab(id).await;
    let key = tab.content_base.trim_start_matches("/course/").trim_end_matches('/');
    let content = on.app.content(key).await.unwrap();
    let read = |name| content.archive.read(content.archive.lookup(name).unwrap(), 1_000);
    assert!(read("a.html").is_ok() && read("picture.txt").is_err());
    let checked = App::check(&write(&on, &bytes)).unwrap();
    assert!(checked.launchable && checked.diagnostics.iter().any(|finding| finding.code == "entry-damaged"));
}

#[tokio::test]
async fn two_imports_of_the_same_bytes_at_once_are_one_course() {
    let on = TestApp::default();
    let other = on.again(2);
    let path = write(&on, &scorm12("Course", &["a"]));
    let import = |app: &App| {
        let (app, path) = (app.clone(), path.clone());
        tokio::spawn(
            async move { app.import(T, ImportSource::File(path), ImportAs::default()).await.unwrap() },
        )
    };
    let tasks: Vec<_> = [&on.app, &other.app, &on.app, &other.app].map(import).into();
    let mut new = 0;
    let mut ids = Vec::new();
    for task in tasks {
        let report = task.await.unwrap();
        new += u32::from(report.new_version);
        ids.push(report.course_id);
    }
    ids.dedup();
    assert_eq!((new, ids.len()), (1, 1));
}

#[tokio::test]
async fn tenants_do_not_see_each_other() {
    let on = TestApp::default();
    let course = on.import(&scorm12("Course", &["a"])).await;
    let id = on.register(course, "ada").await;
    let other = Tenant(2);
    assert!(on.app.courses(other).await.unwrap().is_empty());
    assert!(on.app.registrations(other, None, None).await.unwrap().is_empty());
    assert!(matches!(on.app.registration_report(other, id).await, Err(AppError::NotFound { .. })));
    assert!(matches!(on.app.course(other, course).await, Err(AppError::NotFound { .. })));
}
