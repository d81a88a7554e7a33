//! `localized_string_type` (RTE 2004 4.1.1.4): an optional `{lang=TAG}` before the text.

/// A text and the language it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Localized<'a> {
    /// The tag as written, `None` where the delimiter is absent.
    pub(crate) tag: Option<&'a str>,
    /// The text without the delimiter.
    pub(crate) text: &'a str,
}

impl<'a> Localized<'a> {
    pub(crate) fn parse(value: &'a str) -> Self {
        match value.strip_prefix("{lang=").and_then(|rest| rest.split_once('}')) {
            Some((tag, text)) => Self { tag: Some(tag), text },
            None => Self { tag: None, text: value },
        }
    }

    pub(crate) fn has_valid_tag(&self) -> bool {
        self.tag.is_none_or(crate::language::is_valid_tag)
    }
}
