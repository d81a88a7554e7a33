//! An application on a fresh data folder.

use std::path::PathBuf;
use std::sync::Arc;

use lyceum_app::{
    App, Config, CourseId, FloodBudget, ImportAs, ImportError, ImportReport, ImportSource, LaunchKind,
    NewLearner, RegistrationId, Tenant,
};
use tempfile::TempDir;

use crate::{FailOnce, FixedClock, SeededRandom, Tab};

/// The application with everything it depends on. The folder goes with it.
pub struct TestApp {
    /// The application.
    pub app: App,
    /// Its clock.
    pub clock: Arc<FixedClock>,
    /// Its trouble.
    pub faults: Arc<FailOnce>,
    folder: Arc<TempDir>,
}

impl Default for TestApp {
    fn default() -> Self {
        Self::on(Arc::new(TempDir::new().expect("a fresh folder")), Arc::default(), 1)
    }
}

impl TestApp {
    /// The tenant of all fixtures.
    pub const TENANT: Tenant = Tenant::DEFAULT;

    fn on(folder: Arc<TempDir>, clock: Arc<FixedClock>, seed: u64) -> Self {
        let faults = Arc::<FailOnce>::default();
        let app = App::open(Config {
            data_dir: folder.path().join("data"),
            app_url: "http://localhost:8080".to_owned(),
            content_url: "http://127.0.0.1:8080".to_owned(),
            clock: clock.clone(),
            random: Arc::new(SeededRandom::new(seed)),
            flood: FloodBudget::default(),
            faults: Some(faults.clone()),
        });
        Self { app: app.expect("opens"), clock, faults, folder }
    }

    /// Another application on the same folder with the same clock: a second server, or the same one after a restart.
    #[must_use]
    pub fn again(&self, seed: u64) -> Self {
        Self::on(Arc::clone(&self.folder), Arc::clone(&self.clock), seed)
    }

    /// A place for files that are no part of the data folder.
    #[must_use]
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
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
