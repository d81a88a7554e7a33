//! Which SCORM a manifest belongs to: by its `schemaversion`, else by namespaces and by what it uses.

use roxmltree::Node as AnyNode;

use crate::{
    Standard,
    diagnostic::{Code, Diagnostics, quoted},
    xml::{Node, NodeExt, Xml},
};

/// The edition of a manifest; `None`, with an error, when it says that it is something else than SCORM.
pub(super) fn detect(xml: &Xml<'_>, diagnostics: &mut Diagnostics) -> Option<Standard> {
    let metadata = xml.root.element("metadata");
    let text = |name| metadata.and_then(|node| node.element(name)).map(NodeExt::collapsed_text);
    let schema = text("schema").unwrap_or_default();
    if is_other_kind(&schema) {
        diagnostics.add_at(
            Code::ManifestNotRecognised,
            || xml.place(metadata.unwrap_or(xml.root)),
            format!(
                "The manifest says that it is {}, which is no SCORM course. Export it as SCORM.",
                quoted(&schema)
            ),
        );
        return None;
    }
    let signs = Signs::of(xml.root);
    let version = text("schemaversion").unwrap_or_default();
    let stated = by_version(&version);
    let edition = stated.unwrap_or_else(|| signs.edition());
    tell(xml, metadata.unwrap_or(xml.root), &version, stated, edition, &signs, diagnostics);
    Some(edition)
}

/// IMS packages that share the file name and root element with SCORM.
fn is_other_kind(schema: &str) -> bool {
    let schema = schema.to_ascii_lowercase();
    schema.contains("cartridge") || schema.contains("qti")
}

/// The edition that a `schemaversion` names.
fn by_version(version: &str) -> Option<Standard> {
    let version = version.to_ascii_lowercase();
    let has = |part: &str| version.contains(part);
    if has("4th") {
        Some(Standard::Scorm2004Fourth)
    } else if has("3rd") {
        Some(Standard::Scorm2004Third)
    } else if has("2nd") || has("1st") || has("1.3") || version == "2004" {
        Some(Standard::Scorm2004Second)
    } else if version == "1.2" || has("scorm 1.2") {
        Some(Standard::Scorm12)
    } else {
        None
    }
}

/// Best guess for a manifest that cannot be parsed, from its raw text.
pub(crate) fn guess(text: &str) -> Standard {
    let version = text.split("schemaversion>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or("");
    by_version(version.trim()).unwrap_or_else(|| {
        let mut signs = Signs::default();
        signs.see_namespace(text);
        signs.edition()
    })
}

/// What a manifest uses, as far as it tells editions apart.
#[derive(Debug, Default)]
struct Signs {
    names_2004: bool,
    names_12: bool,
    /// Elements or attributes of SCORM 2004.
    uses_2004: bool,
    /// Elements or attributes of SCORM 1.2.
    uses_12: bool,
    /// What the 4th edition added.
    uses_fourth: Option<&'static str>,
}

impl Signs {
    fn of(root: Node<'_>) -> Self {
        let mut signs = Self::default();
        root.namespaces().for_each(|namespace| signs.see_namespace(namespace.uri()));
        signs.see_namespace(root.attr("schemaLocation").unwrap_or(""));
        root.descendants().filter(AnyNode::is_element).for_each(|node| signs.see_element(node));
        signs
    }

    fn see_namespace(&mut self, names: &str) {
        self.names_2004 |=
            ["imscp_v1p1", "adlcp_v1p3", "adlseq", "adlnav", "imsss"].iter().any(|part| names.contains(part));
        self.names_12 |= ["imscp_rootv1p1p2", "adlcp_rootv1p2"].iter().any(|part| names.contains(part));
    }

    fn see_element(&mut self, node: Node<'_>) {
        match node.tag_name().name() {
            "prerequisites" | "masteryscore" | "maxtimeallowed" | "timelimitaction" | "datafromlms" => {
                self.uses_12 = true;
            }
            "sequencing" | "presentation" | "dataFromLMS" | "timeLimitAction" | "sequencingCollection" => {
                self.uses_2004 = true;
            }
            "completionThreshold" if node.attributes().len() > 0 => {
                self.fourth("attributes of completionThreshold");
            }
            "data" if node.element("map").is_some() => self.fourth("adlcp:data"),
            "mapInfo" if node.in_namespace("adlseq") => self.fourth("adlseq:objectives"),
            "resource" => {
                self.uses_2004 |= has_attribute(node, "scormType");
                self.uses_12 |= has_attribute(node, "scormtype");
            }
            "organization" if has_attribute(node, "sharedDataGlobalToSystem") => {
                self.fourth("sharedDataGlobalToSystem");
            }
            "organization" => self.uses_2004 |= has_attribute(node, "objectivesGlobalToSystem"),
            _ => {}
        }
    }

    fn fourth(&mut self, what: &'static str) {
        self.uses_2004 = true;
        self.uses_fourth.get_or_insert(what);
    }

    /// Without a stated version: names first, then what is used. Old content of SCORM 2004 often states nothing, and
    /// plays by the second edition's rules.
    fn edition(&self) -> Standard {
        let is_2004 = match (self.names_2004, self.names_12) {
            (true, false) => true,
            (false, true) => false,
            _ => self.uses_2004 && !self.uses_12,
        };
        match (is_2004, self.uses_fourth) {
            (false, _) => Standard::Scorm12,
            (true, None) => Standard::Scorm2004Second,
            (true, Some(_)) => Standard::Scorm2004Fourth,
        }
    }
}

fn has_attribute(node: Node<'_>, name: &str) -> bool {
    node.attributes().any(|attribute| attribute.name() == name)
}

/// What an author should know about the edition that was found.
fn tell(
    xml: &Xml<'_>,
    place: Node<'_>,
    version: &str,
    stated: Option<Standard>,
    edition: Standard,
    signs: &Signs,
    diagnostics: &mut Diagnostics,
) {
    let at = || xml.place(place);
    if stated.is_none() && version.is_empty() {
        let message = format!(
            "The manifest has no schemaversion. By its namespaces and elements it was taken for {}; state the version, \
             so that every LMS reads it alike.",
            edition.title()
        );
        diagnostics.add_at(Code::EditionGuessed, at, message);
    } else if stated.is_none() {
        let message = format!(
            "The schemaversion {} is none of SCORM 1.2 or 2004. By its namespaces and elements the manifest was taken \
             for {}.",
            quoted(version),
            edition.title()
        );
        diagnostics.add_at(Code::EditionUnknown, at, message);
    }
    let only_other_names = match edition.is_scorm_2004() {
        true => signs.names_12 && !signs.names_2004,
        false => signs.names_2004 && !signs.names_12,
    };
    if stated.is_some() && only_other_names {
        let message = format!(
            "The schemaversion says {}, but the namespaces are those of another version. The course is played as {}; \
             if it does not find its API, correct the schemaversion.",
            quoted(version),
            edition.title()
        );
        diagnostics.add_at(Code::EditionConflict, at, message);
    }
    if let Some(what) = signs.uses_fourth.filter(|_| edition != Standard::Scorm2004Fourth) {
        let message = format!(
            "The manifest uses {what}, which came with SCORM 2004 4th Edition, but says that it is {}. It is honoured \
             here; other systems ignore it.",
            edition.title()
        );
        diagnostics.add_at(Code::NewerEditionElement, at, message);
    }
}
