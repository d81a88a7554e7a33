//! What happens without being asked: sessions whose page vanished end, checksums are verified, unused objects go. And whether
//! the application is well.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use lyceum_archive::Digest;
use lyceum_attempt::Millis;
use lyceum_store::{CourseId, DbError, Tenant, attempts, commits, courses, tenants};
use serde::Serialize;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::error::AppError;
use crate::fallback::begin_counting;
use crate::folder::digest_of_key;
use crate::limits::{
    COMMIT_GRACE, JOB_PERIOD, ORPHAN_AGE, REPLAY_PERIOD, SESSION_LEASE, SESSION_LIFE, SIGN_ROUNDS,
    SPOOL_BYTES, STALE_BATCH,
};
use crate::spool::SpoolStatus;
use crate::token::Owner;

/// A database that takes longer to answer is not ready.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// Held by whoever looks for an object and then writes or removes what that means.
pub(crate) const OBJECTS: &str = "lyceum objects";

/// The answer of `/readyz`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// ready; degraded: the database is away, commits are accepted all the same; unavailable.
    pub status: &'static str,
    /// Whether the database answers, and takes what waits for it.
    pub database_connected: bool,
    /// How often it has failed since it last answered.
    pub failed_attempts: u32,
    /// Writes that were tried again since the start.
    pub retries: u64,
    /// Commits accepted without the database since the start.
    pub fallback_count: u64,
    /// Of these, the ones that the database did not take afterwards; they are kept in the data folder.
    pub fallback_refused: u64,
    /// What waits for the database now.
    pub spool: SpoolStatus,
    /// The error of the database, or of the disk that commits are refused for, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Milliseconds since 1970.
    pub timestamp: Millis,
}

impl Health {
    /// Whether commits are taken: a server that only lacks its database must go on getting them.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.status != "unavailable"
    }
}

fn gauge(spool: &SpoolStatus, is_connected: bool) {
    metrics::gauge!("lyceum_spool_commits").set(spool.length as f64);
    metrics::gauge!("lyceum_spool_bytes").set(spool.bytes as f64);
    metrics::gauge!("lyceum_spool_age_seconds").set(spool.age_ms as f64 / 1e3);
    metrics::gauge!("lyceum_database_connected").set(f64::from(u8::from(is_connected)));
}

impl App {
    /// Whether requests can be served now: the writer answers, and has the lock to write.
    pub async fn ready(&self) -> Health {
        let answer = tokio::time::timeout(READY_WITHIN, self.0.db.write(tenants::all)).await;
        let error = match answer {
            Ok(answer) => answer.err(),
            Err(_) => Some(DbError::Away("it does not answer in time".to_owned())),
        };
        let (now, trouble) = (self.now(), &self.0.trouble);
        let spool = self.0.spool.status(now);
        // It answers, but does not take what waits for it.
        let error = error.or_else(|| trouble.why_untaken().filter(|_| spool.length > 0));
        let refusal = self.refusal().await;
        let is_open = !self.is_closing() && spool.bytes < SPOOL_BYTES && refusal.is_none();
        let is_connected = error.is_none();
        let error = error.or(refusal);
        let status = match &error {
            None if !self.is_closing() => "ready",
            Some(e) if e.is_trouble() && is_open => "degraded",
            _ => "unavailable",
        };
        gauge(&spool, is_connected);
        Health {
            status,
            database_connected: is_connected,
            failed_attempts: self.0.db.status().failed_attempts,
            retries: trouble.retries.load(Ordering::Relaxed),
            fallback_count: trouble.fallbacks.load(Ordering::Relaxed),
            fallback_refused: trouble.refused.load(Ordering::Relaxed),
            spool,
            error: error.map(|e| e.to_string()),
            timestamp: now,
        }
    }

    /// Starts the background jobs on the present runtime. They end with [`App::shutdown`], or when the handle is aborted.
    pub fn start_jobs(&self) -> JoinHandle<()> {
        begin_counting();
        let replaying = self.clone();
        tokio::spawn(async move { replaying.keep_replaying().await });
        let app = self.clone();
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(Duration::from_millis(JOB_PERIOD.unsigned_abs()));
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            app.verify_packages().await;
            if let Err(e) = app.remove_unused_objects().await {
                tracing::warn!(error = %e, "removing unused packages");
            }
            for round in 0_u32.. {
                ticks.tick().await;
                if app.is_closing() {
                    break;
                }
                if round.is_multiple_of(SIGN_ROUNDS)
                    && let Err(e) = app.sign_heads(round == 0).await
                {
                    tracing::warn!(code = e.code(), error = %e, "signing chain heads");
                }
                if let Err(e) = app.end_stale_sessions(app.now()).await {
                    tracing::warn!(code = e.code(), error = %e, "ending sessions");
                }
                if let Err(e) = app.give_up_old_gaps(app.now()).await {
                    tracing::warn!(code = e.code(), error = %e, "taking in what waited past gaps");
                }
            }
        })
    }

    /// Looks for the database while something waits for it. The waits are those of a server that is asked once a second.
    async fn keep_replaying(&self) {
        let mut ticks = tokio::time::interval(Duration::from_millis(REPLAY_PERIOD.unsigned_abs()));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !self.is_closing() {
            ticks.tick().await;
            // Whoever reads only the metrics is told, too.
            let spool = self.0.spool.status(self.now());
            gauge(
                &spool,
                self.0.db.status().connected && (spool.length == 0 || self.0.trouble.why_untaken().is_none()),
            );
            if !self.0.spool.is_empty()
                && let Err(e) = self.replay_spool().await
            {
                tracing::warn!(code = e.code(), error = %e, "accepted commits wait for the database");
            }
        }
    }

    /// Ends the sessions that gave no sign of life for [`SESSION_LEASE`] before `now`; answers how many.
    ///
    /// # Errors
    /// When the database fails. A session whose data cannot be read is left and logged.
    pub async fn end_stale_sessions(&self, now: Millis) -> Result<u32, AppError> {
        let app = self.clone();
        let adopted = tokio::task::spawn_blocking(move || app.0.spool.adopt()).await;
        if let Ok(Err(e)) = adopted {
            tracing::warn!(error = %e, "looking for commits that a server which died has accepted");
        }
        // Their signs of life are in the spool.
        if !self.0.spool.is_empty() {
            return Ok(0);
        }
        let cutoff = now.saturating_sub(SESSION_LEASE);
        let mut ended = 0;
        for tenant in self.0.db.read(tenants::all).await? {
            loop {
                let in_batch = self.end_stale_batch(tenant, cutoff).await?;
                ended += in_batch;
                // A full batch may have more behind it; one in which nothing could be ended would only come again.
                if in_batch < STALE_BATCH || self.is_closing() {
                    break;
                }
            }
        }
        metrics::counter!("lyceum_sessions_lapsed_total").increment(u64::from(ended));
        Ok(ended)
    }

    async fn end_stale_batch(&self, tenant: Tenant, cutoff: Millis) -> Result<u32, AppError> {
        let mut ended = 0;
        let read = self.0.db.read(move |tx| attempts::silent_sessions(tenant, tx, cutoff, STALE_BATCH));
        for (registration, session) in read.await? {
            match self.end_by_lease(Owner { tenant, registration }, session, cutoff).await {
                Ok(has_ended) => ended += u32::from(has_ended),
                Err(e @ AppError::Database(_)) => return Err(e),
                Err(e) => tracing::error!(%session, code = e.code(), error = %e, "ending a session"),
            }
        }
        Ok(ended)
    }

    /// Takes in what waits past gaps of vanished sessions whose missing part nobody may send any more; answers in how many
    /// sessions. (A newer session of the attempt does so before it begins.)
    ///
    /// # Errors
    /// When the database fails. A session whose data cannot be read is left and logged.
    pub async fn give_up_old_gaps(&self, now: Millis) -> Result<u32, AppError> {
        // What is missing may be in the spool.
        if !self.0.spool.is_empty() {
            return Ok(0);
        }
        let cutoff = now.saturating_sub(SESSION_LIFE + COMMIT_GRACE);
        let mut settled = 0;
        for tenant in self.0.db.read(tenants::all).await? {
            let read = self.0.db.read(move |tx| commits::forgotten_gaps(tenant, tx, cutoff, STALE_BATCH));
            for (registration, session) in read.await? {
                match self.give_up_gaps(Owner { tenant, registration }, session, cutoff).await {
                    Ok(is_settled) => settled += u32::from(is_settled),
                    Err(e @ AppError::Database(_)) => return Err(e),
                    Err(e) => tracing::error!(%session, code = e.code(), error = %e, "passing a gap"),
                }
            }
        }
        Ok(settled)
    }

    /// Verifies the checksums of all packages that nobody has verified yet. One at a time; a second call meanwhile waits and
    /// then finds nothing to do.
    pub async fn verify_packages(&self) {
        let _one_at_a_time = self.0.verifying.lock().await;
        if let Err(e) = self.verify_all().await {
            tracing::warn!(code = e.code(), error = %e, "verifying packages");
        }
    }

    async fn verify_all(&self) -> Result<(), AppError> {
        for tenant in self.0.db.read(tenants::all).await? {
            for (course, version, key) in self.0.db.read(move |tx| courses::unverified(tenant, tx)).await? {
                if self.is_closing() {
                    return Ok(());
                }
                self.verify(tenant, (course, version), &key).await?;
            }
        }
        Ok(())
    }

    /// Reads every file of one package. The damaged ones are noted and will not be served; the rest plays.
    async fn verify(&self, tenant: Tenant, which: (CourseId, u32), key: &str) -> Result<(), AppError> {
        let Some(digest) = digest_of_key(key) else { return Ok(()) };
        let archive = match self.open_archive(digest).await {
            Ok(archive) => archive,
            // Taken over with an export, and its package was not imported yet: no reason to leave the others.
            Err(e) => {
                tracing::warn!(%digest, error = %e, "a package cannot be opened");
                return Ok(());
            }
        };
        let app = self.clone();
        let verified = tokio::task::spawn_blocking(move || {
            let found = archive.verify(|_| {
                if app.is_closing() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            let names = found.damaged.iter().map(|(entry, _)| archive.entry(*entry).name().to_owned());
            (names.collect::<Vec<String>>(), found.complete, found.failure)
        });
        let Ok((damaged, is_complete, failure)) = verified.await else { return Ok(()) };
        if let Some(e) = failure {
            tracing::error!(%digest, error = %e, "a package cannot be read to its end; it is tried again at the next start");
        }
        if !is_complete {
            return Ok(());
        }
        let (course, version) = which;
        tracing::info!(%course, version, damaged = damaged.len(), "package verified");
        metrics::counter!("lyceum_packages_verified_total").increment(1);
        let damage = (!damaged.is_empty()).then(|| serde_json::Value::from(damaged).to_string());
        let now = self.now();
        self.0.db.write(move |tx| courses::set_verified(tenant, tx, which, damage.as_deref(), now)).await?;
        Ok(())
    }

    /// Removes packages that no course uses, left by imports that did not come to their end. Answers how many.
    ///
    /// # Errors
    /// When the folder or the database fails.
    pub async fn remove_unused_objects(&self) -> Result<u32, AppError> {
        let mut removed = 0;
        for digest in self.old_objects().map_err(|e| AppError::Unreadable(e.to_string()))? {
            let path = self.0.folder.object(&crate::folder::object_key(&digest));
            // Where imports register what they kept, too: never between their look and their rows.
            let unused = self.0.db.write(move |tx| {
                tx.alone(OBJECTS)?;
                let is_unused = !courses::is_used(tx, digest.as_bytes())?;
                Ok(is_unused && fs::remove_file(path).is_ok())
            });
            if unused.await? {
                tracing::info!(%digest, "removed a package that no course uses");
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn old_objects(&self) -> io::Result<Vec<Digest>> {
        let mut old = Vec::new();
        for entry in fs::read_dir(self.0.folder.objects())? {
            let entry = entry?;
            let changed =
                entry.metadata()?.modified()?.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            let age = self.now().saturating_sub(Millis::try_from(changed.as_millis()).unwrap_or(Millis::MAX));
            if age >= ORPHAN_AGE {
                old.extend(digest_of_key(&entry.file_name().to_string_lossy()));
            }
        }
        Ok(old)
    }
}
