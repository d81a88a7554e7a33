//! From a package to a report: find the manifests, read the best one, check what it says.

use crate::{
    Course, FileTree, MemoryTree, Report, Severity, Standard, aicc, check, cmi5, csf,
    diagnostic::{Code, Diagnostics, quoted},
    href,
    locate::{self, Candidate, Kind},
    package::Package,
    scorm, text, tincan, tool, xml,
};

/// Reads the course of a package.
///
/// Never fails: what is wrong is in the report. Takes time in proportion to the manifest and to the number of files,
/// within the bounds of [`limits`](crate::limits).
#[must_use]
pub fn read_package(tree: &dyn FileTree) -> Report {
    let mut diagnostics = Diagnostics::default();
    let candidates = locate::manifests(tree, &mut diagnostics);
    if candidates.is_empty() && !diagnostics.has_error() {
        diagnostics.add(
            Code::NoManifest,
            "There is no manifest in the package: no imsmanifest.xml (SCORM), cmi5.xml, tincan.xml (xAPI), .crs file \
             (AICC) or CSF.xml (SCORM 1.1). Pack the folder that contains it, or export the course as SCORM.",
        );
    }
    read_candidates(tree, &candidates, false, diagnostics)
}

/// Reads a manifest that was given without its package, such as a cmi5.xml with absolute addresses. The kind is told by
/// the root element, so that the file may have any name.
#[must_use]
pub fn read_manifest(name: &str, bytes: &[u8]) -> Report {
    let file = href::forward_slashes(name).rsplit('/').next().unwrap_or(name).to_owned();
    let tree = MemoryTree::new([(file.clone(), bytes)]);
    let mut diagnostics = Diagnostics::default();
    let Some(kind) = kind_of_content(bytes) else {
        diagnostics.add_at(
            Code::NoManifest,
            || file.clone(),
            "The file is no manifest of SCORM, xAPI or cmi5: its root element is none of manifest, tincan, \
             courseStructure or content.",
        );
        return Report::failed(None, diagnostics);
    };
    let candidate = Candidate { kind, name: file, root: String::new() };
    read_candidates(&tree, &[candidate], true, diagnostics)
}

fn kind_of_content(bytes: &[u8]) -> Option<Kind> {
    let text = text::decode_xml(bytes).text;
    match locate::root_name(&text)?.to_ascii_lowercase().as_str() {
        "manifest" => Some(Kind::Scorm),
        "coursestructure" => Some(Kind::Cmi5),
        "tincan" => Some(Kind::Xapi),
        "content" => Some(Kind::Csf),
        _ => None,
    }
}

/// What came out of one manifest.
struct Attempt {
    standard: Standard,
    course: Option<Course>,
    diagnostics: Diagnostics,
}

/// Reads manifests in order of preference until one can be played; the best one makes the report.
fn read_candidates(
    tree: &dyn FileTree,
    candidates: &[Candidate],
    bare: bool,
    diagnostics: Diagnostics,
) -> Report {
    let mut attempts: Vec<Attempt> = candidates
        .iter()
        .map(|candidate| attempt(Package { tree, root: &candidate.root, bare }, candidate))
        .collect();
    let launchable =
        attempts.iter().position(|one| one.course.as_ref().is_some_and(|course| course.launchable));
    let readable = attempts.iter().position(|one| one.course.is_some());
    let Some(chosen) = launchable.or(readable).or((!attempts.is_empty()).then_some(0)) else {
        return Report::failed(None, diagnostics);
    };
    let best = attempts.remove(chosen);
    let also: Vec<Standard> = attempts.iter().map(|other| other.standard).collect();
    let mut found = best.diagnostics;
    found.extend(diagnostics);
    let better_but_broken = attempts.into_iter().take(chosen);
    better_but_broken.for_each(|other| report_unusable(other, best.standard, &mut found));
    tell_circumstances(&candidates[chosen], &also, best.standard, bare, &mut found);
    let course = best.course.map(|course| Course { also: also.clone(), ..course });
    Report { standard: Some(best.standard), also, course, diagnostics: found.finish() }
}

/// Reads one manifest and checks its course.
fn attempt(package: Package<'_>, candidate: &Candidate) -> Attempt {
    let mut diagnostics = Diagnostics::default();
    let name = candidate.name.as_str();
    let bytes = package.manifest(name, &mut diagnostics);
    let read = bytes.as_ref().and_then(|bytes| match candidate.kind {
        Kind::Aicc => aicc::read(package, name, &mut diagnostics),
        kind => read_xml(package, kind, name, bytes, &mut diagnostics),
    });
    let course = read.map(|(mut course, traces)| {
        check::course(package, &mut course, &mut diagnostics);
        course.metadata.authoring_tool = tool::detect(package, &course, &traces);
        course
    });
    let standard = match &course {
        Some(course) => course.standard,
        None => guess(candidate.kind, bytes.as_deref()),
    };
    Attempt { standard, course, diagnostics }
}

/// Reads a manifest that is XML; the answer is the course and the traces of the tool that made it.
fn read_xml(
    package: Package<'_>,
    kind: Kind,
    name: &str,
    bytes: &[u8],
    diagnostics: &mut Diagnostics,
) -> Option<(Course, String)> {
    let read = xml::read(bytes, name, diagnostics, |xml, diagnostics| {
        let course = match kind {
            Kind::Csf => csf::read(package, name, xml, diagnostics),
            Kind::Cmi5 => cmi5::read(package, name, xml, diagnostics),
            Kind::Xapi => tincan::read(package, name, xml, diagnostics),
            Kind::Scorm | Kind::Aicc => scorm::read(package, name, xml, diagnostics),
        };
        course.map(|course| (course, xml.traces()))
    });
    read.flatten()
}

/// The standard of a manifest that cannot be understood.
fn guess(kind: Kind, bytes: Option<&[u8]>) -> Standard {
    match kind {
        Kind::Scorm => {
            bytes.map_or(Standard::Scorm12, |bytes| scorm::guess_edition(&text::decode_xml(bytes).text))
        }
        Kind::Csf => Standard::Scorm11,
        Kind::Cmi5 => Standard::Cmi5,
        Kind::Aicc => Standard::Aicc,
        Kind::Xapi => Standard::Xapi,
    }
}

fn report_unusable(other: Attempt, used: Standard, diagnostics: &mut Diagnostics) {
    let reason = other.diagnostics.finish().into_iter().find(|one| one.severity == Severity::Error);
    let message = format!(
        "The package is also a {} course, but cannot be played as such ({}); it is played as {}.",
        other.standard.title(),
        reason.map_or_else(|| "nothing to launch".to_owned(), |reason| reason.message),
        used.title()
    );
    diagnostics.add(Code::OtherManifestUnusable, message);
}

fn tell_circumstances(
    candidate: &Candidate,
    also: &[Standard],
    used: Standard,
    bare: bool,
    diagnostics: &mut Diagnostics,
) {
    if !candidate.root.is_empty() {
        let message = format!(
            "The manifest lies in the folder {} instead of at the root. It is found here; other systems may refuse the \
             package.",
            quoted(&candidate.root)
        );
        diagnostics.add_at(Code::ManifestInFolder, || candidate.name.clone(), message);
    }
    if !also.is_empty() {
        let others: Vec<&str> = also.iter().map(|standard| standard.title()).collect();
        let message =
            format!("The package is also made for {}. It is played as {}.", others.join(", "), used.title());
        diagnostics.add(Code::SeveralStandards, message);
    }
    // A course structure of cmi5 may come alone (cmi5 14.2).
    if bare && candidate.kind != Kind::Cmi5 {
        diagnostics.add_at(
            Code::BareManifest,
            || candidate.name.clone(),
            "Only the manifest was given. Its files could not be checked, and nothing can be played without them: give \
             the whole package as a zip file or folder.",
        );
    }
}
