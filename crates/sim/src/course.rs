//! The courses that are played, and the data folder with them that every run begins from.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use lyceum_app::{App, Config, CourseId, Database, FloodBudget, ImportAs, ImportSource, Tenant};
use lyceum_cmi::Edition;
use lyceum_store::{Db, Options, tenants};
use lyceum_testkit::{FixedClock, SeededRandom, scorm12, scorm2004};
use tempfile::TempDir;

use crate::trouble::Trouble;

/// A course of a tenant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Course {
    pub(crate) tenant: Tenant,
    pub(crate) id: CourseId,
    /// For the story.
    pub(crate) name: &'static str,
    /// Ids of its activities.
    pub(crate) parts: &'static [&'static str],
    /// Its content speaks SCORM 2004, else SCORM 1.2.
    pub(crate) is_2004: bool,
}

impl Course {
    pub(crate) fn edition(self) -> Edition {
        if self.is_2004 { Edition::Scorm2004Ed4 } else { Edition::Scorm12 }
    }
}

/// Ids of a course's activities.
const ONE: &[&str] = &["a"];
const THREE: &[&str] = &["a", "b", "c"];

/// A data folder in which courses were imported and nothing else has happened.
pub(crate) struct Template {
    folder: TempDir,
    pub(crate) courses: Vec<Course>,
}

/// The files that make a data folder; packages are not opened by what is simulated. The log is there where a reading connection
/// was the last one to be closed.
const FILES: [&str; 3] = ["lyceum.db", "lyceum.db-wal", "secret.key"];

impl Template {
    /// The one of this process.
    pub(crate) fn get() -> &'static Self {
        static TEMPLATE: OnceLock<Template> = OnceLock::new();
        TEMPLATE.get_or_init(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
            runtime.expect("a runtime").block_on(Self::make())
        })
    }

    async fn make() -> Self {
        let folder = scratch();
        let clock = Arc::new(FixedClock::default());
        let data = folder.path().join("data");
        fs::create_dir(&data).expect("a folder");
        let path = data.join(FILES[0]);
        let db = Db::open(Options { path: &path, now: 0, faults: None }).expect("opens");
        db.write(|tx| tenants::insert(tx, Tenant(2), "second", "Second", 0)).await.expect("a tenant");
        tokio::task::spawn_blocking(move || db.close()).await.expect("closes");
        let app = open(&data, &clock, 0, &Arc::default());
        let mut courses = Vec::new();
        for (tenant, name, parts, is_2004) in [
            (Tenant::DEFAULT, "one SCO of 1.2", ONE, false),
            (Tenant::DEFAULT, "three SCOs of 1.2", THREE, false),
            (Tenant::DEFAULT, "sequenced 2004", THREE, true),
            (Tenant(2), "one SCO of 1.2 of the second tenant", ONE, false),
        ] {
            let package = if is_2004 { scorm2004(name, parts) } else { scorm12(name, parts) };
            let file = folder.path().join("package.zip");
            fs::write(&file, package).expect("a file");
            let imported = app.import(tenant, ImportSource::File(file), ImportAs::default()).await;
            let id = imported.expect("imports").course_id;
            courses.push(Course { tenant, id, name, parts, is_2004 });
        }
        app.shutdown().await;
        Self { folder, courses }
    }

    /// A fresh copy.
    pub(crate) fn copy(&self) -> (TempDir, PathBuf) {
        let folder = scratch();
        let data = folder.path().join("data");
        fs::create_dir(&data).expect("a folder");
        let from = self.folder.path().join("data");
        for name in FILES.into_iter().filter(|name| from.join(name).exists()) {
            fs::copy(from.join(name), data.join(name)).expect("a copy");
        }
        (folder, data)
    }
}

/// A folder in memory where there is one: what is flushed matters to the simulation, how long that takes does not.
fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    made.or_else(|_| TempDir::new()).expect("a fresh folder")
}

/// The application on a data folder.
pub(crate) fn open(data: &Path, clock: &Arc<FixedClock>, seed: u64, trouble: &Arc<Trouble>) -> App {
    let opened = App::open(Config {
        data_dir: data.to_owned(),
        database: Database::Embedded,
        app_url: "http://localhost:8080".to_owned(),
        content_url: "http://127.0.0.1:8080".to_owned(),
        clock: clock.clone(),
        random: Arc::new(SeededRandom::new(seed)),
        flood: FloodBudget::default(),
        faults: Some(trouble.clone()),
    });
    opened.expect("the application opens")
}
