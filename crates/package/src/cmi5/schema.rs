//! The parts of CourseStructure.xsd: which elements an element must and may contain, and in which order (cmi5 13.2).

use crate::{
    diagnostic::{Code, Diagnostics, quoted},
    xml::{Node, NodeExt, Xml},
};

/// An element of the schema.
struct Rule {
    name: &'static str,
    /// Child elements in their order. Elements of other namespaces may follow.
    children: &'static [Child],
    /// Attributes that it must have.
    required: &'static [&'static str],
    /// Attributes that it may have.
    optional: &'static [&'static str],
}

/// A place in the order of child elements.
struct Child {
    /// Elements that may stand there.
    names: &'static [&'static str],
    required: bool,
    repeats: bool,
}

const fn one(names: &'static [&'static str]) -> Child {
    Child { names, required: true, repeats: false }
}
const fn maybe(names: &'static [&'static str]) -> Child {
    Child { names, required: false, repeats: false }
}
const fn many(names: &'static [&'static str]) -> Child {
    Child { names, required: true, repeats: true }
}

const ROOT: Rule = Rule {
    name: "courseStructure",
    children: &[one(&["course"]), maybe(&["objectives"]), many(&["au", "block"])],
    required: &[],
    optional: &[],
};
const COURSE: Rule = Rule {
    name: "course",
    children: &[one(&["title"]), one(&["description"])],
    required: &["id"],
    optional: &[],
};
const BLOCK: Rule = Rule {
    name: "block",
    children: &[one(&["title"]), one(&["description"]), maybe(&["objectives"]), many(&["au", "block"])],
    required: &["id"],
    optional: &[],
};
const UNIT: Rule = Rule {
    name: "au",
    children: &[
        one(&["title"]),
        one(&["description"]),
        maybe(&["objectives"]),
        one(&["url"]),
        maybe(&["launchParameters"]),
        maybe(&["entitlementKey"]),
    ],
    required: &["id"],
    optional: &["moveOn", "masteryScore", "launchMethod", "activityType"],
};
const TEXT: Rule = Rule { name: "text", children: &[many(&["langstring"])], required: &[], optional: &[] };
const OBJECTIVES: Rule =
    Rule { name: "objectives", children: &[many(&["objective"])], required: &[], optional: &[] };
/// Title and description in any order.
const OBJECTIVE: Rule = Rule {
    name: "objective",
    children: &[many(&["title", "description"])],
    required: &["id"],
    optional: &[],
};
const REFERENCE: Rule = Rule { name: "objective", children: &[], required: &[], optional: &["idref"] };

/// Checks the whole file.
pub(super) fn check(xml: &Xml<'_>, diagnostics: &mut Diagnostics) {
    for node in xml.root.descendants().filter(|node| node.is_element() && is_cmi5(*node, xml.root)) {
        if let Some(rule) = rule(node, xml.root) {
            check_children(node, &rule, xml, diagnostics);
            check_attributes(node, &rule, xml, diagnostics);
        }
    }
}

/// Elements of other namespaces are extensions and anybody's business.
fn is_cmi5(node: Node<'_>, root: Node<'_>) -> bool {
    node.tag_name().namespace() == root.tag_name().namespace()
}

fn rule(node: Node<'_>, root: Node<'_>) -> Option<Rule> {
    let parent = node.parent_element();
    let is_course_level = parent.is_some_and(|parent| parent == root);
    Some(match node.tag_name().name() {
        "courseStructure" if node == root => ROOT,
        "course" if is_course_level => COURSE,
        "block" => BLOCK,
        "au" => UNIT,
        "title" | "description" => TEXT,
        "objectives" => OBJECTIVES,
        "objective" => {
            let defines = parent.and_then(|list| list.parent_element()) == Some(root);
            if defines { OBJECTIVE } else { REFERENCE }
        }
        _ => return None,
    })
}

/// Walks the children along the rule's order.
fn check_children(node: Node<'_>, rule: &Rule, xml: &Xml<'_>, diagnostics: &mut Diagnostics) {
    let mut invalid = |place: Node<'_>, what: String| {
        let message =
            format!("{what} The course structure does not follow its schema, so the course is refused.");
        diagnostics.add_at(Code::Cmi5StructureInvalid, || xml.place(place), message);
    };
    let known = |name: &str| rule.children.iter().position(|child| child.names.contains(&name));
    let mut counts = vec![0_usize; rule.children.len()];
    let mut reached = 0;
    for child in node.elements().filter(|child| is_cmi5(*child, xml.root)) {
        let name = child.tag_name().name();
        let Some(place) = known(name) else { continue };
        if place < reached {
            invalid(child, format!("<{name}> stands too late in <{}>.", rule.name));
        }
        reached = reached.max(place);
        counts[place] += 1;
        if counts[place] == 2 && !rule.children[place].repeats {
            invalid(child, format!("<{name}> stands more than once in <{}>.", rule.name));
        }
    }
    for (child, count) in rule.children.iter().zip(counts) {
        if child.required && count == 0 {
            invalid(node, format!("<{}> lacks <{}>.", node.tag_name().name(), child.names.join("> or <")));
        }
    }
    if rule.name == "au" && node.element("url").is_some_and(|url| url.collapsed_text().is_empty()) {
        invalid(node, "The <url> of a unit is empty.".to_owned());
    }
}

fn check_attributes(node: Node<'_>, rule: &Rule, xml: &Xml<'_>, diagnostics: &mut Diagnostics) {
    for name in rule.required.iter().filter(|name| node.token(name).is_none()) {
        let message = format!("<{}> has no {name}, which it must have. The course is refused.", rule.name);
        diagnostics.add_at(Code::Cmi5StructureInvalid, || xml.place(node), message);
    }
    for attribute in node.attributes().filter(|attribute| attribute.namespace().is_none()) {
        let name = attribute.name();
        if !rule.required.contains(&name) && !rule.optional.contains(&name) {
            let message =
                format!("{} is no attribute of <{}> in cmi5; it was ignored.", quoted(name), rule.name);
            diagnostics.add_at(Code::Cmi5Unknown, || xml.place(node), message);
        }
    }
}
