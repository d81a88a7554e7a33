//! Taking over an export of another server.

use std::path::Path;

use lyceum_store::commits::LogRow;
use lyceum_store::courses::{Verified, Version};
use lyceum_store::records::Whole;
use lyceum_store::registrations::{Learner, Registration};
use lyceum_store::{
    CourseId, DbError, RegistrationId, Tenant, commits, courses, heads, records, registrations,
};
use serde::Serialize;
use thiserror::Error;

use super::form::{CourseForm, HeadForm, PartDigest, RegistrationForm, id, unhex};
use super::gather::ordinal;
use super::read::{Around, ReadError, registrations as each_registration, verify_form, verify_whole};
use super::verify::{Finding, Verification};
use crate::app::App;
use crate::error::AppError;
use crate::folder::object_key;
use crate::journal::{pack_state, unpack_entries};

/// What was taken over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TakenOver {
    /// Registrations that are new here.
    pub registrations: u64,
    /// Their attempts.
    pub attempts: u64,
    /// Their commits.
    pub commits: u64,
    /// Registrations that were here already, just as they are.
    pub known: u64,
    /// SHA-256 of packages that are to be imported before these courses can be played here.
    pub packages_missing: Vec<String>,
}

/// Why an export was not taken over. What came before stays: the same file again goes on.
#[derive(Debug, Error)]
pub enum TakeOverError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It was touched.
    #[error("{} is not what was exported: {}; nothing of it was taken over", whole_or_part(.0), .0.message)]
    Touched(Finding),
    /// One attempt alone is no registration.
    #[error("registration {0} is exported in part only; export the registration, the learner or the course")]
    Partial(String),
    /// Another one is here.
    #[error("registration {0} is here already, and has another history; nothing of it was taken over")]
    Differs(String),
    /// The learner has another registration on the course here.
    #[error(
        "the learner of registration {0} has another registration on this course here; nothing of it was taken over"
    )]
    Taken(String),
    /// Something else.
    #[error(transparent)]
    App(#[from] AppError),
}

fn whole_or_part(of: &Finding) -> String {
    let attempt = of.attempt.map(|number| format!(", attempt {number}")).unwrap_or_default();
    if of.registration.is_empty() {
        "the file".to_owned()
    } else {
        format!("registration {}{attempt}", of.registration)
    }
}

impl From<DbError> for TakeOverError {
    fn from(e: DbError) -> Self {
        Self::App(e.into())
    }
}

fn untouched(found: Verification) -> Result<(), TakeOverError> {
    found.findings.into_iter().next().map_or(Ok(()), |first| Err(TakeOverError::Touched(first)))
}

impl App {
    /// Takes over everything in an export of another server: the same registrations with the same states, journals and chains.
    /// The file is verified as a whole before any of it is taken, then each again as it comes, and stored whole or not at all. Learners
    /// are found by the name that callers know them by.
    ///
    /// # Errors
    /// When the file does not read, was touched, or contradicts what is here.
    pub async fn take_over(&self, tenant: Tenant, path: &Path) -> Result<TakenOver, TakeOverError> {
        let file = path.to_owned();
        let reading = tokio::task::spawn_blocking(move || -> Result<_, ReadError> {
            let around = Around::read(&file)?;
            Ok((verify_whole(&file, &around)?, around))
        });
        let (found, around) = reading.await.map_err(|e| AppError::Output(e.to_string()))??;
        untouched(found)?;
        let mut done = TakenOver::default();
        for course in &around.courses {
            self.take_course(tenant, course, &mut done).await?;
        }
        // The reader is synchronous; registrations come over one at a time.
        let (send, mut forms) = tokio::sync::mpsc::channel::<(RegistrationForm, PartDigest)>(1);
        let file = path.to_owned();
        let reader = tokio::task::spawn_blocking(move || {
            each_registration(&file, |form, part| {
                let gone = || AppError::Output("stopped".to_owned());
                send.blocking_send((form, part)).map_err(|_| gone().into())
            })
        });
        while let Some((form, part)) = forms.recv().await {
            self.take_registration(tenant, form, &part, &around, &mut done).await?;
        }
        reader.await.map_err(|e| AppError::Output(e.to_string()))??;
        Ok(done)
    }

    /// The course with its packages; versions that are here under another course stay there.
    async fn take_course(
        &self,
        tenant: Tenant,
        of: &CourseForm,
        done: &mut TakenOver,
    ) -> Result<(), TakeOverError> {
        let course: CourseId = id(&of.id)?;
        for version in &of.versions {
            let digest: [u8; 32] = unhex("sha256", &version.sha256)?;
            let key = object_key(&lyceum_archive::Digest::from_bytes(digest));
            if !self.0.folder.object(&key).exists() {
                done.packages_missing.push(version.sha256.clone());
            }
            let row = Version {
                course,
                version: version.version,
                digest,
                object_key: key,
                size: version.size,
                standard: version.standard.clone(),
                model: version.model.to_string(),
                report: version.report.to_string(),
                imported_at: version.imported_at,
                verified: Verified::Pending,
                damage: None,
            };
            let title = of.title.clone();
            let stored = self.0.db.write(move |tx| {
                if courses::version_by_digest(tenant, tx, &digest)?.is_some() {
                    return Ok(());
                }
                if courses::find(tenant, tx, course)?.is_none() {
                    courses::insert(tenant, tx, course, &title, row.imported_at)?;
                }
                courses::insert_version(tenant, tx, &title, &row)
            });
            stored.await?;
        }
        Ok(())
    }

    async fn take_registration(
        &self,
        tenant: Tenant,
        form: RegistrationForm,
        part: &PartDigest,
        around: &Around,
        done: &mut TakenOver,
    ) -> Result<(), TakeOverError> {
        let mut found = Verification::default();
        verify_form(&form, part, around, &mut found)?;
        untouched(found)?;
        if form.partial {
            return Err(TakeOverError::Partial(form.id));
        }
        let registration: RegistrationId = id(&form.id)?;
        let head: [u8; 32] = unhex("chain_head", &form.chain_head)?;
        let here = self.0.db.read(move |tx| registrations::find(tenant, tx, registration)).await?;
        if let Some(here) = here {
            if here.chain_head != head || here.attempts != form.attempt_count {
                return Err(TakeOverError::Differs(form.id));
            }
            done.known += 1;
            return Ok(());
        }
        let version_of = |number: u32| -> Result<[u8; 32], AppError> {
            let course = around.courses.iter().find(|course| course.id == form.course_id);
            let version = course.and_then(|course| course.versions.iter().find(|of| of.version == number));
            let missing =
                || AppError::Malformed(format!("version {number} of course {} is not in it", form.course_id));
            unhex("sha256", &version.ok_or_else(missing)?.sha256)
        };
        let mut wholes = Vec::new();
        let mut digests = vec![version_of(form.version)?];
        for attempt in &form.attempts {
            digests.push(version_of(attempt.version)?);
        }
        let places = self.0.db.read(move |tx| {
            digests
                .iter()
                .map(|digest| courses::version_by_digest(tenant, tx, digest))
                .collect::<Result<Vec<_>, _>>()
        });
        let places: Option<Vec<(CourseId, u32)>> = places.await?.into_iter().collect();
        let places = places.ok_or(AppError::Database(DbError::Conflict))?;
        let course = places[0].0;
        for (attempt, (_, version)) in form.attempts.iter().zip(&places[1..]) {
            wholes.push(self.whole(tenant, registration, (course, *version), attempt).await?);
        }
        let commits = wholes.iter().map(|whole| whole.log.len() as u64).sum::<u64>();
        let attempts = wholes.len() as u64;
        let row = Registration {
            id: registration,
            course,
            course_title: String::new(),
            learner: Learner {
                id: id(&form.learner.id)?,
                external_id: form.learner.external_id.clone(),
                name: form.learner.name.clone(),
            },
            version: places[0].1,
            created_at: form.created_at,
            attempts: form.attempt_count,
            revision: 0,
            chain_length: form.chain_length,
            chain_head: head,
            summary: form.summary.clone(),
            is_erased: false,
        };
        let signed = form.signed_heads.iter().map(HeadForm::row).collect::<Result<Vec<_>, _>>()?;
        let aside = aside(&form)?;
        let now = self.now();
        let stored = self.0.db.write(move |tx| {
            let mut row = row;
            row.learner = registrations::ensure_learner(tenant, tx, &row.learner, now)?;
            let (_, is_new) =
                registrations::ensure(tenant, tx, row.id, (row.course, row.version), row.learner.id, now)?;
            if !is_new {
                return Ok(false);
            }
            records::fill(tenant, tx, &row, &wholes, now)?;
            for (session, seq, kind, entry) in &aside {
                commits::insert_aside(tenant, tx, *session, (*seq, kind), entry, now)?;
            }
            signed.iter().try_for_each(|head| heads::insert(tenant, tx, row.id, head)).map(|()| true)
        });
        if !stored.await? {
            return Err(TakeOverError::Taken(form.id));
        }
        self.0.heads.grew(tenant, registration);
        done.registrations += 1;
        done.attempts += attempts;
        done.commits += commits;
        Ok(())
    }

    /// An attempt as rows, with its state folded anew.
    async fn whole(
        &self,
        tenant: Tenant,
        registration: RegistrationId,
        (course, version): (CourseId, u32),
        form: &super::form::AttemptForm,
    ) -> Result<Whole, TakeOverError> {
        let plan = self.plan(tenant, course, version).await?;
        let mut attempt = form.row(registration)?;
        attempt.version = version;
        let sessions = form
            .sessions
            .iter()
            .map(|session| session.clone().row(attempt.id))
            .collect::<Result<Vec<_>, _>>()?;
        let log =
            form.commits.iter().map(|commit| commit.clone().row()).collect::<Result<Vec<LogRow>, _>>()?;
        let mut state = lyceum_attempt::state::State::new(plan.edition);
        for row in log.iter().filter(|row| !row.entries.is_empty()) {
            let ordinal = ordinal(&sessions, row.session).unwrap_or_default();
            unpack_entries(&row.entries)?.iter().for_each(|recorded| state.apply(recorded, ordinal));
        }
        Ok(Whole { attempt, sessions, log, state: pack_state(&state) })
    }
}

type Aside = (lyceum_store::SessionId, u64, String, Vec<u8>);

/// What waited past gaps, and what came under numbers that were taken.
fn aside(form: &RegistrationForm) -> Result<Vec<Aside>, AppError> {
    let all = form.attempts.iter().flat_map(|attempt| &attempt.aside);
    all.map(|of| {
        let packed = crate::journal::pack_entry(&of.entry);
        Ok((id(&of.session)?, of.entry.seq, of.kind.clone(), packed))
    })
    .collect()
}
