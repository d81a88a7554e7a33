//! Reading the document: once over everything but the registrations, then one registration at a time.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::form::{CourseForm, FORMAT, Manifest, PartDigest, RegistrationForm, VERSION, hex, id};
use super::sessions::Sessions;
use super::verify::{Chain, Follow, Trouble, Verification};
use crate::app::App;
use crate::error::AppError;

/// Why a document cannot be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The file.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// It is no export, or is damaged so that it does not read as one.
    #[error("this is no export of Lyceum, or it is damaged: {0}")]
    Json(#[from] serde_json::Error),
    /// From a later version.
    #[error(
        "this export has version {0}, and this program reads up to {VERSION}: use the newest version of the program"
    )]
    Newer(u32),
    /// What a registration holds cannot be.
    #[error(transparent)]
    App(#[from] AppError),
}

/// Everything but the registrations.
#[derive(Deserialize)]
pub(super) struct Around {
    format: String,
    version: u32,
    pub(super) courses: Vec<CourseForm>,
    pub(super) manifest: Manifest,
    /// The manifest's registrations, to be looked up.
    #[serde(skip)]
    named: BTreeSet<PartDigest>,
}

impl Around {
    pub(super) fn read(path: &Path) -> Result<Self, ReadError> {
        let mut around: Self = serde_json::from_reader(BufReader::new(File::open(path)?))?;
        if around.format != FORMAT {
            return Err(AppError::Malformed(format!("its format is \"{}\"", around.format)).into());
        }
        if around.version > VERSION {
            return Err(ReadError::Newer(around.version));
        }
        around.named = around.manifest.registrations.iter().cloned().collect();
        Ok(around)
    }
}

/// Calls `each` with every registration, and its digest in the document.
pub(super) fn registrations(
    path: &Path,
    mut each: impl FnMut(RegistrationForm, PartDigest) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut failed = None;
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(File::open(path)?));
    let read = Document { each: &mut each, failed: &mut failed }.deserialize(&mut json);
    failed.map_or(Ok(()), Err)?;
    Ok(read?)
}

type Each<'a> = &'a mut dyn FnMut(RegistrationForm, PartDigest) -> Result<(), ReadError>;

/// The document, of which only the registrations are looked at.
struct Document<'a> {
    each: Each<'a>,
    failed: &'a mut Option<ReadError>,
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an export")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if name == "registrations" {
                map.next_value_seed(Registrations { each: self.each, failed: self.failed })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Registrations<'a> {
    each: Each<'a>,
    failed: &'a mut Option<ReadError>,
}

impl<'de> DeserializeSeed<'de> for Registrations<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Registrations<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("registrations")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        use serde::de::Error as _;
        while let Some(raw) = seq.next_element::<Box<RawValue>>()? {
            let form: RegistrationForm = serde_json::from_str(raw.get()).map_err(A::Error::custom)?;
            let part = PartDigest {
                id: form.id.clone(),
                sha256: hex(&Sha256::digest(raw.get().as_bytes())),
                attempts: form.attempts.len() as u64,
                commits: form.attempts.iter().map(|attempt| attempt.commits.len() as u64).sum(),
            };
            if let Err(e) = (self.each)(form, part) {
                *self.failed = Some(e);
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// Verifies one registration of a document: its text against the manifest, its rows, its states.
pub(super) fn verify_form(
    form: &RegistrationForm,
    part: &PartDigest,
    around: &Around,
    to: &mut Verification,
) -> Result<(), ReadError> {
    if !around.named.contains(part) {
        to.tell(
            Trouble::File,
            &form.id,
            (None, None),
            "this registration's text is not what the manifest says",
        );
    }
    let edition = |version: u32| {
        let course = around.courses.iter().find(|course| course.id == form.course_id)?;
        let version = course.versions.iter().find(|of| of.version == version)?;
        let model = serde_json::from_value(version.model.clone()).ok()?;
        crate::plan::plan(&model)
    };
    let mut chain = Chain::new(id(&form.id)?, to);
    for attempt in &form.attempts {
        let plan = edition(attempt.version);
        let mut follow = Follow::new(attempt.number, plan.as_ref().map(|plan| plan.edition));
        let sessions = attempt
            .sessions
            .iter()
            .map(|session| Ok((id(&session.id)?, session.ordinal, session.opening_text())))
            .collect::<Result<Vec<_>, AppError>>()?;
        let sessions = Sessions::new(sessions);
        for commit in &attempt.commits {
            let row = commit.clone().row()?;
            chain.row(&mut follow, &row, &sessions);
        }
        let learner = form.learner.external_id.as_str();
        chain.end_attempt(&follow, &attempt.row(id(&form.id)?)?, plan.as_ref(), (&sessions, learner));
        if attempt.commits.len() as u64 != attempt.commit_count {
            chain.cut(attempt.number);
        }
    }
    let signed = form.signed_heads.iter().map(super::form::HeadForm::row).collect::<Result<Vec<_>, _>>()?;
    let end = (form.chain_length, super::form::unhex("chain_head", &form.chain_head)?);
    chain.finish(end, &signed, form.partial);
    Ok(())
}

/// Verifies a document with what is around its registrations, without any database. Whether the keys that signed its heads are those of the server that
/// one thinks of, only that server can tell: compare [`Verification::public_keys`] with what it says.
///
/// # Errors
/// When it does not read as an export.
pub(super) fn verify_whole(path: &Path, around: &Around) -> Result<Verification, ReadError> {
    let mut found = Verification::default();
    let (mut whole, mut seen) = (Sha256::new(), 0);
    registrations(path, |form, part| {
        let digest: [u8; 32] = super::form::unhex("sha256", &part.sha256)?;
        whole.update(digest);
        seen += 1;
        verify_form(&form, &part, around, &mut found)
    })?;
    if seen != around.manifest.registrations.len() || hex(&whole.finalize()) != around.manifest.sha256 {
        found.tell(
            Trouble::File,
            "",
            (None, None),
            "the registrations are not those that the manifest names",
        );
    }
    Ok(found.close())
}

impl App {
    /// Verifies an exported document: it needs no database, and none is asked.
    ///
    /// # Errors
    /// When it does not read as an export.
    pub fn verify_export(path: &Path) -> Result<Verification, ReadError> {
        verify_whole(path, &Around::read(path)?)
    }

    /// The key that this server signs heads with, hexadecimal: to compare with what a verification says.
    #[must_use]
    pub fn public_key(&self) -> String {
        hex(&self.0.heads.public_key())
    }
}
