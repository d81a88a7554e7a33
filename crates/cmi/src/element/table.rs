//! One table per edition: from a name to its definition, without allocation.

use super::{Collection, Element, Place, cmi, ieee};
use crate::edition::{Edition, Family};

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;
const SLOTS: usize = 256;
const EMPTY: u8 = u8::MAX;

/// FNV-1a over one more byte.
pub(super) const fn mix(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(FNV_PRIME)
}

/// The hash of no bytes.
pub(super) const fn start() -> u64 {
    FNV_OFFSET
}

/// The number of a definition's name.
pub(super) const fn name_key(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = start();
    let mut at = 0;
    while at < bytes.len() {
        hash = mix(hash, bytes[at]);
        at += 1;
    }
    hash
}

/// Where the search for a key begins.
const fn slot(key: u64) -> usize {
    ((key ^ (key >> 32) ^ (key >> 17)) as usize) % SLOTS
}

/// The elements of one edition.
#[derive(Debug)]
pub struct Table {
    /// The edition.
    pub edition: Edition,
    elements: &'static [Element],
    slots: [u8; SLOTS],
}

impl Table {
    const fn build(edition: Edition) -> Self {
        let elements: &'static [Element] = match edition.family() {
            Family::Cmi => cmi::ELEMENTS,
            Family::Ieee => ieee::ELEMENTS,
        };
        assert!(elements.len() < EMPTY as usize, "an element's number must fit a byte");
        let mut slots = [EMPTY; SLOTS];
        let mut ordinal = 0;
        while ordinal < elements.len() {
            if elements[ordinal].is_in(edition) {
                let mut at = slot(elements[ordinal].key);
                while slots[at] != EMPTY {
                    at = (at + 1) % SLOTS;
                }
                slots[at] = ordinal as u8;
            }
            ordinal += 1;
        }
        Self { edition, elements, slots }
    }

    /// The table of an edition.
    #[must_use]
    pub fn of(edition: Edition) -> &'static Self {
        static SCORM_11: Table = Table::build(Edition::Scorm11);
        static SCORM_12: Table = Table::build(Edition::Scorm12);
        static AICC: Table = Table::build(Edition::Aicc);
        static ED2: Table = Table::build(Edition::Scorm2004Ed2);
        static ED3: Table = Table::build(Edition::Scorm2004Ed3);
        static ED4: Table = Table::build(Edition::Scorm2004Ed4);
        match edition {
            Edition::Scorm11 => &SCORM_11,
            Edition::Scorm12 => &SCORM_12,
            Edition::Aicc => &AICC,
            Edition::Scorm2004Ed2 => &ED2,
            Edition::Scorm2004Ed3 => &ED3,
            Edition::Scorm2004Ed4 => &ED4,
        }
    }

    /// The elements in the order of the documentation.
    pub fn elements(&self) -> impl Iterator<Item = &'static Element> {
        let edition = self.edition;
        self.elements.iter().filter(move |element| element.is_in(edition))
    }

    /// Elements of the whole family, by number. Storage of scalars is laid out by it.
    pub(crate) const fn family(&self) -> &'static [Element] {
        self.elements
    }

    /// The definition with this key, if `is_it` confirms its name.
    pub(crate) fn find(&self, key: u64, is_it: impl Fn(&str) -> bool) -> Option<(u8, &'static Element)> {
        let mut at = slot(key);
        loop {
            let ordinal = self.slots[at];
            if ordinal == EMPTY {
                return None;
            }
            let element = &self.elements[usize::from(ordinal)];
            if element.key == key && is_it(element.name) {
                return Some((ordinal, element));
            }
            at = (at + 1) % SLOTS;
        }
    }

    /// The definition of exactly this name, `n` for indices.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&'static Element> {
        self.find(name_key(name), |found| found == name).map(|(_, element)| element)
    }

    /// The definition at a place.
    pub(crate) fn at(&self, place: Place) -> Option<&'static Element> {
        self.elements().find(|element| element.place == place)
    }

    /// Definitions of a collection's fields and inner collections, in order.
    pub(crate) fn of_collection(&self, collection: Collection) -> impl Iterator<Item = &'static Element> {
        self.elements().filter(move |element| {
            matches!(element.place, Place::Field(of, _) | Place::Nested(of, _) if of == collection)
        })
    }
}
