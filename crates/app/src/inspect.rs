//! What is in a package: the archive's own problems and what the manifest reader says, in one report.

use std::fs::File;
use std::path::Path;

use lyceum_archive::{Archive, EntryId, OpenError, OpenOptions, PackError, Policy, pack_folder};
use lyceum_package::{Course, FileTree, ReadError, Report, Standard};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::app::App;

/// The answer of `lyceum check --json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckSummary {
    /// Name of the standard; `None` when nothing points to any.
    pub standard: Option<Standard>,
    /// Other standards for which the package has a manifest.
    pub also: Vec<Standard>,
    /// Title of the course.
    pub title: Option<String>,
    /// The tool it was made with, as far as that shows.
    pub authoring_tool: Option<String>,
    /// Items that the manifest declares, over all organizations.
    pub items: usize,
    /// It can be played.
    pub launchable: bool,
    /// What is opened first.
    pub launch: Option<String>,
    /// Findings, errors first.
    pub diagnostics: Vec<Finding>,
}

/// One finding about a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// error, warning or info.
    pub severity: Severity,
    /// What it is, for programs.
    pub code: String,
    /// What it means and what to do about it.
    pub message: String,
    /// `file:line:column`, `file`, or `item <identifier>`.
    #[serde(rename = "where")]
    pub place: Option<String>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It cannot be played, or must be refused.
    Error,
    /// It can be played, but perhaps not as meant.
    Warning,
    /// Worth knowing.
    Info,
}

/// What was to be checked cannot be read at all.
#[derive(Debug, Error)]
pub enum CheckError {
    /// The file or folder.
    #[error("{path} cannot be read: {source}")]
    Read {
        /// What was to be read.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// The folder cannot be packed.
    #[error(transparent)]
    Pack(#[from] PackError),
}

/// The package as read, with everything that was found on the way.
pub(crate) struct Inspected {
    pub(crate) course: Option<Course>,
    pub(crate) summary: CheckSummary,
}

impl App {
    /// Reads any package and says what it is and what is wrong with it: a zip, a folder, or a bare manifest (`.xml`).
    /// Needs no data folder. Blocks; verifies the checksums of all entries.
    ///
    /// # Errors
    /// When it cannot be read at all; a package that is only bad gives a summary.
    pub fn check(path: &Path) -> Result<CheckSummary, CheckError> {
        Ok(match source(path)? {
            Source::Manifest(report) => summary(&report, &[]),
            Source::Zip(zip) => checked(zip),
        })
    }
}

/// What a person may point at, ready to be read.
enum Source {
    /// A manifest without its package.
    Manifest(Box<Report>),
    /// A zip, or a folder that was packed into one.
    Zip(File),
}

fn source(path: &Path) -> Result<Source, CheckError> {
    let failed = |source| CheckError::Read { path: path.display().to_string(), source };
    if path.is_dir() {
        let mut zip = tempfile::tempfile().map_err(failed)?;
        pack_folder(path, std::io::BufWriter::new(&mut zip))?;
        return Ok(Source::Zip(zip));
    }
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xml")) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(path).map_err(failed)?;
        return Ok(Source::Manifest(Box::new(lyceum_package::read_manifest(&name, &bytes))));
    }
    Ok(Source::Zip(File::open(path).map_err(failed)?))
}

/// Reads what [`App::check`] takes, without looking for damage in the entries.
pub(crate) fn inspect_path(path: &Path) -> Result<Inspected, CheckError> {
    let zip = match source(path)? {
        Source::Manifest(report) => {
            let summary = summary(&report, &[]);
            return Ok(Inspected { course: report.course, summary });
        }
        Source::Zip(zip) => zip,
    };
    Ok(match Archive::from_file(zip, &archive_options()) {
        Ok(archive) => inspect(&archive),
        Err(e) => Inspected { course: None, summary: unreadable(&e) },
    })
}

/// Entries that must not be served are left out, so that everything else can be told.
fn archive_options() -> OpenOptions {
    OpenOptions { policy: Policy::Skip, ..OpenOptions::default() }
}

fn checked(file: File) -> CheckSummary {
    match Archive::from_file(file, &archive_options()) {
        Ok(archive) => {
            let mut inspected = inspect(&archive);
            add_damage(&archive, &mut inspected.summary);
            inspected.summary
        }
        Err(e) => unreadable(&e),
    }
}

/// The report about something that cannot be opened as a package.
pub(crate) fn unreadable(error: &OpenError) -> CheckSummary {
    let mut summary = summary(&Report::unreadable(&error.to_string()), error.problems());
    if let Some(first) = summary.diagnostics.first_mut() {
        first.code = error.code().to_owned();
    }
    summary
}

/// Reads the manifest of an archive that could be opened.
pub(crate) fn inspect(archive: &Archive) -> Inspected {
    let report = lyceum_package::read_package(&Tree(archive));
    let summary = summary(&report, archive.problems());
    Inspected { course: report.course, summary }
}

fn summary(report: &Report, problems: &[lyceum_archive::Problem]) -> CheckSummary {
    let of_package = report.summary();
    let mut diagnostics: Vec<Finding> = problems.iter().map(finding).collect();
    diagnostics.extend(of_package.diagnostics.into_iter().map(|diagnostic| Finding {
        severity: match diagnostic.severity {
            lyceum_package::Severity::Error => Severity::Error,
            lyceum_package::Severity::Warning => Severity::Warning,
            lyceum_package::Severity::Info => Severity::Info,
        },
        code: diagnostic.code.as_str().to_owned(),
        message: diagnostic.message,
        place: diagnostic.place,
    }));
    diagnostics.sort_by_key(|finding| finding.severity);
    CheckSummary {
        standard: of_package.standard,
        also: of_package.also,
        title: of_package.title,
        authoring_tool: of_package.authoring_tool,
        items: of_package.items,
        launchable: of_package.launchable,
        launch: of_package.launch,
        diagnostics,
    }
}

fn finding(problem: &lyceum_archive::Problem) -> Finding {
    let severity = match problem.severity() {
        lyceum_archive::Severity::Notice => Severity::Info,
        lyceum_archive::Severity::Refused | lyceum_archive::Severity::Fatal => Severity::Error,
    };
    Finding {
        severity,
        code: problem.code.as_str().to_owned(),
        message: problem.message.clone(),
        place: problem.entry.clone(),
    }
}

/// Damaged entries are warnings: the rest of the course plays.
fn add_damage(archive: &Archive, summary: &mut CheckSummary) {
    let found = archive.verify(|_| std::ops::ControlFlow::Continue(()));
    for (entry, error) in &found.damaged {
        summary.diagnostics.push(Finding {
            severity: Severity::Warning,
            code: "entry-damaged".to_owned(),
            message: format!("{error}. This file will not be shown; pack the course again."),
            place: Some(archive.entry(*entry).name().to_owned()),
        });
    }
    summary.diagnostics.sort_by_key(|finding| finding.severity);
}

/// The archive as the manifest reader wants to see it.
struct Tree<'a>(&'a Archive);

impl Tree<'_> {
    fn exact(&self, name: &str) -> Option<EntryId> {
        self.0.lookup(name).filter(|id| self.0.entry(*id).name() == name)
    }
}

impl FileTree for Tree<'_> {
    fn names(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(
            self.0.files().map(|(_, entry)| entry).filter(|entry| !entry.is_junk()).map(|entry| entry.name()),
        )
    }

    fn find(&self, path: &str) -> Option<&str> {
        self.0.lookup(path).map(|id| self.0.entry(id).name())
    }

    fn read(&self, name: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let id = self.exact(name).or_else(|| self.0.lookup(name)).ok_or(ReadError::NotFound)?;
        if self.0.entry(id).size() > limit {
            return Err(ReadError::TooLarge { limit });
        }
        self.0.read(id, limit).map_err(|e| ReadError::Damaged(e.to_string()))
    }

    fn size(&self, name: &str) -> Option<u64> {
        self.0.lookup(name).map(|id| self.0.entry(id).size())
    }
}
