//! The operator's check after an installation or an upgrade: a short script of every data type, time format, history, rollback
//! and export against the real store. It runs behind the wall of a scratch tenant, which is removed at the end.

mod course;
mod page;
mod records;
mod values;

use std::fmt::Display;
use std::path::Path;

use lyceum_app::{App, AppError, CourseId, ImportAs, ImportSource, NewLearner, RegistrationId, Tenant};
use serde::Serialize;

use self::page::Page;
use crate::failure::Failure;

/// One thing that was tried.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    /// What.
    pub(crate) name: String,
    /// Whether it is as it should be.
    pub(crate) passed: bool,
    /// What was seen: counts, or what is wrong.
    pub(crate) seen: String,
}

/// Why a check did not pass.
type Wrong = String;

fn wrong(error: impl Display) -> Wrong {
    error.to_string()
}

/// Holds `found` against what it should be.
#[allow(clippy::needless_pass_by_value)] // two values side by side read best
fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<(), Wrong> {
    if found == expected { Ok(()) } else { Err(format!("{what} is {found:?}, expected {expected:?}")) }
}

/// What all checks work on.
struct Bench<'a> {
    app: &'a App,
    tenant: Tenant,
    /// For files on the way.
    folder: &'a Path,
    learner: &'a str,
    checks: Vec<Check>,
}

/// Runs all checks. An error is only that they could not begin, or could not be cleared away.
pub(crate) async fn run(app: &App, learner: &str, course: Option<CourseId>) -> Result<Vec<Check>, Failure> {
    // Found before anything is written: a wrong id is a wrong command.
    let package = match course {
        Some(id) => Some(app.package_file(Tenant::DEFAULT, id).await?),
        None => None,
    };
    let tenant = app.begin_scratch().await?;
    let folder = app.data_dir().join(format!("incoming/selftest{}", tenant.0));
    let made = std::fs::create_dir_all(&folder);
    let mut bench = Bench { app, tenant, folder: &folder, learner, checks: Vec::new() };
    if made.is_ok() {
        bench.all(package.map(ImportSource::File)).await;
    }
    let checks = bench.checks;
    let removed = app.remove_scratch(tenant).await;
    made.and_then(|()| std::fs::remove_dir_all(&folder))?;
    removed?;
    Ok(checks)
}

impl Bench<'_> {
    async fn all(&mut self, package: Option<ImportSource>) {
        for course in course::BUILT_IN {
            let name = course.name;
            let registration = match self.enrol(course).await {
                Ok(registration) => registration,
                Err(why) => {
                    self.note(format!("{name}: import and enrol"), Err(why));
                    continue;
                }
            };
            self.note(format!("{name}: import and enrol"), Ok(format!("registration {registration}")));
            let done = values::types(self, registration, course.values).await;
            self.note(format!("{name}: data types"), done);
            let done = values::times(self, registration, course.times).await;
            self.note(format!("{name}: time formats"), done);
            let done = values::resumed(self, registration, course.suspend_data).await;
            self.note(format!("{name}: resume"), done);
            self.records(name, registration).await;
        }
        if let Some(source) = package {
            let done = self.play(source).await;
            self.note("the course: first part plays".to_owned(), done);
        }
    }

    fn note(&mut self, name: String, outcome: Result<String, Wrong>) {
        let passed = outcome.is_ok();
        let seen = outcome.unwrap_or_else(|why| why);
        self.checks.push(Check { name, passed, seen });
    }

    async fn enrol(&self, course: &course::BuiltIn) -> Result<RegistrationId, Wrong> {
        let folder = course.write(self.folder).map_err(wrong)?;
        self.import(ImportSource::Folder(folder)).await
    }

    async fn import(&self, source: ImportSource) -> Result<RegistrationId, Wrong> {
        let report = self.app.import(self.tenant, source, ImportAs::default()).await.map_err(wrong)?;
        let learner = NewLearner { id: self.learner.to_owned(), name: None };
        let registered = self.app.register(self.tenant, report.course_id, learner).await;
        Ok(registered.map_err(wrong)?.registration)
    }

    async fn page(&self, registration: RegistrationId) -> Result<Page, Wrong> {
        Page::open(self.app, self.tenant, registration).await.map_err(wrong)
    }

    /// Opens the first part of a course, stores where the learner is, and finds it again.
    async fn play(&self, source: ImportSource) -> Result<String, Wrong> {
        let registration = self.import(source).await?;
        let mut page = self.page(registration).await?;
        let delivered = page.start()?;
        if !page.is_sco(&delivered) {
            return Ok(format!("{delivered} opens; it is no SCO and keeps no values"));
        }
        let location = page.location_element();
        page.set(location, "self-test", 0)?;
        page.leave();
        page.send(self.app).await.map_err(wrong)?;
        let mut again = self.page(registration).await?;
        again.start()?;
        expect(location, again.get(location).as_str(), "self-test")?;
        again.leave();
        again.send(self.app).await.map_err(wrong)?;
        Ok(format!("{delivered} opens, and resumes where it was"))
    }
}

/// An error with its code.
fn told(error: &AppError) -> Wrong {
    format!("{}: {error}", error.code())
}
