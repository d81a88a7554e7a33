//! Taking in a package: streamed to disk, judged, kept, and only then named in the database.
//!
//! Order of steps, and what a crash after each leaves: the file in `incoming` (removed at the next start), the object without
//! rows (removed when it is old, or used by the next import of the same bytes), everything. The object's bytes and its
//! folder are on disk before the rows are.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use bytes::Bytes;
use lyceum_archive::{Archive, Digest, Intake, OpenError, OpenOptions, PackError, Received, pack_folder};
use lyceum_package::{Course, Standard};
use lyceum_store::courses::{Verified, Version};
use lyceum_store::{CourseId, DbError, Tenant, Tx, courses};
use serde::Serialize;
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::error::ErrorKind;
use crate::folder::object_key;
use crate::inspect::{CheckSummary, Severity, inspect, unreadable};
use crate::jobs::OBJECTS;
use crate::limits::{MAX_PACKAGE_BYTES, MAX_TEXT_CHARS};
use crate::plan::plan;

/// Bytes read from a file at once.
const CHUNK: usize = 1 << 20;
/// Pieces of an upload that wait for the disk.
const UPLOAD_QUEUE: usize = 16;

/// Where a package comes from.
pub enum ImportSource {
    /// A zip on this machine. It is copied.
    File(PathBuf),
    /// A folder on this machine. It is packed, always into the same bytes.
    Folder(PathBuf),
    /// What was streamed in through [`App::upload`].
    Upload(Upload),
}

/// What to make of a package.
#[derive(Clone, Debug, Default)]
pub struct ImportAs {
    /// Title for people; the manifest's if `None`.
    pub title: Option<String>,
    /// The course that this is a new version of; a new course if `None`.
    pub course: Option<CourseId>,
}

/// A package that is in.
#[derive(Clone, Debug, Serialize)]
pub struct ImportReport {
    /// The course.
    #[serde(serialize_with = "crate::views::as_text")]
    pub course_id: CourseId,
    /// Its version that these bytes are.
    pub version: u32,
    /// False when these bytes were there already.
    pub new_version: bool,
    /// Bytes of the package.
    pub size: u64,
    /// What was found in it.
    pub summary: CheckSummary,
}

/// Why a package was not taken in. Nothing of it stays.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The source cannot be read.
    #[error("{path} cannot be read: {source}")]
    Read {
        /// What was to be read.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// The data folder cannot be written.
    #[error("the package cannot be stored: {0}; look for free space and permissions of the data folder")]
    Store(io::Error),
    /// More than [`MAX_PACKAGE_BYTES`].
    #[error("the package has more than {limit} bytes, the most that is taken", limit = MAX_PACKAGE_BYTES)]
    TooLarge,
    /// The folder cannot be packed.
    #[error(transparent)]
    Pack(PackError),
    /// The upload broke off.
    #[error("the upload broke off after {0} bytes; send it again")]
    Interrupted(u64),
    /// No zip, or one that must be refused.
    #[error("{error}")]
    Archive {
        /// Why.
        error: OpenError,
        /// The same as a report.
        summary: Box<CheckSummary>,
    },
    /// A package that cannot be played.
    #[error("{}", unplayable(.0))]
    Unplayable(Box<CheckSummary>),
    /// A standard that is recognised, but that this version cannot play yet.
    #[error("this is a {} course, which this version recognises but cannot play yet", .0.title())]
    UnsupportedStandard(Standard, Box<CheckSummary>),
    /// The course that it was to be a version of.
    #[error("there is no course {0} that this could be a new version of")]
    UnknownCourse(CourseId),
    /// The same bytes belong to another course.
    #[error("these very bytes are version {version} of course {course} already; import them there")]
    OtherCourse {
        /// The course that has them.
        course: CourseId,
        /// As which version.
        version: u32,
    },
    /// The database.
    #[error("the package was read, but could not be registered: {0}")]
    Database(#[from] DbError),
}

impl ImportError {
    /// Stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "source-unreadable",
            Self::Store(_) => "storage-failed",
            Self::TooLarge => "package-too-large",
            Self::Pack(_) => "folder-unusable",
            Self::Interrupted(_) => "upload-interrupted",
            Self::Archive { error, .. } => error.code(),
            Self::Unplayable(_) => "course-unplayable",
            Self::UnsupportedStandard(..) => "standard-unsupported",
            Self::UnknownCourse(_) => "not-found",
            Self::OtherCourse { .. } => "package-of-other-course",
            Self::Database(e) => e.code(),
        }
    }

    /// What it means to a caller.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Read { .. } | Self::Interrupted(_) => ErrorKind::Malformed,
            Self::Store(_) | Self::Database(_) => ErrorKind::Unavailable,
            Self::TooLarge => ErrorKind::TooLarge,
            Self::UnknownCourse(_) => ErrorKind::NotFound,
            Self::Pack(_)
            | Self::Archive { .. }
            | Self::Unplayable(_)
            | Self::UnsupportedStandard(..)
            | Self::OtherCourse { .. } => ErrorKind::Unusable,
        }
    }

    /// What was found in the package, where it came so far.
    #[must_use]
    pub fn summary(&self) -> Option<&CheckSummary> {
        match self {
            Self::Archive { summary, .. }
            | Self::Unplayable(summary)
            | Self::UnsupportedStandard(_, summary) => Some(summary),
            _ => None,
        }
    }
}

fn unplayable(summary: &CheckSummary) -> String {
    let mut text = "the course cannot be played".to_owned();
    for finding in summary.diagnostics.iter().filter(|f| f.severity == Severity::Error).take(5) {
        text.push_str("\n  ");
        text.push_str(&finding.message);
    }
    text
}

/// A package on its way in through the network. Dropped before the import, it leaves nothing.
pub struct Upload {
    pieces: mpsc::Sender<Bytes>,
    /// `None` once it has told why it ended early.
    writer: Option<JoinHandle<Result<Intake, ImportError>>>,
    bytes: u64,
}

impl Upload {
    /// The next piece. Waits while the disk is behind.
    ///
    /// # Errors
    /// When it becomes too large, or the disk fails or is full.
    pub async fn write(&mut self, piece: Bytes) -> Result<(), ImportError> {
        self.bytes += piece.len() as u64;
        if self.bytes > MAX_PACKAGE_BYTES {
            return Err(ImportError::TooLarge);
        }
        match self.pieces.send(piece).await {
            Ok(()) => Ok(()),
            // The writer has ended, and knows why.
            Err(_) => Err(self.written().await.err().unwrap_or(ImportError::Interrupted(self.bytes))),
        }
    }

    async fn written(&mut self) -> Result<Intake, ImportError> {
        let interrupted = ImportError::Interrupted(self.bytes);
        match self.writer.take() {
            Some(writer) => writer.await.unwrap_or(Err(interrupted)),
            None => Err(interrupted),
        }
    }

    async fn finish(mut self) -> Result<Received, ImportError> {
        // Without a sender left, the writer ends.
        self.pieces = mpsc::channel(1).0;
        self.written().await?.finish().map_err(ImportError::Store)
    }
}

/// A package that was looked into.
struct Judged {
    received: Received,
    course: Course,
    summary: CheckSummary,
}

impl App {
    /// Begins to take in a package piece by piece.
    ///
    /// # Errors
    /// When the data folder cannot be written.
    pub fn upload(&self) -> Result<Upload, ImportError> {
        let mut intake = Intake::begin(self.0.folder.incoming()).map_err(ImportError::Store)?;
        let (pieces, mut waiting) = mpsc::channel::<Bytes>(UPLOAD_QUEUE);
        let writer = tokio::task::spawn_blocking(move || {
            while let Some(piece) = waiting.blocking_recv() {
                intake.write_all(&piece).map_err(ImportError::Store)?;
            }
            Ok(intake)
        });
        Ok(Upload { pieces, writer: Some(writer), bytes: 0 })
    }

    /// Takes in a package: afterwards it is on disk and ready to launch. The same bytes again are the same version.
    /// Checksums of the entries are verified in the background.
    ///
    /// # Errors
    /// See [`ImportError`]; nothing of the package stays then.
    pub async fn import(
        &self,
        tenant: Tenant,
        source: ImportSource,
        options: ImportAs,
    ) -> Result<ImportReport, ImportError> {
        let imported = self.import_quietly(tenant, source, options).await;
        let outcome = imported.as_ref().map_or_else(ImportError::code, |_| "imported");
        metrics::counter!("lyceum_imports_total", "outcome" => outcome).increment(1);
        match &imported {
            Ok(report) => tracing::info!(
                course = %report.course_id, version = report.version, new = report.new_version, bytes = report.size,
                findings = report.summary.diagnostics.len(), "import"
            ),
            Err(e) => tracing::warn!(code = e.code(), error = %e, "import refused"),
        }
        imported
    }

    async fn import_quietly(
        &self,
        tenant: Tenant,
        source: ImportSource,
        options: ImportAs,
    ) -> Result<ImportReport, ImportError> {
        let received = self.receive(source).await?;
        let judged = blocking(move || judge(received)).await?;
        let digest = judged.received.digest();
        let size = judged.received.bytes();
        let version = self.version_of(&judged, &options, self.now());
        let path = self.0.folder.object(&version.object_key);
        let summary = judged.summary;
        blocking(move || judged.received.keep(&path).map_err(ImportError::Store)).await?;
        let stored = self.register_version(tenant, version, options).await?;
        if stored.is_new {
            let app = self.clone();
            tokio::spawn(async move { app.verify_packages().await });
        }
        tracing::debug!(%digest, "package kept");
        Ok(ImportReport {
            course_id: stored.course,
            version: stored.version,
            new_version: stored.is_new,
            size,
            summary,
        })
    }

    async fn receive(&self, source: ImportSource) -> Result<Received, ImportError> {
        let incoming = self.0.folder.incoming().to_owned();
        match source {
            ImportSource::Upload(upload) => upload.finish().await,
            ImportSource::File(path) => {
                blocking(move || {
                    let mut intake = Intake::begin(&incoming).map_err(ImportError::Store)?;
                    copy(&path, &mut intake)?;
                    intake.finish().map_err(ImportError::Store)
                })
                .await
            }
            ImportSource::Folder(path) => {
                blocking(move || {
                    let mut intake = Intake::begin(&incoming).map_err(ImportError::Store)?;
                    pack_folder(&path, io::BufWriter::with_capacity(CHUNK, &mut intake))
                        .map_err(ImportError::Pack)?;
                    intake.finish().map_err(ImportError::Store)
                })
                .await
            }
        }
    }

    fn version_of(&self, judged: &Judged, options: &ImportAs, now: i64) -> NewVersion {
        let digest = judged.received.digest();
        let title = options.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
        let title = title.unwrap_or(&judged.course.title).chars().take(MAX_TEXT_CHARS).collect();
        NewVersion {
            title,
            digest,
            object_key: object_key(&digest),
            size: judged.received.bytes(),
            standard: judged.course.standard,
            // Shapes of our own that always serialise.
            model: serde_json::to_string(&judged.course).unwrap_or_default(),
            report: serde_json::to_string(&judged.summary).unwrap_or_default(),
            now,
        }
    }

    async fn register_version(
        &self,
        tenant: Tenant,
        version: NewVersion,
        options: ImportAs,
    ) -> Result<Registered, ImportError> {
        let new_course = CourseId::new(self.uuid());
        let object = self.0.folder.object(&version.object_key);
        let stored = self.0.db.write(move |tx| {
            // The sweeper of unused objects waits for its turn: what is here now stays.
            tx.alone(OBJECTS)?;
            if !object.exists() {
                return Ok(Err(ImportError::Store(io::ErrorKind::NotFound.into())));
            }
            version.register(tenant, tx, options.course, new_course)
        });
        stored.await?
    }
}

struct NewVersion {
    title: String,
    digest: Digest,
    object_key: String,
    size: u64,
    standard: Standard,
    model: String,
    report: String,
    now: i64,
}

struct Registered {
    course: CourseId,
    version: u32,
    is_new: bool,
}

impl NewVersion {
    fn register(
        self,
        tenant: Tenant,
        tx: &mut Tx<'_>,
        of: Option<CourseId>,
        new_course: CourseId,
    ) -> Result<Result<Registered, ImportError>, DbError> {
        if let Some((course, version)) = courses::version_by_digest(tenant, tx, self.digest.as_bytes())? {
            let is_elsewhere = of.is_some_and(|wanted| wanted != course);
            return Ok(if is_elsewhere {
                Err(ImportError::OtherCourse { course, version })
            } else {
                Ok(Registered { course, version, is_new: false })
            });
        }
        let (course, version) = match of {
            None => {
                courses::insert(tenant, tx, new_course, &self.title, self.now)?;
                (new_course, 1)
            }
            Some(course) => match courses::find(tenant, tx, course)? {
                Some(found) => (course, found.version + 1),
                None => return Ok(Err(ImportError::UnknownCourse(course))),
            },
        };
        let row = Version {
            course,
            version,
            digest: *self.digest.as_bytes(),
            object_key: self.object_key,
            size: self.size,
            standard: self.standard.name().to_owned(),
            model: self.model,
            report: self.report,
            imported_at: self.now,
            verified: Verified::Pending,
            damage: None,
        };
        courses::insert_version(tenant, tx, &self.title, &row)?;
        Ok(Ok(Registered { course, version, is_new: true }))
    }
}

/// Opens the zip and reads its manifest; refuses what cannot be played.
fn judge(received: Received) -> Result<Judged, ImportError> {
    let file = received.file().map_err(ImportError::Store)?;
    let archive = Archive::from_file(file, &OpenOptions::default()).map_err(|error| {
        let summary = Box::new(unreadable(&error));
        ImportError::Archive { error, summary }
    })?;
    let inspected = inspect(&archive);
    let summary = inspected.summary;
    if let Some(standard) = summary.standard.filter(|standard| !standard.is_scorm()) {
        return Err(ImportError::UnsupportedStandard(standard, Box::new(summary)));
    }
    let playable =
        |course: &Course| course.launchable && plan(course).is_some_and(|p| p.launchable().next().is_some());
    match inspected.course.filter(playable) {
        Some(course) => Ok(Judged { received, course, summary }),
        None => Err(ImportError::Unplayable(Box::new(summary))),
    }
}

fn copy(path: &PathBuf, intake: &mut Intake) -> Result<(), ImportError> {
    let failed = |source| ImportError::Read { path: path.display().to_string(), source };
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let mut chunk = vec![0; CHUNK];
    loop {
        let n = match file.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(failed(e)),
        };
        if intake.bytes() + n as u64 > MAX_PACKAGE_BYTES {
            return Err(ImportError::TooLarge);
        }
        intake.write_all(&chunk[..n]).map_err(ImportError::Store)?;
    }
}

/// Runs what waits for disks on a thread that may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ImportError> + Send + 'static,
) -> Result<T, ImportError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|e| Err(ImportError::Store(io::Error::other(e))))
}
