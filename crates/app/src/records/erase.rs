//! Erasing a learner, for her privacy.

use lyceum_attempt::act::Deed;
use lyceum_store::{DbError, LearnerId, RegistrationId, Tenant, Tx, attempts, records};
use serde::Serialize;

use crate::acts::{Actor, Wish};
use crate::app::App;
use crate::error::AppError;
use crate::limits::PAGE;
use crate::point::attempt_of;

/// What was destroyed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// The name that stands in her place.
    pub pseudonym: String,
    /// Her registrations; where each stood is kept, without who it was.
    pub registrations: u64,
    /// Commits whose contents and salts were destroyed.
    pub commits: u64,
}

impl App {
    /// Destroys everything that tells who a learner is and what she entered: names, values, salts, addresses, browsers. Counts
    /// and results stay without her, and the chains still verify. SQLite's file is overwritten and its log emptied before this
    /// answers, unless a long reader is in the way; a PostgreSQL server does so when it vacuums. Backups and exports that were made before still hold it all.
    ///
    /// # Errors
    /// When there is no such learner, or nobody says why. A second call after a failure goes on.
    pub async fn erase_learner(
        &self,
        tenant: Tenant,
        learner: &str,
        actor: &Actor,
    ) -> Result<Erased, AppError> {
        actor.check()?;
        let wanted = learner.to_owned();
        let found = self.0.db.read(move |tx| records::find_learner(tenant, tx, &wanted)).await?;
        let id: LearnerId =
            found.ok_or_else(|| AppError::NotFound { what: "learner", id: learner.to_owned() })?;
        let mut done = Erased { pseudonym: format!("erased-{id}"), ..Erased::default() };
        let mut after = None;
        loop {
            let of = (Some(id), None);
            let page = self.0.db.read(move |tx| records::ids(tenant, tx, of, after, PAGE)).await?;
            let Some(last) = page.last().copied() else { break };
            after = Some(last);
            for registration in &page {
                done.commits += self.erase_registration(tenant, *registration, actor).await?;
                done.registrations += 1;
            }
            self.forget_refused(page).await?;
        }
        let (pseudonym, now) = (done.pseudonym.clone(), self.now());
        self.0.db.write(move |tx| records::erase_learner(tenant, tx, id, &pseudonym, now)).await?;
        let db = self.0.db.clone();
        let folded = tokio::task::spawn_blocking(move || db.fold_log()).await;
        if let Ok(Err(e)) = folded {
            // The records are erased all the same, and a second call would find nobody.
            tracing::warn!(error = %e, "what was erased stays in the write-ahead log until that is used again");
        }
        tracing::info!(registrations = done.registrations, commits = done.commits, "a learner was erased");
        Ok(done)
    }

    /// What the spool has kept of commits that the database never took.
    async fn forget_refused(&self, of: Vec<RegistrationId>) -> Result<(), AppError> {
        let app = self.clone();
        match tokio::task::spawn_blocking(move || app.0.spool.forget_refused(&of)).await {
            Ok(Err(e)) => Err(DbError::Io(format!("the spool's refused records: {e}")).into()),
            _ => Ok(()),
        }
    }

    async fn erase_registration(
        &self,
        tenant: Tenant,
        id: RegistrationId,
        actor: &Actor,
    ) -> Result<u64, AppError> {
        let (_, rows) = self.rows_of(tenant, id).await?;
        // Who has not begun has left nothing but her name.
        let Ok(newest) = attempt_of(&rows, None, None).map(|attempt| attempt.id) else { return Ok(0) };
        self.act_on(tenant, id, newest, (actor, &Wish::Do(Deed::Erase))).await?;
        let slot = self.0.live.slot(id, self.now());
        let mut place = slot.lock().await;
        place.take();
        let all: Vec<_> = rows.iter().map(|attempt| attempt.id).collect();
        let erased = self.0.db.write(move |tx: &mut Tx<'_>| {
            let link = lyceum_store::registrations::find(tenant, tx, id)?.map_or(0, |row| row.chain_length);
            attempts::close_sessions(tenant, tx, &all)?;
            records::erase(tenant, tx, &all, link)
        });
        Ok(erased.await?)
    }
}
