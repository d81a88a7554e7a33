//! Courses and registrations, for lists and for `register`.

use lyceum_attempt::Millis;
use lyceum_store::registrations::{Filter, Learner};
use lyceum_store::{CourseId, LearnerId, RegistrationId, Tenant, courses, registrations};
use serde::Serialize;

use crate::app::App;
use crate::error::AppError;
use crate::inspect::CheckSummary;
use crate::limits::{MAX_TEXT_CHARS, PAGE};
use crate::views::{CourseView, RegistrationView, rfc3339};

/// A course with what was found when its newest version was imported.
#[derive(Clone, Debug, Serialize)]
pub struct CourseReport {
    /// The course.
    #[serde(flatten)]
    pub course: CourseView,
    /// What was found; `None` when an older program's report cannot be read.
    pub summary: Option<CheckSummary>,
    /// Names of damaged files, once they are known.
    pub damaged: Vec<String>,
    /// RFC 3339.
    pub imported: String,
}

/// Who is to take a course.
#[derive(Clone, Debug)]
pub struct NewLearner {
    /// The name callers know her by; the same name is the same learner.
    pub id: String,
    /// Her name for people and for content; `id` if `None`. Counts when she is new.
    pub name: Option<String>,
}

/// A registration, new or found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Its id.
    pub registration: RegistrationId,
    /// False when the learner had it already and goes on.
    pub is_new: bool,
}

impl App {
    /// All courses, the latest change first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn courses(&self, tenant: Tenant) -> Result<Vec<CourseView>, AppError> {
        let rows = self.0.db.read(move |tx| courses::list(tenant, tx)).await?;
        Ok(rows.into_iter().map(CourseView::from).collect())
    }

    /// One course.
    ///
    /// # Errors
    /// When there is no such course.
    pub async fn course(&self, tenant: Tenant, id: CourseId) -> Result<CourseReport, AppError> {
        let read = self.0.db.read(move |tx| {
            let Some(course) = courses::find(tenant, tx, id)? else { return Ok(None) };
            let version = courses::version(tenant, tx, id, course.version)?;
            Ok(version.map(|version| (course, version)))
        });
        let found = read.await?;
        let (course, version) =
            found.ok_or_else(|| AppError::NotFound { what: "course", id: id.to_string() })?;
        let damaged = version.damage.as_deref().map(serde_json::from_str).transpose();
        Ok(CourseReport {
            course: course.into(),
            summary: serde_json::from_str(&version.report).ok(),
            damaged: damaged.map_err(|e| AppError::Unreadable(e.to_string()))?.unwrap_or_default(),
            imported: rfc3339(version.imported_at),
        })
    }

    /// A page of registrations, the newest first: of one course or all, and before the one that the last page ended with.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn registrations(
        &self,
        tenant: Tenant,
        course: Option<CourseId>,
        before: Option<RegistrationId>,
    ) -> Result<Vec<RegistrationView>, AppError> {
        let of = Filter { course, learner: None };
        let rows = self.0.db.read(move |tx| registrations::list(tenant, tx, &of, before, PAGE)).await?;
        Ok(rows.into_iter().map(RegistrationView::from).collect())
    }

    /// Registers a learner on a course's newest version. One who is registered goes on where she is.
    ///
    /// # Errors
    /// When there is no such course, or the learner has no name.
    pub async fn register(
        &self,
        tenant: Tenant,
        course: CourseId,
        learner: NewLearner,
    ) -> Result<Registered, AppError> {
        let now: Millis = self.now();
        let learner = self.new_learner(&learner)?;
        let id = RegistrationId::new(self.uuid());
        let stored = self.0.db.write(move |tx| {
            let Some(found) = courses::find(tenant, tx, course)? else { return Ok(None) };
            let learner = registrations::ensure_learner(tenant, tx, &learner, now)?;
            registrations::ensure(tenant, tx, id, (course, found.version), learner.id, now).map(Some)
        });
        let found = stored.await?;
        let (registration, is_new) =
            found.ok_or_else(|| AppError::NotFound { what: "course", id: course.to_string() })?;
        if is_new {
            metrics::counter!("lyceum_registrations_total").increment(1);
            tracing::info!(%registration, %course, "registered");
        }
        Ok(Registered { registration, is_new })
    }

    pub(crate) fn new_learner(&self, learner: &NewLearner) -> Result<Learner, AppError> {
        let external_id = learner.id.trim().to_owned();
        let name = learner.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let name = name.unwrap_or(&external_id).to_owned();
        if external_id.is_empty() {
            return Err(AppError::Malformed("the learner needs a name".to_owned()));
        }
        for text in [&external_id, &name] {
            let found = text.chars().count();
            if found > MAX_TEXT_CHARS {
                let (found, limit) = (found as u64, MAX_TEXT_CHARS as u64);
                return Err(AppError::TooLarge {
                    what: "the learner's name",
                    found,
                    limit,
                    unit: "characters",
                });
            }
        }
        Ok(Learner { id: LearnerId::new(self.uuid()), external_id, name })
    }
}
