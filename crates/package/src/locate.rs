//! Where in a package its manifests lie.

use crate::{
    Code, FileTree,
    diagnostic::{Diagnostics, quoted},
    href,
    limits::MAX_CSF_CANDIDATES,
};

/// Kinds of manifest, in the order in which they are preferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// imsmanifest.xml of SCORM 1.2 and 2004.
    Scorm,
    /// Course structure format of SCORM 1.1.
    Csf,
    /// cmi5.xml.
    Cmi5,
    /// Course interchange files of AICC.
    Aicc,
    /// tincan.xml.
    Xapi,
}

/// A manifest and the folder in which it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) kind: Kind,
    /// Name of the file.
    pub(crate) name: String,
    /// Folder with a slash at the end, or empty.
    pub(crate) root: String,
}

impl Candidate {
    fn new(kind: Kind, name: &str) -> Self {
        let root = href::forward_slashes(name).rfind('/').map_or("", |slash| &name[..=slash]);
        Self { kind, name: name.to_owned(), root: root.to_owned() }
    }

    fn depth(&self) -> usize {
        href::forward_slashes(&self.root).matches('/').count()
    }
}

/// The manifests of a package, at most one of each kind, best first. Those at the root win; else those in the
/// folder nearest to it. Two folders with a course each are an error, because either choice would be wrong.
pub(crate) fn manifests(tree: &dyn FileTree, diagnostics: &mut Diagnostics) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = tree
        .names()
        .filter(|name| !is_junk(name))
        .filter_map(|name| Some(Candidate::new(kind_of(name)?, name)))
        .collect();
    all.sort_by(|a, b| rank(a).cmp(&rank(b)));
    let mut chosen: Vec<Candidate> = Vec::new();
    for candidate in &all {
        let same_kind = chosen.iter().find(|other| other.kind == candidate.kind);
        match same_kind {
            None => chosen.push(candidate.clone()),
            Some(other) if candidate.depth() == other.depth() && candidate.root != other.root => {
                report_several(other, candidate, diagnostics);
                return Vec::new();
            }
            Some(_) => {}
        }
    }
    if chosen.is_empty() {
        chosen.extend(unnamed_csf(tree).or_else(|| aicc_fragment(tree)));
    }
    let nearest = chosen.iter().map(Candidate::depth).min().unwrap_or(0);
    chosen.retain(|candidate| candidate.depth() == nearest);
    chosen.sort_by_key(|candidate| candidate.kind);
    chosen
}

/// Nearest folder first; in it the usual spelling first.
fn rank(candidate: &Candidate) -> (usize, bool, &str) {
    let file = &candidate.name[candidate.root.len()..];
    let is_usual = match candidate.kind {
        Kind::Csf => file == "CSF.xml",
        _ => file.bytes().all(|byte| !byte.is_ascii_uppercase()),
    };
    (candidate.depth(), !is_usual, &candidate.name)
}

fn report_several(one: &Candidate, other: &Candidate, diagnostics: &mut Diagnostics) {
    diagnostics.add(
        Code::SeveralManifests,
        format!(
            "The package has the manifests {} and {} in different folders: these are several courses in one file. \
             Pack each folder on its own.",
            quoted(&one.name),
            quoted(&other.name)
        ),
    );
}

/// What macOS, Windows and version control leave in packages.
fn is_junk(name: &str) -> bool {
    href::forward_slashes(name).split('/').any(|segment| {
        segment.eq_ignore_ascii_case("__MACOSX") || segment.starts_with("._") || segment == ".git"
    })
}

fn kind_of(name: &str) -> Option<Kind> {
    let path = href::forward_slashes(name);
    let file = path.rsplit('/').next().unwrap_or(&path).to_ascii_lowercase();
    match file.as_str() {
        "imsmanifest.xml" => Some(Kind::Scorm),
        "csf.xml" => Some(Kind::Csf),
        "cmi5.xml" => Some(Kind::Cmi5),
        "tincan.xml" => Some(Kind::Xapi),
        _ => file.ends_with(".crs").then_some(Kind::Aicc),
    }
}

/// An AICC course without its .crs file is recognised by its structure, if there is nothing else: other tools use
/// the endings .au, .cst and .des, too.
fn aicc_fragment(tree: &dyn FileTree) -> Option<Candidate> {
    let mut names = tree.names().filter(|name| !is_junk(name));
    names
        .find(|name| name.to_ascii_lowercase().ends_with(".cst"))
        .map(|name| Candidate::new(Kind::Aicc, name))
}

/// A course structure of SCORM 1.1 may have any name: XML files at the root are looked into.
fn unnamed_csf(tree: &dyn FileTree) -> Option<Candidate> {
    const MAX_BYTES: u64 = 1024 * 1024;
    let is_candidate =
        |name: &&str| !name.contains(['/', '\\']) && name.to_ascii_lowercase().ends_with(".xml");
    let mut names: Vec<&str> = tree.names().filter(|name| !is_junk(name)).filter(is_candidate).collect();
    names.sort_unstable();
    names.into_iter().take(MAX_CSF_CANDIDATES).find_map(|name| {
        let text = crate::text::decode_xml(&tree.read(name, MAX_BYTES).ok()?).text;
        (root_name(&text) == Some("content") && text.contains("<block"))
            .then(|| Candidate::new(Kind::Csf, name))
    })
}

/// Local name of the root element, told without parsing. For manifests of unknown kind.
pub(crate) fn root_name(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = &rest[rest.find('<')? + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = &comment[comment.find("-->")?..];
        } else if rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            let name = rest.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next()?;
            return Some(name.rsplit(':').next().unwrap_or(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryTree;

    fn located(names: &[&str]) -> (Vec<(Kind, String, String)>, bool) {
        let tree = MemoryTree::new(names.iter().map(|name| (*name, "")));
        let mut diagnostics = Diagnostics::default();
        let found = manifests(&tree, &mut diagnostics);
        (found.into_iter().map(|one| (one.kind, one.name, one.root)).collect(), diagnostics.has_error())
    }

    #[test]
    fn the_manifest_nearest_to_the_root_is_taken() {
        for (names, kind, name, root) in [
            (&["imsmanifest.xml"][..], Kind::Scorm, "imsmanifest.xml", ""),
            (&["a.txt", "IMSManifest.XML"], Kind::Scorm, "IMSManifest.XML", ""),
            (&["IMSMANIFEST.XML", "imsmanifest.xml"], Kind::Scorm, "imsmanifest.xml", ""),
            (&["x/y/imsmanifest.xml", "readme"], Kind::Scorm, "x/y/imsmanifest.xml", "x/y/"),
            (&["x/imsmanifest.xml", "x/sub/imsmanifest.xml"], Kind::Scorm, "x/imsmanifest.xml", "x/"),
            (&["x\\imsmanifest.xml"], Kind::Scorm, "x\\imsmanifest.xml", "x\\"),
            (&["__MACOSX/x/imsmanifest.xml", "x/imsmanifest.xml"], Kind::Scorm, "x/imsmanifest.xml", "x/"),
            (&["._imsmanifest.xml", "z/imsmanifest.xml"], Kind::Scorm, "z/imsmanifest.xml", "z/"),
            (&["CSF.xml"], Kind::Csf, "CSF.xml", ""),
            (&["CMI5.xml"], Kind::Cmi5, "CMI5.xml", ""),
            (&["b.AU", "b.CRS", "b.des"], Kind::Aicc, "b.CRS", ""),
            (&["moodle.cst"], Kind::Aicc, "moodle.cst", ""),
            (&["TinCan.xml"], Kind::Xapi, "TinCan.xml", ""),
        ] {
            let expected = (kind, name.to_owned(), root.to_owned());
            assert_eq!(located(names), (vec![expected], false), "{names:?}");
        }
    }

    #[test]
    fn several_standards_are_ordered_and_only_the_nearest_count() {
        let kinds = |names: &[&str]| located(names).0.into_iter().map(|(kind, ..)| kind).collect::<Vec<_>>();
        assert_eq!(
            kinds(&["tincan.xml", "cmi5.xml", "imsmanifest.xml"]),
            [Kind::Scorm, Kind::Cmi5, Kind::Xapi]
        );
        assert_eq!(kinds(&["imsmanifest.xml", "content/a.au", "content/a.crs"]), [Kind::Scorm]);
        assert_eq!(kinds(&["tincan.xml", "lib/imsmanifest.xml"]), [Kind::Xapi]);
        assert_eq!(kinds(&["imsmanifest.xml", "cast.cst", "sound.au"]), [Kind::Scorm]);
    }

    #[test]
    fn two_courses_in_two_folders_are_an_error() {
        assert_eq!(located(&["a/imsmanifest.xml", "b/imsmanifest.xml"]), (vec![], true));
    }

    #[test]
    fn nothing_is_found_where_there_is_nothing() {
        assert_eq!(located(&[]), (vec![], false));
        assert_eq!(located(&["index.html", "imsmanifest.xml.bak", "sound.au"]), (vec![], false));
    }

    #[test]
    fn a_course_structure_may_have_any_name() {
        let tree = MemoryTree::new([
            ("course.xml", "<?xml version='1.0'?><!-- <a> --><content><block id='B'/></content>"),
            ("other.xml", "<content/>"),
        ]);
        let found = manifests(&tree, &mut Diagnostics::default());
        assert_eq!((found[0].kind, found[0].name.as_str()), (Kind::Csf, "course.xml"));
    }

    #[test]
    fn root_elements_are_told_without_parsing() {
        for (text, name) in [
            ("<?xml version='1.0'?>\n<!-- <x> --><a:manifest x='1'>", Some("manifest")),
            ("<!DOCTYPE m [<!ENTITY a 'b'>]><m/>", Some("m")),
            ("<courseStructure>", Some("courseStructure")),
            ("no markup", None),
            ("<!-- open", None),
            ("", None),
        ] {
            assert_eq!(root_name(text), name, "{text}");
        }
    }
}
