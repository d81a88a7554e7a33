//! The application: one value that every edge holds a clone of.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use lyceum_archive::{Digest, OpenOptions, Policy, Pool};
use lyceum_attempt::Millis;
use lyceum_attempt::plan::Plan;
use lyceum_store::{CourseId, Db, Faults, Options, RegistrationId, Remote, SessionId, Tenant};
use quick_cache::sync::Cache;
use tokio::sync::Mutex;

use crate::address::ContentUrl;
use crate::environment::{Clock, Random, new_uuid};
use crate::error::StartError;
use crate::fallback::Trouble;
use crate::flood::{FloodBudget, FloodGate};
use crate::folder::DataFolder;
use crate::heads::Heads;
use crate::limits::{ANSWERED_SESSIONS, CONTENT_KEYS, OPEN_ARCHIVE_BYTES, OPEN_ARCHIVES, PLANS};
use crate::live::Cache as LiveCache;
use crate::spool::Spool;
use crate::token::{Owner, Signer};

/// How to start.
pub struct Config {
    /// The data folder; made if it is not there.
    pub data_dir: PathBuf,
    /// Where the records are kept.
    pub database: Database,
    /// Public address of the application, `http://localhost:8080`.
    pub app_url: String,
    /// Public address of the content origin, `http://127.0.0.1:8080`; its host may begin with `*.` for one label per
    /// registration.
    pub content_url: String,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where secrets come from.
    pub random: Arc<dyn Random>,
    /// How much one registration may send.
    pub flood: FloodBudget,
    /// Trouble of the database and the disk on demand, for fault simulation; `None` in a server.
    pub faults: Option<Arc<dyn Faults>>,
}

/// Where the records are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Database {
    /// SQLite, in the data folder.
    #[default]
    Embedded,
    /// PostgreSQL.
    Server {
        /// `postgres://user:password@host:port/database?sslmode=…`.
        url: String,
        /// Start also while it cannot be reached.
        wait: bool,
    },
}

/// The application. Cheap to clone.
#[derive(Clone)]
pub struct App(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) app_url: String,
    pub(crate) content_url: ContentUrl,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) folder: DataFolder,
    pub(crate) db: Db,
    pub(crate) signer: Signer,
    pub(crate) heads: Heads,
    pub(crate) archives: Pool,
    /// What a content key opens.
    pub(crate) contents: Cache<(RegistrationId, u32), Digest>,
    pub(crate) plans: Cache<(Tenant, CourseId, u32), Arc<Plan>>,
    pub(crate) live: LiveCache,
    pub(crate) flood: FloodGate,
    pub(crate) spool: Spool,
    pub(crate) trouble: Trouble,
    /// Up to where each session was told that it is durable.
    pub(crate) answered: Cache<SessionId, u64>,
    /// Held by the one task that replays the spool.
    pub(crate) replaying: Mutex<()>,
    /// Held by the one task that verifies checksums.
    pub(crate) verifying: Mutex<()>,
    closing: AtomicBool,
}

impl App {
    /// Opens the data folder: makes what is missing, brings the database up to date, removes what an interrupted import
    /// left behind. Blocks for some milliseconds.
    ///
    /// # Errors
    /// When the folder or the database cannot be used.
    pub fn open(config: Config) -> Result<Self, StartError> {
        let content_url = ContentUrl::parse(&config.content_url)?;
        let folder = DataFolder::open(&config.data_dir, &*config.random)?;
        let secret = folder.secret(&*config.random)?;
        let signer = Signer::new(&secret);
        let heads = Heads::new(&secret, folder.root());
        let (now, faults) = (config.clock.now(), config.faults.clone());
        let db = match &config.database {
            Database::Embedded => Db::open(Options { path: &folder.database(), now, faults })?,
            Database::Server { url, wait } => Db::connect(&Remote { url, now, wait: *wait, faults })?,
        };
        let spool = folder.spool(config.clock.now(), &*config.random, config.faults)?;
        // What was accepted at import stays readable whatever a later version thinks of it.
        let options = OpenOptions { policy: Policy::Skip, ..OpenOptions::default() };
        Ok(Self(Arc::new(Inner {
            app_url: config.app_url.trim_end_matches('/').to_owned(),
            content_url,
            clock: config.clock,
            random: config.random,
            folder,
            db,
            signer,
            heads,
            archives: Pool::new(OPEN_ARCHIVES, OPEN_ARCHIVE_BYTES, options),
            contents: Cache::new(CONTENT_KEYS),
            plans: Cache::new(PLANS),
            live: LiveCache::default(),
            flood: FloodGate::new(config.flood),
            spool,
            trouble: Trouble::default(),
            answered: Cache::new(ANSWERED_SESSIONS),
            replaying: Mutex::default(),
            verifying: Mutex::default(),
            closing: AtomicBool::new(false),
        })))
    }

    /// The folder that was opened.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        self.0.folder.root()
    }

    /// Where edges keep what can be made again, such as inflated files.
    #[must_use]
    pub fn cache_dir(&self) -> PathBuf {
        self.0.folder.root().join("cache")
    }

    /// Public address of the application, without a slash at the end.
    #[must_use]
    pub fn app_url(&self) -> &str {
        &self.0.app_url
    }

    /// The label that the content host of a registration begins with; `None` where all share one host.
    #[must_use]
    pub fn host_label(&self, registration: RegistrationId) -> Option<String> {
        self.0.content_url.label(registration)
    }

    /// Ends background work, finishes accepted writes, closes the database.
    pub async fn shutdown(&self) {
        self.0.closing.store(true, Ordering::Relaxed);
        if let Err(e) = self.sign_heads(false).await {
            tracing::warn!(error = %e, "signing chain heads");
        }
        let db = self.0.db.clone();
        // Joins threads: not on an async one.
        let closed = tokio::task::spawn_blocking(move || db.close()).await;
        if let Err(e) = closed {
            tracing::error!(error = %e, "closing the database");
        }
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.0.closing.load(Ordering::Relaxed)
    }

    pub(crate) fn now(&self) -> Millis {
        self.0.clock.now()
    }

    pub(crate) fn uuid(&self) -> uuid::Uuid {
        new_uuid(&*self.0.clock, &*self.0.random)
    }

    pub(crate) fn content_base(&self, owner: Owner, version: u32) -> String {
        format!("/course/{}/", self.0.signer.content(owner, version))
    }
}
