//! Rules beyond the schema: identifiers, addresses, values. Every one of them makes the LMS refuse the course.

use std::collections::HashSet;

use lyceum_sequencing::definitions::Decimal;

use crate::{
    Cmi5Course, Details, Item,
    diagnostic::{Code, quoted},
    href,
    xml::{Node, NodeExt},
};

use super::{Reader, is_relative};

/// Parameters that the LMS adds to the address of a unit (cmi5 8.1).
const RESERVED_PARAMETERS: [&str; 5] = ["endpoint", "fetch", "actor", "registration", "activityId"];

/// Identifiers that were seen.
#[derive(Debug, Default)]
pub(super) struct Ids {
    items: HashSet<String>,
    objectives: HashSet<String>,
}

impl Reader<'_, '_> {
    /// Identifiers are absolute IRIs (cmi5 3). What is missing altogether, the schema check tells.
    pub(super) fn check_iri(&mut self, node: Node<'_>, owner: &str, attribute: &str) {
        let Some(id) = node.token(attribute) else { return };
        if !is_absolute_iri(&id) {
            let message = format!(
                "{owner} has the id {}, which is not an absolute IRI such as https://example.com/course. cmi5 demands \
                 one, so the course is refused.",
                quoted(&id)
            );
            self.report(Code::Cmi5IdNotIri, node, message);
        }
    }

    /// Identifiers of blocks and units are unique (cmi5 13.1.2, 13.1.4).
    pub(super) fn check_unique_item(&mut self, node: Node<'_>, id: &str) {
        if !self.ids.items.insert(id.to_owned()) {
            self.report_duplicate(node, id);
        }
    }

    /// Identifiers of objectives are unique (cmi5 13.1.3).
    pub(super) fn check_unique_objective(&mut self, node: Node<'_>, id: &str) {
        if !self.ids.objectives.insert(id.to_owned()) {
            self.report_duplicate(node, id);
        }
    }

    fn report_duplicate(&mut self, node: Node<'_>, id: &str) {
        let message = format!(
            "The id {} stands twice in the course, here at <{}>. Ids must be unique, so the course is refused.",
            quoted(id),
            node.tag_name().name()
        );
        self.report(Code::Cmi5IdDuplicate, node, message);
    }

    /// The address of a unit: a valid URL (cmi5 13.1.4), absolute unless it leads into a package (14.2), without the
    /// LMS's own parameters (8.1).
    pub(super) fn check_url(&mut self, node: Node<'_>, owner: &str, address: &str) {
        let leads_to_file =
            !self.package.bare && is_relative(address) && self.package.find(address).is_some();
        if !is_url(address) && !leads_to_file {
            let message = format!(
                "{owner} has the address {}, which is not a valid URL. The course is refused: correct the address.",
                quoted(address)
            );
            self.report(Code::Cmi5UrlInvalid, node, message);
        }
        if self.package.bare && is_relative(address) {
            let message = format!(
                "{owner} has the relative address {}, but the course structure came without a package. Give the \
                 package, or write absolute addresses.",
                quoted(address)
            );
            self.report(Code::Cmi5UrlRelative, node, message);
        }
        let query =
            address.split('#').next().and_then(|url| url.split_once('?')).map_or("", |(_, query)| query);
        for name in query.split('&').map(|pair| pair.split('=').next().unwrap_or(pair)) {
            if RESERVED_PARAMETERS.contains(&href::percent_decode(name).as_ref()) {
                let message = format!(
                    "{owner} has the parameter {} in its address, which the LMS itself adds at launch. The course is \
                     refused: name the parameter differently.",
                    quoted(name)
                );
                self.report(Code::Cmi5UrlReserved, node, message);
            }
        }
    }

    /// `masteryScore`: 0 to 1 (cmi5 13.1.4).
    pub(super) fn mastery_score(&mut self, node: Node<'_>) -> Option<Decimal> {
        let text = node.token("masteryScore")?;
        let score = Decimal::parse(&text).ok().filter(|score| (Decimal::ZERO..=Decimal::ONE).contains(score));
        if score.is_none() {
            self.report_word(node, "masteryScore", &text);
        }
        score
    }

    /// A value that the schema does not allow.
    pub(super) fn report_word(&mut self, node: Node<'_>, attribute: &str, word: &str) {
        let message =
            format!("{} is no valid value of {attribute}. The course is refused: correct it.", quoted(word));
        self.report(Code::Cmi5StructureInvalid, node, message);
    }

    /// References to objectives should lead somewhere.
    pub(super) fn check_references(&mut self, about: &Cmi5Course, items: &[Item]) {
        let known: HashSet<&str> = about.objectives.iter().map(|objective| objective.id.as_str()).collect();
        for item in items {
            let references = match &item.details {
                Details::Cmi5Unit(unit) => &unit.objectives,
                Details::Cmi5Block(block) => &block.objectives,
                _ => continue,
            };
            for reference in references.iter().filter(|reference| !known.contains(reference.as_str())) {
                let message = format!(
                    "{} refers to the objective {}, which the course does not define.",
                    quoted(&item.title),
                    quoted(reference)
                );
                self.diagnostics.add_item(Code::Cmi5ObjectiveUnknown, &item.identifier, message);
            }
        }
    }
}

/// Characters that may not stand in an IRI as they are (RFC 3987).
fn is_forbidden(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
}

fn is_absolute_iri(text: &str) -> bool {
    let after_scheme = text.split_once(':').map(|(_, rest)| rest);
    !text.starts_with("//")
        && href::scheme(text).is_some()
        && after_scheme.is_some_and(|rest| !rest.trim_start_matches('/').is_empty())
        && !text.contains(is_forbidden)
}

/// An absolute `http(s)` address with a host, or a relative one.
fn is_url(text: &str) -> bool {
    if text.contains(is_forbidden) {
        return false;
    }
    match href::scheme(text).as_deref() {
        None => !text.starts_with(':'),
        Some("http" | "https") => {
            let host = text.split_once("//").map_or("", |(_, rest)| rest);
            !host.is_empty() && !host.starts_with(['/', '?', '#', ':'])
        }
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iris_have_a_scheme_and_something_behind_it() {
        for iri in
            ["https://example.com/a", "urn:x:y", "http://münchen.example/kurs", "tag:a@b.example,2020:x"]
        {
            assert!(is_absolute_iri(iri), "{iri}");
        }
        for text in
            ["w3id.org/xapi/a", "//example.com/a", "a", "", "http://", "http:// example.com", "urn:", "x y:z"]
        {
            assert!(!is_absolute_iri(text), "{text}");
        }
    }

    #[test]
    fn urls_lead_to_a_web_server_or_into_the_package() {
        for url in
            ["http://example.com", "https://example.com:8080/a?b=c#d", "index.html", "../a/b.html?x", "/a"]
        {
            assert!(is_url(url), "{url}");
        }
        for text in [
            "http://example.com index.html",
            "http://",
            "http:///a",
            "javascript:alert(1)",
            "ftp://x/y",
            "a b",
        ] {
            assert!(!is_url(text), "{text}");
        }
    }
}
