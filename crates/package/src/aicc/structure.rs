//! The tree that a `.cst` file describes: blocks with their members.

use std::collections::{HashMap, HashSet};

use crate::{
    Item,
    diagnostic::{Code, Diagnostics, quoted},
    limits::{MAX_ITEM_DEPTH, MAX_ITEMS},
};

use super::Files;

/// What stands at a place of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Element {
    /// Index of a unit.
    Unit(usize),
    /// Id of a block.
    Block(String),
}

/// A place of the tree.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) element: Element,
    pub(super) parent: Option<u32>,
    pub(super) depth: u16,
    /// Ids of objectives that are members of the unit.
    pub(super) objectives: Vec<String>,
}

/// All places in document order.
pub(super) struct Structure {
    places: Vec<Place>,
}

/// Members that are still to be placed.
struct Pending<'t> {
    id: &'t str,
    parent: Option<u32>,
    depth: usize,
}

impl Structure {
    pub(super) fn into_places(self) -> Vec<Place> {
        self.places
    }

    /// The tree of a course; without a `.cst` file all units one after the other. `None` beyond the limits.
    pub(super) fn of(files: &Files, units: &[Item], diagnostics: &mut Diagnostics) -> Option<Self> {
        let by_id: HashMap<String, usize> =
            units.iter().enumerate().map(|(index, unit)| (unit.identifier.to_uppercase(), index)).collect();
        let (root, members) = members(files);
        let mut places: Vec<Place> = Vec::new();
        let mut placed: HashSet<String> = HashSet::from([root.clone()]);
        let mut open: Vec<Pending<'_>> = pending(&members, &root, None, 0);
        while let Some(next) = open.pop() {
            let key = next.id.to_uppercase();
            let element = match by_id.get(&key) {
                Some(index) => Element::Unit(*index),
                None if members.contains_key(&key) => Element::Block(next.id.to_owned()),
                None if key.starts_with('J') => {
                    add_objective(&mut places, next.parent, next.id);
                    continue;
                }
                None => {
                    report(
                        diagnostics,
                        format!(
                            "The .cst file names {}, which is not defined; it was ignored.",
                            quoted(next.id)
                        ),
                    );
                    continue;
                }
            };
            if !placed.insert(key.clone()) {
                let message = format!(
                    "{} stands in the course's structure more than once; only the first place counts.",
                    quoted(next.id)
                );
                report(diagnostics, message);
                continue;
            }
            if next.depth >= MAX_ITEM_DEPTH || places.len() >= MAX_ITEMS {
                let message = format!(
                    "The course has more than {MAX_ITEMS} elements or {MAX_ITEM_DEPTH} levels, the most that is \
                     accepted. It was refused."
                );
                diagnostics.add(Code::TooManyItems, message);
                return None;
            }
            let index = u32::try_from(places.len()).ok();
            let depth = u16::try_from(next.depth).unwrap_or(u16::MAX);
            places.push(Place { element, parent: next.parent, depth, objectives: Vec::new() });
            open.append(&mut pending(&members, &key, index, next.depth + 1));
        }
        place_the_rest(units, &placed, files.structure.is_some(), &mut places, diagnostics);
        Some(Self { places })
    }
}

/// The id of the root block, and the members of every block, by upper-case id.
fn members(files: &Files) -> (String, HashMap<String, Vec<&str>>) {
    let mut members: HashMap<String, Vec<&str>> = HashMap::new();
    let mut first = None;
    for row in files.structure.iter().flat_map(super::Table::rows) {
        let Some(block) = row.get("block").or_else(|| row.at(0)) else { continue };
        let key = block.to_uppercase();
        first.get_or_insert_with(|| key.clone());
        members.entry(key).or_default().extend(row.all("member"));
    }
    let root = if members.contains_key("ROOT") { Some("ROOT".to_owned()) } else { first };
    (root.unwrap_or_default(), members)
}

/// A block's members as a stack, the first one on top.
fn pending<'t>(
    members: &HashMap<String, Vec<&'t str>>,
    block: &str,
    parent: Option<u32>,
    depth: usize,
) -> Vec<Pending<'t>> {
    let ids = members.get(block).into_iter().flatten().rev();
    ids.map(|id| Pending { id, parent, depth }).collect()
}

fn add_objective(places: &mut [Place], parent: Option<u32>, id: &str) {
    let owner = parent.and_then(|index| places.get_mut(index as usize));
    if let Some(owner) = owner.filter(|place| matches!(place.element, Element::Unit(_))) {
        owner.objectives.push(id.to_owned());
    }
}

/// Units that no block names come at the end.
fn place_the_rest(
    units: &[Item],
    placed: &HashSet<String>,
    has_structure: bool,
    places: &mut Vec<Place>,
    diagnostics: &mut Diagnostics,
) {
    for (index, unit) in units.iter().enumerate() {
        if placed.contains(&unit.identifier.to_uppercase()) {
            continue;
        }
        if has_structure {
            let message = "The .cst file does not name this unit; it was put at the end of the course.";
            diagnostics.add_item(Code::AiccUnitUnplaced, &unit.identifier, message);
        }
        places.push(Place { element: Element::Unit(index), parent: None, depth: 0, objectives: Vec::new() });
    }
}

fn report(diagnostics: &mut Diagnostics, message: String) {
    diagnostics.add(Code::AiccStructureInvalid, message);
}
