//! Opening a session: one load of the player page.

use std::sync::Arc;

use lyceum_attempt::Millis;
use lyceum_attempt::opening::{Learner, Opening};
use lyceum_attempt::plan::Plan;
use lyceum_attempt::state::State;
use lyceum_attempt::summary::Completion;
use lyceum_store::attempts::Session;
use lyceum_store::{DbError, SessionId, Tx, attempts};
use serde::{Deserialize, Serialize, Serializer};

use crate::app::App;
use crate::environment::bytes;
use crate::error::{AccessError, AppError};
use crate::limits::{CONFLICT_TRIES, HEARTBEAT, MAX_COMMIT_BODY, MAX_PAGE_ID_BYTES, SESSION_LIFE};
use crate::live::{Live, LiveSession, Which};
use crate::shared::Shared;
use crate::token::Pass;

/// Body of `POST /play/{T}/sessions`.
#[derive(Clone, Debug, Deserialize)]
pub struct OpenSession {
    /// The browser's clock.
    #[serde(default)]
    pub client_clock: Option<Millis>,
    /// A random id of this load of the page: the same request again opens the same session.
    pub page: String,
}

impl OpenSession {
    /// Reads a body.
    ///
    /// # Errors
    /// [`AppError::Malformed`] with the place of the fault.
    pub fn from_json(body: &[u8]) -> Result<Self, AppError> {
        serde_json::from_slice(body).map_err(|e| AppError::Malformed(e.to_string()))
    }
}

/// Everything the page needs to run the course.
#[derive(Clone, Debug, Serialize)]
pub struct Opened {
    /// Id of the session.
    pub session: String,
    /// A session token with a later expiry.
    pub token: String,
    /// The server's clock; entries carry this clock's time.
    pub server_clock: Millis,
    /// Where the course's files are.
    pub content_base: String,
    /// The course.
    #[serde(serialize_with = "shared")]
    pub plan: Arc<Plan>,
    /// The inputs entry.
    pub opening: Opening,
    /// The attempt so far.
    pub state: State,
    /// How to commit.
    pub commit: CommitTerms,
    /// Which attempt this is, and whether another one may follow.
    pub attempts: Attempts,
    /// Where to go after Exit; `None`: stay.
    pub after_exit: Option<String>,
    /// Sentences for the learner.
    pub notices: Vec<String>,
}

/// An attempt among others, for the page after the course.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Attempts {
    /// Number of this one.
    pub number: u32,
    /// How many there may be; `None`: as many as the course's rules begin.
    pub limit: Option<u32>,
    /// The learner may ask for another one ([`App::ask_for_attempt`]).
    pub may_ask: bool,
}

/// How to commit.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CommitTerms {
    /// Longest body that is taken, in bytes.
    pub max_body_bytes: usize,
    /// How often to give a sign of life when there is nothing to send, in milliseconds.
    pub heartbeat_ms: Millis,
}

impl App {
    /// Opens a session, and with the first one the attempt.
    ///
    /// # Errors
    /// When the token is forged or expired, the registration is gone, or the database is in trouble.
    pub async fn open_session(&self, token: &str, request: OpenSession) -> Result<Opened, AppError> {
        let now = self.now();
        let pass = self.0.signer.check_session(token, now)?;
        let owner = pass.owner;
        self.0.flood.take(owner.registration, request.page.len(), now)?;
        if request.page.is_empty() || request.page.len() > MAX_PAGE_ID_BYTES {
            return Err(AppError::Malformed("page must be a short random text".to_owned()));
        }
        let mut retries = self.retries();
        loop {
            match self.open_session_once(pass, &request, now).await {
                Err(e) if retries.again(&e).await => {}
                done => return done,
            }
        }
    }

    async fn open_session_once(
        &self,
        pass: Pass,
        request: &OpenSession,
        now: Millis,
    ) -> Result<Opened, AppError> {
        let owner = pass.owner;
        // What was accepted while the database was away is part of what it begins with.
        self.drain(owner).await?;
        let slot = self.0.live.slot(owner.registration, now);
        let mut place = slot.lock().await;
        for _ in 0..CONFLICT_TRIES {
            let cached = place.take().filter(|live| live.is_newest);
            let live = match cached {
                Some(live) => Some(live),
                None => self.load(owner, Which::Newest).await?,
            };
            let Some(mut live) = live else {
                self.begin_first(owner, now).await?;
                continue;
            };
            if live.registration.is_erased {
                return Err(AccessError::Gone.into());
            }
            let mut notice = None;
            let again = repeated(&live, &request.page);
            if again.is_none() && pass.attempt > live.attempt.number {
                (live, notice) = match self.attempt_for_launch(live).await {
                    Err(AppError::Database(DbError::Conflict)) => continue,
                    done => done?,
                };
            }
            let session = match again {
                Some(session) => session,
                None => match self.begin_session_after_all(&mut live, request, now).await {
                    Ok(session) => session,
                    Err(AppError::Database(DbError::Conflict)) => continue,
                    Err(e) => return Err(e),
                },
            };
            let opened = self.opened(&live, session, pass, notice, now)?;
            slot.weigh(&live);
            *place = Some(live);
            return Ok(opened);
        }
        Err(DbError::Conflict.into())
    }

    /// With everything that has arrived of earlier sessions.
    pub(crate) async fn begin_session_after_all(
        &self,
        live: &mut Live,
        request: &OpenSession,
        now: Millis,
    ) -> Result<SessionId, AppError> {
        self.settle_earlier(live, now).await?;
        self.begin_session(live, request, now).await
    }

    async fn begin_session(
        &self,
        live: &mut Live,
        request: &OpenSession,
        now: Millis,
    ) -> Result<SessionId, AppError> {
        let id = SessionId::new(self.uuid());
        let ordinal = live.attempt.sessions + 1;
        let settings = self.settings_in_force(live.owner.tenant, live.registration.course).await?;
        let shared = self.shared_of_learner(live).await?;
        let is_completed = live.registration.summary.completion == Completion::Completed;
        let opening = Opening {
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            session: id.to_string(),
            ordinal,
            attempt: live.attempt.number,
            opened_at: now,
            learner: Learner {
                id: live.registration.learner.external_id.clone(),
                name: live.registration.learner.name.clone(),
            },
            settings: settings.for_session(is_completed),
            before: (ordinal > 1).then(|| live.summary_of_content()),
            // The page keeps it in a JavaScript number.
            seed: u64::from_be_bytes(bytes(&*self.0.random)) >> 11,
            objectives: shared.objectives,
            shared_data: shared.data,
        };
        let row = Session {
            id,
            attempt: live.attempt.id,
            ordinal,
            // By way of a value: its members come in an order that does not change when somebody reads and writes it.
            opening: serde_json::to_value(&opening)
                .map_err(|e| AppError::Unreadable(e.to_string()))?
                .to_string(),
            page: request.page.clone(),
            opened_at: now,
            last_seen_at: now,
            ended: None,
            durable_to: 0,
            executed_to: 0,
        };
        let (owner, revision) = (live.owner, live.registration.revision);
        let stored = self.0.db.write(move |tx| {
            attempts::insert_session(owner.tenant, tx, owner.registration, revision, &row).map(|()| row)
        });
        let row = stored.await?;
        live.registration.revision += 1;
        live.attempt.sessions = ordinal;
        live.attempt.ended_at = None;
        live.sessions.insert(id, LiveSession::new(row));
        live.shared = live.known_of_shared();
        metrics::counter!("lyceum_sessions_opened_total").increment(1);
        let skew = request.client_clock.map(|clock| clock - now);
        tracing::info!(registration = %owner.registration, session = %id, ordinal, skew_ms = skew, "session opened");
        Ok(id)
    }

    /// What the learner's courses share and this one knows of.
    async fn shared_of_learner(&self, live: &Live) -> Result<Shared, AppError> {
        if live.plan.sequencing.is_none() {
            return Ok(Shared::default());
        }
        let owner = live.owner;
        let read =
            move |tx: &mut Tx<'_>| lyceum_store::shared::of_learner(owner.tenant, tx, owner.registration);
        Shared::for_course(&live.plan, self.0.db.read(read).await?)
    }

    fn opened(
        &self,
        live: &Live,
        session: SessionId,
        pass: Pass,
        notice: Option<String>,
        now: Millis,
    ) -> Result<Opened, AppError> {
        let opening = live.session(session)?.opening()?;
        let (number, limit) = (live.attempt.number, opening.settings.max_attempts);
        let is_left = limit.is_none_or(|limit| number < limit);
        let may_ask = opening.settings.new_attempt_on_request && is_left;
        Ok(Opened {
            session: session.to_string(),
            token: self.0.signer.session(Pass { expires: now.saturating_add(SESSION_LIFE), ..pass }),
            server_clock: now,
            content_base: self.content_base(live.owner, live.attempt.version),
            plan: Arc::clone(&live.plan),
            opening,
            state: live.engines.state().clone(),
            commit: CommitTerms { max_body_bytes: MAX_COMMIT_BODY, heartbeat_ms: HEARTBEAT },
            attempts: Attempts { number, limit, may_ask },
            after_exit: None,
            notices: notice.into_iter().collect(),
        })
    }
}

/// The session that this very page load has opened already, when the answer was lost on the way.
fn repeated(live: &Live, page: &str) -> Option<SessionId> {
    let newest = live.sessions.values().max_by_key(|session| session.row.ordinal)?;
    let row = &newest.row;
    (row.page == page && row.executed_to == 0 && row.ended.is_none()).then_some(row.id)
}

fn shared<S: Serializer>(plan: &Arc<Plan>, serializer: S) -> Result<S::Ok, S::Error> {
    plan.serialize(serializer)
}
