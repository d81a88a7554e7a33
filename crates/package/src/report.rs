use serde::{Deserialize, Serialize};

use crate::{Code, Course, Diagnostic, Severity, Standard, diagnostic::Diagnostics};

/// What came out of reading a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The standard of the package, also when its manifest could not be understood. `None` when nothing points to
    /// any.
    pub standard: Option<Standard>,
    /// Other standards for which the package has a manifest.
    pub also: Vec<Standard>,
    /// The course; `None` when no manifest could be understood.
    pub course: Option<Course>,
    /// Findings, errors first.
    pub diagnostics: Vec<Diagnostic>,
}

/// The answer of `lyceum check --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Name of the standard.
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
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// The report about something that cannot even be opened as a package: not a zip archive, damaged,
    /// dangerous. The message says why.
    #[must_use]
    pub fn unreadable(message: &str) -> Self {
        let mut diagnostics = Diagnostics::default();
        diagnostics.add(Code::PackageUnreadable, message);
        Self::failed(None, diagnostics)
    }

    pub(crate) fn failed(standard: Option<Standard>, diagnostics: Diagnostics) -> Self {
        Self { standard, also: Vec::new(), course: None, diagnostics: diagnostics.finish() }
    }

    /// The course can be played.
    #[must_use]
    pub fn is_launchable(&self) -> bool {
        self.course.as_ref().is_some_and(|course| course.launchable)
    }

    /// The findings that are errors.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The report in the shape of `lyceum check --json`.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let course = self.course.as_ref();
        Summary {
            standard: self.standard,
            also: self.also.clone(),
            title: course.map(|course| course.title.clone()),
            authoring_tool: course.and_then(|course| course.metadata.authoring_tool.clone()),
            items: course.map_or(0, Course::item_count),
            launchable: self.is_launchable(),
            launch: course.and_then(Course::launch).map(|launch| launch.href.clone()),
            diagnostics: self.diagnostics.clone(),
        }
    }
}
