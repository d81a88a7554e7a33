//! Bounds that are checked before parsing, because the parser needs more than linear time or memory beyond them.
//!
//! Apart from the depth, they are counted without regard to comments and sections, so that no trick with
//! delimiters hides anything from them; a manifest comes near none of them.

use std::collections::HashSet;

use super::scan::{Kind, Scanner, attribute_names};
use crate::limits::{
    MAX_ATTRIBUTES, MAX_ATTRIBUTES_PER_ELEMENT, MAX_ENTITIES, MAX_ENTITY_EXPANSION_BYTES,
    MAX_NAMESPACE_DECLARATIONS, MAX_NAMESPACE_PREFIXES, MAX_XML_DEPTH,
};

/// The most entity references that the parser follows inside of one.
const NESTED_REFERENCES: usize = 255;

/// Which bound an XML text exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Excess {
    #[error("The file's elements are nested more than {MAX_XML_DEPTH} levels deep. It was refused.")]
    Depth,
    #[error("An element has more than {MAX_ATTRIBUTES_PER_ELEMENT} attributes. The file was refused.")]
    AttributesOfElement,
    #[error("The file has more than {MAX_ATTRIBUTES} attributes. It was refused.")]
    Attributes,
    #[error(
        "The file declares more than {MAX_NAMESPACE_PREFIXES} namespace prefixes, or \
         {MAX_NAMESPACE_DECLARATIONS} namespaces. It was refused."
    )]
    Namespaces,
    #[error(
        "The file's DOCTYPE declares entities that could grow beyond {MAX_ENTITY_EXPANSION_BYTES} bytes, as in an \
         attack. It was refused: export the course without a DOCTYPE."
    )]
    Entities,
}

/// Checks all bounds in linear time.
pub(super) fn check(text: &str) -> Result<(), Excess> {
    check_depth(text)?;
    check_attributes(text)?;
    check_entities(text)
}

fn check_depth(text: &str) -> Result<(), Excess> {
    let mut depth = 0_usize;
    for (kind, _) in Scanner::new(text) {
        match kind {
            Kind::StartTag => depth += 1,
            Kind::EndTag => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_XML_DEPTH {
            return Err(Excess::Depth);
        }
    }
    Ok(())
}

fn check_attributes(text: &str) -> Result<(), Excess> {
    let (mut attributes, mut namespaces) = (0_usize, 0_usize);
    let mut prefixes = HashSet::new();
    let tags = text.split('<').skip(1).filter(|rest| rest.starts_with(is_name_start));
    for rest in tags {
        let before = attributes;
        for name in attribute_names(rest) {
            attributes += 1;
            if name.starts_with("xmlns") {
                namespaces += 1;
                prefixes.insert(name);
            }
        }
        if attributes - before > MAX_ATTRIBUTES_PER_ELEMENT {
            return Err(Excess::AttributesOfElement);
        }
        if attributes > MAX_ATTRIBUTES {
            return Err(Excess::Attributes);
        }
        if prefixes.len() > MAX_NAMESPACE_PREFIXES || namespaces > MAX_NAMESPACE_DECLARATIONS {
            return Err(Excess::Namespaces);
        }
    }
    Ok(())
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | ':')
}

/// An upper bound of what the entities can expand to: references in the document, times the longest entity,
/// times what one reference can contain when entities refer to entities.
fn check_entities(text: &str) -> Result<(), Excess> {
    let declarations: Vec<usize> =
        text.match_indices("<!ENTITY").map(|(at, _)| at).take(MAX_ENTITIES + 1).collect();
    let (Some(first), Some(last)) = (declarations.first(), declarations.last()) else {
        return Ok(());
    };
    if declarations.len() > MAX_ENTITIES {
        return Err(Excess::Entities);
    }
    let subset = &text[*first..last + declaration_length(&text[*last..])];
    let longest = subset.split(['"', '\'']).map(str::len).max().unwrap_or(0);
    let refer_to_each_other = subset.match_indices('&').any(|(at, _)| !subset[at..].starts_with("&#"));
    let nested = if refer_to_each_other { NESTED_REFERENCES } else { 1 };
    let bound = text.matches('&').count().saturating_mul(longest).saturating_mul(nested);
    if bound > MAX_ENTITY_EXPANSION_BYTES { Err(Excess::Entities) } else { Ok(()) }
}

/// Length of an entity declaration up to the end of its first literal.
fn declaration_length(declaration: &str) -> usize {
    let Some(open) = declaration.find(['"', '\'']) else {
        return declaration.len();
    };
    let quote = char::from(declaration.as_bytes()[open]);
    declaration[open + 1..].find(quote).map_or(declaration.len(), |close| open + close + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hold_behind_misleading_delimiters() {
        let attributes: String = (0..=MAX_ATTRIBUTES_PER_ELEMENT).map(|n| format!(" a{n}='1'")).collect();
        for before in
            ["", "<!DOCTYPE m [<!-- ' -->]>", "<!DOCTYPE m [<?x \" ?>]>", "<m t='>'>", "<![CDATA[<!--]]>"]
        {
            assert_eq!(
                check(&format!("{before}<m{attributes}>")),
                Err(Excess::AttributesOfElement),
                "{before}"
            );
        }
        let bomb = format!("<!ENTITY a \"{}\">]><m>{}", "x".repeat(50_000), "&a;".repeat(5_000));
        for before in ["<!DOCTYPE m [", "<!DOCTYPE m [<!-- ]> ' -->", "<!-- <!DOCTYPE m []> --><!DOCTYPE m ["]
        {
            assert_eq!(check(&format!("{before}{bomb}")), Err(Excess::Entities), "{before}");
        }
    }

    #[test]
    fn ordinary_manifests_are_far_from_the_bounds() {
        let item = "<item identifier='i' identifierref='r' xmlns:adlcp='u'><title>a = b</title></item>";
        assert_eq!(
            check(&format!("<!DOCTYPE m [<!ENTITY u '&#220;'>]><m>{}</m>", item.repeat(10_000))),
            Ok(())
        );
    }
}
