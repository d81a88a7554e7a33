//! The values that a course has stored.

mod seed;
mod value;
mod view;

pub use view::{Comment, Interaction, Objective, Score, SharedRecord};

use crate::edition::Edition;
use crate::element::{Collection, Element, Path, Place, Table, objective};
use crate::limits::{
    MAX_ELEMENT_BYTES, MAX_EXTENSIONS, MAX_MODEL_BYTES, MAX_NESTED, MAX_RECORDS, MAX_VALUE_BYTES,
    RECORD_COST, VALUE_COST,
};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;
use value::Value;
use xxhash_rust::xxh3::xxh3_64;

/// What one SCO has stored in one attempt, as element and text.
///
/// The model judges nothing: [`Model::restore`] takes what a journal recorded as accepted. Values are
/// the texts as they were sent; the typed accessors read them by meaning. Elements that content cannot
/// read (exit, session time, SCORM 1.2 interactions) are here as well.
///
/// A write costs the length of the value, whatever the model holds, and so does the hash.
#[derive(Clone, Debug)]
pub struct Model {
    table: &'static Table,
    scalars: Box<[Option<Value>]>,
    collections: [Vec<Record>; Collection::COUNT],
    extensions: BTreeMap<Box<str>, Value>,
    /// Which record of `cmi.objectives` has the identifier with this hash.
    objective_ids: BTreeMap<u64, u32>,
    hash: u64,
    bytes: usize,
}

/// One record of a collection.
#[derive(Clone, Debug, Default)]
struct Record {
    fields: [Option<Value>; Collection::MAX_FIELDS],
    nested: [Vec<Option<Value>>; 2],
}

/// A value that a model has just stored, see [`Model::adopt`].
#[derive(Clone, Copy, Debug)]
pub struct Stored<'a> {
    pub(crate) model: &'a Model,
    pub(crate) path: &'a Path,
}

/// Why a value could not be put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// The name is empty, too long, or belongs to an element that is computed.
    #[error("this element cannot hold a value; check its name and the edition of the model")]
    NotStorable,
    /// The model would grow beyond the crate's limits.
    #[error("the model is full: a value, a record or an entry beyond the documented limits")]
    Full,
}

impl Model {
    /// An empty model.
    #[must_use]
    pub fn new(edition: Edition) -> Self {
        let table = Table::of(edition);
        let mut scalars = Vec::new();
        scalars.resize_with(table.family().len(), || None);
        Self {
            table,
            scalars: scalars.into_boxed_slice(),
            collections: Default::default(),
            extensions: BTreeMap::new(),
            objective_ids: BTreeMap::new(),
            hash: 0,
            bytes: 0,
        }
    }

    /// The edition whose elements this model holds.
    #[must_use]
    pub const fn edition(&self) -> Edition {
        self.table.edition
    }

    /// Stores a value without judging it: a step of a fold over recorded outcomes.
    ///
    /// An element that the edition does not know is kept as an extension. An index beyond the end
    /// makes the records before it, empty.
    ///
    /// # Errors
    /// [`RestoreError`] where the name cannot hold a value or a limit is reached; the model is unchanged.
    pub fn restore(&mut self, element: &str, value: &str) -> Result<(), RestoreError> {
        match Path::parse(self.table, element) {
            Some(path) => self.put(&path, value),
            None => self.put_extension(element, value),
        }
    }

    /// Adds to a stored text without judging: the step of a fold for a value that was recorded with
    /// [`Flags::APPENDED`](crate::Flags::APPENDED).
    ///
    /// # Errors
    /// As [`Model::restore`].
    pub fn append(&mut self, element: &str, value: &str) -> Result<(), RestoreError> {
        let whole = [self.value(element).unwrap_or_default(), value].concat();
        self.restore(element, &whole)
    }

    /// The stored text of an element, by its full name.
    #[must_use]
    pub fn value(&self, element: &str) -> Option<&str> {
        match Path::parse(self.table, element) {
            Some(path) => self.get(&path),
            None => self.extension(element),
        }
    }

    /// Takes a stored value away. Records stay, so that indices keep their meaning.
    pub fn remove(&mut self, element: &str) -> bool {
        let removed = match Path::parse(self.table, element) {
            Some(path) => self.take(&path),
            None => self.extensions.remove(element),
        };
        if let Some(value) = &removed {
            self.forget(value);
        }
        removed.is_some()
    }

    /// Takes away what belongs to one session only: exit, session time, navigation request.
    pub fn start_session(&mut self) {
        for element in
            ["cmi.exit", "cmi.core.exit", "cmi.session_time", "cmi.core.session_time", "adl.nav.request"]
        {
            self.remove(element);
        }
    }

    /// A number that is equal for equal contents, whatever the order of writing. Kept up to date at
    /// each write.
    #[must_use]
    pub const fn hash(&self) -> u64 {
        self.hash
    }

    /// Memory that counts against [`MAX_MODEL_BYTES`].
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Nothing stored?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Number of records of a collection.
    #[must_use]
    pub fn count(&self, collection: Collection) -> usize {
        self.collections[collection as usize].len()
    }

    /// Number of entries of a collection inside a record; 0 where there is no such record.
    pub(crate) fn nested_count(&self, collection: Collection, nested: u8, record: usize) -> usize {
        self.record(collection, record).map_or(0, |found| found.nested[usize::from(nested)].len())
    }

    pub(crate) fn get(&self, path: &Path) -> Option<&str> {
        self.at(path).map(Value::text)
    }

    fn at(&self, path: &Path) -> Option<&Value> {
        match path.element.place {
            Place::Scalar => self.scalars[usize::from(path.ordinal)].as_ref(),
            Place::Field(of, field) => self.record(of, path.record())?.fields[usize::from(field)].as_ref(),
            Place::Nested(of, nested) => {
                self.record(of, path.record())?.nested[usize::from(nested)].get(path.entry())?.as_ref()
            }
            Place::Computed | Place::CountOf(_) | Place::CountOfNested(..) => None,
        }
    }

    pub(crate) fn field(&self, of: Collection, record: usize, field: u8) -> Option<&str> {
        self.record(of, record)?.fields[usize::from(field)].as_ref().map(Value::text)
    }

    pub(crate) fn entries(&self, of: Collection, record: usize, nested: u8) -> impl Iterator<Item = &str> {
        self.record(of, record)
            .into_iter()
            .flat_map(move |found| found.nested[usize::from(nested)].iter())
            .map(|entry| entry.as_ref().map_or("", Value::text))
    }

    fn record(&self, of: Collection, index: usize) -> Option<&Record> {
        self.collections[of as usize].get(index)
    }

    pub(crate) fn extension(&self, element: &str) -> Option<&str> {
        self.extensions.get(element).map(Value::text)
    }

    /// The record of `cmi.objectives` with this identifier.
    #[must_use]
    pub fn objective_with_id(&self, id: &str) -> Option<usize> {
        let index = *self.objective_ids.get(&xxh3_64(id.as_bytes()))? as usize;
        let has_id = |index: usize| self.field(Collection::Objectives, index, objective::ID) == Some(id);
        if has_id(index) {
            return Some(index);
        }
        // Two identifiers with one hash: look at all.
        (0..self.count(Collection::Objectives)).find(|index| has_id(*index))
    }

    /// Stores a value at a place, making records where the index is beyond the end.
    pub(crate) fn put(&mut self, path: &Path, value: &str) -> Result<(), RestoreError> {
        self.admit(path, value)?;
        self.place(path, Value::new(path.element.key, path.indices, value));
        Ok(())
    }

    /// Takes over what another model has just stored: one text for both, its name read and its hash counted once.
    ///
    /// # Errors
    /// As [`Model::restore`].
    pub fn adopt(&mut self, stored: &Stored<'_>) -> Result<(), RestoreError> {
        let Stored { path, model } = stored;
        let Some(value) = model.at(path) else { return Err(RestoreError::NotStorable) };
        if model.edition() != self.edition() {
            let mut name = String::new();
            write_name(&mut name, path.element.name, [path.record(), path.entry()]);
            return self.restore(&name, value.text());
        }
        self.admit(path, value.text())?;
        self.place(path, value.clone());
        Ok(())
    }

    /// Puts an admitted value where it belongs.
    fn place(&mut self, path: &Path, new: Value) {
        self.remember(&new);
        if path.element.place == Place::Field(Collection::Objectives, objective::ID) {
            self.index_objective(path, new.text());
        }
        let old = match path.element.place {
            Place::Field(of, field) => {
                self.record_mut(of, path.record()).fields[usize::from(field)].replace(new)
            }
            Place::Nested(of, nested) => {
                let entries = &mut self.record_mut(of, path.record()).nested[usize::from(nested)];
                if entries.len() <= path.entry() {
                    entries.resize_with(path.entry() + 1, || None);
                }
                entries[path.entry()].replace(new)
            }
            _ => self.scalars[usize::from(path.ordinal)].replace(new),
        };
        if let Some(old) = old {
            self.forget(&old);
        }
    }

    /// Is there room for this value?
    fn admit(&self, path: &Path, value: &str) -> Result<(), RestoreError> {
        // Indices go to the largest u32, which in WebAssembly is the largest usize.
        let missing = |index: usize, count: usize| index.saturating_add(1).saturating_sub(count);
        let (records, entries) = match path.element.place {
            Place::Scalar => (0, 0),
            Place::Field(of, _) => (missing(path.record(), self.count(of)), 0),
            Place::Nested(of, nested) => (
                missing(path.record(), self.count(of)),
                missing(path.entry(), self.nested_count(of, nested, path.record())),
            ),
            Place::Computed | Place::CountOf(_) | Place::CountOfNested(..) => {
                return Err(RestoreError::NotStorable);
            }
        };
        let is_beyond =
            (records > 0 && path.record() >= MAX_RECORDS) || (entries > 0 && path.entry() >= MAX_NESTED);
        if is_beyond {
            return Err(RestoreError::Full);
        }
        self.admit_bytes(value, records * RECORD_COST + entries * VALUE_COST)
    }

    fn admit_bytes(&self, value: &str, more: usize) -> Result<(), RestoreError> {
        let is_full =
            value.len() > MAX_VALUE_BYTES || self.bytes + Value::cost_of(value) + more > MAX_MODEL_BYTES;
        if is_full { Err(RestoreError::Full) } else { Ok(()) }
    }

    pub(crate) fn put_extension(&mut self, element: &str, value: &str) -> Result<(), RestoreError> {
        if element.is_empty() || element.len() > MAX_ELEMENT_BYTES {
            return Err(RestoreError::NotStorable);
        }
        let is_new = !self.extensions.contains_key(element);
        if is_new && self.extensions.len() >= MAX_EXTENSIONS {
            return Err(RestoreError::Full);
        }
        self.admit_bytes(value, element.len())?;
        let new = Value::new(xxh3_64(element.as_bytes()), [0; 2], value);
        self.remember(&new);
        if let Some(old) = self.extensions.insert(element.into(), new) {
            self.forget(&old);
        }
        Ok(())
    }

    fn record_mut(&mut self, of: Collection, index: usize) -> &mut Record {
        let records = &mut self.collections[of as usize];
        if records.len() <= index {
            self.bytes += (index + 1 - records.len()) * RECORD_COST;
            records.resize_with(index + 1, Record::default);
        }
        &mut records[index]
    }

    fn index_objective(&mut self, path: &Path, id: &str) {
        if let Some(old) = self.get(path) {
            let old = xxh3_64(old.as_bytes());
            if self.objective_ids.get(&old) == Some(&path.indices[0]) {
                self.objective_ids.remove(&old);
            }
        }
        self.objective_ids.entry(xxh3_64(id.as_bytes())).or_insert(path.indices[0]);
    }

    fn take(&mut self, path: &Path) -> Option<Value> {
        if path.element.place == Place::Field(Collection::Objectives, objective::ID) {
            let id = xxh3_64(self.get(path)?.as_bytes());
            self.objective_ids.remove(&id);
        }
        match path.element.place {
            Place::Scalar => self.scalars[usize::from(path.ordinal)].take(),
            Place::Field(of, field) => {
                self.collections[of as usize].get_mut(path.record())?.fields[usize::from(field)].take()
            }
            Place::Nested(of, nested) => self.collections[of as usize].get_mut(path.record())?.nested
                [usize::from(nested)]
            .get_mut(path.entry())?
            .take(),
            Place::Computed | Place::CountOf(_) | Place::CountOfNested(..) => None,
        }
    }

    fn remember(&mut self, value: &Value) {
        self.hash = self.hash.wrapping_add(value.hash());
        self.bytes += value.cost();
    }

    fn forget(&mut self, value: &Value) {
        self.hash = self.hash.wrapping_sub(value.hash());
        self.bytes -= value.cost();
    }

    /// Calls `visit` with name and text of every stored value, in canonical order: as the elements
    /// stand in the edition's table, records by index, extensions last by name.
    pub fn visit<'a>(&'a self, mut visit: impl FnMut(&str, &'a str)) {
        let mut name = String::new();
        let mut done = [false; Collection::COUNT];
        for (ordinal, element) in self.table.family().iter().enumerate() {
            match element.place {
                Place::Scalar => {
                    if let Some(value) = &self.scalars[ordinal] {
                        visit(element.name, value.text());
                    }
                }
                Place::Field(of, _) | Place::Nested(of, _) if !done[of as usize] => {
                    done[of as usize] = true;
                    self.visit_collection(of, &mut name, &mut visit);
                }
                _ => {}
            }
        }
        for (name, value) in &self.extensions {
            visit(name, value.text());
        }
    }

    fn visit_collection<'a>(
        &'a self,
        of: Collection,
        name: &mut String,
        visit: &mut impl FnMut(&str, &'a str),
    ) {
        let elements: Vec<&Element> = self.table.of_collection(of).collect();
        for (index, record) in self.collections[of as usize].iter().enumerate() {
            for element in &elements {
                match element.place {
                    Place::Field(_, field) => {
                        if let Some(value) = &record.fields[usize::from(field)] {
                            write_name(name, element.name, [index, 0]);
                            visit(name, value.text());
                        }
                    }
                    Place::Nested(_, nested) => {
                        for (entry, value) in record.nested[usize::from(nested)].iter().enumerate() {
                            if let Some(value) = value {
                                write_name(name, element.name, [index, entry]);
                                visit(name, value.text());
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Name and text of every stored value in canonical order, see [`Model::visit`].
    pub fn iter(&self) -> impl Iterator<Item = (String, &str)> {
        let mut all = Vec::new();
        self.visit(|name, value| all.push((String::from(name), value)));
        all.into_iter()
    }
}

/// Two models are equal when they hold the same values.
impl PartialEq for Model {
    fn eq(&self, other: &Self) -> bool {
        self.edition() == other.edition() && self.hash == other.hash && self.iter().eq(other.iter())
    }
}

impl Eq for Model {}

/// Writes a definition's name with indices in the place of `n`.
pub(crate) fn write_name(out: &mut String, definition: &str, indices: [usize; 2]) {
    out.clear();
    let mut indices = indices.into_iter();
    for (at, part) in definition.split('.').enumerate() {
        if at > 0 {
            out.push('.');
        }
        let _ = match part {
            "n" => write!(out, "{}", indices.next().unwrap_or_default()),
            part => out.write_str(part),
        };
    }
}
