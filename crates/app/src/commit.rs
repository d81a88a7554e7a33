//! The commit path: from the entries that a browser sends to the answer that they are on disk.

mod act;
mod arrange;
mod execute;
mod request;
mod vanished;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use lyceum_attempt::Millis;
use lyceum_attempt::engine::Engine;
use lyceum_attempt::entry::{Entry, Recorded};
use lyceum_store::attempts::FoundSession;
use lyceum_store::doors::DoorCommit;
use lyceum_store::{Backoff, DbError, SessionId, Tx, attempts, commits};

pub(crate) use act::act;
pub(crate) use execute::TOO_LATE;
pub use request::{Caller, CommitAnswer, CommitRequest};

use crate::app::App;
use crate::error::{AccessError, AppError};
use crate::journal::unpack_entries;
use crate::limits::{
    COMMIT_PATIENCE, CONFLICT_TRIES, HEARTBEAT, INLINE_ENTRIES, MAX_ATTEMPT_BYTES, RENEW_WITHIN, SESSION_LIFE,
};
use crate::live::{Live, Which};
use crate::token::{Owner, Pass};
use execute::Executed;

/// The waits of a server that another one was faster than.
const TURN: Backoff = Backoff { first: Duration::from_millis(2), longest: Duration::from_millis(50) };

/// A commit on its way in: whose it is, what it brings, where it came from, and when.
#[derive(Clone, Copy)]
pub(crate) struct Incoming<'a> {
    pub(crate) owner: Owner,
    pub(crate) session: SessionId,
    pub(crate) request: &'a CommitRequest,
    pub(crate) from: &'a Caller,
    /// The server's clock when it arrived.
    pub(crate) now: Millis,
}

/// Calls that this side makes on a session's engine for somebody who has none.
#[derive(Clone, Copy)]
pub(crate) struct Driving<'a> {
    pub(crate) session: SessionId,
    pub(crate) from: &'a Caller,
    /// The server's clock when they arrived.
    pub(crate) now: Millis,
    /// The sign of life that they are: earlier than `now` where they were on their way for long.
    pub(crate) seen: Millis,
}

impl App {
    /// Takes entries of a session. When this answers, everything up to `durable_to` is on disk, and so is whatever else
    /// came and is not in `missing`.
    ///
    /// # Errors
    /// When the token is not valid (expired ones are taken for [`crate::limits::COMMIT_GRACE`]), the session is unknown or
    /// somebody else's, something is over a limit, or the database is in trouble. Repeating a commit does no harm.
    pub async fn commit(
        &self,
        token: &str,
        request: CommitRequest,
        from: Caller,
    ) -> Result<CommitAnswer, AppError> {
        let started = Instant::now();
        let now = self.now();
        let token = self.0.signer.check_session_with_grace(token, now)?;
        let answer = self.commit_as(token, &request, &from, now).await;
        metrics::histogram!("lyceum_commit_seconds").record(started.elapsed().as_secs_f64());
        let outcome = answer.as_ref().map_or_else(AppError::code, |_| "durable");
        metrics::counter!("lyceum_commits_total", "outcome" => outcome).increment(1);
        if let Err(e) = &answer {
            tracing::warn!(
                registration = %token.owner.registration, session = request.session, code = e.code(), error = %e,
                "commit refused"
            );
        }
        answer
    }

    async fn commit_as(
        &self,
        token: Pass,
        request: &CommitRequest,
        from: &Caller,
        now: Millis,
    ) -> Result<CommitAnswer, AppError> {
        let bytes = request.check()?;
        self.0.flood.take(token.owner.registration, bytes, now)?;
        let session: SessionId =
            request.session.parse().map_err(|_| AppError::UnknownSession(request.session.clone()))?;
        let incoming = Incoming { owner: token.owner, session, request, from, now };
        let mut answer = self.commit_durably(incoming).await?;
        let is_renewable = token.expires > now && token.expires - now < RENEW_WITHIN;
        answer.token = is_renewable
            .then(|| self.0.signer.session(Pass { expires: now.saturating_add(SESSION_LIFE), ..token }));
        Ok(answer)
    }

    /// Into the database, or, where that does not take it, into the spool.
    async fn commit_durably(&self, incoming: Incoming<'_>) -> Result<CommitAnswer, AppError> {
        let entries = Duration::from_millis(incoming.request.entries.len() as u64);
        let patience = Duration::from_millis(COMMIT_PATIENCE.unsigned_abs()) + entries;
        if self.must_spool(incoming.owner, patience).await {
            let why = DbError::Away("earlier commits wait for it".to_owned());
            return self.accept(incoming, why).await;
        }
        let mut retries = self.retries();
        let why = loop {
            match self.within(patience, self.commit_once(incoming)).await {
                Some(Ok(answer)) => {
                    self.0.answered.insert(incoming.session, answer.durable_to);
                    self.0.trouble.is_refusing.store(false, Ordering::Relaxed);
                    self.0.trouble.taken();
                    return Ok(answer);
                }
                Some(Err(e)) if retries.again(&e).await => {}
                Some(Err(AppError::Database(e))) if e.is_trouble() => break e,
                Some(Err(e)) => return Err(e),
                None => {
                    self.0.trouble.is_stuck.store(true, Ordering::Relaxed);
                    break DbError::Busy;
                }
            }
        };
        self.accept(incoming, why).await
    }

    /// One try on the database.
    pub(crate) async fn commit_once(&self, incoming: Incoming<'_>) -> Result<CommitAnswer, AppError> {
        if incoming.request.entries.is_empty() {
            self.heartbeat(incoming.owner, incoming.session, incoming.now).await
        } else {
            self.commit_entries(incoming).await
        }
    }

    /// A sign of life. Reads one row and writes one; the state is not needed.
    async fn heartbeat(
        &self,
        owner: Owner,
        session: SessionId,
        now: Millis,
    ) -> Result<CommitAnswer, AppError> {
        let found = self.find_session(owner, session).await?;
        self.0.db.write(move |tx| attempts::seen(owner.tenant, tx, session, now)).await?;
        Ok(CommitAnswer {
            durable_to: found.session.durable_to,
            missing: Vec::new(),
            state_hash: None,
            superseded: found.is_superseded,
            corrected: found.is_corrected,
            token: None,
        })
    }

    /// A session, which must be the owner's.
    async fn find_session(&self, owner: Owner, session: SessionId) -> Result<FoundSession, AppError> {
        let found = self.0.db.read(move |tx| attempts::find_session(owner.tenant, tx, session)).await?;
        match found {
            None => Err(AppError::UnknownSession(session.to_string())),
            Some(found) if found.registration != owner.registration => {
                Err(AppError::ForeignSession(session.to_string()))
            }
            Some(found) => Ok(found),
        }
    }

    async fn commit_entries(&self, incoming: Incoming<'_>) -> Result<CommitAnswer, AppError> {
        let Incoming { owner, session, request, now, .. } = incoming;
        let slot = self.0.live.slot(owner.registration, now);
        let mut place = slot.lock().await;
        for tries in 1..=CONFLICT_TRIES {
            let cached = place.take().filter(|live| live.sessions.contains_key(&session));
            let mut live = match cached {
                Some(live) => live,
                None => self.load_of_session(owner, session).await?,
            };
            if live.registration.is_erased {
                return Err(AccessError::Gone.into());
            }
            self.read_waiting(&mut live, session).await?;
            let stored = self.stored_again(&live, session, &request.entries).await?;
            if live.attempt.journal_bytes + request.bytes() as u64 > MAX_ATTEMPT_BYTES {
                return Err(AppError::StorageFull { limit: MAX_ATTEMPT_BYTES });
            }
            let salt = crate::environment::bytes(&*self.0.random);
            let executed =
                heavy(request.entries.len(), || execute::entries(&mut live, incoming, &stored, salt))?;
            match self.store(&mut live, executed).await {
                Ok(answer) => {
                    slot.weigh(&live);
                    *place = Some(live);
                    return Ok(answer);
                }
                // Another server was faster: read what it wrote, and do ours on top.
                Err(AppError::Database(DbError::Conflict)) => {
                    metrics::counter!("lyceum_commit_conflicts_total").increment(1);
                    self.wait_for_turn(tries).await;
                }
                Err(e) => return Err(e),
            }
        }
        Err(DbError::Conflict.into())
    }

    /// Two servers that go on at once would only meet again.
    async fn wait_for_turn(&self, tries: u32) {
        let chance = u64::from_be_bytes(crate::environment::bytes(&*self.0.random));
        self.0.clock.sleep(TURN.wait(tries, chance)).await;
    }

    async fn load_of_session(&self, owner: Owner, session: SessionId) -> Result<Live, AppError> {
        let attempt = self.find_session(owner, session).await?.session.attempt;
        let live = self.load(owner, Which::Attempt(attempt)).await?;
        live.ok_or_else(|| AppError::UnknownSession(session.to_string()))
    }

    /// The stored entries under the numbers of those that come again, to see whether they are the same; and those that follow
    /// on entries from a hole.
    async fn stored_again(
        &self,
        live: &Live,
        session: SessionId,
        entries: &[Entry],
    ) -> Result<BTreeMap<u64, Recorded>, AppError> {
        let of = live.session(session)?;
        let executed_to = of.row.executed_to;
        let again = || entries.iter().map(|entry| entry.seq).filter(|seq| *seq <= executed_to);
        let (Some(from), Some(mut to)) = (again().min(), again().max()) else { return Ok(BTreeMap::new()) };
        if of.waiting.as_ref().is_some_and(|waiting| !waiting.holes.is_empty()) {
            to = executed_to;
        }
        let (tenant, attempt) = (live.owner.tenant, live.attempt.id);
        let read =
            move |tx: &mut Tx<'_>| commits::entries_within(tenant, tx, (attempt, session), 0, (from, to));
        let mut stored = BTreeMap::new();
        for packed in self.0.db.read(read).await? {
            stored
                .extend(unpack_entries(&packed)?.into_iter().map(|recorded| (recorded.entry.seq, recorded)));
        }
        Ok(stored)
    }

    /// Makes calls on a session's engine for somebody who has none, and stores what they left; `note`: the caller's own number of this
    /// commit, and its digest. Calls that leave nothing are a sign of life.
    pub(crate) async fn drive<T>(
        &self,
        live: &mut Live,
        driving: Driving<'_>,
        note: Option<(u64, [u8; 32])>,
        drive: impl FnOnce(&mut Engine) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let Driving { session, now, .. } = driving;
        if live.attempt.journal_bytes > MAX_ATTEMPT_BYTES {
            return Err(AppError::StorageFull { limit: MAX_ATTEMPT_BYTES });
        }
        self.read_waiting(live, session).await?;
        let salt = crate::environment::bytes(&*self.0.random);
        let execute::Driven { executed, told, entries } = execute::driven(live, driving, salt, drive)?;
        let note = note.map(|(sequence, digest)| (session, DoorCommit { sequence, digest, entries }));
        if note.is_some() || entries.0 <= entries.1 {
            self.store_noted(live, executed, note).await?;
        } else if let Some(of) =
            live.sessions.get_mut(&session).filter(|of| now - of.row.last_seen_at >= HEARTBEAT)
        {
            of.row.last_seen_at = now;
            let tenant = live.owner.tenant;
            self.0.db.write(move |tx| attempts::seen(tenant, tx, session, now)).await?;
        }
        Ok(told)
    }

    /// Hands the change to the writer, and follows it in memory once it is acknowledged.
    async fn store(&self, live: &mut Live, executed: Executed) -> Result<CommitAnswer, AppError> {
        self.store_noted(live, executed, None).await
    }

    /// The same; with the number under which the caller knows this commit of the session.
    async fn store_noted(
        &self,
        live: &mut Live,
        executed: Executed,
        note: Option<(SessionId, DoorCommit)>,
    ) -> Result<CommitAnswer, AppError> {
        let Executed { change, answer, told } = executed;
        if let Some(change) = change {
            let tenant = live.owner.tenant;
            let change = self.0.db.store(tenant, change, note).await?;
            if change.log.is_some() {
                self.0.heads.grew(tenant, live.owner.registration);
            }
            live.settle(*change);
        }
        told.tell(live);
        Ok(answer)
    }
}

/// Runs long computations where they keep no other request waiting, if the runtime has such a place.
fn heavy<T>(entries: usize, compute: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    let has_threads = Handle::try_current().is_ok_and(|h| h.runtime_flavor() == RuntimeFlavor::MultiThread);
    if entries > INLINE_ENTRIES && has_threads { tokio::task::block_in_place(compute) } else { compute() }
}
