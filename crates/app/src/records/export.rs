//! Writing the document, one registration at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use lyceum_attempt::state::State;
use lyceum_store::attempts::{Attempt, Session};
use lyceum_store::commits::LogRow;
use lyceum_store::{CourseId, LearnerId, RegistrationId, Tenant, Tx, courses, records};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::form::{
    AsideForm, AttemptForm, CommitForm, CourseForm, FORMAT, FileDigest, HeadForm, LearnerForm, Manifest,
    PartDigest, RegistrationForm, SessionForm, VERSION, VersionForm, hex,
};
use super::gather::{AttemptRows, Gathered, ordinal};
use crate::app::App;
use crate::error::AppError;
use crate::journal::unpack_entry;
use crate::limits::PAGE;
use crate::point::attempt_of;
use crate::views::rfc3339;

/// What to export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One attempt of a registration, by its number.
    Attempt(RegistrationId, u32),
    /// A registration.
    Registration(RegistrationId),
    /// Everything of a learner, by the name callers know her by.
    Learner(String),
    /// Everything on a course.
    Course(CourseId),
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// Registrations.
    pub registrations: u64,
    /// Attempts.
    pub attempts: u64,
    /// Commits.
    pub commits: u64,
    /// SHA-256 over all registrations, as the manifest says it.
    pub sha256: String,
}

impl Scope {
    fn told(&self) -> serde_json::Value {
        match self {
            Self::Attempt(id, number) => {
                serde_json::json!({ "kind": "attempt", "id": id.to_string(), "attempt": number })
            }
            Self::Registration(id) => serde_json::json!({ "kind": "registration", "id": id.to_string() }),
            Self::Learner(id) => serde_json::json!({ "kind": "learner", "id": id }),
            Self::Course(id) => serde_json::json!({ "kind": "course", "id": id.to_string() }),
        }
    }

    /// Whether an attempt belongs to it.
    pub(super) fn has(&self, attempt: &Attempt) -> bool {
        !matches!(self, Self::Attempt(_, number) if *number != attempt.number)
    }
}

/// The registrations of a scope, a page at a time.
pub(super) struct Registrations {
    tenant: Tenant,
    is_single: bool,
    one: Option<RegistrationId>,
    of: (Option<LearnerId>, Option<CourseId>),
    after: Option<RegistrationId>,
}

impl Registrations {
    pub(super) async fn of(app: &App, tenant: Tenant, scope: &Scope) -> Result<Self, AppError> {
        let none = Self { tenant, is_single: false, one: None, of: (None, None), after: None };
        match scope {
            Scope::Attempt(id, _) | Scope::Registration(id) => {
                // Before a word of the document is written.
                let (_, attempts) = app.rows_of(tenant, *id).await?;
                if let Scope::Attempt(_, number) = scope {
                    attempt_of(&attempts, Some(*number), None)?;
                }
                Ok(Self { is_single: true, one: Some(*id), ..none })
            }
            Scope::Course(id) => {
                app.course(tenant, *id).await?;
                Ok(Self { of: (None, Some(*id)), ..none })
            }
            Scope::Learner(name) => {
                let wanted = name.clone();
                let found = app.0.db.read(move |tx| records::find_learner(tenant, tx, &wanted)).await?;
                let id = found.ok_or_else(|| AppError::NotFound { what: "learner", id: name.clone() })?;
                Ok(Self { of: (Some(id), None), ..none })
            }
        }
    }

    pub(super) async fn next(&mut self, app: &App) -> Result<Vec<RegistrationId>, AppError> {
        let (tenant, of, after) = (self.tenant, self.of, self.after);
        if self.is_single {
            return Ok(self.one.take().into_iter().collect());
        }
        let page = app.0.db.read(move |tx| records::ids(tenant, tx, of, after, PAGE)).await?;
        self.after = page.last().copied().or(after);
        Ok(page)
    }
}

/// The document as it is written.
struct Writing<'a> {
    out: &'a mut (dyn Write + Send),
    manifest: Manifest,
    whole: Sha256,
    courses: BTreeSet<CourseId>,
    done: Exported,
}

pub(super) fn unwritten(e: &io::Error) -> AppError {
    AppError::Output(e.to_string())
}

impl App {
    /// Writes everything of a scope as JSON: values, journal, chain. One registration at a time is in memory.
    ///
    /// # Errors
    /// When there is no such thing, or it cannot be read or written.
    pub async fn export(
        &self,
        tenant: Tenant,
        scope: &Scope,
        out: &mut (dyn Write + Send),
    ) -> Result<Exported, AppError> {
        let mut pages = Registrations::of(self, tenant, scope).await?;
        let mut to = Writing {
            out,
            manifest: Manifest::default(),
            whole: Sha256::new(),
            courses: BTreeSet::new(),
            done: Exported::default(),
        };
        let head = serde_json::json!({
            "format": FORMAT, "version": VERSION, "exported_at": rfc3339(self.now()),
            "program": env!("CARGO_PKG_VERSION"), "scope": scope.told(),
            "public_key": hex(&self.0.heads.public_key()),
        });
        let head = head.to_string();
        to.text(&head[..head.len() - 1])?;
        to.text(",\n\"registrations\":[")?;
        loop {
            let page = pages.next(self).await?;
            if page.is_empty() {
                break;
            }
            // The next one is read while this one is written.
            let mut ahead = page.first().map(|&id| self.gather(tenant, scope, id));
            for (at, id) in page.iter().enumerate() {
                let Some(reading) = ahead.take() else { break };
                let found = reading.await?;
                ahead = page.get(at + 1).map(|&next| self.gather(tenant, scope, next));
                let found =
                    found.ok_or_else(|| AppError::NotFound { what: "registration", id: id.to_string() })?;
                self.export_registration(tenant, scope, found, &mut to).await?;
            }
        }
        to.text("],\n\"courses\":")?;
        let courses = self.course_forms(tenant, &mut to).await?;
        to.json(&courses)?;
        to.manifest.sha256 = hex(&to.whole.clone().finalize());
        to.done.sha256.clone_from(&to.manifest.sha256);
        to.text(",\n\"manifest\":")?;
        let manifest = std::mem::take(&mut to.manifest);
        to.json(&manifest)?;
        to.text("}\n")?;
        to.out.flush().map_err(|e| unwritten(&e))?;
        Ok(to.done)
    }

    async fn export_registration(
        &self,
        tenant: Tenant,
        scope: &Scope,
        found: Gathered,
        to: &mut Writing<'_>,
    ) -> Result<(), AppError> {
        to.courses.insert(found.registration.course);
        let form = self.registration_form(tenant, scope, found).await?;
        let text = serde_json::to_vec(&form).map_err(|e| AppError::Unreadable(e.to_string()))?;
        let digest = Sha256::digest(&text);
        to.whole.update(digest);
        let commits: u64 = form.attempts.iter().map(|attempt| attempt.commits.len() as u64).sum();
        let attempts = form.attempts.len() as u64;
        to.manifest.registrations.push(PartDigest { id: form.id, sha256: hex(&digest), attempts, commits });
        to.text(if to.done.registrations == 0 { "\n" } else { ",\n" })?;
        to.out.write_all(&text).map_err(|e| unwritten(&e))?;
        to.done.registrations += 1;
        to.done.attempts += attempts;
        to.done.commits += commits;
        Ok(())
    }

    async fn registration_form(
        &self,
        tenant: Tenant,
        scope: &Scope,
        found: Gathered,
    ) -> Result<RegistrationForm, AppError> {
        let Gathered { registration: row, signed, begun, attempts: rows } = found;
        let mut attempts = Vec::new();
        for of in rows {
            attempts.push(self.attempt_form(tenant, row.course, of).await?);
        }
        if let Scope::Attempt(_, number) = scope
            && attempts.is_empty()
        {
            return Err(AppError::NotFound { what: "attempt", id: number.to_string() });
        }
        Ok(RegistrationForm {
            id: row.id.to_string(),
            course_id: row.course.to_string(),
            learner: LearnerForm {
                id: row.learner.id.to_string(),
                external_id: row.learner.external_id,
                name: row.learner.name,
            },
            version: row.version,
            created_at: row.created_at,
            attempt_count: row.attempts,
            partial: attempts.len() < begun,
            summary: row.summary,
            chain_length: row.chain_length,
            chain_head: hex(&row.chain_head),
            signed_heads: signed.iter().map(HeadForm::of).collect(),
            attempts,
        })
    }

    async fn attempt_form(
        &self,
        tenant: Tenant,
        course: CourseId,
        of: AttemptRows,
    ) -> Result<AttemptForm, AppError> {
        let AttemptRows { attempt, sessions, aside, log, surplus: _ } = of;
        let plan = self.plan(tenant, course, attempt.version).await?;
        let (commits, state) =
            self.commit_forms(tenant, &attempt, log, &sessions, State::new(plan.edition)).await?;
        let aside = aside.into_iter().map(|(session, kind, packed)| {
            let entry = unpack_entry(&packed)?;
            Ok(AsideForm { session: session.to_string(), kind: kind.to_owned(), entry })
        });
        let activities = state.activities().iter().map(|(activity, of)| {
            (
                activity.clone(),
                of.model().iter().map(|(element, value)| (element, value.to_owned())).collect(),
            )
        });
        Ok(AttemptForm {
            id: attempt.id.to_string(),
            number: attempt.number,
            version: attempt.version,
            started_at: attempt.started_at,
            ended_at: attempt.ended_at,
            session_count: attempt.sessions,
            session_floor: attempt.session_floor,
            completed_at: attempt.completed_at,
            satisfied_at: attempt.satisfied_at,
            commit_count: attempt.commits,
            state_hash: format!("{:016x}", state.hash()),
            cmi: activities.collect::<BTreeMap<_, _>>(),
            commits,
            aside: aside.collect::<Result<_, AppError>>()?,
            sessions: sessions.into_iter().map(SessionForm::of).collect(),
            summary: attempt.summary,
        })
    }

    /// All commits of the attempt, of which `log` has the first, and the state after them: the fold of just what is told.
    async fn commit_forms(
        &self,
        tenant: Tenant,
        attempt: &Attempt,
        log: Vec<LogRow>,
        sessions: &[Session],
        mut state: State,
    ) -> Result<(Vec<CommitForm>, State), AppError> {
        let mut forms = Vec::new();
        let mut batch = log;
        while let Some(after) = batch.last().map(|last| last.n) {
            for row in batch {
                let ordinal = ordinal(sessions, row.session).unwrap_or_default();
                let form = CommitForm::of(row)?;
                form.entries.iter().for_each(|recorded| state.apply(recorded, ordinal));
                forms.push(form);
            }
            batch = self.log_after(tenant, attempt, after).await?;
        }
        Ok((forms, state))
    }

    async fn course_forms(&self, tenant: Tenant, to: &mut Writing<'_>) -> Result<Vec<CourseForm>, AppError> {
        let mut forms = Vec::new();
        for id in to.courses.clone() {
            let read = move |tx: &mut Tx<'_>| {
                let mut versions = Vec::new();
                for row in courses::versions(tenant, tx, id)? {
                    versions.extend(courses::version(tenant, tx, id, row.version)?);
                }
                Ok((courses::find(tenant, tx, id)?, versions))
            };
            let (course, mut versions) = self.0.db.read(read).await?;
            let Some(course) = course else { continue };
            versions.sort_by_key(|version| version.version);
            let parsed = |text: &str| serde_json::from_str(text).unwrap_or_default();
            let versions = versions.into_iter().map(|row| {
                to.manifest.files.push(FileDigest {
                    name: format!("objects/{}", row.object_key),
                    sha256: hex(&row.digest),
                    size: row.size,
                });
                VersionForm {
                    version: row.version,
                    sha256: hex(&row.digest),
                    size: row.size,
                    standard: row.standard,
                    imported_at: row.imported_at,
                    model: parsed(&row.model),
                    report: parsed(&row.report),
                }
            });
            forms.push(CourseForm { id: id.to_string(), title: course.title, versions: versions.collect() });
        }
        Ok(forms)
    }
}

impl Writing<'_> {
    fn text(&mut self, text: &str) -> Result<(), AppError> {
        self.out.write_all(text.as_bytes()).map_err(|e| unwritten(&e))
    }

    fn json(&mut self, value: &impl Serialize) -> Result<(), AppError> {
        serde_json::to_writer(&mut *self.out, value).map_err(|e| AppError::Output(e.to_string()))
    }
}
