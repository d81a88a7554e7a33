//! A browser tab without a browser: the same engine, an outbox, and a network that does what the test says.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lyceum_app::{
    App, AppError, Caller, Clock, CommitAnswer, CommitRequest, Entry, OpenSession, RegistrationId,
};
use lyceum_attempt::engine::Engine;

use crate::FixedClock;
use crate::test_app::{Place, TestOn};

/// One load of the player page.
pub struct Tab {
    /// The engine, as in the page.
    pub engine: Engine,
    /// Id of the session.
    pub session: String,
    /// The session token.
    pub token: String,
    /// Where the course's files are.
    pub content_base: String,
    /// Entries that the server has not acknowledged.
    pub outbox: Vec<Entry>,
    /// Up to where it has.
    pub confirmed: u64,
    clock: Arc<FixedClock>,
}

impl Tab {
    pub(crate) async fn open<P: Place>(on: &TestOn<P>, registration: RegistrationId) -> Self {
        static PAGES: AtomicU64 = AtomicU64::new(1);
        let token = on.token(registration).await;
        let page = format!("page-{}", PAGES.fetch_add(1, Ordering::Relaxed));
        let request = OpenSession { client_clock: Some(on.clock.now()), page };
        let opened = on.app.open_session(&token, request).await.expect("a session");
        Self {
            engine: Engine::open(opened.plan, opened.opening, opened.state),
            session: opened.session,
            token: opened.token,
            content_base: opened.content_base,
            outbox: Vec::new(),
            confirmed: 0,
            clock: Arc::clone(&on.clock),
        }
    }

    /// Opens the course and initialises what it delivers.
    pub fn start(&mut self) {
        let now = self.clock.now();
        let delivered = self.engine.navigate("start", now).deliver.expect("something to open");
        assert!(self.engine.deliver(&delivered, now));
        assert_eq!(self.engine.initialize("", now).value, "true");
    }

    /// Sets a value, which the content expects to be taken.
    pub fn set(&mut self, element: &str, value: &str) {
        let reply = self.engine.set_value(element, value, self.clock.now());
        assert_eq!((reply.value.as_str(), reply.error), ("true", 0), "{element} = {value}");
    }

    /// Gets a value.
    pub fn get(&mut self, element: &str) -> String {
        self.engine.get_value(element, self.clock.now()).value
    }

    /// The content finishes.
    pub fn terminate(&mut self) {
        assert_eq!(self.engine.terminate("", self.clock.now()).value, "true");
    }

    /// The learner uses a control of the player.
    pub fn navigate(&mut self, request: &str) {
        let now = self.clock.now();
        let navigated = self.engine.navigate(request, now);
        self.engine.leave(now);
        if let Some(next) = navigated.deliver {
            assert!(self.engine.deliver(&next, now));
        }
    }

    /// Everything unsent as the body of a commit.
    pub fn request(&mut self) -> CommitRequest {
        self.outbox.extend(self.engine.take_entries());
        self.request_of(self.outbox.clone())
    }

    /// These entries as the body of a commit.
    #[must_use]
    pub fn request_of(&self, entries: Vec<Entry>) -> CommitRequest {
        CommitRequest {
            session: self.session.clone(),
            from_seq: entries.first().map(|entry| entry.seq),
            confirmed: Some(self.confirmed),
            entries,
            client_clock: Some(self.clock.now()),
            state_hash: Some(format!("{:016x}", self.engine.state_hash())),
        }
    }

    /// Sends everything unsent; what is acknowledged leaves the outbox.
    pub async fn try_send(&mut self, app: &App) -> Result<CommitAnswer, AppError> {
        let request = self.request();
        let answer = app.commit(&self.token, request, Caller::default()).await?;
        self.confirmed = self.confirmed.max(answer.durable_to);
        self.outbox.retain(|entry| entry.seq > answer.durable_to);
        Ok(answer)
    }

    /// Sends on a network and to a server that work.
    pub async fn send(&mut self, app: &App) -> CommitAnswer {
        let answer = self.try_send(app).await.expect("is stored");
        assert_eq!(self.outbox, [], "everything is acknowledged");
        answer
    }

    /// Hash of the page's state, as the server writes it.
    #[must_use]
    pub fn hash(&self) -> String {
        format!("{:016x}", self.engine.state_hash())
    }
}
