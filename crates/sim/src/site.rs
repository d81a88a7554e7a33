//! The servers: the real application, one or two on one data folder, each with its trouble.

use std::path::PathBuf;
use std::sync::Arc;

use lyceum_app::{
    ApiCall, ApiReply, App, AppError, Caller, CommitAnswer, CommitRequest, ForeignCommit, Holder, LaunchKind,
    OpenSession, RegistrationId, Tenant,
};
use lyceum_testkit::FixedClock;
use tempfile::TempDir;

use crate::course::{self, Template};
use crate::trouble::{Disk, Trouble};

/// What is asked of a server.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    /// `GET /launch/…`: the page and a fresh session token.
    Page,
    /// `POST /play/{T}/sessions`.
    Open { page: String, client_clock: i64 },
    /// `POST /play/{T}/commits`: the body.
    Commit(Arc<str>),
    /// `POST /scorm/progress/{topic}/`.
    Progress(Arc<ForeignCommit>),
    /// `POST /scorm/api/{registration}`.
    Call(Arc<ApiCall>),
}

/// What it says.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    /// The session token of the page.
    Page(String),
    /// The answer's body.
    Opened(Arc<str>),
    Committed(CommitAnswer),
    /// A door has stored a commit, or knows it already.
    Progress(Known),
    Called(ApiReply),
    /// Status and code.
    Refused(u16, &'static str),
}

/// Whether a door knows a commit from before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    New,
    Again,
}

/// One process.
struct Server {
    app: Option<App>,
    trouble: Arc<Trouble>,
    starts: u64,
}

/// All of them, and the folder.
pub(crate) struct Site {
    _folder: TempDir,
    data: PathBuf,
    clock: Arc<FixedClock>,
    seed: u64,
    servers: Vec<Server>,
    disk: Arc<Disk>,
    is_away: bool,
}

impl Site {
    pub(crate) fn new(clock: Arc<FixedClock>, seed: u64, servers: usize) -> Self {
        let (folder, data) = Template::get().copy();
        let servers =
            (0..servers).map(|_| Server { app: None, trouble: Arc::default(), starts: 0 }).collect();
        let mut site =
            Self { _folder: folder, data, clock, seed, servers, disk: Arc::default(), is_away: false };
        (0..site.servers.len()).for_each(|n| site.start(n));
        site
    }

    pub(crate) fn count(&self) -> usize {
        self.servers.len()
    }

    pub(crate) fn data(&self) -> &std::path::Path {
        &self.data
    }

    pub(crate) fn is_up(&self, n: usize) -> bool {
        self.servers[n].app.is_some()
    }

    pub(crate) fn is_away(&self) -> bool {
        self.is_away
    }

    pub(crate) fn trouble(&self, n: usize) -> &Trouble {
        &self.servers[n].trouble
    }

    /// A server that runs.
    pub(crate) fn app(&self, n: usize) -> &App {
        self.servers[n].app.as_ref().expect("the server runs")
    }

    pub(crate) fn start(&mut self, n: usize) {
        let server = &mut self.servers[n];
        if server.app.is_some() {
            return;
        }
        server.starts += 1;
        server.trouble = Arc::new(Trouble::new(Arc::clone(&self.disk)));
        server.trouble.away(self.is_away);
        // Another start, other random numbers, or it would make the same ids again.
        let seed = self.seed ^ (server.starts << 8 | n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        server.app = Some(course::open(&self.data, &self.clock, seed, &server.trouble));
    }

    /// The machine stops, or has stopped at a planned step.
    pub(crate) async fn kill(&mut self, n: usize) {
        let server = &mut self.servers[n];
        server.trouble.stop();
        let Some(app) = server.app.take() else { return };
        // Ends the threads; whatever they would still write is refused.
        app.shutdown().await;
        drop(app);
        self.disk.forget_unflushed(&self.data.join("spool"));
    }

    /// The server is told to end, and does.
    pub(crate) async fn end(&mut self, n: usize) {
        if let Some(app) = self.servers[n].app.take() {
            app.shutdown().await;
        }
    }

    /// The database goes away, or comes back.
    pub(crate) fn database(&mut self, is_away: bool) {
        self.is_away = is_away;
        self.servers.iter().for_each(|server| server.trouble.away(is_away));
    }

    /// A request. `None` when the server is down, or stops before it has answered.
    pub(crate) async fn serve(
        &mut self,
        n: usize,
        of: (Tenant, RegistrationId),
        token: &str,
        asked: &Asked,
    ) -> Option<Said> {
        let app = self.servers[n].app.as_ref()?;
        let said = match asked {
            Asked::Page => page(app, of).await.map(Said::Page),
            Asked::Open { page, client_clock } => {
                open(app, token, page, *client_clock).await.map(Said::Opened)
            }
            Asked::Commit(body) => commit(app, token, body).await.map(Said::Committed),
            Asked::Progress(commit) => {
                let stored = app.commit_at_door(&key(of), of.1, commit, &Caller::default()).await;
                stored.map(|answer| Said::Progress(if answer.repeated { Known::Again } else { Known::New }))
            }
            Asked::Call(call) => {
                app.call_at_door(&key(of), of.1, call, &Caller::default()).await.map(Said::Called)
            }
        };
        let said = said.unwrap_or_else(|e| Said::Refused(e.kind().status(), e.code()));
        self.survived(n).await.then_some(said)
    }

    /// True when it still lives; buries it when it does not.
    pub(crate) async fn survived(&mut self, n: usize) -> bool {
        if !self.servers[n].trouble.is_dead() {
            return true;
        }
        self.kill(n).await;
        false
    }
}

/// What callers without our player have.
fn key((tenant, _): (Tenant, RegistrationId)) -> Holder {
    Holder::Key { tenant, name: "simulated".to_owned() }
}

async fn page(app: &App, (tenant, registration): (Tenant, RegistrationId)) -> Result<String, AppError> {
    let link = app.launch_link(tenant, registration, LaunchKind::Short).await?;
    let token = link.rsplit('/').next().unwrap_or_default();
    Ok(app.redeem_launch(token).await.map_err(AppError::Access)?.session_token)
}

async fn open(app: &App, token: &str, page: &str, client_clock: i64) -> Result<Arc<str>, AppError> {
    let request = OpenSession { client_clock: Some(client_clock), page: page.to_owned() };
    let opened = app.open_session(token, request).await?;
    let body = serde_json::to_string(&opened).expect("our own shapes serialise");
    Ok(body.into())
}

async fn commit(app: &App, token: &str, body: &str) -> Result<CommitAnswer, AppError> {
    app.commit(token, CommitRequest::from_json(body.as_bytes())?, Caller::default()).await
}
