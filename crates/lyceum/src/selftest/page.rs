//! The player page without a browser: the same engine, and commits as the page sends them.

use lyceum_app::{
    App, AppError, Caller, Clock as _, CommitAnswer, CommitRequest, Entry, LaunchKind, OpenSession,
    RegistrationId, SystemClock, Tenant,
};
use lyceum_attempt::engine::Engine;
use lyceum_attempt::plan::Kind;
use lyceum_cmi::Family;

use super::{Wrong, expect, told};

/// One load of the page.
pub(super) struct Page {
    engine: Engine,
    session: String,
    token: String,
}

impl Page {
    pub(super) async fn open(app: &App, tenant: Tenant, registration: RegistrationId) -> Result<Self, Wrong> {
        let link = app.launch_link(tenant, registration, LaunchKind::Short).await.map_err(|e| told(&e))?;
        let token = link.rsplit('/').next().unwrap_or_default();
        let redeemed = app.redeem_launch(token).await.map_err(|e| e.to_string())?;
        let now = SystemClock.now();
        let request = OpenSession { client_clock: Some(now), page: format!("selftest-{now}") };
        let opened = app.open_session(&redeemed.session_token, request).await.map_err(|e| told(&e))?;
        let engine = Engine::open(opened.plan, opened.opening, opened.state);
        Ok(Self { engine, session: opened.session, token: opened.token })
    }

    /// Opens the course where the learner left it, and initialises a SCO.
    pub(super) fn start(&mut self) -> Result<String, Wrong> {
        let now = SystemClock.now();
        let navigated = self.engine.navigate("start", now);
        let first = navigated.deliver.ok_or("the course opens nothing by itself")?;
        if !self.engine.deliver(&first, now) {
            return Err(format!("{first} cannot be opened"));
        }
        if self.is_sco(&first) {
            expect("the answer to Initialize", self.engine.initialize("", now).value.as_str(), "true")?;
        }
        Ok(first)
    }

    /// Whether an activity's content may call the API.
    pub(super) fn is_sco(&self, id: &str) -> bool {
        self.engine.plan().activities.iter().any(|activity| activity.id == id && activity.kind == Kind::Sco)
    }

    pub(super) fn family(&self) -> Family {
        self.engine.plan().edition.family()
    }

    /// Where this edition keeps the place in the content.
    pub(super) fn location_element(&self) -> &'static str {
        match self.family() {
            Family::Cmi => "cmi.core.lesson_location",
            Family::Ieee => "cmi.location",
        }
    }

    /// Sets a value, which is to end with this error code; an accepted one is to be read back where it can be.
    pub(super) fn set(&mut self, element: &str, value: &str, error: u16) -> Result<(), Wrong> {
        let reply = self.engine.set_value(element, value, SystemClock.now());
        expect(&format!("the error code of {element} = {value:.40}"), reply.error, error)
    }

    pub(super) fn get(&mut self, element: &str) -> String {
        self.engine.get_value(element, SystemClock.now()).value
    }

    /// The content finishes, and the learner goes.
    pub(super) fn leave(&mut self) {
        let now = SystemClock.now();
        self.engine.terminate("", now);
        self.engine.navigate("suspendAll", now);
        self.engine.leave(now);
    }

    /// Everything since the last call.
    pub(super) fn take(&mut self) -> Vec<Entry> {
        self.engine.take_entries()
    }

    /// Sends entries. The server is to arrive at the same state.
    pub(super) async fn send_these(&self, app: &App, entries: Vec<Entry>) -> Result<CommitAnswer, AppError> {
        let request = CommitRequest {
            session: self.session.clone(),
            from_seq: entries.first().map(|entry| entry.seq),
            confirmed: None,
            entries,
            client_clock: Some(SystemClock.now()),
            state_hash: Some(self.hash()),
        };
        app.commit(&self.token, request, Caller::default()).await
    }

    /// Sends everything since the last call; the server is to keep it all, and to arrive at the same state.
    pub(super) async fn send(&mut self, app: &App) -> Result<(), Wrong> {
        let entries = self.take();
        let last = self.engine.last_seq();
        let answer = self.send_these(app, entries).await.map_err(|e| told(&e))?;
        expect("the last entry on disk", answer.durable_to, last)?;
        expect("the server's state", answer.state_hash, Some(self.hash()))
    }

    pub(super) fn hash(&self) -> String {
        format!("{:016x}", self.engine.state_hash())
    }
}
