//! tincan.xml of the Experience API: a list of activities, of which at least one can be launched.

use crate::{
    Course, Details, Item, LangMap, Metadata, Organization, Standard, XapiActivity,
    course::COURSE_FORMAT,
    diagnostic::{Code, Diagnostics, quoted},
    href,
    limits::MAX_ITEMS,
    package::Package,
    unique::UniqueNames,
    xml::{Node, NodeExt, Xml},
};

/// Tag for a text without a language.
const NO_LANGUAGE: &str = "und";

/// The course of a parsed tincan.xml; `None`, with reasons among the diagnostics, when it is none.
pub(crate) fn read(
    package: Package<'_>,
    name: &str,
    xml: &Xml<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Course> {
    if !xml.root.is("tincan") {
        let found = quoted(xml.root.tag_name().name());
        let message =
            format!("The file's root element is {found} instead of tincan: this is no xAPI course.");
        diagnostics.add_at(Code::ManifestNotRecognised, || xml.place(xml.root), message);
        return None;
    }
    let nodes: Vec<Node<'_>> =
        xml.root.elements_named("activities").flat_map(|list| list.elements_named("activity")).collect();
    if nodes.len() > MAX_ITEMS {
        let message = format!(
            "The course has {} activities; at most {MAX_ITEMS} are accepted. It was refused.",
            nodes.len()
        );
        diagnostics.add_at(Code::TooManyItems, || xml.place(xml.root), message);
        return None;
    }
    let mut names = UniqueNames::default();
    let items: Vec<Item> =
        nodes.into_iter().map(|node| activity(package, node, xml, &mut names, diagnostics)).collect();
    let main = items.iter().find(|item| item.launch.is_some()).or(items.first());
    let title = main.map_or_else(|| "Untitled course".to_owned(), |item| item.title.clone());
    let mut languages: Vec<String> = Vec::new();
    for item in &items {
        let Details::XapiActivity(activity) = &item.details else { continue };
        for tag in activity.names.keys().filter(|tag| *tag != NO_LANGUAGE) {
            if languages.len() < 50 && !languages.contains(tag) {
                languages.push(tag.clone());
            }
        }
    }
    let description = main.and_then(|item| match &item.details {
        Details::XapiActivity(activity) => {
            activity.descriptions.values().find(|text| !text.is_empty()).cloned()
        }
        _ => None,
    });
    Some(Course {
        format: COURSE_FORMAT,
        standard: Standard::Xapi,
        also: Vec::new(),
        identifier: main.map(|item| item.identifier.clone()),
        title: title.clone(),
        languages,
        manifest: name.to_owned(),
        root: package.root.to_owned(),
        default_organization: 0,
        organizations: vec![Organization {
            identifier: "activities".to_owned(),
            title,
            declared: true,
            objectives_global_to_system: true,
            shared_data_global_to_system: true,
            sequencing: Default::default(),
            items,
        }],
        resources: Vec::new(),
        metadata: Metadata { description, ..Metadata::default() },
        cmi5: None,
        launchable: false,
    })
}

fn activity(
    package: Package<'_>,
    node: Node<'_>,
    xml: &Xml<'_>,
    names: &mut UniqueNames,
    diagnostics: &mut Diagnostics,
) -> Item {
    let identifier = identifier(node, xml, names, diagnostics);
    let owner = format!("Activity {}", quoted(&identifier));
    let address =
        node.elements_named("launch").map(|launch| launch.collapsed_text()).find(|text| !text.is_empty());
    let launch = address.map(|address| package.launch(&address, &owner, &|| xml.place(node), diagnostics));
    let title = texts(node, "name").into_iter().map(|(_, text)| text).find(|text| !text.is_empty());
    let title = title.unwrap_or_else(|| {
        let message = format!("{owner} has no name.");
        diagnostics.add_at(Code::TitleMissing, || xml.place(node), message);
        launch.as_ref().and_then(|launch| href::stem(&launch.href)).unwrap_or_else(|| identifier.clone())
    });
    Item {
        identifier,
        title,
        visible: launch.is_some(),
        launch,
        details: Details::XapiActivity(XapiActivity {
            activity_type: node.token("type"),
            names: by_language(texts(node, "name")),
            descriptions: by_language(texts(node, "description")),
        }),
        ..Item::default()
    }
}

/// The activity's id. The standard wants an IRI, but statements carry whatever it is, so it is kept.
fn identifier(
    node: Node<'_>,
    xml: &Xml<'_>,
    names: &mut UniqueNames,
    diagnostics: &mut Diagnostics,
) -> String {
    let id = node.token("id").unwrap_or_else(|| {
        diagnostics.add_at(
            Code::XapiActivityWithoutId,
            || xml.place(node),
            "An activity has no id; one was made up. Statements about it cannot be assigned.",
        );
        "activity".to_owned()
    });
    names.make_unique(&id).map_or(id.clone(), |other| {
        let message = format!(
            "Several activities have the id {}; this one is kept apart as {}.",
            quoted(&id),
            quoted(&other)
        );
        diagnostics.add_at(Code::IdentifierDuplicate, || xml.place(node), message);
        other
    })
}

/// Texts of all elements of a name, with their languages, in document order.
fn texts(node: Node<'_>, name: &str) -> Vec<(String, String)> {
    node.elements_named(name)
        .map(|text| (text.token("lang").unwrap_or_else(|| NO_LANGUAGE.to_owned()), text.collapsed_text()))
        .collect()
}

/// The first text of each language.
fn by_language(texts: Vec<(String, String)>) -> LangMap {
    let mut map = LangMap::new();
    for (language, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        map.entry(language).or_insert(text);
    }
    map
}
