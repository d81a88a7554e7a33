//! `GetValue` and `LMSGetValue`.

use super::{ApiState, Refusal, Reply, Runtime};
use crate::edition::Family;
use crate::element::{
    Access, Collection, Element, Given, Initial, Kind, NavQuestion, Path, Place, comment, shared,
};
use crate::error::{ErrorCode, Reason};
use crate::flags::Flags;
use crate::limits::MAX_ELEMENT_BYTES;
use crate::nav::{Host, NavRequest};
use crate::pattern::{self, Side};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::ToString;

/// Where an answer comes from; found first, read after the outcome is recorded.
enum Found {
    Stored(Path),
    Extension,
    Given(Given),
    LmsComment(usize, u8),
    Static(&'static str),
    Count(usize),
}

impl Runtime {
    /// Reads an element. The host is asked only for `adl.nav.request_valid`.
    pub fn get_value(&mut self, element: &str, host: &dyn Host) -> Reply<'_> {
        match self.locate(element, host) {
            Ok((found, flags)) => {
                self.succeed();
                Reply { value: self.read(&found, element), error: ErrorCode::NONE, flags }
            }
            Err(refusal) => {
                self.fail(element, "", refusal);
                Reply { value: Cow::Borrowed(""), error: self.error, flags: refusal.flags }
            }
        }
    }

    fn locate(&self, element: &str, host: &dyn Host) -> Result<(Found, Flags), Refusal> {
        match self.state {
            ApiState::NotInitialized => return Err(Reason::GetBeforeInitialize.into()),
            ApiState::Terminated => return Err(Reason::GetAfterTerminate.into()),
            ApiState::Running if element.is_empty() => return Err(Reason::GetNothing.into()),
            ApiState::Running if element.len() > MAX_ELEMENT_BYTES => return Err(Reason::Limit.into()),
            ApiState::Running => {}
        }
        if let Some(path) = Path::parse(self.table, element) {
            return Ok((self.locate_known(&path, host)?, Flags::NONE));
        }
        if let Some((question, target)) = Path::parse_question(self.table, element) {
            return Ok((ask(question, Some(target), host)?, Flags::NONE));
        }
        if self.rules.extensions && self.model.extension(element).is_some() {
            return Ok((Found::Extension, Flags::EXTENSION));
        }
        Err(self.undefined(element))
    }

    fn locate_known(&self, path: &Path, host: &dyn Host) -> Result<Found, Refusal> {
        let element = path.element;
        match element.kind {
            Kind::Children(names) => return self.children_of(path, names),
            Kind::Version(version) => return Ok(Found::Static(version)),
            Kind::NavValid(_) => return ask(element, None, host),
            _ => {}
        }
        if element.access == Access::WriteOnly {
            return Err(Reason::WriteOnly.into());
        }
        match element.place {
            Place::CountOf(of) => Ok(Found::Count(self.count(of))),
            Place::CountOfNested(of, nested) => self.nested_count(of, nested, path.record()),
            Place::Field(of, field) => self.locate_field(path, of, field),
            Place::Nested(of, nested)
                if path.entry() < self.model.nested_count(of, nested, path.record()) =>
            {
                self.stored_or_initial(path)
            }
            Place::Nested(..) => Err(Reason::NoSuchRecord.into()),
            Place::Scalar => self.locate_scalar(path),
            Place::Computed => Err(Reason::Undefined.into()),
        }
    }

    /// `_children` of a group inside a record wants the record to exist.
    fn children_of(&self, path: &Path, names: &'static str) -> Result<Found, Refusal> {
        let of = self.table.elements().find_map(|element| match element.place {
            Place::Field(of, _) if path.element.name.starts_with(of.name()) => Some(of),
            _ => None,
        });
        let is_inside = path.element.name.contains(".n.");
        match of {
            Some(of) if is_inside && path.record() >= self.count(of) => Err(Reason::NoSuchRecord.into()),
            _ => Ok(Found::Static(names)),
        }
    }

    fn count(&self, of: Collection) -> usize {
        match of {
            Collection::CommentsFromLms => self.inputs.comments_from_lms.len(),
            Collection::AttemptRecords => self.attempt_records(),
            _ => self.model.count(of),
        }
    }

    /// How many earlier attempts the inputs describe: one more than the largest index.
    fn attempt_records(&self) -> usize {
        self.inputs
            .read_only
            .keys()
            .filter_map(|name| Path::parse(self.table, name))
            .filter(|path| matches!(path.element.place, Place::Field(Collection::AttemptRecords, _)))
            .map(|path| path.record().saturating_add(1))
            .max()
            .unwrap_or(0)
    }

    /// SCORM 1.x answers 0 for a record that does not exist, as ADL's implementation does.
    fn nested_count(&self, of: Collection, nested: u8, record: usize) -> Result<Found, Refusal> {
        if record >= self.model.count(of) && self.rules.edition.family() == Family::Ieee {
            return Err(Reason::NoSuchRecord.into());
        }
        Ok(Found::Count(self.model.nested_count(of, nested, record)))
    }

    fn locate_field(&self, path: &Path, of: Collection, field: u8) -> Result<Found, Refusal> {
        let record = path.record();
        if record >= self.count(of) {
            return Err(Reason::NoSuchRecord.into());
        }
        match of {
            Collection::CommentsFromLms => self.locate_lms_comment(record, field),
            Collection::AttemptRecords => Ok(Found::Given(Given::ByName)),
            Collection::SharedData if field == shared::STORE => self.locate_store(path),
            _ => self.stored_or_initial(path),
        }
    }

    /// A store that holds the empty string counts as not initialized (RTE 2004 4.3.1).
    fn locate_store(&self, path: &Path) -> Result<Found, Refusal> {
        let may_read = self.inputs.shared_data.get(path.record()).is_none_or(|store| store.readable);
        match self.model.get(path) {
            _ if !may_read => Err(Reason::WriteOnly.into()),
            None | Some("") => Err(Reason::NoValue.into()),
            Some(_) => Ok(Found::Stored(*path)),
        }
    }

    fn locate_lms_comment(&self, record: usize, field: u8) -> Result<Found, Refusal> {
        let has_value = self.inputs.comments_from_lms.get(record).is_some_and(|remark| match field {
            comment::LOCATION => remark.location.is_some(),
            comment::TIMESTAMP => remark.timestamp.is_some(),
            _ => true,
        });
        if has_value { Ok(Found::LmsComment(record, field)) } else { Err(Reason::NoValue.into()) }
    }

    fn locate_scalar(&self, path: &Path) -> Result<Found, Refusal> {
        match path.element.name {
            "cmi.completion_status" if self.inputs.completion_threshold.is_some() => {
                Ok(Found::Static(self.completion_status().as_str()))
            }
            "cmi.success_status" if self.inputs.scaled_passing_score.is_some() => {
                Ok(Found::Static(self.success_status().as_str()))
            }
            _ => self.stored_or_initial(path),
        }
    }

    fn stored_or_initial(&self, path: &Path) -> Result<Found, Refusal> {
        // What only the LMS gives is never taken from the model, whatever was restored into it.
        let is_stored = path.element.access == Access::ReadWrite || path.element.place != Place::Scalar;
        if is_stored && self.model.get(path).is_some() {
            return Ok(Found::Stored(*path));
        }
        match path.element.initial {
            Initial::Fixed(text) => Ok(Found::Static(text)),
            Initial::Given(field) if self.given(field, path.element.name).is_some() => {
                Ok(Found::Given(field))
            }
            Initial::GivenOr(field, text) => {
                Ok(self.given(field, path.element.name).map_or(Found::Static(text), |_| Found::Given(field)))
            }
            Initial::Given(_) | Initial::Nothing => Err(Reason::NoValue.into()),
        }
    }

    fn read(&self, found: &Found, element: &str) -> Cow<'_, str> {
        match found {
            Found::Stored(path) => self.read_stored(path),
            Found::Extension => Cow::Borrowed(self.model.extension(element).unwrap_or_default()),
            Found::Given(field) => Cow::Borrowed(self.given(*field, element).unwrap_or_default()),
            Found::Static(text) => Cow::Borrowed(text),
            Found::Count(count) => Cow::Owned(count.to_string()),
            Found::LmsComment(record, field) => Cow::Borrowed(self.lms_comment(*record, *field)),
        }
    }

    /// The text as it was sent; strict mode gives responses and patterns without default delimiters.
    fn read_stored(&self, path: &Path) -> Cow<'_, str> {
        let text = self.model.get(path).unwrap_or_default();
        let side = match path.element.kind {
            Kind::Response => Side::Response,
            Kind::Pattern => Side::Pattern,
            _ => return Cow::Borrowed(text),
        };
        match self.interaction_type(path.record()) {
            Some(kind) if !self.rules.is_tolerant() && text.starts_with('{') => {
                pattern::without_defaults(kind, side, text)
            }
            _ => Cow::Borrowed(text),
        }
    }

    fn lms_comment(&self, record: usize, field: u8) -> &str {
        let Some(remark) = self.inputs.comments_from_lms.get(record) else { return "" };
        match field {
            comment::LOCATION => remark.location.as_deref().unwrap_or_default(),
            comment::TIMESTAMP => remark.timestamp.as_deref().unwrap_or_default(),
            _ => &remark.comment,
        }
    }

    fn given(&self, field: Given, element: &str) -> Option<&str> {
        let inputs = &self.inputs;
        match field {
            Given::LearnerId => Some(&inputs.learner_id),
            Given::LearnerName => Some(&inputs.learner_name),
            Given::Credit => Some(inputs.credit.as_str()),
            Given::Mode => Some(inputs.mode.as_str()),
            Given::Entry => Some(inputs.entry.as_str()),
            Given::TotalTime => Some(&self.total_time),
            Given::CommentsFromLms => Some(&self.comments_from_lms),
            Given::LaunchData => inputs.launch_data.as_deref(),
            Given::MasteryScore => inputs.mastery_score.as_deref(),
            Given::ScaledPassingScore => inputs.scaled_passing_score.as_deref(),
            Given::CompletionThreshold => inputs.completion_threshold.as_deref(),
            Given::MaxTimeAllowed => inputs.max_time_allowed.as_deref(),
            Given::TimeLimitAction => inputs.time_limit_action.as_deref(),
            Given::AudioLevel => inputs.preference.audio_level.as_deref(),
            Given::Language => inputs.preference.language.as_deref(),
            Given::DeliverySpeed => inputs.preference.delivery_speed.as_deref(),
            Given::AudioCaptioning => inputs.preference.audio_captioning.as_deref(),
            Given::ByName => inputs.read_only.get(element).map(|value| &**value),
        }
    }

    /// Tells apart what is wrong with a name that the edition does not have.
    pub(super) fn undefined(&self, element: &str) -> Refusal {
        let flags = if crate::diagnostic::is_foreign(element, self.rules.edition) {
            Flags::UNKNOWN_ELEMENT | Flags::FOREIGN_STANDARD
        } else {
            Flags::UNKNOWN_ELEMENT
        };
        Refusal { reason: self.undefined_reason(element), flags }
    }

    fn undefined_reason(&self, element: &str) -> Reason {
        let Some((group, leaf)) = element.rsplit_once('.') else { return Reason::Undefined };
        let is_element = Path::parse(self.table, group).is_some();
        // The models themselves are no groups that could be asked for keywords.
        let is_group = group.contains('.') && self.is_group(group);
        match leaf {
            "_children" if is_element || is_group => Reason::NoChildren,
            "_count" if is_element || is_group => Reason::NoCount,
            // RTE 2004 3.1.7.7: a keyword that does not apply. AICC's line knows no such case.
            "_version" if (is_element || is_group) && self.rules.edition.family() == Family::Ieee => {
                Reason::NoChildren
            }
            // A group is no element of its own, and an array wants an index next.
            _ if is_group && !self.is_array(group) && !self.is_group(element) => Reason::UndefinedLeaf,
            _ => Reason::Undefined,
        }
    }

    /// Does some element lie below this name?
    fn is_group(&self, name: &str) -> bool {
        let pattern = pattern_of(name);
        self.table.elements().any(|element| {
            element.name.strip_prefix(pattern.as_str()).is_some_and(|rest| rest.starts_with('.'))
        })
    }

    /// Do indices follow on this name?
    fn is_array(&self, name: &str) -> bool {
        self.is_group(&format!("{name}.0"))
    }
}

/// The name with `n` for indices. What a course calls `n` itself is no index.
fn pattern_of(name: &str) -> alloc::string::String {
    let mut pattern = alloc::string::String::with_capacity(name.len());
    for (at, part) in name.split('.').enumerate() {
        if at > 0 {
            pattern.push('.');
        }
        let is_index = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        pattern.push_str(match part {
            _ if is_index => "n",
            "n" => "?",
            part => part,
        });
    }
    pattern
}

/// Asks the sequencer; choice and jump need a target.
fn ask(element: &Element, target: Option<&str>, host: &dyn Host) -> Result<Found, Refusal> {
    let Kind::NavValid(question) = element.kind else { return Err(Reason::Undefined.into()) };
    let request = match (question, target) {
        (NavQuestion::Continue, None) => NavRequest::Continue,
        (NavQuestion::Previous, None) => NavRequest::Previous,
        (NavQuestion::Choice, Some(target)) => NavRequest::Choice(target),
        (NavQuestion::Jump, Some(target)) => NavRequest::Jump(target),
        (NavQuestion::Continue | NavQuestion::Previous, Some(_)) => return Err(Reason::Undefined.into()),
        (NavQuestion::Choice | NavQuestion::Jump, None) => return Err(Reason::GetNothing.into()),
    };
    Ok(Found::Static(host.request_valid(request).as_str()))
}
