//! Reading the name that a course sends.

use super::table::{Table, mix, start};
use super::{Element, Kind};
use crate::nav::split_target;

/// A name that the edition knows, with the indices that stood in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path {
    pub(crate) element: &'static Element,
    /// The element's number in its family.
    pub(crate) ordinal: u8,
    /// Index of the record and of the entry within it; 0 where the name has none. An index too large
    /// for 32 bits is the largest one.
    pub(crate) indices: [u32; 2],
}

impl Path {
    /// Looks a name up. `None`: no element of this edition has it.
    pub(crate) fn parse(table: &Table, name: &str) -> Option<Self> {
        let mut scan = Scan { key: start(), indices: [0; 2], depth: 0 };
        for (at, token) in name.as_bytes().split(|byte| *byte == b'.').enumerate() {
            if at > 0 {
                scan.key = mix(scan.key, b'.');
            }
            scan.token(token)?;
        }
        let is_it = |definition: &str| match scan.depth {
            0 => definition == name,
            _ => matches(definition, name),
        };
        let (ordinal, element) = table.find(scan.key, is_it)?;
        Some(Self { element, ordinal, indices: scan.indices })
    }

    /// Looks `adl.nav.request_valid.choice.{target=ID}` up, whose identifier may hold any character.
    pub(crate) fn parse_question<'a>(table: &Table, name: &'a str) -> Option<(&'static Element, &'a str)> {
        let (question, target) = name.split_once(".{target=")?;
        let (target, rest) = split_target(&name[name.len() - target.len() - "{target=".len()..])?;
        let element = table.named(question)?;
        (matches!(element.kind, Kind::NavValid(_)) && rest.is_empty()).then_some((element, target))
    }

    pub(crate) fn record(&self) -> usize {
        self.indices[0] as usize
    }

    pub(crate) fn entry(&self) -> usize {
        self.indices[1] as usize
    }
}

/// What has been read so far.
struct Scan {
    key: u64,
    indices: [u32; 2],
    depth: usize,
}

impl Scan {
    /// One part of the name: digits are an index and count as `n`.
    fn token(&mut self, token: &[u8]) -> Option<()> {
        if token.first().is_some_and(u8::is_ascii_digit) {
            let index = index(token)?;
            *self.indices.get_mut(self.depth)? = index;
            self.depth += 1;
            self.key = mix(self.key, b'n');
            return Some(());
        }
        if token == b"n" {
            return None;
        }
        for byte in token {
            self.key = mix(self.key, *byte);
        }
        Some(())
    }
}

fn index(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |number, digit| {
        digit.is_ascii_digit().then(|| number.saturating_mul(10).saturating_add(u32::from(digit - b'0')))
    })
}

/// Is `name` the definition's name with digits for each `n`? [`Path::parse`] has seen that nothing but digits follows on a
/// digit that begins a part.
fn matches(definition: &str, name: &str) -> bool {
    let mut sent = name.bytes().peekable();
    let mut wanted = definition.bytes().peekable();
    let mut begins = true;
    while let Some(byte) = wanted.next() {
        let is_index = begins && byte == b'n' && wanted.peek().is_none_or(|next| *next == b'.');
        if is_index {
            if sent.next_if(u8::is_ascii_digit).is_none() {
                return false;
            }
            while sent.next_if(u8::is_ascii_digit).is_some() {}
        } else if sent.next() != Some(byte) {
            return false;
        }
        begins = byte == b'.';
    }
    sent.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_name_is_the_definitions_with_digits_for_each_n() {
        let cases = [
            ("cmi.interactions.n.id", "cmi.interactions.0.id", true),
            ("cmi.interactions.n.id", "cmi.interactions.12345.id", true),
            ("cmi.interactions.n.id", "cmi.interactions.n.id", false),
            ("cmi.interactions.n.id", "cmi.interactions..id", false),
            ("cmi.interactions.n.id", "cmi.interactions.1", false),
            ("cmi.interactions.n.id", "cmi.interactions.1.id.x", false),
            ("cmi.interactions.n.id", "cmi.interactions.1.idx", false),
            ("cmi.interactions.n.objectives.n.id", "cmi.interactions.1.objectives.22.id", true),
            ("cmi.core.lesson_mode", "cmi.core.lesson_mode", true),
            ("cmi.nnn.n", "cmi.nnn.7", true),
            ("cmi.nnn.n", "cmi.7nn.7", false),
        ];
        for (definition, name, expected) in cases {
            assert_eq!(matches(definition, name), expected, "{name} as {definition}");
        }
    }
}
