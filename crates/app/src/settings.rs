//! Settings of a course: what is in force, and changing it for later sessions.

use lyceum_attempt::settings::Settings;
use lyceum_attempt::settings::catalog::{self, Group, SettingError};
use lyceum_store::{CourseId, Tenant, course_settings, courses};
use serde::Serialize;

use crate::app::App;
use crate::error::AppError;

/// The contract of `lyceum course settings ID --json`.
#[derive(Clone, Debug, Serialize)]
pub struct CourseSettings {
    /// The course.
    pub course_id: String,
    /// Every setting there is.
    pub settings: Vec<SettingView>,
}

/// One setting of a course.
#[derive(Clone, Debug, Serialize)]
pub struct SettingView {
    /// Name.
    pub name: &'static str,
    /// The value in force.
    pub value: String,
    /// Who says so.
    pub source: SettingSource,
    /// The value where nobody says anything.
    pub default: String,
    /// What it can be, in words.
    pub allowed: String,
    /// The words that can be chosen.
    pub words: &'static [&'static str],
    /// Whether it can be a number too.
    #[serde(skip)]
    pub is_open: bool,
    /// Which question it belongs to.
    #[serde(skip)]
    pub group: Group,
    /// What it does.
    pub what: &'static str,
    /// Its id in SCORM Cloud's API.
    pub cloud_id: Option<&'static str>,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SettingSource {
    /// The standard, or the program where that says nothing.
    Default,
    /// It was set for the course.
    Course,
}

/// A setting to change: its name or SCORM Cloud id, and the value; empty: back to the default.
pub type SettingChange = (String, String);

impl App {
    /// All settings of a course.
    ///
    /// # Errors
    /// When there is no such course.
    pub async fn course_settings(
        &self,
        tenant: Tenant,
        course: CourseId,
    ) -> Result<CourseSettings, AppError> {
        let read = self.0.db.read(move |tx| {
            if courses::find(tenant, tx, course)?.is_none() {
                return Ok(None);
            }
            course_settings::list(tenant, tx, course).map(Some)
        });
        let found = read.await?;
        let set = found.ok_or_else(|| AppError::NotFound { what: "course", id: course.to_string() })?;
        Ok(CourseSettings { course_id: course.to_string(), settings: views(course, &set) })
    }

    /// Changes settings of a course, all or none of them, for the sessions opened from now on.
    ///
    /// # Errors
    /// When there is no such course or setting, or a value is not allowed; says what is.
    pub async fn change_course_settings(
        &self,
        tenant: Tenant,
        course: CourseId,
        changes: &[SettingChange],
    ) -> Result<CourseSettings, AppError> {
        let changes: Vec<(&'static str, Option<String>)> =
            changes.iter().map(judged).collect::<Result<_, SettingError>>()?;
        let (now, number) = (self.now(), changes.len());
        let write = self.0.db.write(move |tx| {
            if courses::find(tenant, tx, course)?.is_none() {
                return Ok(false);
            }
            for (name, value) in &changes {
                match value {
                    Some(value) => course_settings::put(tenant, tx, course, (name, value), now)?,
                    None => course_settings::remove(tenant, tx, course, name)?,
                }
            }
            Ok(true)
        });
        if !write.await? {
            return Err(AppError::NotFound { what: "course", id: course.to_string() });
        }
        tracing::info!(%course, number, "settings changed");
        self.course_settings(tenant, course).await
    }

    /// The settings that a session of this course opens with now.
    pub(crate) async fn settings_in_force(
        &self,
        tenant: Tenant,
        course: CourseId,
    ) -> Result<Settings, AppError> {
        let set = self.0.db.read(move |tx| course_settings::list(tenant, tx, course)).await?;
        Ok(from_stored(course, &set))
    }
}

fn judged((name, value): &SettingChange) -> Result<(&'static str, Option<String>), SettingError> {
    let entry = catalog::find(name.trim())?;
    if value.trim().is_empty() {
        return Ok((entry.name, None));
    }
    entry.set(&mut Settings::default(), value).map(|kept| (entry.name, Some(kept)))
}

/// The settings that these stored values are.
pub(crate) fn from_stored(course: CourseId, set: &[(String, String)]) -> Settings {
    let (settings, unknown) =
        Settings::from_values(set.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    if !unknown.is_empty() {
        tracing::warn!(%course, settings = unknown.join(", "), "stored settings that this version does not take");
    }
    settings
}

fn views(course: CourseId, set: &[(String, String)]) -> Vec<SettingView> {
    let settings = from_stored(course, set);
    let view = |entry: &'static catalog::Entry| SettingView {
        name: entry.name,
        value: entry.value(&settings),
        source: match set.iter().any(|(name, _)| name == entry.name) {
            true => SettingSource::Course,
            false => SettingSource::Default,
        },
        default: entry.default_value(),
        allowed: entry.values.to_string(),
        words: entry.values.words(),
        is_open: matches!(
            entry.values,
            catalog::Values::Number(..) | catalog::Values::Count(..) | catalog::Values::Text(_)
        ),
        group: entry.group,
        what: entry.what,
        cloud_id: entry.cloud_id,
    };
    catalog::ALL.iter().map(view).collect()
}
