//! When the database is in trouble: what is tried again, what is accepted without it, and how that gets there later.
//!
//! A commit that fails is tried again a few times. If the database stays away, the commit goes into the spool (`spool.rs`) and is
//! answered as durable, which it is: on this machine's disk. What comes after it of the same registration goes behind it, or
//! brings it into the database first, so that a session's order is kept. A background job replays what is left.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use lyceum_store::{Backoff, DbError, Tx, registrations};
use parking_lot::Mutex;
use tokio::task::JoinSet;

use crate::app::App;
use crate::commit::{CommitAnswer, Incoming};
use crate::environment::bytes;
use crate::error::AppError;
use crate::limits::{DATABASE_RETRIES, REPLAY_AT_ONCE};
use crate::spool::Record;
use crate::token::Owner;

/// The waits between the tries of one request.
const RETRY: Backoff = Backoff { first: Duration::from_millis(50), longest: Duration::from_millis(400) };

/// Counts since the program started.
#[derive(Default)]
pub(crate) struct Trouble {
    /// Writes that were tried again.
    pub(crate) retries: AtomicU64,
    /// Commits that were accepted without the database.
    pub(crate) fallbacks: AtomicU64,
    /// Of these, the ones that it never took.
    pub(crate) refused: AtomicU64,
    /// The database took a commit and did not answer in time: it is not asked again until a replay comes through.
    pub(crate) is_stuck: AtomicBool,
    /// A commit found a place neither in the database nor in the spool, and nothing has been stored since.
    pub(crate) is_refusing: AtomicBool,
    /// Why the database, although it answers, did not take what was offered to it last.
    untaken: Mutex<Option<DbError>>,
}

impl Trouble {
    /// The database has taken a commit, or said what is wrong with it.
    pub(crate) fn taken(&self) {
        self.untaken.lock().take();
    }

    /// The database has not taken a commit. On a full disk, or a failing one, it answers questions all the same; whatever else
    /// is the matter shows when it is asked.
    fn not_taken(&self, why: &DbError) {
        if matches!(why, DbError::Full(_) | DbError::Io(_) | DbError::Unknown(_)) {
            *self.untaken.lock() = Some(why.clone());
        }
    }

    /// Why commits wait for a database that answers.
    pub(crate) fn why_untaken(&self) -> Option<DbError> {
        self.untaken.lock().clone()
    }
}

/// The tries of one request.
pub(crate) struct Retries<'a> {
    app: &'a App,
    failures: u32,
}

impl Retries<'_> {
    /// After a failure: waits and answers true where trying again may help.
    pub(crate) async fn again(&mut self, e: &AppError) -> bool {
        let AppError::Database(e) = e else { return false };
        if !e.is_trouble() || self.failures >= DATABASE_RETRIES {
            return false;
        }
        self.failures += 1;
        self.app.0.trouble.retries.fetch_add(1, Ordering::Relaxed);
        metrics::counter!("lyceum_database_retries_total").increment(1);
        let chance = u64::from_be_bytes(bytes(&*self.app.0.random));
        self.app.0.clock.sleep(RETRY.wait(self.failures, chance)).await;
        true
    }
}

/// Makes the counters readable before anything has happened: a series that is not there cannot be watched.
pub(crate) fn begin_counting() {
    for name in [
        "lyceum_database_retries_total",
        "lyceum_spool_accepted_total",
        "lyceum_spool_replayed_total",
        "lyceum_spool_refused_total",
    ] {
        metrics::counter!(name).absolute(0);
    }
}

impl App {
    pub(crate) fn retries(&self) -> Retries<'_> {
        Retries { app: self, failures: 0 }
    }

    /// Whether a commit has to go into the spool without being tried on the database: it is known to be away, or does not take
    /// what waits of the same registration. Where it does, that is brought there first, so that a page which never pauses does
    /// not keep itself in the spool.
    pub(crate) async fn must_spool(&self, owner: Owner, patience: Duration) -> bool {
        let is_away = || !self.0.db.status().connected || self.0.trouble.is_stuck.load(Ordering::Relaxed);
        if self.0.spool.is_empty() {
            return false;
        }
        if is_away() {
            return true;
        }
        let drained = self.within(patience, self.drain(owner)).await;
        !matches!(drained, Some(Ok(())))
    }

    /// What comes of it; `None` when that takes longer than anybody should wait.
    pub(crate) async fn within<T>(&self, patience: Duration, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.0.clock.patience(patience) => None,
        }
    }

    /// Replays what waits of one registration.
    pub(crate) async fn drain(&self, owner: Owner) -> Result<(), AppError> {
        while self.0.spool.holds(owner.registration) {
            let app = self.clone();
            let first = tokio::task::spawn_blocking(move || app.0.spool.first_of(owner.registration)).await;
            let Ok(Some((id, record))) = first else { return Ok(()) };
            self.replay(id, record).await?;
        }
        Ok(())
    }

    /// Accepts a commit without the database. The session token alone has to be good for it: whether there is such a session
    /// shows when it is replayed. Without a place on disk it is refused as the database would have.
    pub(crate) async fn accept(
        &self,
        incoming: Incoming<'_>,
        why: DbError,
    ) -> Result<CommitAnswer, AppError> {
        let Incoming { owner, session, request, from, now } = incoming;
        let record = Record {
            tenant: owner.tenant,
            registration: owner.registration,
            session,
            arrived_at: now,
            from: from.clone(),
            request: request.clone(),
        };
        // The last word of the database on this session, or the browser's word for what that was.
        let answered = self.0.answered.get(&session).unwrap_or(0);
        let known_to = answered.max(request.confirmed.unwrap_or(0));
        let app = self.clone();
        let appended = tokio::task::spawn_blocking(move || app.0.spool.append(&record, known_to)).await;
        match appended {
            Ok(Ok((durable_to, missing))) => {
                self.0.trouble.is_refusing.store(false, Ordering::Relaxed);
                self.0.trouble.fallbacks.fetch_add(1, Ordering::Relaxed);
                self.0.trouble.not_taken(&why);
                metrics::counter!("lyceum_spool_accepted_total").increment(1);
                tracing::warn!(
                    registration = %owner.registration, %session, durable_to, error = %why, "commit accepted without the database"
                );
                // What the state is now is known when it is executed.
                Ok(CommitAnswer {
                    durable_to,
                    missing,
                    state_hash: None,
                    superseded: false,
                    corrected: false,
                    token: None,
                })
            }
            Ok(Err(e)) => {
                tracing::error!(error = %e, "the spool cannot take a commit");
                self.0.trouble.is_refusing.store(true, Ordering::Relaxed);
                // That is what somebody can do something about.
                let is_full = e.kind() == io::ErrorKind::StorageFull;
                Err(if is_full { DbError::Full(e.to_string()) } else { why }.into())
            }
            Err(_) => Err(why.into()),
        }
    }

    /// Why commits are refused, while they are: asked of the disk, since none may come that would show that there is room again.
    pub(crate) async fn refusal(&self) -> Option<DbError> {
        if !self.0.trouble.is_refusing.load(Ordering::Relaxed) {
            return None;
        }
        let app = self.clone();
        match tokio::task::spawn_blocking(move || app.0.spool.try_disk()).await {
            Ok(Err(e)) if e.kind() == io::ErrorKind::StorageFull => Some(DbError::Full(e.to_string())),
            Ok(Err(e)) => Some(DbError::Io(e.to_string())),
            _ => {
                self.0.trouble.is_refusing.store(false, Ordering::Relaxed);
                None
            }
        }
    }

    /// Brings what was accepted without the database into it, in order. Answers how many commits it took; they end early when
    /// it is away again.
    ///
    /// # Errors
    /// When the database is still in trouble.
    pub async fn replay_spool(&self) -> Result<u64, AppError> {
        let _one_at_a_time = self.0.replaying.lock().await;
        let mut replayed = 0;
        while !self.is_closing() {
            let app = self.clone();
            let first = tokio::task::spawn_blocking(move || app.0.spool.first(REPLAY_AT_ONCE)).await;
            let first = first.unwrap_or_default();
            if first.is_empty() {
                break;
            }
            let mut all = JoinSet::new();
            for (id, record) in first {
                let app = self.clone();
                all.spawn(async move { app.replay(id, record).await });
            }
            while let Some(outcome) = all.join_next().await {
                if let Ok(outcome) = outcome {
                    outcome?;
                    replayed += 1;
                }
            }
        }
        if replayed > 0 {
            tracing::info!(
                commits = replayed,
                "commits that were accepted without the database are in it now"
            );
        }
        Ok(replayed)
    }

    async fn replay(&self, id: u64, record: io::Result<Record>) -> Result<(), AppError> {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                tracing::error!(error = %e, "a spooled commit cannot be read");
                return self.settle_spooled(id, false).await;
            }
        };
        let owner = record.owner();
        let incoming = Incoming {
            owner,
            session: record.session,
            request: &record.request,
            from: &record.from,
            now: record.arrived_at,
        };
        match self.commit_once(incoming).await {
            Ok(_) => self.settle_spooled(id, true).await,
            Err(AppError::Database(e))
                if e.is_trouble() || matches!(e, DbError::Closed | DbError::Conflict) =>
            {
                self.0.trouble.not_taken(&e);
                Err(e.into())
            }
            Err(e) => {
                tracing::error!(
                    registration = %owner.registration, session = %record.session, code = e.code(), error = %e,
                    "a commit that was accepted without the database is not taken by it; it is kept in the spool's folder"
                );
                let find = move |tx: &mut Tx<'_>| registrations::find(owner.tenant, tx, owner.registration);
                let is_erased = self.0.db.read(find).await?.is_some_and(|row| row.is_erased);
                let app = self.clone();
                let keep = move || {
                    let spool = &app.0.spool;
                    if is_erased {
                        spool.refuse_erased(&record)
                    } else {
                        spool.refuse(&record, &e.to_string())
                    }
                };
                let kept = tokio::task::spawn_blocking(keep).await;
                match kept {
                    Ok(Ok(())) => self.settle_spooled(id, false).await,
                    _ => Err(DbError::Io("the spool's folder cannot be written".to_owned()).into()),
                }
            }
        }
    }

    async fn settle_spooled(&self, id: u64, is_taken: bool) -> Result<(), AppError> {
        self.0.trouble.taken();
        if is_taken {
            self.0.trouble.is_stuck.store(false, Ordering::Relaxed);
            metrics::counter!("lyceum_spool_replayed_total").increment(1);
        } else {
            self.0.trouble.refused.fetch_add(1, Ordering::Relaxed);
            metrics::counter!("lyceum_spool_refused_total").increment(1);
        }
        let app = self.clone();
        // Removes files.
        let _ = tokio::task::spawn_blocking(move || app.0.spool.done(id)).await;
        Ok(())
    }
}
