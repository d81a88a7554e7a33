//! `SetValue` and `LMSSetValue`.

use super::{ApiState, Refusal, Reply, Runtime};
use crate::check::{Context, check, over};
use crate::edition::{Edition, Family};
use crate::element::{Access, Collection, Kind, Path, Place, interaction, objective, shared};
use crate::error::Reason;
use crate::flags::Flags;
use crate::limits::{MAX_COMMENTS_BYTES, MAX_ELEMENT_BYTES, MAX_VALUE_BYTES};
use crate::model::{RestoreError, Stored};
use crate::pattern;
use crate::vocabulary::InteractionType;
use alloc::borrow::Cow;

/// Longest name of a vendor element that is kept.
const MAX_EXTENSION_NAME: usize = 255;

impl Runtime {
    /// Stores a value. Refused, it changes nothing.
    pub fn set_value(&mut self, element: &str, value: &str) -> Reply<'static> {
        self.stored = None;
        let verdict = self.store(element, value);
        self.conclude(element, value, verdict)
    }

    /// What the last `SetValue` has stored. `None` where it was refused, or kept as a vendor's element.
    #[must_use]
    pub fn stored(&self) -> Option<Stored<'_>> {
        self.stored.as_ref().map(|path| Stored { model: &self.model, path })
    }

    /// Answers a `SetValue` that comes when the learner's time is over. Changes nothing.
    pub fn refuse_late(&mut self, element: &str, value: &str) -> Reply<'static> {
        self.stored = None;
        self.conclude(element, value, Err(Reason::TimeOver.into()))
    }

    fn store(&mut self, element: &str, value: &str) -> Result<Flags, Refusal> {
        match self.state {
            ApiState::NotInitialized => return Err(Reason::SetBeforeInitialize.into()),
            ApiState::Terminated => return Err(Reason::SetAfterTerminate.into()),
            ApiState::Running if element.is_empty() => return Err(Reason::SetNothing.into()),
            ApiState::Running if element.len() > MAX_ELEMENT_BYTES || value.len() > MAX_VALUE_BYTES => {
                return Err(Reason::Limit.into());
            }
            ApiState::Running => {}
        }
        let Some(path) = Path::parse(self.table, element) else { return self.store_unknown(element, value) };
        let mut flags = self.judge(&path, value)?;
        let (text, more) = self.joined(&path, value)?;
        flags |= more;
        self.model.put(&path, &text).map_err(|_| Reason::Limit)?;
        self.stored = Some(path);
        Ok(flags)
    }

    /// What a value makes of the text that is there: its successor, or, for `cmi.comments` of SCORM 1.1 and 1.2, its
    /// continuation (RTE 1.2 3.4.4). With remarks.
    ///
    /// Each value has to fit the type; the standard sets no bound to the whole, which is flagged when it is longer. Courses
    /// that keep the learner's notes write back all they have read with the new ones behind: tolerant mode understands them.
    fn joined<'v>(&self, path: &Path, value: &'v str) -> Result<(Cow<'v, str>, Flags), Reason> {
        let present = self.model.get(path).unwrap_or_default();
        if !path.element.is_concatenated || present.is_empty() {
            return Ok((Cow::Borrowed(value), Flags::NONE));
        }
        if self.rules.is_tolerant() && value.starts_with(present) {
            return Ok((Cow::Borrowed(value), Flags::COERCED));
        }
        if present.len() + value.len() > MAX_COMMENTS_BYTES {
            return Err(Reason::Limit);
        }
        let whole = [present, value].concat();
        let more =
            if let Kind::Text(length) = path.element.kind { over(&whole, length) } else { Flags::NONE };
        Ok((Cow::Owned(whole), Flags::APPENDED | more))
    }

    fn store_unknown(&mut self, element: &str, value: &str) -> Result<Flags, Refusal> {
        let refusal = match Path::parse_question(self.table, element) {
            Some(_) => Refusal::from(Reason::ReadOnly),
            None => self.undefined(element),
        };
        // To set a keyword that does not apply is to set something that does not exist (2004), or to
        // set a keyword (1.x).
        let refusal = match (refusal.reason, self.rules.edition.family()) {
            (Reason::NoChildren | Reason::NoCount, Family::Ieee) => {
                Refusal { reason: Reason::Undefined, ..refusal }
            }
            (Reason::NoChildren | Reason::NoCount, Family::Cmi) => Refusal::from(Reason::Keyword),
            _ => refusal,
        };
        let is_vendors = refusal.flags == Flags::UNKNOWN_ELEMENT && is_extension_name(element);
        if !(self.rules.extensions && is_vendors) {
            return Err(refusal);
        }
        match self.model.put_extension(element, value) {
            Ok(()) => Ok(Flags::EXTENSION),
            Err(RestoreError::NotStorable) => Err(refusal),
            Err(RestoreError::Full) => Err(Reason::Limit.into()),
        }
    }

    fn judge(&self, path: &Path, value: &str) -> Result<Flags, Refusal> {
        let element = path.element;
        if element.is_keyword() {
            return Err(Reason::Keyword.into());
        }
        if element.access == Access::ReadOnly {
            return Err(Reason::ReadOnly.into());
        }
        let mut flags = match element.place {
            Place::Field(of, field) => self.judge_record(path, of, field)?,
            Place::Nested(of, nested) => self.judge_entry(path, of, nested)?,
            _ => Flags::NONE,
        };
        flags |= self.judge_value(path, value)?;
        self.judge_uniqueness(path, value)?;
        Ok(flags)
    }

    /// Type, range, form and length, as far as the course's rules ask for them.
    fn judge_value(&self, path: &Path, value: &str) -> Result<Flags, Reason> {
        let element = path.element;
        match (&element.kind, self.rules.suspend_data_max) {
            (Kind::Response | Kind::Pattern, _) if !self.rules.validate_responses => Ok(Flags::NONE),
            (Kind::Text(_), Some(max)) if element.name == "cmi.suspend_data" => {
                let length = usize::try_from(max).unwrap_or(usize::MAX);
                check(&Kind::Text(length), value, self.context(path))
            }
            (kind, _) => check(kind, value, self.context(path)),
        }
    }

    fn context(&self, path: &Path) -> Context {
        let interaction = match path.element.kind {
            Kind::Response | Kind::Pattern => self.interaction_type(path.record()),
            _ => None,
        };
        Context { family: self.rules.edition.family(), strictness: self.rules.strictness, interaction }
    }

    pub(super) fn interaction_type(&self, record: usize) -> Option<InteractionType> {
        self.model.field(Collection::Interactions, record, interaction::TYPE).and_then(InteractionType::parse)
    }

    /// May this field of this record be set now? Indices are sequential, and in SCORM 2004 some fields
    /// want another one first (RTE 2004 3.1.7.15).
    fn judge_record(&self, path: &Path, of: Collection, field: u8) -> Result<Flags, Refusal> {
        let (record, count) = (path.record(), self.model.count(of));
        if of == Collection::SharedData {
            return self.judge_store(record, count, field);
        }
        if record > count || (record == count && !of.grows()) {
            return Err(Reason::IndexGap.into());
        }
        if self.rules.edition.family() == Family::Cmi {
            return Ok(Flags::NONE);
        }
        match of {
            Collection::Objectives if field == objective::ID => Ok(Flags::NONE),
            Collection::Objectives => self.wants(of, record, objective::ID, Reason::IdFirst),
            Collection::Interactions if field == interaction::ID => Ok(Flags::NONE),
            Collection::Interactions => {
                let flags = self.wants(of, record, interaction::ID, Reason::IdFirst)?;
                match field {
                    interaction::RESPONSE => {
                        Ok(flags | self.wants(of, record, interaction::TYPE, Reason::TypeFirst)?)
                    }
                    _ => Ok(flags),
                }
            }
            _ => Ok(Flags::NONE),
        }
    }

    fn judge_store(&self, record: usize, count: usize, field: u8) -> Result<Flags, Refusal> {
        let may_write = self.inputs.shared_data.get(record).is_none_or(|store| store.writable);
        match () {
            () if record >= count => Err(Reason::IndexGap.into()),
            () if field == shared::STORE && !may_write => Err(Reason::ReadOnly.into()),
            () => Ok(Flags::NONE),
        }
    }

    /// A field that has to be there first. Tolerant mode lets it come later.
    fn wants(&self, of: Collection, record: usize, field: u8, reason: Reason) -> Result<Flags, Refusal> {
        match self.model.field(of, record, field) {
            Some(_) => Ok(Flags::NONE),
            None if self.rules.is_tolerant() => Ok(Flags::OUT_OF_ORDER),
            None => Err(reason.into()),
        }
    }

    /// May this entry of a collection inside a record be set now?
    fn judge_entry(&self, path: &Path, of: Collection, nested: u8) -> Result<Flags, Refusal> {
        let (record, entry) = (path.record(), path.entry());
        if record > self.model.count(of) {
            return Err(Reason::IndexGap.into());
        }
        let mut flags = Flags::NONE;
        let is_ieee = self.rules.edition.family() == Family::Ieee;
        if is_ieee {
            flags |= self.wants(of, record, interaction::ID, Reason::IdFirst)?;
            if nested == interaction::PATTERNS {
                flags |= self.wants(of, record, interaction::TYPE, Reason::TypeFirst)?;
            }
        }
        if entry > self.model.nested_count(of, nested, record) {
            return Err(Reason::IndexGap.into());
        }
        let limit = if is_ieee && nested == interaction::PATTERNS {
            self.interaction_type(record).and_then(pattern::pattern_limit)
        } else {
            None
        };
        if limit.is_some_and(|limit| entry >= limit) {
            return Err(Reason::CollectionFull.into());
        }
        Ok(flags)
    }

    /// SCORM 2004: identifiers of objectives are unique and (from the 3rd edition) fixed, identifiers
    /// within an interaction are unique, and so are the patterns of some types.
    fn judge_uniqueness(&self, path: &Path, value: &str) -> Result<(), Refusal> {
        if self.rules.edition.family() == Family::Cmi {
            return Ok(());
        }
        match path.element.place {
            Place::Field(Collection::Objectives, objective::ID) => self.judge_objective(path, value),
            Place::Nested(of, interaction::OBJECTIVES) => {
                self.judge_entries(path, of, interaction::OBJECTIVES, |other| other == value)
            }
            Place::Nested(of, interaction::PATTERNS) => {
                match self.interaction_type(path.record()).filter(|kind| pattern::patterns_are_unique(*kind))
                {
                    Some(kind) => self.judge_entries(path, of, interaction::PATTERNS, |other| {
                        pattern::same_pattern(kind, other, value)
                    }),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn judge_objective(&self, path: &Path, value: &str) -> Result<(), Refusal> {
        let is_fixed = self.rules.edition >= Edition::Scorm2004Ed3;
        let present = self.model.get(path);
        if is_fixed && present.is_some_and(|present| present != value) {
            return Err(Reason::WriteOnce.into());
        }
        match self.model.objective_with_id(value) {
            Some(other) if other != path.record() => Err(Reason::NotUnique.into()),
            _ => Ok(()),
        }
    }

    fn judge_entries(
        &self,
        path: &Path,
        of: Collection,
        nested: u8,
        is_same: impl Fn(&str) -> bool,
    ) -> Result<(), Refusal> {
        let mut entries = self.model.entries(of, path.record(), nested).enumerate();
        let is_taken = entries.any(|(at, other)| at != path.entry() && is_same(other));
        if is_taken { Err(Reason::NotUnique.into()) } else { Ok(()) }
    }
}

/// Dotted words of printable ASCII that begin with a letter, no keywords.
fn is_extension_name(element: &str) -> bool {
    element.len() <= MAX_EXTENSION_NAME
        && element.starts_with(|c: char| c.is_ascii_alphabetic())
        && element.contains('.')
        && element.split('.').all(|part| !part.is_empty() && !part.starts_with('_'))
        && element.bytes().all(|byte| byte.is_ascii_graphic())
}
