//! cmi5 course structure (cmi5 specification, section 13), with the checks that an LMS must make (3, 6.1, 13, 14).

mod rules;
mod schema;

use crate::{
    Cmi5Block, Cmi5Course, Cmi5Objective, Cmi5Unit, Course, Details, Item, LangMap, LaunchMethod, Metadata,
    MoveOn, Organization, Standard,
    course::COURSE_FORMAT,
    diagnostic::{Code, Diagnostics, quoted},
    href,
    limits::{MAX_ITEM_DEPTH, MAX_ITEMS},
    package::Package,
    unique::UniqueNames,
    xml::{Node, NodeExt, Xml, collapse},
};

use rules::Ids;

/// Tag for a text without a language.
const NO_LANGUAGE: &str = "und";

/// The course of a parsed course structure; `None`, with reasons among the diagnostics, when it is none.
pub(crate) fn read(
    package: Package<'_>,
    name: &str,
    xml: &Xml<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Course> {
    if !xml.root.is("courseStructure") {
        let found = quoted(xml.root.tag_name().name());
        let message =
            format!("The file's root element is {found} instead of courseStructure: this is no cmi5 course.");
        diagnostics.add_at(Code::ManifestNotRecognised, || xml.place(xml.root), message);
        return None;
    }
    schema::check(xml, diagnostics);
    let mut reader = Reader { package, xml, diagnostics, ids: Ids::default(), names: UniqueNames::default() };
    let about = reader.course();
    let items = reader.items()?;
    reader.check_references(&about, &items);
    let identifier = xml.root.element("course").and_then(|course| course.token("id"));
    let title = first_text(xml.root.element("course"), "title");
    let title = title
        .or_else(|| items.first().map(|item| item.title.clone()))
        .unwrap_or_else(|| "Untitled course".to_owned());
    Some(Course {
        format: COURSE_FORMAT,
        standard: Standard::Cmi5,
        also: Vec::new(),
        identifier,
        title: title.clone(),
        languages: about.titles.keys().filter(|tag| *tag != NO_LANGUAGE).cloned().collect(),
        manifest: name.to_owned(),
        root: package.root.to_owned(),
        default_organization: 0,
        organizations: vec![Organization {
            identifier: "course".to_owned(),
            title,
            declared: true,
            objectives_global_to_system: true,
            shared_data_global_to_system: true,
            sequencing: Default::default(),
            items,
        }],
        resources: Vec::new(),
        metadata: Metadata {
            description: first_text(xml.root.element("course"), "description"),
            ..Metadata::default()
        },
        cmi5: Some(about),
        launchable: false,
    })
}

struct Reader<'r, 'd> {
    package: Package<'r>,
    xml: &'r Xml<'d>,
    diagnostics: &'r mut Diagnostics,
    ids: Ids,
    names: UniqueNames,
}

impl<'d> Reader<'_, 'd> {
    fn report(&mut self, code: Code, node: Node<'_>, message: impl Into<String>) {
        let xml = self.xml;
        self.diagnostics.add_at(code, || xml.place(node), message);
    }

    /// Titles, descriptions and objectives of the course (13.1.1, 13.1.3).
    fn course(&mut self) -> Cmi5Course {
        let mut about = Cmi5Course::default();
        if let Some(course) = self.xml.root.element("course") {
            self.check_iri(course, "The course", "id");
            about.titles = texts(course, "title");
            about.descriptions = texts(course, "description");
        }
        for node in
            self.xml.root.elements_named("objectives").flat_map(|list| list.elements_named("objective"))
        {
            let id = node.token("id").unwrap_or_default();
            self.check_iri(node, "An objective", "id");
            self.check_unique_objective(node, &id);
            about.objectives.push(Cmi5Objective {
                id,
                titles: texts(node, "title"),
                descriptions: texts(node, "description"),
            });
        }
        about
    }

    /// All blocks and units in document order; `None` beyond the limits.
    fn items(&mut self) -> Option<Vec<Item>> {
        let mut items: Vec<Item> = Vec::new();
        let mut open: Vec<(Node<'d>, Option<u32>, u16)> = Vec::new();
        push_children(&mut open, self.xml.root, None, 0);
        while let Some((node, parent, depth)) = open.pop() {
            if items.len() >= MAX_ITEMS || usize::from(depth) >= MAX_ITEM_DEPTH {
                let (code, message) = match items.len() >= MAX_ITEMS {
                    true => (
                        Code::TooManyItems,
                        format!("The course has more than {MAX_ITEMS} blocks and units."),
                    ),
                    false => (
                        Code::NestingTooDeep,
                        format!("Blocks are nested more than {MAX_ITEM_DEPTH} levels deep."),
                    ),
                };
                self.report(code, node, message + " The course was refused.");
                return None;
            }
            let index = u32::try_from(items.len()).ok();
            let item = if node.is("block") { self.block(node) } else { self.unit(node) };
            items.push(Item { parent, depth, ..item });
            push_children(&mut open, node, index, depth + 1);
        }
        Some(items)
    }

    fn block(&mut self, node: Node<'d>) -> Item {
        self.check_iri(node, "A block", "id");
        let details = Cmi5Block {
            titles: texts(node, "title"),
            descriptions: texts(node, "description"),
            objectives: references(node),
        };
        Item { details: Details::Cmi5Block(details), ..self.named(node) }
    }

    fn unit(&mut self, node: Node<'d>) -> Item {
        self.check_iri(node, "An assignable unit", "id");
        let mut item = self.named(node);
        let owner = format!("Unit {}", quoted(&item.identifier));
        if let Some(address) =
            node.element("url").map(|url| url.inner_text().trim().to_owned()).filter(|url| !url.is_empty())
        {
            let xml = self.xml;
            self.check_url(node, &owner, &address);
            item.launch = Some(self.package.launch(&address, &owner, &|| xml.place(node), self.diagnostics));
        }
        item.mastery_score = node.token("masteryScore");
        let details = Cmi5Unit {
            titles: texts(node, "title"),
            descriptions: texts(node, "description"),
            objectives: references(node),
            move_on: self.move_on(node),
            mastery_score: self.mastery_score(node),
            launch_method: self.launch_method(node),
            launch_parameters: inner(node, "launchParameters"),
            entitlement_key: inner(node, "entitlementKey"),
            activity_type: node.token("activityType"),
        };
        Item { details: Details::Cmi5Unit(details), ..item }
    }

    /// Identifier and title. Equal identifiers are an error already; in the model they are kept apart.
    fn named(&mut self, node: Node<'d>) -> Item {
        let id = node.token("id").unwrap_or_else(|| "no-id".to_owned());
        self.check_unique_item(node, &id);
        let identifier = self.names.make_unique(&id).unwrap_or(id);
        let title = first_text(Some(node), "title").unwrap_or_else(|| identifier.clone());
        Item { identifier, title, visible: true, ..Item::default() }
    }

    fn move_on(&mut self, node: Node<'_>) -> MoveOn {
        let Some(word) = node.token("moveOn") else {
            return MoveOn::NotApplicable;
        };
        match word.as_str() {
            "Passed" => MoveOn::Passed,
            "Completed" => MoveOn::Completed,
            "CompletedAndPassed" => MoveOn::CompletedAndPassed,
            "CompletedOrPassed" => MoveOn::CompletedOrPassed,
            "NotApplicable" => MoveOn::NotApplicable,
            _ => {
                self.report_word(node, "moveOn", &word);
                MoveOn::NotApplicable
            }
        }
    }

    fn launch_method(&mut self, node: Node<'_>) -> LaunchMethod {
        match node.token("launchMethod").as_deref() {
            None | Some("AnyWindow") => LaunchMethod::AnyWindow,
            Some("OwnWindow") => LaunchMethod::OwnWindow,
            Some(word) => {
                self.report_word(node, "launchMethod", word);
                LaunchMethod::AnyWindow
            }
        }
    }
}

/// Puts the blocks and units inside of an element on the stack, the first one on top.
fn push_children<'d>(
    open: &mut Vec<(Node<'d>, Option<u32>, u16)>,
    node: Node<'d>,
    parent: Option<u32>,
    depth: u16,
) {
    let start = open.len();
    let is_item = |child: &Node<'d>| child.is("au") || child.is("block");
    open.extend(node.elements().filter(is_item).map(|child| (child, parent, depth)));
    open[start..].reverse();
}

/// Ids of the objectives that a block or unit refers to.
fn references(node: Node<'_>) -> Vec<String> {
    let lists = node.elements_named("objectives").flat_map(|list| list.elements_named("objective"));
    lists.filter_map(|objective| objective.token("idref")).collect()
}

/// The text of a child element without the white space around it; `None` when nothing is left.
fn inner(node: Node<'_>, name: &str) -> Option<String> {
    let text = node.element(name)?.inner_text();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The `langstring`s of a title or description; the first one of each language.
fn texts(node: Node<'_>, name: &str) -> LangMap {
    let mut map = LangMap::new();
    for text in node.element(name).into_iter().flat_map(|list| list.elements_named("langstring")) {
        let language = text.attr("lang").map_or_else(|| NO_LANGUAGE.to_owned(), collapse);
        map.entry(language).or_insert_with(|| text.collapsed_text());
    }
    map
}

/// The first `langstring` that says something.
fn first_text(node: Option<Node<'_>>, name: &str) -> Option<String> {
    let list = node?.element(name)?;
    list.elements_named("langstring").map(NodeExt::collapsed_text).find(|text| !text.is_empty())
}

/// Addresses that have no scheme lie in the package.
fn is_relative(address: &str) -> bool {
    href::scheme(address).is_none()
}
