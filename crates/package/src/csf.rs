//! Course structure format of SCORM 1.1 (CSF): blocks and SCOs in one tree, each SCO with its own address.

use crate::{
    Course, Details, Item, Launch, Metadata, Organization, Resource, ScormType, Standard,
    course::COURSE_FORMAT,
    diagnostic::{Code, Diagnostics, quoted},
    href,
    limits::{MAX_ITEM_DEPTH, MAX_ITEMS},
    package::Package,
    unique::UniqueNames,
    xml::{Node, NodeExt, Xml},
};

/// Elements that are activities.
const ACTIVITIES: [&str; 3] = ["block", "sco", "au"];

/// The course of a parsed course structure; `None`, with reasons among the diagnostics, when it is none.
pub(crate) fn read(
    package: Package<'_>,
    name: &str,
    xml: &Xml<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Course> {
    if !xml.root.is("content") {
        let found = quoted(xml.root.tag_name().name());
        let message =
            format!("The file's root element is {found} instead of content: this is no SCORM 1.1 course.");
        diagnostics.add_at(Code::ManifestNotRecognised, || xml.place(xml.root), message);
        return None;
    }
    let mut reader =
        Reader { package, xml, diagnostics, resources: Vec::new(), names: UniqueNames::default() };
    let items = reader.items()?;
    let first = items.first();
    let title = first.map_or_else(|| "Untitled course".to_owned(), |item| item.title.clone());
    Some(Course {
        format: COURSE_FORMAT,
        standard: Standard::Scorm11,
        also: Vec::new(),
        identifier: first.map(|item| item.identifier.clone()),
        title: title.clone(),
        languages: Vec::new(),
        manifest: name.to_owned(),
        root: package.root.to_owned(),
        default_organization: 0,
        metadata: Metadata { description: description(xml.root), ..Metadata::default() },
        organizations: vec![Organization {
            identifier: "content".to_owned(),
            title,
            declared: true,
            objectives_global_to_system: true,
            shared_data_global_to_system: true,
            sequencing: Default::default(),
            items,
        }],
        resources: reader.resources,
        cmi5: None,
        launchable: false,
    })
}

struct Reader<'r, 'd> {
    package: Package<'r>,
    xml: &'r Xml<'d>,
    diagnostics: &'r mut Diagnostics,
    resources: Vec<Resource>,
    names: UniqueNames,
}

impl<'d> Reader<'_, 'd> {
    /// All blocks and SCOs in document order; `None` beyond the limits.
    fn items(&mut self) -> Option<Vec<Item>> {
        let mut items: Vec<Item> = Vec::new();
        let mut open: Vec<(Node<'d>, Option<u32>, u16)> = Vec::new();
        push_children(&mut open, self.xml.root, None, 0);
        while let Some((node, parent, depth)) = open.pop() {
            if items.len() >= MAX_ITEMS || usize::from(depth) >= MAX_ITEM_DEPTH {
                let (code, message) = match items.len() >= MAX_ITEMS {
                    true => (Code::TooManyItems, format!("The course has more than {MAX_ITEMS} activities.")),
                    false => (
                        Code::NestingTooDeep,
                        format!("Blocks are nested more than {MAX_ITEM_DEPTH} levels deep."),
                    ),
                };
                self.diagnostics.add_at(code, || self.xml.place(node), message + " The course was refused.");
                return None;
            }
            let index = u32::try_from(items.len()).ok();
            let item = self.item(node);
            items.push(Item { parent, depth, ..item });
            push_children(&mut open, node, index, depth + 1);
        }
        Some(items)
    }

    fn item(&mut self, node: Node<'d>) -> Item {
        let id = node.token("id").unwrap_or_else(|| node.tag_name().name().to_owned());
        let identifier = match self.names.make_unique(&id) {
            None => id,
            Some(other) => {
                let message = format!(
                    "Several activities have the id {}; this one is kept apart as {}.",
                    quoted(&id),
                    quoted(&other)
                );
                self.diagnostics.add_at(Code::IdentifierDuplicate, || self.xml.place(node), message);
                other
            }
        };
        let mut item = Item {
            title: node
                .element_at(&["identification", "title"])
                .map(NodeExt::collapsed_text)
                .unwrap_or_default(),
            identifier,
            visible: true,
            prerequisites: text(node, "prerequisites"),
            details: Details::None,
            ..Item::default()
        };
        if !node.is("block") {
            self.content(&mut item, node);
        }
        if item.title.is_empty() {
            let from_file = item.launch.as_ref().and_then(|launch| href::stem(&launch.href));
            item.title = from_file.unwrap_or_else(|| item.identifier.clone());
            let message = format!("{} has no title.", quoted(&item.identifier));
            self.diagnostics.add_at(Code::TitleMissing, || self.xml.place(node), message);
        }
        item
    }

    fn content(&mut self, item: &mut Item, node: Node<'d>) {
        item.mastery_score = text(node, "masteryScore");
        item.max_time_allowed = text(node, "maxTimeAllowed");
        item.time_limit_action = text(node, "timeLimitAction");
        item.data_from_lms = text(node, "dataFromLMS");
        item.scorm_type = Some(ScormType::Sco);
        item.launch = self.launch(node, &item.identifier);
        item.resource = u32::try_from(self.resources.len()).ok();
        self.resources.push(Resource {
            identifier: item.identifier.clone(),
            kind: None,
            scorm_type: item.scorm_type,
            launch: item.launch.clone(),
            files: 0,
            dependencies: Vec::new(),
        });
    }

    fn launch(&mut self, node: Node<'d>, identifier: &str) -> Option<Launch> {
        let owner = format!("SCO {}", quoted(identifier));
        let Some(location) = text(node, "location") else {
            let message = format!("{owner} has no location: there is nothing to launch.");
            self.diagnostics.add_at(Code::ResourceWithoutHref, || self.xml.place(node), message);
            return None;
        };
        let xml = self.xml;
        let launch = self.package.launch(&location, &owner, &|| xml.place(node), self.diagnostics);
        let href = href::with_parameters(&launch.href, &text(node, "parameterString").unwrap_or_default());
        Some(Launch { href, ..launch })
    }
}

fn push_children<'d>(
    open: &mut Vec<(Node<'d>, Option<u32>, u16)>,
    node: Node<'d>,
    parent: Option<u32>,
    depth: u16,
) {
    let start = open.len();
    let is_activity = |child: &Node<'d>| ACTIVITIES.iter().any(|name| child.is(name));
    open.extend(node.elements().filter(is_activity).map(|child| (child, parent, depth)));
    open[start..].reverse();
}

/// The text of the first element of this name in an activity, but not in the activities inside of it.
fn text(activity: Node<'_>, name: &str) -> Option<String> {
    let inside = activity.elements().filter(|child| !ACTIVITIES.iter().any(|other| child.is(other)));
    let found = inside.flat_map(|child| child.descendants()).find(|node| node.is(name))?;
    let text = found.inner_text();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn description(root: Node<'_>) -> Option<String> {
    let first = root.elements().find(|child| child.is("block"))?;
    let text = first.element_at(&["identification", "description"])?.collapsed_text();
    (!text.is_empty()).then_some(text)
}
