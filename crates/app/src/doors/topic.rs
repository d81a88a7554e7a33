//! What a request is about: a topic, which is a course by its id or by a name that old pages know it by, and a learner.

use lyceum_store::registrations::{self, Filter, Registration};
use lyceum_store::{CourseId, RegistrationId, Tenant, courses, doors};

use super::Holder;
use crate::app::App;
use crate::catalog::NewLearner;
use crate::error::{AccessError, AppError};
use crate::limits::MAX_TEXT_CHARS;

/// A topic, and a learner on it.
#[derive(Clone, Debug)]
pub struct TopicLearner {
    /// Id of a course, or a topic given to one by [`App::set_topic`].
    pub topic: String,
    /// The learner. With a session token it is known who she is.
    pub learner: Option<NewLearner>,
}

impl App {
    /// Makes a topic lead to a course, whichever it led to before; answers all topics of the course.
    ///
    /// # Errors
    /// When there is no such course, or the topic is empty, too long, or looks like an id.
    pub async fn set_topic(
        &self,
        tenant: Tenant,
        course: CourseId,
        topic: &str,
    ) -> Result<Vec<String>, AppError> {
        let topic = topic.trim().to_owned();
        if topic.is_empty() || topic.contains('/') || topic.parse::<CourseId>().is_ok() {
            let why = "a topic is a short name without slashes that is no id".to_owned();
            return Err(AppError::Malformed(why));
        }
        let found = topic.chars().count();
        if found > MAX_TEXT_CHARS {
            let (found, limit) = (found as u64, MAX_TEXT_CHARS as u64);
            return Err(AppError::TooLarge { what: "the topic", found, limit, unit: "characters" });
        }
        let write = self.0.db.write(move |tx| {
            if courses::find(tenant, tx, course)?.is_none() {
                return Ok(false);
            }
            doors::set_topic(tenant, tx, &topic, course).map(|()| true)
        });
        if !write.await? {
            return Err(AppError::NotFound { what: "course", id: course.to_string() });
        }
        self.topics(tenant, course).await
    }

    /// The topics that lead to a course, besides its id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn topics(&self, tenant: Tenant, course: CourseId) -> Result<Vec<String>, AppError> {
        Ok(self.0.db.read(move |tx| doors::topics(tenant, tx, course)).await?)
    }

    /// The course that a topic leads to.
    ///
    /// # Errors
    /// When there is none, or it is another tenant's.
    pub async fn course_of_topic(&self, tenant: Tenant, topic: &str) -> Result<CourseId, AppError> {
        let name = topic.trim().to_owned();
        let read = self.0.db.read(move |tx| match name.parse::<CourseId>() {
            Ok(id) if courses::find(tenant, tx, id)?.is_some() => Ok(Ok(id)),
            Ok(id) => Ok(Err(doors::tenant_of_course(tx, id)?.is_some())),
            Err(_) => Ok(doors::course_of_topic(tenant, tx, &name)?.ok_or(false)),
        });
        read.await?.map_err(|is_elsewhere| {
            if is_elsewhere {
                return AppError::OutOfReach("course");
            }
            let id = topic.chars().take(MAX_TEXT_CHARS).collect::<String>();
            AppError::NotFound {
                what: "topic",
                id: format!("{id}; `lyceum course topic COURSE {id}` gives it to a course"),
            }
        })
    }

    /// The registration that is meant; made where the learner has none yet.
    ///
    /// # Errors
    /// When there is no such course, or it or the learner is out of the holder's reach, or no learner is named.
    pub async fn registration_at_door(
        &self,
        holder: &Holder,
        of: TopicLearner,
    ) -> Result<RegistrationId, AppError> {
        let course = self.course_of_topic(holder.tenant(), &of.topic).await?;
        match holder {
            Holder::Key { tenant, .. } => {
                let learner = of.learner.ok_or_else(no_learner)?;
                Ok(self.register(*tenant, course, learner).await?.registration)
            }
            Holder::Session { tenant, registration } => {
                let row = self.registration_row(*tenant, *registration).await?;
                let is_other = of.learner.is_some_and(|learner| learner.id.trim() != row.learner.external_id);
                match row.course == course {
                    false => Err(AppError::OutOfReach("course")),
                    true if is_other => Err(AppError::OutOfReach("learner")),
                    true => Ok(*registration),
                }
            }
        }
    }

    /// The learner's registration on a topic, where she has one.
    ///
    /// # Errors
    /// As [`registration_at_door`](Self::registration_at_door).
    pub async fn known_at_door(
        &self,
        holder: &Holder,
        of: TopicLearner,
    ) -> Result<Option<RegistrationId>, AppError> {
        if let Holder::Session { .. } = holder {
            return self.registration_at_door(holder, of).await.map(Some);
        }
        let (tenant, course) = (holder.tenant(), self.course_of_topic(holder.tenant(), &of.topic).await?);
        let learner = of.learner.ok_or_else(no_learner)?.id.trim().to_owned();
        let filter = Filter { course: Some(course), learner: Some(learner) };
        let found = self.0.db.read(move |tx| registrations::list(tenant, tx, &filter, None, 1)).await?;
        Ok(found.first().map(|row| row.id))
    }

    /// A registration that must be within the holder's reach.
    pub(super) async fn registration_within_reach(
        &self,
        holder: &Holder,
        id: RegistrationId,
    ) -> Result<Registration, AppError> {
        holder.check(id)?;
        match self.registration_row(holder.tenant(), id).await {
            Err(AppError::Access(AccessError::Gone)) => {
                let other = self.0.db.read(move |tx| doors::tenant_of_registration(tx, id)).await?;
                Err(match other {
                    Some(_) => AppError::OutOfReach("registration"),
                    None => AppError::NotFound { what: "registration", id: id.to_string() },
                })
            }
            found => found,
        }
    }

    pub(super) async fn registration_row(
        &self,
        tenant: Tenant,
        id: RegistrationId,
    ) -> Result<Registration, AppError> {
        let found = self.0.db.read(move |tx| registrations::find(tenant, tx, id)).await?;
        found.ok_or(AppError::Access(AccessError::Gone))
    }
}

fn no_learner() -> AppError {
    AppError::Malformed("whose? Name the learner by `learner` in the body or the address".to_owned())
}
