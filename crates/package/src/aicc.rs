//! Course interchange files of AICC (CMI001, chapter 6): `.crs` about the course, `.au` its units, `.des` the titles,
//! `.cst` the structure, `.pre` the prerequisites.

mod ini;
mod structure;
mod table;

use std::collections::HashMap;

use crate::{
    AiccUnit, Course, Details, Item, Metadata, Organization, Standard,
    course::COURSE_FORMAT,
    diagnostic::{Code, Diagnostics, quoted},
    href,
    limits::MAX_ITEMS,
    package::Package,
    text,
    unique::UniqueNames,
    xml::collapse,
};

use ini::Sections;
use structure::{Element, Structure};
use table::Table;

/// The files of a course that could be read.
struct Files {
    course: Sections,
    units: Table,
    /// Name of the file with the units, for diagnostics.
    units_name: String,
    descriptions: Table,
    structure: Option<Table>,
    prerequisites: Option<Table>,
}

/// The course of a set of interchange files, `name` being one of them, and the traces of the tool that made it; `None`,
/// with reasons among the diagnostics, when it has no units.
pub(crate) fn read(
    package: Package<'_>,
    name: &str,
    diagnostics: &mut Diagnostics,
) -> Option<(Course, String)> {
    let files = open(package, name, diagnostics)?;
    let units = units(package, &files, diagnostics);
    if units.len() > MAX_ITEMS {
        let message = format!(
            "The course has {} units; at most {MAX_ITEMS} are accepted. It was refused.",
            units.len()
        );
        diagnostics.add(Code::TooManyItems, message);
        return None;
    }
    let traces = traces(&files, &units);
    let structure = Structure::of(&files, &units, diagnostics)?;
    let items = items(structure, units, &files);
    let about = |key: &str| files.course.get("course", key);
    let title = about("course_title").map(str::to_owned);
    let title = title
        .or_else(|| items.first().map(|item| item.title.clone()))
        .unwrap_or_else(|| "Untitled course".to_owned());
    let course = Course {
        format: COURSE_FORMAT,
        standard: Standard::Aicc,
        also: Vec::new(),
        identifier: about("course_id").map(str::to_owned),
        title: title.clone(),
        languages: Vec::new(),
        manifest: name.to_owned(),
        root: package.root.to_owned(),
        default_organization: 0,
        organizations: vec![Organization {
            identifier: "root".to_owned(),
            title,
            declared: true,
            objectives_global_to_system: true,
            shared_data_global_to_system: true,
            sequencing: Default::default(),
            items,
        }],
        resources: Vec::new(),
        metadata: Metadata {
            description: files.course.text("course_description"),
            version: about("version").map(str::to_owned),
            author: about("course_creator").map(str::to_owned),
            ..Metadata::default()
        },
        cmi5: None,
        launchable: false,
    };
    Some((course, traces))
}

/// Finds and reads the files that belong to one of them.
fn open(package: Package<'_>, name: &str, diagnostics: &mut Diagnostics) -> Option<Files> {
    let mut file = |extension: &str| {
        let found = sibling(package, name, extension)?;
        Some(text::decode_plain(&package.manifest(found, diagnostics)?).text)
    };
    let course = file(".crs");
    let units = file(".au");
    let descriptions = file(".des");
    let structure = file(".cst");
    let prerequisites = file(".pre");
    let requirements = sibling(package, name, ".cmp");
    if units.is_none() {
        diagnostics.add(
            Code::AiccFileMissing,
            "The AICC course has no .au file, so that nothing is known about what to launch. Export it again, with all \
             its files (.crs, .au, .des, .cst).",
        );
    }
    for (extension, is_missing, what) in [
        (".crs", course.is_none(), "the course's title is unknown"),
        (".des", descriptions.is_none(), "its units have no titles"),
        (".cst", structure.is_none(), "its units are offered one after the other"),
    ] {
        if is_missing {
            let message =
                format!("The AICC course has no {extension} file: {what}. Other systems will refuse it.");
            diagnostics.add(Code::AiccFileAbsent, message);
        }
    }
    if requirements.is_some() {
        diagnostics.add(
            Code::AiccRequirementsIgnored,
            "The course has a .cmp file with completion requirements. They are not interpreted: units report their own \
             completion.",
        );
    }
    Some(Files {
        course: Sections::parse(course.as_deref().unwrap_or_default()),
        units: Table::parse(&units?),
        units_name: sibling(package, name, ".au").unwrap_or(name).to_owned(),
        descriptions: Table::parse(descriptions.as_deref().unwrap_or_default()),
        structure: structure.as_deref().map(Table::parse),
        prerequisites: prerequisites.as_deref().map(Table::parse),
    })
}

/// The file with the same name and another extension, else the only or first one with that extension in the folder.
fn sibling<'t>(package: Package<'t>, name: &str, extension: &str) -> Option<&'t str> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if let Some(found) = package.tree.find(&href::forward_slashes(&format!("{stem}{extension}"))) {
        return Some(found);
    }
    let in_folder = |file: &&str| {
        file.strip_prefix(package.root)
            .is_some_and(|rest| !rest.contains(['/', '\\']) && rest.to_ascii_lowercase().ends_with(extension))
    };
    let mut all: Vec<&str> = package.tree.names().filter(in_folder).collect();
    all.sort_unstable();
    all.first().copied()
}

/// The units of the `.au` file in its order.
fn units(package: Package<'_>, files: &Files, diagnostics: &mut Diagnostics) -> Vec<Item> {
    let mut units = Vec::new();
    let mut names = UniqueNames::default();
    for row in files.units.rows() {
        let Some(id) = row.get("system_id") else {
            let message = "A row of the .au file has no system_id; it was ignored.";
            diagnostics.add_at(Code::AiccEntryInvalid, || files.units_name.clone(), message);
            continue;
        };
        if names.make_unique(&id.to_uppercase()).is_some() {
            let message = format!(
                "Several rows of the .au file have the system_id {}; the first one counts.",
                quoted(id)
            );
            diagnostics.add_at(Code::AiccEntryInvalid, || files.units_name.clone(), message);
            continue;
        }
        let text = |column: &str| row.get(column).map(str::to_owned);
        let owner = format!("Unit {}", quoted(id));
        let launch = row.get("file_name").map(|address| {
            package.launch(&href::forward_slashes(address), &owner, &|| format!("item {id}"), diagnostics)
        });
        units.push(Item {
            identifier: id.to_owned(),
            visible: true,
            launch,
            mastery_score: text("mastery_score"),
            max_time_allowed: text("max_time_allowed")
                .filter(|time| time.contains(|c: char| matches!(c, '1'..='9'))),
            time_limit_action: text("time_limit_action"),
            data_from_lms: text("core_vendor"),
            details: Details::AiccUnit(AiccUnit {
                unit_type: text("type"),
                command_line: text("command_line"),
                max_score: text("max_score"),
                web_launch: text("web_launch"),
                au_password: text("au_password"),
                system_vendor: text("system_vendor"),
                ..AiccUnit::default()
            }),
            ..Item::default()
        });
    }
    units
}

/// Where the tool that made a course leaves its name.
fn traces(files: &Files, units: &[Item]) -> String {
    let mut traces = files.course.get("course", "course_system").unwrap_or_default().to_owned();
    for unit in units.iter().take(10) {
        if let Details::AiccUnit(details) = &unit.details {
            for text in [&details.system_vendor, &unit.data_from_lms].into_iter().flatten() {
                traces.push('\n');
                traces.push_str(text);
            }
        }
    }
    traces
}

/// The tree with titles, objectives and prerequisites.
fn items(structure: Structure, units: Vec<Item>, files: &Files) -> Vec<Item> {
    let descriptions: HashMap<String, table::Row<'_>> = files
        .descriptions
        .rows()
        .filter_map(|row| Some((row.get("system_id")?.to_uppercase(), row)))
        .collect();
    let prerequisites = prerequisites(files);
    let mut units: Vec<Option<Item>> = units.into_iter().map(Some).collect();
    let mut items: Vec<Item> = Vec::new();
    for place in structure.into_places() {
        let mut item = match place.element {
            Element::Unit(index) => units[index].take().unwrap_or_default(),
            Element::Block(id) => {
                Item { identifier: id, visible: true, details: Details::AiccBlock, ..Item::default() }
            }
        };
        let key = item.identifier.to_uppercase();
        let row = descriptions.get(&key);
        let text = |column: &str| row.and_then(|row| row.get(column)).map(str::to_owned);
        item.title = text("title")
            .map(|title| collapse(&title))
            .or_else(|| item.launch.as_ref().and_then(|launch| href::stem(&launch.href)))
            .unwrap_or_else(|| item.identifier.clone());
        if let Details::AiccUnit(details) = &mut item.details {
            details.developer_id = text("developer_id");
            details.description = text("description");
            details.objectives = place.objectives;
        }
        item.parent = place.parent;
        item.depth = place.depth;
        item.prerequisites = prerequisites.get(&key).cloned();
        items.push(item);
    }
    items
}

/// Prerequisites by element; those of several rows must all be met.
fn prerequisites(files: &Files) -> HashMap<String, String> {
    let mut scripts: HashMap<String, Vec<&str>> = HashMap::new();
    for row in files.prerequisites.iter().flat_map(Table::rows) {
        let element = row.get("structure_element").or_else(|| row.at(0));
        let script = row.get("prerequisite").or_else(|| row.get("prerequisites")).or_else(|| row.at(1));
        if let (Some(element), Some(script)) = (element, script) {
            scripts.entry(element.to_uppercase()).or_default().push(script);
        }
    }
    let joined = |scripts: Vec<&str>| match scripts.as_slice() {
        [only] => (*only).to_owned(),
        several => several.iter().map(|script| format!("({script})")).collect::<Vec<_>>().join(" & "),
    };
    scripts.into_iter().map(|(element, scripts)| (element, joined(scripts))).collect()
}
