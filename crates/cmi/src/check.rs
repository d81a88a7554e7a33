//! Judging a value by its element's type.

use crate::decimal::Decimal;
use crate::edition::{Family, Strictness};
use crate::element::Kind;
use crate::error::Reason;
use crate::flags::Flags;
use crate::identifier::{is_cmi_identifier, is_uri_identifier};
use crate::language;
use crate::localized::Localized;
use crate::nav::NavRequest;
use crate::pattern::{self, Side};
use crate::time;
use crate::vocabulary::{InteractionType, Vocabulary};

/// Length of identifiers in SCORM 1.x, and of `language_type`.
const CMI_IDENTIFIER_LENGTH: usize = 255;
const LONG_IDENTIFIER_SPM: usize = 4_000;
const LANGUAGE_SPM: usize = 250;
const FEEDBACK_SPM: usize = 255;

/// What a judgement depends on besides type and value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    pub(crate) family: Family,
    pub(crate) strictness: Strictness,
    /// Type of the interaction that a response or pattern belongs to.
    pub(crate) interaction: Option<InteractionType>,
}

/// Accepts a value, with remarks, or says why not.
///
/// In tolerant mode a value that is not in the standard's form is accepted where its meaning is
/// plain. Values outside a range are accepted only for raw scores of SCORM 1.2: an unnormalized score
/// still says something, a scaled score of 85 does not.
pub(crate) fn check(kind: &Kind, value: &str, context: Context) -> Result<Flags, Reason> {
    match (exact(kind, value, context), context.strictness) {
        (Err(reason), Strictness::Tolerant) => lenient(kind, value, context, reason),
        (verdict, _) => verdict,
    }
}

type Verdict = Result<Flags, Reason>;

fn accept(is_valid: bool) -> Verdict {
    if is_valid { Ok(Flags::NONE) } else { Err(Reason::Type) }
}

fn exact(kind: &Kind, value: &str, context: Context) -> Verdict {
    match kind {
        Kind::Text(length) => length_of(value, *length, context.family),
        Kind::Localized(length) => {
            let words = Localized::parse(value);
            accept(words.has_valid_tag())?;
            length_of(words.text, *length, context.family)
        }
        Kind::LongIdentifier => {
            accept(is_uri_identifier(value))?;
            length_of(value, LONG_IDENTIFIER_SPM, context.family)
        }
        Kind::CmiIdentifier => {
            accept(is_cmi_identifier(value))?;
            length_of(value, CMI_IDENTIFIER_LENGTH, context.family)
        }
        Kind::Vocabulary(words) => accept(words.contains(value)),
        Kind::Real(min, max) => real(Decimal::parse(value), *min, *max),
        Kind::CmiDecimal { normalized, blank } => cmi_decimal(value, *normalized, *blank),
        Kind::CmiInteger(min, max) => cmi_integer(value, *min, *max),
        Kind::Interval => accept(time::parse_duration(value).is_some()),
        Kind::Timestamp => accept(time::parse_timestamp(value).is_some()),
        Kind::CmiTimespan => accept(time::parse_timespan(value).is_some()),
        Kind::CmiTime => accept(time::parse_time_of_day(value).is_some()),
        Kind::CmiDate => accept(is_cmi_date(value)),
        Kind::Language => {
            accept(value.is_empty() || language::is_valid_tag(value))?;
            length_of(value, LANGUAGE_SPM, context.family)
        }
        Kind::Result(words) => accept(words.contains(value) || is_number(value, context.family)),
        Kind::Response => response(value, Side::Response, context.interaction),
        Kind::Pattern => response(value, Side::Pattern, context.interaction),
        Kind::Feedback => Ok(over(value, FEEDBACK_SPM)),
        Kind::NavRequest(words) => accept(is_nav_request(value, words)),
        Kind::NavValid(_) | Kind::Children(_) | Kind::Count | Kind::Version(_) => Err(Reason::Type),
    }
}

/// Flags a text that is longer than a maximum.
pub(crate) fn over(value: &str, length: usize) -> Flags {
    // Bytes are never fewer than characters, so most values need no counting.
    if value.len() > length && value.chars().count() > length { Flags::OVER_SPM } else { Flags::NONE }
}

/// In SCORM 1.x the length is part of the type, in 2004 it is what a system has to take at least.
fn length_of(value: &str, length: usize, family: Family) -> Verdict {
    match (over(value, length), family) {
        (Flags::OVER_SPM, Family::Cmi) => Err(Reason::Length),
        (flags, _) => Ok(flags),
    }
}

fn real(number: Option<Decimal>, min: Option<i8>, max: Option<i8>) -> Verdict {
    let number = number.ok_or(Reason::Type)?;
    let limit = |bound: i8| Decimal::from_integer(i64::from(bound));
    let is_inside = min.is_none_or(|min| number >= limit(min)) && max.is_none_or(|max| number <= limit(max));
    if is_inside { Ok(Flags::NONE) } else { Err(Reason::Range) }
}

/// RTE 1.2 `CMIDecimal`: a number with an optional point, a minus sign where it is negative.
fn cmi_decimal(value: &str, normalized: bool, blank: bool) -> Verdict {
    if blank && value.is_empty() {
        return Ok(Flags::NONE);
    }
    accept(!value.starts_with('+'))?;
    let max = if normalized { Some(100) } else { None };
    real(Decimal::parse(value), max.map(|_| 0), max)
}

fn cmi_integer(value: &str, min: i32, max: i32) -> Verdict {
    let is_digits = value.strip_prefix('-').unwrap_or(value).bytes().all(|b| b.is_ascii_digit());
    let number: i32 = value.parse().map_err(|_| Reason::Type)?;
    accept(is_digits)?;
    if (min..=max).contains(&number) { Ok(Flags::NONE) } else { Err(Reason::Range) }
}

fn is_number(value: &str, family: Family) -> bool {
    match family {
        Family::Cmi => cmi_decimal(value, false, false).is_ok(),
        Family::Ieee => Decimal::parse(value).is_some(),
    }
}

fn is_cmi_date(value: &str) -> bool {
    let mut parts = value.split('/');
    let mut part =
        |width: usize| parts.next().filter(|p| p.len() == width && p.bytes().all(|b| b.is_ascii_digit()));
    let is_dated = part(4).is_some() && part(2).is_some() && part(2).is_some();
    is_dated && parts.next().is_none() && time::parse_any_timestamp(value).is_some()
}

/// Without a type there is nothing to judge by; tolerant mode lets that happen.
fn response(value: &str, side: Side, interaction: Option<InteractionType>) -> Verdict {
    interaction.map_or(Ok(Flags::NONE), |kind| pattern::check(kind, side, value))
}

fn is_nav_request(value: &str, words: &Vocabulary) -> bool {
    match NavRequest::parse(value) {
        Some(NavRequest::Choice(target)) => words.contains("choice") && is_uri_identifier(target),
        Some(NavRequest::Jump(target)) => words.contains("jump") && is_uri_identifier(target),
        Some(_) => words.contains(value),
        None => value == "_none_",
    }
}

fn lenient(kind: &Kind, value: &str, context: Context, reason: Reason) -> Verdict {
    let coerced = |is_understood: bool| if is_understood { Ok(Flags::COERCED) } else { Err(reason) };
    match kind {
        Kind::Text(_) => Ok(Flags::OVER_SPM),
        Kind::Localized(length) => Ok(Flags::COERCED | over(value, *length)),
        Kind::LongIdentifier => identifier(value, LONG_IDENTIFIER_SPM, reason),
        Kind::CmiIdentifier => identifier(value, CMI_IDENTIFIER_LENGTH, reason),
        Kind::Vocabulary(words) => coerced(words.meaning(value).is_some()),
        Kind::Real(min, max) => real(Decimal::parse_lenient(value), *min, *max)
            .map(|flags| flags | Flags::COERCED)
            .map_err(|_| reason),
        Kind::CmiDecimal { .. } if reason == Reason::Range => Ok(Flags::OUT_OF_RANGE),
        Kind::CmiDecimal { normalized, .. } => sloppy_score(value, *normalized, reason),
        Kind::CmiInteger(min, max) => {
            let min_max = |number: Decimal| {
                let bound = |bound: i32| Decimal::from_integer(i64::from(bound));
                number >= bound(*min) && number <= bound(*max)
            };
            coerced(Decimal::parse_lenient(value).is_some_and(min_max))
        }
        Kind::Interval | Kind::CmiTimespan => coerced(
            value.is_empty() && context.family == Family::Cmi || time::parse_any_interval(value).is_some(),
        ),
        Kind::Timestamp => coerced(
            time::parse_any_timestamp(value).is_some() || time::parse_any_time_of_day(value).is_some(),
        ),
        Kind::CmiTime => coerced(time::parse_any_time_of_day(value).is_some()),
        Kind::CmiDate => coerced(time::parse_any_timestamp(value).is_some()),
        Kind::Language => Ok(Flags::COERCED | over(value, LANGUAGE_SPM)),
        Kind::Result(words) => {
            coerced(words.meaning(value).is_some() || Decimal::parse_lenient(value).is_some())
        }
        Kind::Response | Kind::Pattern => Ok(Flags::COERCED),
        Kind::NavRequest(words) => coerced(is_nav_request(value.trim(), words)),
        Kind::Feedback | Kind::NavValid(_) | Kind::Children(_) | Kind::Count | Kind::Version(_) => {
            Err(reason)
        }
    }
}

fn identifier(value: &str, length: usize, reason: Reason) -> Verdict {
    if value.trim().is_empty() {
        return Err(reason);
    }
    let form = if reason == Reason::Length { Flags::NONE } else { Flags::COERCED };
    Ok(form | over(value, length))
}

fn sloppy_score(value: &str, normalized: bool, reason: Reason) -> Verdict {
    let number = Decimal::parse_lenient(value).ok_or(reason)?;
    let is_outside = normalized && !(Decimal::ZERO..=Decimal::from_integer(100)).contains(&number);
    Ok(if is_outside { Flags::COERCED | Flags::OUT_OF_RANGE } else { Flags::COERCED })
}
