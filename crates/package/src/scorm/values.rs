//! Typed attribute values. What cannot be understood gives a warning and the standard's default.

use std::ops::RangeInclusive;

use lyceum_sequencing::definitions::Decimal;

use crate::{
    diagnostic::{Code, Diagnostics, quoted},
    xml::{Node, NodeExt, Xml, collapse},
};

/// -1 to 1.
pub(super) const MEASURE: RangeInclusive<Decimal> = Decimal::MINUS_ONE..=Decimal::ONE;
/// 0 to 1.
pub(super) const SHARE: RangeInclusive<Decimal> = Decimal::ZERO..=Decimal::ONE;

/// 0 to a thousand: what is tolerated as a weight.
const WEIGHT: RangeInclusive<Decimal> = Decimal::ZERO..=Decimal::from_units(1_000 * Decimal::UNITS_PER_ONE);
/// From 5 on, a number where 1 is the most can only be meant as a percentage.
const SMALLEST_PERCENT: Decimal = Decimal::from_units(5 * Decimal::UNITS_PER_ONE);

/// Reads values of one XML file.
pub(super) struct Values<'r> {
    place: Box<dyn Fn(Node<'_>) -> String + 'r>,
    pub(super) diagnostics: &'r mut Diagnostics,
}

impl<'r> Values<'r> {
    pub(super) fn new(xml: &'r Xml<'_>, diagnostics: &'r mut Diagnostics) -> Self {
        Self { place: Box::new(move |node| xml.place(node)), diagnostics }
    }

    /// Adds a finding at an element.
    pub(super) fn report(&mut self, code: Code, node: Node<'_>, message: impl Into<String>) {
        let place = &self.place;
        self.diagnostics.add_at(code, || place(node), message);
    }

    /// `xs:boolean`, in any case, also `yes` and `no`.
    pub(super) fn flag(&mut self, node: Node<'_>, name: &str, default: bool) -> bool {
        let Some(text) = node.token(name) else {
            return default;
        };
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => true,
            "false" | "0" | "no" => false,
            _ => {
                self.invalid(node, name, &text, "neither true nor false", &default.to_string());
                default
            }
        }
    }

    /// `xs:nonNegativeInteger`; `None` when it is absent or cannot be understood.
    pub(super) fn count(&mut self, node: Node<'_>, name: &str) -> Option<u32> {
        let text = node.token(name)?;
        match text.parse::<u32>() {
            Ok(count) => Some(count),
            Err(_) => {
                self.invalid(node, name, &text, "not a whole number from 0 on", "none");
                None
            }
        }
    }

    /// `xs:decimal` in a range.
    pub(super) fn decimal(
        &mut self,
        node: Node<'_>,
        name: &str,
        range: &RangeInclusive<Decimal>,
        default: Decimal,
    ) -> Decimal {
        let Some(text) = node.token(name) else {
            return default;
        };
        self.decimal_text(node, name, &text, range).unwrap_or(default)
    }

    /// The same for a text that was found elsewhere than in an attribute.
    ///
    /// Understood beyond the standard: a decimal comma, a percent sign, and numbers from 5 to 100 where 1 is the
    /// most, which can only be meant as percentages.
    pub(super) fn decimal_text(
        &mut self,
        node: Node<'_>,
        name: &str,
        text: &str,
        range: &RangeInclusive<Decimal>,
    ) -> Option<Decimal> {
        let (number, has_sign) = match text.strip_suffix('%') {
            Some(number) => (number.trim_end(), true),
            None => (text, false),
        };
        let value = Decimal::parse(number).or_else(|error| match number.contains('.') {
            true => Err(error),
            false => Decimal::parse(&number.replacen(',', ".", 1)),
        });
        let Ok(value) = value else {
            self.invalid(node, name, text, "not a number such as 0.8", "the standard's default");
            return None;
        };
        if has_sign || !range.contains(&value) {
            return Some(self.beyond(node, name, text, value, has_sign, range));
        }
        if number.contains(',') {
            self.invalid(node, name, text, "written with a comma instead of a point", &value.to_string());
        }
        Some(value)
    }

    fn beyond(
        &mut self,
        node: Node<'_>,
        name: &str,
        text: &str,
        value: Decimal,
        has_sign: bool,
        range: &RangeInclusive<Decimal>,
    ) -> Decimal {
        let (low, high) = (*range.start(), *range.end());
        let hundredth = Decimal::from_units(value.units() / 100);
        let looks_like_percent = has_sign || value >= SMALLEST_PERCENT;
        let is_percent = looks_like_percent && high == Decimal::ONE && range.contains(&hundredth);
        let (code, used) = match is_percent {
            true => (Code::ValueIsPercent, hundredth),
            false => (Code::ValueOutOfRange, value.clamp(low, high)),
        };
        let message = format!(
            "{name} on <{}> is {}, but the standard wants a number from {low} to {high}. It was read as {used}; write \
             it so, because other systems may read it otherwise.",
            node.tag_name().name(),
            quoted(text)
        );
        self.report(code, node, message);
        used
    }

    /// A weight from 0 to 1. Larger ones are kept, since only their relation to each other matters.
    pub(super) fn weight(&mut self, node: Node<'_>, name: &str) -> Decimal {
        let value = self.decimal(node, name, &WEIGHT, Decimal::ONE);
        if value > Decimal::ONE {
            let message = format!(
                "{name} on <{}> is {value}, but weights go from 0 to 1. It is kept in relation to the other weights;                  elsewhere it may be refused.",
                node.tag_name().name()
            );
            self.report(Code::ValueOutOfRange, node, message);
        }
        value
    }

    /// A word of a vocabulary; `None` when it is absent or unknown.
    pub(super) fn word<V>(
        &mut self,
        node: Node<'_>,
        name: &str,
        from_token: impl Fn(&str) -> Option<V>,
    ) -> Option<V> {
        let text = node.token(name)?;
        let word = from_token(&text);
        if word.is_none() {
            self.unknown_word(node, name, &text);
        }
        word
    }

    /// A value of another type, by its own parser; `None` when it is absent or cannot be understood.
    pub(super) fn parsed<V, E: std::fmt::Display>(
        &mut self,
        node: Node<'_>,
        name: &str,
        parse: impl Fn(&str) -> Result<V, E>,
    ) -> Option<V> {
        let text = node.token(name)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.invalid(node, name, &text, &error.to_string(), "none");
                None
            }
        }
    }

    /// An identifier: white space collapsed, also where it is written `%20`, so that `%20obj%20%201` and `obj 1` are one
    /// (ADL's conformance tests OB-02, OB-11 and OB-12 demand it). `None` when nothing is left.
    pub(super) fn id(node: Node<'_>, name: &str) -> Option<String> {
        let written = node.attr(name)?;
        let id =
            if written.contains("%20") { collapse(&written.replace("%20", " ")) } else { collapse(written) };
        (!id.is_empty()).then_some(id)
    }

    pub(super) fn unknown_word(&mut self, node: Node<'_>, name: &str, text: &str) {
        let message = format!(
            "{} is no value of {name} on <{}> that the standard knows. It was ignored.",
            quoted(text),
            node.tag_name().name()
        );
        self.report(Code::VocabularyUnknown, node, message);
    }

    pub(super) fn invalid(&mut self, node: Node<'_>, name: &str, text: &str, why: &str, used: &str) {
        let message = format!(
            "{name} on <{}> is {}, which is {why}. Used instead: {used}.",
            node.tag_name().name(),
            quoted(text)
        );
        self.report(Code::ValueInvalid, node, message);
    }
}
