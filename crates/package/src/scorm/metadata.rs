//! Titles, descriptions and durations of LOM and IMS metadata, inline or in a file of their own (CAM 4).

use crate::{
    Organization,
    course::Metadata,
    diagnostic::Diagnostics,
    href,
    xml::{self, Node, NodeExt},
};

use super::Reader;

/// The metadata of the course, with the title that it has there.
#[derive(Default)]
pub(super) struct Found {
    pub(super) title: Option<String>,
    pub(super) metadata: Metadata,
}

impl Reader<'_, '_> {
    /// What the manifest, or the metadata file that it names, says about the course; and all languages that turn up.
    pub(super) fn metadata(&mut self) -> (Found, Vec<String>) {
        let mut languages = Vec::new();
        collect_languages(self.xml.root, &mut languages);
        let inline = self.xml.root.element("metadata");
        let mut found = Found::default();
        if let Some(lom) = inline.and_then(lom_inside) {
            read_lom(lom, &mut found);
        } else if let Some(bytes) = inline.and_then(|node| self.external(node)) {
            // A broken metadata file is of no consequence for playing: what can be read is read.
            xml::read(&bytes, "metadata", &mut Diagnostics::default(), |file, _| {
                collect_languages(file.root, &mut languages);
                read_lom(lom_inside(file.root).unwrap_or(file.root), &mut found);
            });
        }
        (found, languages)
    }

    /// The content of the file in `adlcp:location`.
    fn external(&self, metadata: Node<'_>) -> Option<Vec<u8>> {
        const MAX_BYTES: u64 = 1024 * 1024;
        let location = metadata.element("location")?.collapsed_text();
        let file = self.package.find(&location)?;
        self.package.tree.read(file.name, MAX_BYTES).ok()
    }

    /// The title of the course: that of its organization, else of the metadata, else the best there is. Organizations
    /// without a title get it, too.
    pub(super) fn course_title(
        &mut self,
        organizations: &mut [Organization],
        default: usize,
        found: &Found,
    ) -> String {
        let organization = organizations.get(default);
        let candidates = [
            organization.map(|one| one.title.clone()),
            found.title.clone(),
            organization.and_then(|one| one.items.first()).map(|item| item.title.clone()),
            self.xml.root.token("identifier"),
            href::stem(self.package.root.trim_end_matches(['/', '\\'])),
        ];
        let title = candidates.into_iter().flatten().find(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| "Untitled course".to_owned());
        for organization in organizations.iter_mut().filter(|one| one.title.is_empty()) {
            organization.title.clone_from(&title);
        }
        title
    }
}

fn lom_inside(node: Node<'_>) -> Option<Node<'_>> {
    if node.is("lom") || node.is("record") {
        Some(node)
    } else {
        node.element("lom").or_else(|| node.element("record"))
    }
}

/// LOM of IEEE (`typicalLearningTime/duration`, `string`) and of IMS (`typicallearningtime/datetime`, `langstring`).
fn read_lom(lom: Node<'_>, found: &mut Found) {
    let text = |path: &[&str]| {
        let node = lom.element_at(path)?;
        let text = node.elements().next().unwrap_or(node).collapsed_text();
        (!text.is_empty()).then_some(text)
    };
    found.title = text(&["general", "title"]);
    let metadata = &mut found.metadata;
    metadata.description = text(&["general", "description"]);
    metadata.version = text(&["lifeCycle", "version"]);
    metadata.duration = text(&["educational", "typicalLearningTime"])
        .or_else(|| text(&["technical", "duration"]))
        .filter(|duration| duration.chars().any(|c| matches!(c, '1'..='9')));
    metadata.keywords = lom
        .element("general")
        .into_iter()
        .flat_map(|general| general.elements_named("keyword"))
        .flat_map(|keyword| keyword.elements())
        .map(NodeExt::collapsed_text)
        .filter(|keyword| !keyword.is_empty())
        .take(MAX_KEYWORDS)
        .collect();
}

const MAX_KEYWORDS: usize = 50;
const MAX_LANGUAGES: usize = 50;

/// Language tags of texts and of LOM's `language`, in order of appearance.
fn collect_languages(root: Node<'_>, languages: &mut Vec<String>) {
    for node in root.descendants().filter(Node::is_element) {
        let tag = match node.attr("lang").or_else(|| node.attr("language")) {
            Some(tag) => tag.trim().to_owned(),
            None if node.is("language") => node.collapsed_text(),
            None => continue,
        };
        let is_language =
            !tag.is_empty() && tag.len() <= 35 && !["x-none", "und", "none"].contains(&tag.as_str());
        let is_new = !languages.iter().any(|known| known.eq_ignore_ascii_case(&tag));
        if is_language && is_new && languages.len() < MAX_LANGUAGES {
            languages.push(tag);
        }
    }
}
