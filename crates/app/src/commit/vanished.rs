//! Sessions whose page has vanished: they end, and what waits in them past a gap is waited for no longer, at the latest when
//! nothing that is missing can come any more.

use lyceum_attempt::Millis;
use lyceum_store::attempts::{EndedBy, Session};
use lyceum_store::{DbError, SessionId, Tx, attempts, commits};

use super::execute::{self, Executed};
use crate::app::App;
use crate::error::AppError;
use crate::limits::CONFLICT_TRIES;
use crate::live::Live;
use crate::token::Owner;

impl App {
    /// Ends a session whose page gave no sign of life. False when it has given one, or has ended, meanwhile.
    pub(crate) async fn end_by_lease(
        &self,
        owner: Owner,
        session: SessionId,
        cutoff: Millis,
    ) -> Result<bool, AppError> {
        let is_due = |row: &Session| row.ended.is_none() && row.last_seen_at < cutoff;
        let end = |live: &mut Live, row: &Session, salt, now| {
            execute::lease_end(live, session, row.last_seen_at, salt, now)
        };
        self.settle_vanished(owner, session, is_due, end).await
    }

    /// Executes what waits past a gap in a session that ended by its lease before `cutoff`. False when it goes on meanwhile.
    pub(crate) async fn give_up_gaps(
        &self,
        owner: Owner,
        session: SessionId,
        cutoff: Millis,
    ) -> Result<bool, AppError> {
        let has_vanished = |row: &Session| row.ended.is_some_and(|(_, by)| by == EndedBy::Lease);
        let is_due = |row: &Session| has_vanished(row) && row.last_seen_at < cutoff;
        let pass = |live: &mut Live, _: &Session, salt, now| execute::pass_gaps(live, session, salt, now);
        self.settle_vanished(owner, session, is_due, pass).await
    }

    /// Works something out on a session that is due, and stores it; again where another server was faster.
    async fn settle_vanished(
        &self,
        owner: Owner,
        session: SessionId,
        is_due: impl Fn(&Session) -> bool,
        work_out: impl Fn(&mut Live, &Session, [u8; 16], Millis) -> Result<Executed, AppError>,
    ) -> Result<bool, AppError> {
        let now = self.now();
        let slot = self.0.live.slot(owner.registration, now);
        let mut place = slot.lock().await;
        for _ in 0..CONFLICT_TRIES {
            // Signs of life are not in memory: read the row again.
            let row = self.find_session(owner, session).await?.session;
            if !is_due(&row) {
                return Ok(false);
            }
            let cached = place.take().filter(|live| live.sessions.contains_key(&session));
            let mut live = match cached {
                Some(live) => live,
                None => self.load_of_session(owner, session).await?,
            };
            self.read_waiting(&mut live, session).await?;
            let salt = crate::environment::bytes(&*self.0.random);
            let executed = work_out(&mut live, &row, salt, now)?;
            match self.store(&mut live, executed).await {
                Ok(_) => {
                    slot.weigh(&live);
                    *place = Some(live);
                    return Ok(true);
                }
                Err(AppError::Database(DbError::Conflict)) => {}
                Err(e) => return Err(e),
            }
        }
        Err(DbError::Conflict.into())
    }

    /// Brings earlier sessions up to date for a newer one that is about to begin, so that it begins with all that is known of
    /// them: signs of life since their last entries, and what waits past gaps in those that have vanished.
    pub(crate) async fn settle_earlier(&self, live: &mut Live, now: Millis) -> Result<(), AppError> {
        let (tenant, attempt) = (live.owner.tenant, live.attempt.id);
        let read = move |tx: &mut Tx<'_>| {
            let open = attempts::open_sessions(tenant, tx, attempt)?;
            Ok((open, commits::vanished_with_gap(tenant, tx, attempt)?))
        };
        let (open, vanished) = self.0.db.read(read).await?;
        for (session, last_seen) in open {
            let Some(ordinal) = live.sessions.get(&session).map(|of| of.row.ordinal) else { continue };
            if live.engines.state().sessions().get(&ordinal).is_none_or(|of| of.last >= last_seen) {
                continue;
            }
            self.read_waiting(live, session).await?;
            let salt = crate::environment::bytes(&*self.0.random);
            let executed = execute::sign_of_life(live, session, last_seen, salt, now)?;
            self.store(live, executed).await?;
        }
        for session in vanished {
            if !live.sessions.contains_key(&session) {
                continue;
            }
            self.read_waiting(live, session).await?;
            let salt = crate::environment::bytes(&*self.0.random);
            let executed = execute::pass_gaps(live, session, salt, now)?;
            self.store(live, executed).await?;
        }
        Ok(())
    }
}
