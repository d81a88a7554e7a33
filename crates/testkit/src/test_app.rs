//! An application on a fresh data folder.

use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lyceum_app::{
    App, Config, CourseId, Database, FloodBudget, ImportAs, ImportError, ImportReport, ImportSource,
    LaunchKind, NewLearner, RegistrationId, Tenant,
};
use lyceum_store::{Db, Options, Remote};
use tempfile::TempDir;

use crate::{FailOnce, FixedClock, SeededRandom, Tab};

/// Which database a test runs on.
pub trait Place {
    /// The address of a fresh one; `None` in the data folder.
    fn fresh() -> Option<String>;
}

/// SQLite in the data folder.
#[derive(Debug)]
pub struct Embedded;

impl Place for Embedded {
    fn fresh() -> Option<String> {
        None
    }
}

/// PostgreSQL, where it is installed; else SQLite after all, and a word about it.
#[derive(Debug)]
pub struct Server;

impl Place for Server {
    fn fresh() -> Option<String> {
        #[cfg(unix)]
        return crate::postgres::fresh_schema();
        #[cfg(not(unix))]
        None
    }
}

/// The application on SQLite.
pub type TestApp = TestOn<Embedded>;

/// The application with everything it depends on. The folder goes with it.
pub struct TestOn<P> {
    /// The application.
    pub app: App,
    /// Its clock.
    pub clock: Arc<FixedClock>,
    /// Its trouble.
    pub faults: Arc<FailOnce>,
    folder: PathBuf,
    /// Address of the database server.
    server: Option<String>,
    /// Removes the folder with the last application on it; `None` where it is another process's.
    own: Option<Arc<TempDir>>,
    place: PhantomData<P>,
}

impl<P: Place> Default for TestOn<P> {
    fn default() -> Self {
        let folder = TempDir::new().expect("a fresh folder");
        let path = folder.path().to_owned();
        Self::on(path, P::fresh(), Some(Arc::new(folder)), (Arc::default(), Arc::default()), 1)
    }
}

impl<P: Place> TestOn<P> {
    /// The tenant of all fixtures.
    pub const TENANT: Tenant = Tenant::DEFAULT;

    fn on(
        folder: PathBuf,
        server: Option<String>,
        own: Option<Arc<TempDir>>,
        (clock, faults): (Arc<FixedClock>, Arc<FailOnce>),
        seed: u64,
    ) -> Self {
        let database = match &server {
            None => Database::Embedded,
            Some(url) => Database::Server { url: url.clone(), wait: false },
        };
        let app = App::open(Config {
            data_dir: folder.join("data"),
            database,
            app_url: "http://localhost:8080".to_owned(),
            content_url: "http://127.0.0.1:8080".to_owned(),
            clock: clock.clone(),
            random: Arc::new(SeededRandom::new(seed)),
            flood: FloodBudget::default(),
            faults: Some(faults.clone()),
        });
        Self { app: app.expect("opens"), clock, faults, folder, server, own, place: PhantomData }
    }

    /// Another application on the same folder with the same clock: a second server, or the same one after a restart.
    #[must_use]
    pub fn again(&self, seed: u64) -> Self {
        let clock = Arc::clone(&self.clock);
        Self::on(self.folder.clone(), self.server.clone(), self.own.clone(), (clock, Arc::default()), seed)
    }

    /// The server dies without a word and starts again, in whatever trouble its database is.
    #[must_use]
    pub fn restart(self, seed: u64) -> Self {
        let Self { app, clock, faults, folder, server, own, .. } = self;
        drop(app);
        Self::on(folder, server, own, (clock, faults), seed)
    }

    /// An application in a process of its own, on the [`folder`](Self::folder) and the [`server`](Self::server) of one in
    /// another process.
    #[must_use]
    pub fn at(folder: &Path, server: Option<String>, seed: u64) -> Self {
        Self::on(folder.to_owned(), server, None, (Arc::default(), Arc::default()), seed)
    }

    /// The address of the database server; `None` where the database is in the data folder.
    #[must_use]
    pub fn server(&self) -> Option<&str> {
        self.server.as_deref()
    }

    /// The database, opened beside the application.
    #[must_use]
    pub fn db(&self) -> Db {
        let opened = match &self.server {
            None => Db::open(Options { path: &self.folder.join("data/lyceum.db"), now: 0, faults: None }),
            Some(url) => Db::connect(&Remote { url, now: 0, wait: false, faults: None }),
        };
        opened.expect("opens")
    }

    /// A tenant beside the default one.
    pub async fn tenant(&self, id: i64) -> Tenant {
        let tenant = Tenant(id);
        let made = self
            .db()
            .write(move |tx| lyceum_store::tenants::insert(tx, tenant, &format!("t{id}"), "Other", 0))
            .await;
        made.expect("a tenant");
        tenant
    }

    /// The folder that holds the data folder and the scratch files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A place for files that are no part of the data folder.
    #[must_use]
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Imports the bytes of a package as a new course.
    pub async fn try_import(&self, package: &[u8]) -> Result<ImportReport, ImportError> {
        let path = self.scratch("package.zip");
        std::fs::write(&path, package).expect("a file");
        self.app.import(Self::TENANT, ImportSource::File(path), ImportAs::default()).await
    }

    /// Imports a package that is good, and waits until nothing happens in the background any more.
    pub async fn import(&self, package: &[u8]) -> CourseId {
        let course = self.try_import(package).await.expect("imports").course_id;
        self.app.verify_packages().await;
        course
    }

    /// Registers a learner.
    pub async fn register(&self, course: CourseId, learner: &str) -> RegistrationId {
        let learner = NewLearner { id: learner.to_owned(), name: None };
        self.app.register(Self::TENANT, course, learner).await.expect("registers").registration
    }

    /// A session token, by way of a launch link.
    pub async fn token(&self, registration: RegistrationId) -> String {
        let link = self.app.launch_link(Self::TENANT, registration, LaunchKind::Short).await.expect("a link");
        let token = link.rsplit('/').next().unwrap_or_default();
        self.app.redeem_launch(token).await.expect("opens").session_token
    }

    /// A browser tab on the course.
    pub async fn tab(&self, registration: RegistrationId) -> Tab {
        Tab::open(self, registration).await
    }
}
