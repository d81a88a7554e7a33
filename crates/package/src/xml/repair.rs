//! Repairs of XML that is slightly malformed but can only be meant in one way. Line numbers stay what they are.

use std::ops::Range;

use roxmltree::Error;

use super::scan::{Kind, Scanner, starts_tag};

/// A mended text and a sentence about it.
pub(super) struct Repaired {
    pub(super) text: String,
    pub(super) what: String,
}

/// Blanks the XML declaration (the text is decoded already) and anything before the first markup. When there was
/// something, `skipped` is told where and in which text.
pub(super) fn prolog(text: String, skipped: impl FnOnce(usize, &str)) -> String {
    let Some(start) = first_markup(&text) else {
        return text;
    };
    let junk = text[..start].find(|c: char| !c.is_whitespace() && c != '\u{feff}');
    if let Some(at) = junk {
        skipped(at, &text);
    }
    let rest = &text[start..];
    let is_declaration = rest.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("<?xml"))
        && rest.as_bytes().get(5).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'?');
    let end = if is_declaration { rest.find("?>").map_or(start, |end| start + end + 2) } else { start };
    if end == 0 {
        return text;
    }
    blanked(&text, 0..end)
}

/// Where the first tag, comment, instruction or document type declaration begins.
fn first_markup(text: &str) -> Option<usize> {
    text.match_indices('<').map(|(at, _)| at).find(|at| {
        let rest = &text[*at..];
        starts_tag(rest) || rest.starts_with("<?") || rest.starts_with("<!")
    })
}

/// Mends what the parser stumbled over; `None` when it cannot be mended safely.
pub(super) fn mend(text: &str, error: &Error) -> Option<Repaired> {
    let (mended, what) = match error {
        Error::UnknownEntityReference(..) | Error::MalformedEntityReference(_) => (
            escape_ampersands(text),
            "An & that begins no known entity was read as the character itself. Write it as &amp;."
                .to_owned(),
        ),
        Error::UnknownNamespace(prefix, _) => (
            declare_prefix(text, prefix)?,
            format!(
                "The namespace prefix {prefix} is used but not declared; its names were understood anyway."
            ),
        ),
        Error::NonXmlChar(..) => (
            text.chars().map(|c| if is_xml_char(c) { c } else { ' ' }).collect(),
            "The file contains control characters that XML does not allow; they were skipped.".to_owned(),
        ),
        Error::InvalidComment(_) => (
            mend_comments(text),
            "A comment contains two hyphens, which XML does not allow; this was tolerated.".to_owned(),
        ),
        Error::InvalidCharacterData(_) => {
            (escape_cdata_end(text), "A text contains ]]>, which must be written ]]&gt;.".to_owned())
        }
        Error::DuplicatedAttribute(name, position) => (
            drop_attribute(text, offset(text, position.row, position.col)?)?,
            format!("The attribute {name} stands twice in one element; the first one counts."),
        ),
        Error::UnknownToken(position) => (
            cut_after_root(text, offset(text, position.row, position.col)?)?,
            "There is text after the end of the XML; it was skipped.".to_owned(),
        ),
        _ => return None,
    };
    (mended != text).then_some(Repaired { text: mended, what })
}

/// Characters replaced by blanks, line breaks kept.
fn blanked(text: &str, range: Range<usize>) -> String {
    let blanks: String = text[range.clone()].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
    format!("{}{blanks}{}", &text[..range.start], &text[range.end..])
}

/// Rewrites segments of some kinds and leaves the others as they are.
fn rewritten(text: &str, rewrite: impl Fn(Kind, &str) -> Option<String>) -> String {
    let mut mended = String::with_capacity(text.len() + 64);
    for (kind, range) in Scanner::new(text) {
        let segment = &text[range];
        match rewrite(kind, segment) {
            Some(new) => mended.push_str(&new),
            None => mended.push_str(segment),
        }
    }
    mended
}

/// Every `&` that begins no entity becomes `&amp;`; entities of HTML become their characters.
fn escape_ampersands(text: &str) -> String {
    let doctype =
        Scanner::new(text).find(|(kind, _)| *kind == Kind::Doctype).map_or("", |(_, range)| &text[range]);
    rewritten(text, |kind, segment| {
        let has_entities = matches!(kind, Kind::Text | Kind::StartTag | Kind::EmptyTag);
        (has_entities && segment.contains('&')).then(|| escaped(segment, doctype))
    })
}

fn escaped(segment: &str, doctype: &str) -> String {
    let mut mended = String::with_capacity(segment.len() + 16);
    let mut rest = segment;
    while let Some(at) = rest.find('&') {
        mended.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let name = reference_name(rest);
        match name.map(|name| (name, resolved(name, doctype))) {
            Some((name, Resolved::Entity)) => {
                mended.push('&');
                mended.push_str(name);
                mended.push(';');
                rest = &rest[name.len() + 1..];
            }
            Some((name, Resolved::Character(c))) => {
                mended.push(c);
                rest = &rest[name.len() + 1..];
            }
            _ => mended.push_str("&amp;"),
        }
    }
    mended.push_str(rest);
    mended
}

enum Resolved {
    /// XML knows it.
    Entity,
    /// HTML knows it.
    Character(char),
    Nothing,
}

/// The name between `&` and `;`, without both.
fn reference_name(rest: &str) -> Option<&str> {
    const LONGEST_NAME: usize = 64;
    let end = rest.bytes().take(LONGEST_NAME).position(|byte| byte == b';')?;
    let name = &rest[..end];
    (!name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '#' | '_' | '.' | '-')))
        .then_some(name)
}

fn resolved(name: &str, doctype: &str) -> Resolved {
    if matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") {
        return Resolved::Entity;
    }
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        };
        let is_valid = code.and_then(char::from_u32).is_some_and(is_xml_char);
        return if is_valid { Resolved::Entity } else { Resolved::Nothing };
    }
    if doctype.split("<!ENTITY").skip(1).any(|rest| rest.split_whitespace().next() == Some(name)) {
        return Resolved::Entity;
    }
    html_character(name).map_or(Resolved::Nothing, Resolved::Character)
}

/// The named characters of HTML that turn up in titles: Latin-1 and typography.
fn html_character(name: &str) -> Option<char> {
    const LATIN1: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg \
        plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute \
        Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve \
        Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc \
        atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute \
        ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";
    const FIRST_OF_LATIN1: u32 = 0xA0;
    const OTHERS: &[(&str, char)] = &[
        ("ndash", '–'),
        ("mdash", '—'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("sbquo", '‚'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("bdquo", '„'),
        ("hellip", '…'),
        ("bull", '•'),
        ("euro", '€'),
        ("trade", '™'),
    ];
    let latin = LATIN1.split_whitespace().zip(FIRST_OF_LATIN1..).find(|(known, _)| *known == name);
    match latin {
        Some((_, code)) => char::from_u32(code),
        None => OTHERS.iter().find(|(known, _)| *known == name).map(|(_, character)| *character),
    }
}

/// Declares a prefix on the root element. The made-up namespace name contains the prefix, which by convention
/// says what is meant (`adlcp`, `imsss`, …).
fn declare_prefix(text: &str, prefix: &str) -> Option<String> {
    let (_, root) = Scanner::new(text).find(|(kind, _)| matches!(kind, Kind::StartTag | Kind::EmptyTag))?;
    let tag = &text[root.clone()];
    let name_length = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
    let at = root.start + name_length;
    Some(format!("{} xmlns:{prefix}=\"urn:undeclared:{prefix}\"{}", &text[..at], &text[at..]))
}

fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

fn mend_comments(text: &str) -> String {
    rewritten(text, |kind, segment| {
        let inner = (kind == Kind::Comment).then(|| segment.get(4..segment.len().checked_sub(3)?))??;
        Some(format!("<!--{}-->", inner.replace('-', " ")))
    })
}

fn escape_cdata_end(text: &str) -> String {
    rewritten(text, |kind, segment| (kind == Kind::Text).then(|| segment.replace("]]>", "]]&gt;")))
}

/// Blanks the attribute that starts at an offset.
fn drop_attribute(text: &str, start: usize) -> Option<String> {
    let open = start + text[start..].find(['"', '\''])?;
    let quote = char::from(text.as_bytes()[open]);
    let close = open + 1 + text[open + 1..].find(quote)?;
    Some(blanked(text, start..close + 1))
}

/// Cuts a text at an offset that lies behind the end of the root element.
fn cut_after_root(text: &str, offset: usize) -> Option<String> {
    let mut depth = 0_usize;
    for (kind, range) in Scanner::new(text) {
        match kind {
            Kind::StartTag => depth += 1,
            Kind::EndTag => depth = depth.checked_sub(1)?,
            _ => {}
        }
        let root_ends = depth == 0 && matches!(kind, Kind::EndTag | Kind::EmptyTag);
        if root_ends {
            return (offset >= range.end).then(|| text[..range.end].to_owned());
        }
    }
    None
}

/// Byte offset of a line and column from 1, columns in characters.
fn offset(text: &str, line: u32, column: u32) -> Option<usize> {
    let line = usize::try_from(line).ok()?.checked_sub(1)?;
    let column = usize::try_from(column).ok()?.checked_sub(1)?;
    let start = match line {
        0 => 0,
        line => text.match_indices('\n').nth(line - 1)?.0 + 1,
    };
    let inner = text[start..].char_indices().nth(column).map_or(text.len() - start, |(at, _)| at);
    Some(start + inner)
}
