//! Which attempt a launch is for: the newest one, or a new one, as the course's settings say.

use lyceum_attempt::Millis;
use lyceum_attempt::act::{Act, Deed};
use lyceum_attempt::settings::{NewAttempt, Settings};
use lyceum_store::{AttemptId, RegistrationId, Tenant, attempts, course_settings, courses, registrations};

use crate::app::App;
use crate::error::{AccessError, AppError};
use crate::limits::SESSION_LIFE;
use crate::live::Live;
use crate::settings::from_stored;
use crate::token::{Owner, Pass};

impl App {
    /// The number of the attempt that a launch begins now by the course's rule; 0 where it resumes the newest one. `None` when
    /// the registration is gone.
    pub(crate) async fn attempt_due(&self, owner: Owner) -> Result<Option<u32>, AccessError> {
        let tenant = owner.tenant;
        let read = self.0.db.read(move |tx| {
            let Some(row) = registrations::find(tenant, tx, owner.registration)? else { return Ok(None) };
            let settings = from_stored(row.course, &course_settings::list(tenant, tx, row.course)?);
            if settings.new_attempt == NewAttempt::Never {
                return Ok(Some(0));
            }
            let newest = attempts::list(tenant, tx, owner.registration)?.pop();
            let course = courses::find(tenant, tx, row.course)?;
            let due = newest.filter(|newest| {
                let is_newer = course.is_some_and(|course| course.version > newest.version);
                settings.wants_new_attempt(&newest.summary, is_newer)
            });
            Ok(Some(due.map_or(0, |newest| newest.number + 1)))
        });
        Ok(read.await?)
    }

    /// Whether a launch may ask for a new attempt now.
    ///
    /// # Errors
    /// When there is no such registration.
    pub async fn may_ask_for_attempt(
        &self,
        tenant: Tenant,
        registration: RegistrationId,
    ) -> Result<bool, AppError> {
        match self.next_on_request(tenant, registration).await {
            Ok(_) => Ok(true),
            Err(AppError::NoNewAttempt | AppError::AttemptLimit { .. }) => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// The number of the attempt that somebody asks for.
    pub(crate) async fn next_on_request(
        &self,
        tenant: Tenant,
        registration: RegistrationId,
    ) -> Result<u32, AppError> {
        let read = self.0.db.read(move |tx| {
            let Some(row) = registrations::find(tenant, tx, registration)? else { return Ok(None) };
            let settings = from_stored(row.course, &course_settings::list(tenant, tx, row.course)?);
            Ok(Some((row.attempts, settings)))
        });
        let found = read.await?;
        let (begun, settings) =
            found.ok_or_else(|| AppError::NotFound { what: "registration", id: registration.to_string() })?;
        if !settings.new_attempt_on_request {
            return Err(AppError::NoNewAttempt);
        }
        may_begin(&settings, begun)?;
        Ok(begun + 1)
    }

    /// A learner at the player page asks for a new attempt: a session token for the page that will begin it. Nothing has begun
    /// before that page opens its session.
    ///
    /// # Errors
    /// When the token is forged or expired, the course's settings leave that to others, or no attempt is left.
    pub async fn ask_for_attempt(&self, token: &str) -> Result<String, AppError> {
        let now = self.now();
        let owner = self.0.signer.check_session(token, now)?.owner;
        let attempt = self.next_on_request(owner.tenant, owner.registration).await?;
        Ok(self.0.signer.session(Pass { owner, expires: now.saturating_add(SESSION_LIFE), attempt }))
    }

    /// Begins the registration's first attempt; somebody else doing so at the same time is as good. A course whose launches go
    /// over to a newer version does so here too.
    pub(crate) async fn begin_first(&self, owner: Owner, now: Millis) -> Result<(), AppError> {
        let (id, tenant) = (AttemptId::new(self.uuid()), owner.tenant);
        let begun = self.0.db.write(move |tx| {
            let Some(row) = registrations::find(tenant, tx, owner.registration)? else { return Ok(false) };
            if row.attempts == 0 {
                let settings = from_stored(row.course, &course_settings::list(tenant, tx, row.course)?);
                let version = match settings.new_attempt {
                    NewAttempt::NewerVersion => courses::find(tenant, tx, row.course)?.map(|c| c.version),
                    _ => None,
                };
                let version = version.unwrap_or(row.version);
                attempts::insert_next(tenant, tx, id, (owner.registration, row.revision), version, now)?;
            }
            Ok(true)
        });
        if begun.await? { Ok(()) } else { Err(AccessError::Gone.into()) }
    }

    /// The attempt after this one, because the launch is for it; or this one, with a word for the learner where it has been the
    /// last.
    pub(crate) async fn attempt_for_launch(&self, newest: Live) -> Result<(Live, Option<String>), AppError> {
        let settings = self.settings_in_force(newest.owner.tenant, newest.registration.course).await?;
        if let Err(AppError::AttemptLimit { limit }) = may_begin(&settings, newest.attempt.number) {
            return Ok((newest, Some(last_attempt(limit))));
        }
        let reason = format!(
            "new_attempt={}, new_attempt_on_request={}",
            settings.new_attempt,
            if settings.new_attempt_on_request { "yes" } else { "no" }
        );
        let begin = Act { by: "launch".to_owned(), reason, deed: Deed::Begin };
        let (live, acted) = self.begin_next(newest, begin).await?;
        tracing::info!(
            registration = acted.registration,
            attempt = acted.attempt,
            "attempt begun by a launch"
        );
        Ok((live, None))
    }
}

/// Whether another attempt may follow on so many.
pub(crate) fn may_begin(settings: &Settings, begun: u32) -> Result<(), AppError> {
    match settings.max_attempts {
        Some(limit) if begun >= limit => Err(AppError::AttemptLimit { limit }),
        _ => Ok(()),
    }
}

fn last_attempt(limit: u32) -> String {
    let attempts = if limit == 1 { "one attempt".to_owned() } else { format!("{limit} attempts") };
    format!("This course allows {attempts}, and this is the last one: it goes on where you left it.")
}
