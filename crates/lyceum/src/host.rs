//! From settings to a server that runs: ports, application, edges, and a clean end.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use lyceum_app::{App, Config, FloodBudget, SystemClock, SystemRandom};
use lyceum_player::content;
use lyceum_web::{Access, Pages};

use crate::cache_folder::CacheFolder;
use crate::cli::{DataArgs, ServerArgs};
use crate::failure::Failure;
use crate::logging::{self, Flush, Style};
use crate::origin::Origin;
use crate::server::{self, Backend, Ended, Hosts, Listeners, Metrics, Parts, Signals, listen};

/// How long background work may hold up the end of the program.
const CLOSE_LIMIT: Duration = Duration::from_secs(10);

/// Course files of a few kilobytes kept in memory, in bytes.
const SMALL_FILES_BYTES: u64 = 16 << 20;

/// Inflated course files kept on disk, in bytes: what a few hundred people watch at the same time.
const INFLATED_BYTES: u64 = 8 << 30;

/// The exit code of a program that was told to stop twice.
const HURRIED: u8 = 130;

/// Ports and application are open; nobody is answered yet.
pub(crate) struct Host {
    pub(crate) app: App,
    pub(crate) app_url: Origin,
    pub(crate) content_url: Origin,
    /// What a person should know about the addresses.
    pub(crate) notes: Vec<String>,
    listeners: Listeners,
    hosts: Hosts,
    metrics: Arc<Metrics>,
    signals: Signals,
    settings: ServerArgs,
    _log: Flush,
}

/// Runs `work` on the runtime of a server.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(work);
    // What still runs on blocking threads was given its time before.
    runtime.shutdown_background();
    done
}

impl Host {
    /// Opens ports, data folder and database. `wait`: also while the database server cannot be reached.
    pub(crate) async fn open(
        data: &DataArgs,
        settings: ServerArgs,
        default_level: &'static str,
        wait: bool,
    ) -> Result<Self, Failure> {
        let log = logging::start(Style { json: settings.log_json, default_level });
        let metrics = Arc::new(Metrics::install()?);
        let signals = Signals::listen()?;
        let listeners = listen(settings.listen).await?;
        let app_url = settings.app_url.clone().unwrap_or_else(|| Origin::http("localhost", listeners.port));
        let content_url =
            settings.content_url.clone().unwrap_or_else(|| Origin::http("127.0.0.1", listeners.port));
        let hosts = Hosts::new(app_url.clone(), content_url.clone(), settings.single_host)?;
        let notes: Vec<String> = listeners.note.clone().into_iter().chain(hosts.warning()).collect();
        let flood = if settings.no_flood_limit { FloodBudget::unlimited() } else { FloodBudget::default() };
        let app = open_app(data, &app_url, &content_url, flood, wait).await?;
        Ok(Self { app, app_url, content_url, notes, listeners, hosts, metrics, signals, settings, _log: log })
    }

    /// Serves until somebody asks to stop. `ready` is called when connections are accepted.
    pub(crate) async fn serve(self, ready: impl FnOnce(&App)) -> Result<ExitCode, Failure> {
        let cache = CacheFolder::claim(&self.app.cache_dir())?;
        let parts = self.parts(cache.path())?;
        let Self { app, listeners, mut signals, settings, .. } = self;
        let running = server::start(parts, listeners.sockets);
        app.start_jobs();
        ready(&app);
        signals.next().await;
        tracing::info!("stopping: requests get {} s to finish", settings.drain_seconds);
        let limit = Duration::from_secs(settings.drain_seconds);
        let ended = running.stop(limit, signals.next()).await;
        tracing::info!(?ended, "no more requests");
        if ended == Ended::Hurried {
            return Ok(ExitCode::from(HURRIED));
        }
        if tokio::time::timeout(CLOSE_LIMIT, app.shutdown()).await.is_err() {
            tracing::warn!("background work did not end in time");
        }
        Ok(ExitCode::SUCCESS)
    }

    fn parts(&self, inflated_folder: &Path) -> Result<Parts<Operation>, Failure> {
        let access = Access::new(self.app.clone(), self.app_url.is_loopback());
        let headers = content::ContentHeaders { frame_ancestors: None, secure: self.content_url.https };
        let delivery = content::Settings {
            memory: SMALL_FILES_BYTES,
            inflated_folder: inflated_folder.to_owned(),
            inflated: INFLATED_BYTES,
            headers,
        };
        let pages = Pages::new(self.app.clone(), access.clone(), self.content_url.to_string());
        Ok(Parts {
            hosts: self.hosts.clone(),
            app: lyceum_web::router(pages).merge(lyceum_rest::router(self.app.clone())),
            content: lyceum_player::router(self.app.clone(), &delivery)?,
            backend: Operation { app: self.app.clone(), access },
            metrics: Arc::clone(&self.metrics),
            max_connections: self.settings.max_connections,
            run: u64::from(std::process::id()),
        })
    }
}

async fn open_app(
    data: &DataArgs,
    app_url: &Origin,
    content_url: &Origin,
    flood: FloodBudget,
    wait: bool,
) -> Result<App, Failure> {
    let config = config(data, app_url, content_url, flood, wait)?;
    // Opening reads and writes files: not on an async thread.
    let opened = tokio::task::spawn_blocking(move || App::open(config)).await?;
    Ok(opened?)
}

/// The application alone, for a command that answers and ends. A server may run on the same data meanwhile.
pub(crate) async fn open_quietly(data: &DataArgs) -> Result<App, Failure> {
    // No link is made here: the addresses do not matter.
    let (app_url, content_url) = (Origin::http("localhost", 80), Origin::http("127.0.0.1", 80));
    open_app(data, &app_url, &content_url, FloodBudget::default(), false).await
}

fn config(
    data: &DataArgs,
    app_url: &Origin,
    content_url: &Origin,
    flood: FloodBudget,
    wait: bool,
) -> Result<Config, Failure> {
    Ok(Config {
        data_dir: data.dir()?,
        database: data.database(wait),
        app_url: app_url.to_string(),
        content_url: content_url.to_string(),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        flood,
        faults: None,
    })
}

/// What health questions ask.
struct Operation {
    app: App,
    access: Access,
}

impl Backend for Operation {
    async fn ready(&self) -> (bool, serde_json::Value) {
        let health = self.app.ready().await;
        (health.is_ready(), serde_json::to_value(&health).unwrap_or_default())
    }

    async fn is_operator(&self, peer: SocketAddr, headers: &HeaderMap) -> bool {
        self.access.of(peer.ip(), headers).await.is_ok()
    }
}
