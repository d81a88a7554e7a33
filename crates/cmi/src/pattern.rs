//! Responses and correct-response patterns of SCORM 2004 interactions (RTE 2004 4.2.9, tables
//! `learner_response` and `correct_responses.n.pattern`), per interaction type.

use crate::decimal::Decimal;
use crate::error::Reason;
use crate::flags::Flags;
use crate::identifier::is_uri_identifier;
use crate::localized::Localized;
use crate::vocabulary::InteractionType;
use alloc::borrow::Cow;
use alloc::string::String;

/// Between the members of a list.
pub const COMMA: &str = "[,]";
/// Between the two sides of a pair, or name and answer of a step.
pub const DOT: &str = "[.]";
/// Between the ends of a range.
pub const COLON: &str = "[:]";

const SHORT_SPM: usize = 250;
const LONG_SPM: usize = 4_000;
const CHOICES_SPM: usize = 36;
const FILL_INS_SPM: usize = 10;
const STEPS_SPM: usize = 125;

/// Is the text a learner's response or the author's pattern?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `learner_response`.
    Response,
    /// `correct_responses.n.pattern`.
    Pattern,
}

/// How many patterns the LMS keeps for a type: `None` for as many as come (RTE 2004 4.2.9.1).
#[must_use]
pub const fn pattern_limit(kind: InteractionType) -> Option<usize> {
    match kind {
        InteractionType::TrueFalse
        | InteractionType::Likert
        | InteractionType::Numeric
        | InteractionType::Other => Some(1),
        _ => None,
    }
}

/// Must every pattern differ from the others?
#[must_use]
pub const fn patterns_are_unique(kind: InteractionType) -> bool {
    matches!(kind, InteractionType::Choice | InteractionType::Sequencing)
}

/// Do two patterns say the same? Choices are sets, so their order does not count.
#[must_use]
pub fn same_pattern(kind: InteractionType, one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    kind == InteractionType::Choice && one.len() == other.len() && set_hash(one) == set_hash(other)
}

/// A hash of the members of a list that does not depend on their order.
fn set_hash(list: &str) -> u64 {
    members(list).fold(0, |sum: u64, member| sum.wrapping_add(xxhash_rust::xxh3::xxh3_64(member.as_bytes())))
}

/// The members of a `[,]` list; none for the empty string.
pub fn members(list: &str) -> impl Iterator<Item = &str> {
    list.split(COMMA).filter(move |_| !list.is_empty())
}

/// Judges a response or pattern by its type.
///
/// # Errors
/// [`Reason::Type`] where the text has not the form of the type.
pub fn check(kind: InteractionType, side: Side, text: &str) -> Result<Flags, Reason> {
    match kind {
        InteractionType::TrueFalse => accept(matches!(text, "true" | "false")),
        InteractionType::Choice => choices(text),
        InteractionType::FillIn => fill_ins(text, side),
        InteractionType::LongFillIn => long_fill_in(text, side),
        InteractionType::Likert => short_identifier(text),
        InteractionType::Matching => matching(text, side),
        InteractionType::Performance => performance(text, side),
        InteractionType::Sequencing => every_member(text, short_identifier),
        InteractionType::Numeric => match side {
            Side::Response => accept(Decimal::parse(text).is_some()),
            Side::Pattern => range(text),
        },
        InteractionType::Other => Ok(over(text.chars().count() > LONG_SPM)),
    }
}

/// A response or pattern as a conforming system gives it back: the delimiters in front in the
/// standard's order, those with the default value left out (RTE 2004 4.1.1.5; ADL's test suite expects
/// it of an explicit `{lang=en}`).
#[must_use]
pub fn without_defaults(kind: InteractionType, side: Side, text: &str) -> Cow<'_, str> {
    let names: &[&str] = match (kind, side) {
        (InteractionType::LongFillIn, Side::Response) => &["lang"],
        (InteractionType::LongFillIn, Side::Pattern) => &["case_matters", "lang"],
        (InteractionType::FillIn, Side::Pattern) => &["case_matters", "order_matters"],
        (InteractionType::Performance, Side::Pattern) => &["order_matters"],
        _ => &[],
    };
    let mut found = [None; 2];
    let mut rest = text;
    while let Some((at, value, tail)) = leading_delimiter(rest, names)
        && found[at].is_none()
    {
        found[at] = Some(value);
        rest = tail;
    }
    let mut out = String::new();
    for (name, value) in names.iter().zip(found) {
        if let Some(value) = value.filter(|value| !is_default(name, value)) {
            for part in ["{", name, "=", value, "}"] {
                out.push_str(part);
            }
        }
    }
    if out.is_empty() {
        return Cow::Borrowed(rest);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The delimiter that a text begins with: which of the names, its value, and what follows.
fn leading_delimiter<'a>(text: &'a str, names: &[&str]) -> Option<(usize, &'a str, &'a str)> {
    let (head, tail) = text.strip_prefix('{')?.split_once('}')?;
    let (name, value) = head.split_once('=')?;
    let at = names.iter().position(|known| *known == name)?;
    Some((at, value, tail))
}

fn is_default(name: &str, value: &str) -> bool {
    matches!((name, value), ("lang", "en") | ("case_matters", "false") | ("order_matters", "true"))
}

const fn accept(is_valid: bool) -> Result<Flags, Reason> {
    if is_valid { Ok(Flags::NONE) } else { Err(Reason::Type) }
}

const fn over(is_over: bool) -> Flags {
    if is_over { Flags::OVER_SPM } else { Flags::NONE }
}

fn is_longer(text: &str, spm: usize) -> bool {
    text.len() > spm && text.chars().count() > spm
}

fn short_identifier(text: &str) -> Result<Flags, Reason> {
    accept(is_uri_identifier(text))?;
    Ok(over(is_longer(text, SHORT_SPM)))
}

/// Judges every member; more than 36 are over the smallest permitted maximum.
fn every_member(list: &str, judge: impl Fn(&str) -> Result<Flags, Reason>) -> Result<Flags, Reason> {
    let mut flags = Flags::NONE;
    let mut count = 0;
    for member in list.split(COMMA) {
        flags |= judge(member)?;
        count += 1;
    }
    Ok(flags | over(count > CHOICES_SPM))
}

/// A set of identifiers; the empty set is a valid answer.
fn choices(text: &str) -> Result<Flags, Reason> {
    if text.is_empty() {
        return Ok(Flags::NONE);
    }
    let flags = every_member(text, short_identifier)?;
    accept(all_differ(text))?;
    Ok(flags)
}

fn all_differ(list: &str) -> bool {
    let mut seen: alloc::vec::Vec<&str> = members(list).collect();
    seen.sort_unstable();
    seen.windows(2).all(|pair| pair[0] != pair[1])
}

fn fill_ins(text: &str, side: Side) -> Result<Flags, Reason> {
    let text = match side {
        Side::Response => text,
        Side::Pattern => booleans(text, &["case_matters", "order_matters"])?,
    };
    let mut flags = over(text.split(COMMA).count() > FILL_INS_SPM);
    for member in text.split(COMMA) {
        flags |= localized(member, SHORT_SPM)?;
    }
    Ok(flags)
}

fn long_fill_in(text: &str, side: Side) -> Result<Flags, Reason> {
    match side {
        Side::Response => localized(text, LONG_SPM),
        Side::Pattern => {
            // {case_matters=} and {lang=} may come in either order.
            let before = booleans(text, &["case_matters"])?;
            let words = Localized::parse(before);
            accept(words.has_valid_tag())?;
            let rest = if before.len() == text.len() {
                booleans(words.text, &["case_matters"])?
            } else {
                words.text
            };
            Ok(over(is_longer(rest, LONG_SPM)))
        }
    }
}

fn localized(text: &str, spm: usize) -> Result<Flags, Reason> {
    let words = Localized::parse(text);
    accept(words.has_valid_tag())?;
    Ok(over(is_longer(words.text, spm)))
}

/// Takes `{name=true}` and `{name=false}` off the front, each name once, in any order.
fn booleans<'a>(text: &'a str, names: &[&str]) -> Result<&'a str, Reason> {
    let mut rest = text;
    let mut seen: u8 = 0;
    'next: loop {
        for (at, name) in names.iter().enumerate() {
            let Some(tail) = rest.strip_prefix('{').and_then(|r| r.strip_prefix(name)?.strip_prefix('='))
            else {
                continue;
            };
            if seen & (1 << at) != 0 {
                return Ok(rest);
            }
            let value = tail.strip_prefix("true}").or_else(|| tail.strip_prefix("false}"));
            rest = value.ok_or(Reason::Type)?;
            seen |= 1 << at;
            continue 'next;
        }
        return Ok(rest);
    }
}

/// `source[.]target[,]...`, both sides identifiers.
fn matching(text: &str, side: Side) -> Result<Flags, Reason> {
    if text.is_empty() && side == Side::Response {
        return Ok(Flags::NONE);
    }
    every_member(text, |pair| {
        let (source, target) = pair.split_once(DOT).ok_or(Reason::Type)?;
        Ok(short_identifier(source)? | short_identifier(target)?)
    })
}

/// `step[.]answer[,]...`; one of the two may be empty, the answer may be a range of numbers.
fn performance(text: &str, side: Side) -> Result<Flags, Reason> {
    let text = match side {
        Side::Response => text,
        Side::Pattern => booleans(text, &["order_matters"])?,
    };
    let mut flags = over(text.split(COMMA).count() > STEPS_SPM);
    for step in text.split(COMMA) {
        let (name, answer) = step.split_once(DOT).ok_or(Reason::Type)?;
        let is_empty = name.is_empty() && answer.is_empty();
        accept(!is_empty && !answer.contains(DOT))?;
        if !name.is_empty() {
            flags |= short_identifier(name)?;
        }
        flags |= if answer.contains(COLON) { range(answer)? } else { over(is_longer(answer, SHORT_SPM)) };
    }
    Ok(flags)
}

/// `min[:]max`; either end may be missing, the first is not greater than the second.
fn range(text: &str) -> Result<Flags, Reason> {
    let (min, max) = text.split_once(COLON).ok_or(Reason::Type)?;
    let end = |text: &str| match text {
        "" => Ok(None),
        number => Decimal::parse(number).map(Some).ok_or(Reason::Type),
    };
    match (end(min)?, end(max)?) {
        (Some(min), Some(max)) if min > max => Err(Reason::Type),
        _ => Ok(Flags::NONE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use InteractionType::{Choice, FillIn, LongFillIn, Matching, Numeric, Performance, Sequencing};
    use Side::{Pattern, Response};

    #[test]
    fn forms() {
        for (kind, side, text) in [
            (Choice, Response, ""),
            (Choice, Response, "a[,]b"),
            (FillIn, Pattern, "{order_matters=false}{case_matters=true}{lang=en}a[,]b"),
            (FillIn, Response, "{lang=en}"),
            (LongFillIn, Pattern, "{lang=de}{case_matters=true}text"),
            (LongFillIn, Pattern, "{case_matters=false}{lang=de}text"),
            (Matching, Response, "a[.]b[,]c[.]d"),
            (Performance, Response, "[.]answer[,]step[.]"),
            (Performance, Pattern, "{order_matters=true}a[.]1[:]2"),
            (Numeric, Pattern, "[:]5"),
            (Numeric, Response, "-0.5"),
            (Sequencing, Response, "a[,]b[,]a"),
        ] {
            assert_eq!(check(kind, side, text), Ok(Flags::NONE), "{kind:?} {text}");
        }
        for (kind, side, text) in [
            (Choice, Response, "a[,]a"),
            (Choice, Response, "a[,]"),
            (FillIn, Pattern, "{case_matters=maybe}a"),
            (FillIn, Response, "{lang=frl}a"),
            (Matching, Response, "a"),
            (Matching, Pattern, ""),
            (Matching, Pattern, "a[.]b[.]c"),
            (Performance, Response, "[.]"),
            (Performance, Pattern, "{order_matters=1}a[.]b"),
            (Numeric, Pattern, "5"),
            (Numeric, Pattern, "5[:]4"),
            (Numeric, Response, "1[:]2"),
            (Sequencing, Response, ""),
        ] {
            assert_eq!(check(kind, side, text), Err(Reason::Type), "{kind:?} {text}");
        }
    }

    #[test]
    fn defaults_are_left_out() {
        for (kind, side, text, shown) in [
            (LongFillIn, Response, "{lang=en}", ""),
            (LongFillIn, Response, "{lang=de}x", "{lang=de}x"),
            (LongFillIn, Pattern, "{lang=de}{case_matters=true}x", "{case_matters=true}{lang=de}x"),
            (FillIn, Pattern, "{order_matters=true}{case_matters=false}x", "x"),
            (
                FillIn,
                Pattern,
                "{case_matters=false}{lang=de}{order_matters=true}x",
                "{lang=de}{order_matters=true}x",
            ),
            (FillIn, Response, "{lang=en}", "{lang=en}"),
            (Performance, Pattern, "{order_matters=false}a[.]b", "{order_matters=false}a[.]b"),
            (Choice, Pattern, "{x}", "{x}"),
        ] {
            assert_eq!(without_defaults(kind, side, text), shown, "{kind:?} {text}");
        }
    }

    #[test]
    fn choices_are_sets() {
        assert!(same_pattern(Choice, "a[,]b", "b[,]a"));
        assert!(!same_pattern(Sequencing, "a[,]b", "b[,]a"));
        assert!(!same_pattern(Choice, "a[,]b", "a[,]c"));
    }
}
