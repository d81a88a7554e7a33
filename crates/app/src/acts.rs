//! What people with authority do to an attempt: rollback, override, reset. Each is an entry of the journal with who and why, is
//! covered by the hash chain, and can be undone by another one.

use lyceum_attempt::Millis;
use lyceum_attempt::act::{Act, Deed, Standing, state_as_result};
use lyceum_attempt::history::{compare, values};
use lyceum_attempt::state::State;
use lyceum_attempt::summary::Summary;
use lyceum_store::attempts::Attempt;
use lyceum_store::commits::Change;
use lyceum_store::{AttemptId, DbError, RegistrationId, Tenant, attempts, commits};
use serde::Serialize;

use crate::app::App;
use crate::attempts::may_begin;
use crate::commit;
use crate::error::AppError;
use crate::limits::{CONFLICT_TRIES, MAX_REASON_CHARS, MAX_TEXT_CHARS};
use crate::live::{Engines, Live, Which};
use crate::point::{Point, attempt_of};
use crate::shared::Shared;
use crate::token::Owner;
use crate::views::rfc3339;

/// Who does it, and why.
#[derive(Clone, Debug)]
pub struct Actor {
    /// A name that people will recognise in the history.
    pub by: String,
    /// The reason. Must not be empty.
    pub reason: String,
}

/// What was done.
#[derive(Clone, Debug, Serialize)]
pub struct Acted {
    /// The registration.
    pub registration: String,
    /// Number of the attempt.
    pub attempt: u32,
    /// Number of the commit that the act is.
    pub commit: u64,
    /// rollback, override, withdraw or begin.
    pub act: &'static str,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When, RFC 3339.
    pub at: String,
    /// How many values are other ones now.
    pub values_changed: usize,
    /// Hash of the state now, 16 hexadecimal digits.
    pub state_hash: String,
    /// How it can be undone, in a sentence.
    pub undo: String,
}

impl Actor {
    pub(crate) fn check(&self) -> Result<(), AppError> {
        for (what, text, most) in
            [("who acts", &self.by, MAX_TEXT_CHARS), ("the reason", &self.reason, MAX_REASON_CHARS)]
        {
            if text.trim().is_empty() {
                return Err(AppError::Malformed(format!("{what} must be told")));
            }
            let found = text.chars().count();
            if found > most {
                let (found, limit) = (found as u64, most as u64);
                return Err(AppError::TooLarge { what, found, limit, unit: "characters" });
            }
        }
        Ok(())
    }

    pub(crate) fn act(&self, deed: Deed) -> Act {
        Act { by: self.by.trim().to_owned(), reason: self.reason.trim().to_owned(), deed }
    }
}

/// What is to be done, before it is worked out on the attempt.
pub(crate) enum Wish {
    /// Back to a commit.
    RollBackTo(u64),
    /// This.
    Do(Deed),
    /// This, which was so since a moment before there were records of it here.
    SoSince(Deed, Millis),
}

/// Which attempt of which registration.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The registration.
    pub registration: RegistrationId,
    /// Number of the attempt; `None`: the newest one.
    pub attempt: Option<u32>,
}

impl App {
    /// Puts an attempt back to where it stood at a point. Sessions that are running are told to reload; what they still send is
    /// kept in the journal and changes nothing. A rollback to the commit before this one undoes it.
    ///
    /// # Errors
    /// When there is no such registration, attempt or commit, or nobody says why.
    pub async fn rollback(
        &self,
        tenant: Tenant,
        target: Target,
        to: Point,
        actor: &Actor,
    ) -> Result<Acted, AppError> {
        actor.check()?;
        if matches!(to, Point::At(at) if at > self.now()) {
            return Err(AppError::Malformed("nobody can roll back to a moment that is to come".to_owned()));
        }
        // What was accepted while the database was away came before this, and is part of where it stood.
        self.drain(Owner { tenant, registration: target.registration }).await?;
        let (_, rows) = self.rows_of(tenant, target.registration).await?;
        let attempt = attempt_of(&rows, target.attempt, None)?;
        let commit = self.commit_at(tenant, attempt, to).await?;
        self.act_on(tenant, target.registration, attempt.id, (actor, &Wish::RollBackTo(commit))).await
    }

    /// Sets status or score of an attempt by hand, over what the content says, until [`App::withdraw_override`]. A second
    /// override replaces the first.
    ///
    /// # Errors
    /// When there is no such registration or attempt, nothing is set, or nobody says why.
    pub async fn override_standing(
        &self,
        tenant: Tenant,
        target: Target,
        standing: &Standing,
        actor: &Actor,
    ) -> Result<Acted, AppError> {
        actor.check()?;
        check_standing(standing)?;
        let attempt = self.attempt_id(tenant, target).await?;
        let wish = Wish::Do(Deed::Override(standing.clone()));
        self.act_on(tenant, target.registration, attempt, (actor, &wish)).await
    }

    /// Status and score of an attempt are the content's again.
    ///
    /// # Errors
    /// When there is no such registration or attempt, nothing is overridden, or nobody says why.
    pub async fn withdraw_override(
        &self,
        tenant: Tenant,
        target: Target,
        actor: &Actor,
    ) -> Result<Acted, AppError> {
        actor.check()?;
        let attempt = self.attempt_id(tenant, target).await?;
        self.act_on(tenant, target.registration, attempt, (actor, &Wish::Do(Deed::Withdraw))).await
    }

    /// Begins a new attempt on the course's newest version and keeps the old one as it is. Sessions that are running are told
    /// to reload; what they still send goes to the old attempt.
    ///
    /// # Errors
    /// When there is no such registration, the learner has not begun at all, the course's settings allow no further attempt,
    /// or nobody says why.
    pub async fn reset(
        &self,
        tenant: Tenant,
        registration: RegistrationId,
        actor: &Actor,
    ) -> Result<Acted, AppError> {
        actor.check()?;
        let owner = Owner { tenant, registration };
        self.drain(owner).await?;
        let slot = self.0.live.slot(owner.registration, self.now());
        let mut place = slot.lock().await;
        for _ in 0..CONFLICT_TRIES {
            place.take();
            let Some(before) = self.load(owner, Which::Newest).await? else {
                let (_, rows) = self.rows_of(tenant, registration).await?;
                return Err(attempt_of(&rows, None, None).err().unwrap_or(DbError::Conflict.into()));
            };
            let settings = self.settings_in_force(tenant, before.registration.course).await?;
            may_begin(&settings, before.attempt.number)?;
            match self.begin_next(before, actor.act(Deed::Begin)).await {
                Ok((live, acted)) => {
                    slot.weigh(&live);
                    *place = Some(live);
                    return Ok(acted);
                }
                Err(AppError::Database(DbError::Conflict)) => {}
                Err(e) => return Err(e),
            }
        }
        Err(DbError::Conflict.into())
    }

    /// The attempt after this one, begun by a person or by a rule; with its first entry, which says so.
    pub(crate) async fn begin_next(&self, before: Live, begin: Act) -> Result<(Live, Acted), AppError> {
        let (owner, now) = (before.owner, self.now());
        let (tenant, course) = (owner.tenant, before.registration.course);
        let newest = self.0.db.read(move |tx| lyceum_store::courses::find(tenant, tx, course)).await?;
        let version = newest.map_or(before.attempt.version, |course| course.version);
        let plan = self.plan(tenant, course, version).await?;
        let mut registration = before.registration;
        let (read_revision, previous) = (registration.revision, before.attempt.id);
        registration.revision += 1;
        registration.attempts = before.attempt.number + 1;
        registration.version = version;
        let attempt = Attempt {
            id: AttemptId::new(self.uuid()),
            registration: registration.id,
            number: registration.attempts,
            version,
            started_at: now,
            ended_at: None,
            commits: 0,
            sessions: 0,
            journal_bytes: 0,
            unsnapped_bytes: 0,
            snapshot_bytes: 0,
            summary: Summary::default(),
            session_floor: 1,
            completed_at: None,
            satisfied_at: None,
        };
        let mut others = before.others;
        others.push(before.attempt.summary);
        let engines = Engines::new(State::new(plan.edition));
        let mut live = Live {
            owner,
            registration,
            attempt,
            others,
            is_newest: true,
            plan,
            sessions: std::collections::BTreeMap::new(),
            engines,
            shared: Shared::default(),
        };
        let change = self.change_by(&mut live, &begin, String::new());
        let id = live.attempt.id;
        let stored = self.0.db.write(move |tx| {
            attempts::insert_next(tenant, tx, id, (owner.registration, read_revision), version, now)?;
            attempts::end(tenant, tx, previous, now)?;
            commits::store(tenant, tx, &change).map(|()| change)
        });
        let change = stored.await?;
        let acted = acted(&live, &change, &begin, 0);
        live.settle(change);
        self.0.heads.grew(tenant, owner.registration);
        Ok((live, acted))
    }

    async fn attempt_id(&self, tenant: Tenant, target: Target) -> Result<AttemptId, AppError> {
        let (_, rows) = self.rows_of(tenant, target.registration).await?;
        Ok(attempt_of(&rows, target.attempt, None)?.id)
    }

    /// Works the act out on the attempt as it is, and stores it; again where another server was faster.
    pub(crate) async fn act_on(
        &self,
        tenant: Tenant,
        registration: RegistrationId,
        attempt: AttemptId,
        (actor, wish): (&Actor, &Wish),
    ) -> Result<Acted, AppError> {
        let owner = Owner { tenant, registration };
        self.drain(owner).await?;
        let slot = self.0.live.slot(registration, self.now());
        let mut place = slot.lock().await;
        for _ in 0..CONFLICT_TRIES {
            let cached = place.take().filter(|live| live.attempt.id == attempt);
            let live = match cached {
                Some(live) => Some(live),
                None => self.load(owner, Which::Attempt(attempt)).await?,
            };
            let mut live = live
                .ok_or_else(|| AppError::NotFound { what: "registration", id: registration.to_string() })?;
            let (act, result) = self.work_out(&live, actor, wish).await?;
            let before = values(live.engines.state());
            let mut change = self.change_by(&mut live, &act, result);
            if let Wish::SoSince(_, since) = wish {
                let now = change.now;
                for date in [&mut change.completed_at, &mut change.satisfied_at] {
                    *date = date.map(|at| if at == now { *since } else { at });
                }
            }
            let changed = compare(&before, &values(live.engines.state())).len();
            let acted = acted(&live, &change, &act, changed);
            match self.0.db.store(tenant, Box::new(change), None).await {
                Ok(change) => {
                    live.settle(*change);
                    self.0.heads.grew(tenant, registration);
                    tracing::info!(%registration, attempt = live.attempt.number, act = act.word(), by = act.by, "act");
                    metrics::counter!("lyceum_acts_total", "act" => act.word()).increment(1);
                    slot.weigh(&live);
                    *place = Some(live);
                    return Ok(acted);
                }
                Err(DbError::Conflict) => {}
                Err(e) => return Err(e.into()),
            }
        }
        Err(DbError::Conflict.into())
    }

    /// The act on the attempt as it is, and its entry's outcome.
    async fn work_out(&self, live: &Live, actor: &Actor, wish: &Wish) -> Result<(Act, String), AppError> {
        match wish {
            Wish::RollBackTo(commit) => {
                let (tenant, commit) = (live.owner.tenant, *commit);
                let earlier = self.state_after(tenant, &live.attempt, live.plan.edition, commit).await?;
                let deed = Deed::Rollback { commit, sessions: live.attempt.sessions };
                Ok((actor.act(deed), state_as_result(&earlier)))
            }
            Wish::Do(Deed::Withdraw) if live.engines.state().overridden().is_none() => {
                let id = format!("in attempt {}", live.attempt.number);
                Err(AppError::NotFound { what: "override", id })
            }
            Wish::Do(deed) | Wish::SoSince(deed, _) => Ok((actor.act(deed.clone()), String::new())),
        }
    }

    pub(crate) fn change_by(&self, live: &mut Live, act: &Act, result: String) -> Change {
        commit::act(live, act, result, crate::environment::bytes(&*self.0.random), self.now())
    }
}

fn acted(live: &Live, change: &Change, act: &Act, values_changed: usize) -> Acted {
    let row = change.log.as_ref();
    let commit = row.map_or(0, |row| row.n);
    let undo = match act.deed {
        Deed::Rollback { .. } => format!("roll the attempt back to #{}", commit - 1),
        Deed::Override(_) => "withdraw the override".to_owned(),
        Deed::Withdraw => "override again".to_owned(),
        _ => "the earlier attempt is kept as it was".to_owned(),
    };
    Acted {
        registration: live.owner.registration.to_string(),
        attempt: live.attempt.number,
        commit,
        act: act.word(),
        by: act.by.clone(),
        reason: act.reason.clone(),
        at: rfc3339(change.now),
        values_changed,
        state_hash: format!("{:016x}", live.engines.state().hash()),
        undo,
    }
}

/// Scores are decimals, and something must be set.
fn check_standing(standing: &Standing) -> Result<(), AppError> {
    use lyceum_cmi::Decimal;
    if standing.is_empty() {
        return Err(AppError::Malformed("an override sets completion, success or score".to_owned()));
    }
    let score = standing.score.clone().unwrap_or_default();
    for text in [&score.scaled, &score.raw, &score.min, &score.max].into_iter().flatten() {
        if Decimal::parse_lenient(text).is_none() {
            return Err(AppError::Malformed(format!("\"{text}\" is no score; write a decimal number")));
        }
    }
    let scaled = score.scaled.as_deref().and_then(Decimal::parse_lenient);
    if scaled.is_some_and(|scaled| scaled > Decimal::from_integer(1) || scaled < Decimal::from_integer(-1)) {
        return Err(AppError::Malformed("a scaled score lies between -1 and 1".to_owned()));
    }
    let [raw, min, max] =
        [&score.raw, &score.min, &score.max].map(|text| text.as_deref().and_then(Decimal::parse_lenient));
    let rises =
        |low: &Option<Decimal>, high: &Option<Decimal>| low.is_none() || high.is_none() || low <= high;
    if !(rises(&min, &raw) && rises(&raw, &max) && rises(&min, &max)) {
        return Err(AppError::Malformed("a score lies between the least and the most points".to_owned()));
    }
    Ok(())
}
