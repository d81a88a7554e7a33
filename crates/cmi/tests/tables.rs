//! The definitions are consistent with themselves.

use lyceum_cmi::element::{Access, Element, Kind, Place, Table};
use lyceum_cmi::markdown::{catalogue, write_markdown};
use lyceum_cmi::{Edition, Inputs, Model, NoHost, Rules, Runtime};
use std::collections::BTreeSet;

/// A name that content could send for a definition.
fn sent(element: &Element) -> String {
    element.name.split('.').map(|part| if part == "n" { "0" } else { part }).collect::<Vec<_>>().join(".")
}

#[test]
fn every_definition_is_found_by_its_name_once() {
    for edition in Edition::ALL {
        let mut names = BTreeSet::new();
        for element in Table::of(edition).elements() {
            assert!(names.insert(element.name), "{edition}: {} is defined twice", element.name);
            let found = Table::of(edition).named(element.name).expect("a definition is found by its name");
            assert_eq!(found.name, element.name);
            assert!(!element.about.is_empty(), "{edition}: {} says what it is", element.name);
            assert!(
                element.is_keyword() || !element.source.is_empty(),
                "{edition}: {} names its source",
                element.name
            );
        }
        assert!(names.len() > 40, "{edition} has {} elements", names.len());
    }
}

#[test]
fn no_two_elements_share_a_place() {
    for edition in Edition::ALL {
        let mut places = BTreeSet::new();
        for element in Table::of(edition).elements() {
            if !matches!(element.place, Place::Scalar | Place::Computed) {
                assert!(places.insert(format!("{:?}", element.place)), "{edition}: {}", element.name);
            }
        }
    }
}

#[test]
fn children_are_the_elements_below() {
    for edition in Edition::ALL {
        for element in Table::of(edition).elements() {
            let Kind::Children(names) = element.kind else { continue };
            let group = element.name.strip_suffix("._children").expect("a keyword's name");
            let is_array = Table::of(edition).named(&format!("{group}._count")).is_some();
            let prefix = if is_array { format!("{group}.n.") } else { format!("{group}.") };
            let below: BTreeSet<&str> = Table::of(edition)
                .elements()
                .filter_map(|other| other.name.strip_prefix(prefix.as_str()))
                .map(|rest| rest.split('.').next().unwrap_or(rest))
                .filter(|name| !name.starts_with('_'))
                .collect();
            let named: BTreeSet<&str> = names.split(',').collect();
            // CMI001 counts the date of an interaction, SCORM's list of names came before it.
            let missing: Vec<_> = below.difference(&named).filter(|name| **name != "date").collect();
            assert!(missing.is_empty(), "{edition}: {} lacks {missing:?}", element.name);
            assert!(named.is_subset(&below), "{edition}: {} names more than there is", element.name);
        }
    }
}

#[test]
fn access_is_what_the_engine_does() {
    for edition in Edition::ALL {
        for element in Table::of(edition).elements() {
            let mut runtime = Runtime::new(Rules::strict(edition), &Inputs::default(), Model::new(edition));
            runtime.initialize("");
            let name = sent(element);
            let is_ieee = edition.name().starts_with("SCORM_2004");
            let (read_only, write_only, keyword) = if is_ieee { (404, 405, 404) } else { (403, 404, 402) };
            let set = runtime.set_value(&name, "\u{1}").error.0;
            let get = runtime.get_value(&name, &NoHost).error.0;
            match element.access {
                _ if element.is_keyword() => assert_eq!(set, keyword, "{edition}: set {name}"),
                Access::ReadOnly => assert_eq!(set, read_only, "{edition}: set {name}"),
                Access::WriteOnly => assert_eq!(get, write_only, "{edition}: get {name}"),
                Access::ReadWrite => {
                    assert_ne!(set, read_only, "{edition}: set {name}");
                    assert_ne!(get, write_only, "{edition}: get {name}");
                }
            }
        }
    }
}

#[test]
fn the_documentation_has_every_element_and_code() {
    let page = write_markdown();
    assert!(catalogue().count() > 300);
    for (edition, element) in catalogue() {
        let section =
            page.split("\n## ").find(|section| section.starts_with(edition.title())).expect("a section");
        assert!(section.contains(&format!("| `{}` |", element.name)), "{edition}: {}", element.name);
    }
    let columns = |line: &str| line.replace("\\|", "").matches('|').count();
    for table in page.split("\n\n").filter(|part| part.starts_with("| ")) {
        let mut widths = table.lines().filter(|line| line.starts_with('|')).map(columns);
        let first = widths.next().expect("a table has lines");
        assert!(widths.all(|width| width == first), "a row of another width in\n{table}");
    }
}
