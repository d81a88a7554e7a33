//! A scanner for markup that may be malformed: it finds where comments, tags and texts begin and end, and never
//! fails. The real parser judges; this one counts and mends.

use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Comment,
    CData,
    /// `<?…?>`
    Instruction,
    Doctype,
    StartTag,
    /// `<…/>`
    EmptyTag,
    EndTag,
}

/// Segments of a text in order; together they are the whole text.
pub(super) struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// End of the segment that starts here, and what it is.
    fn segment(&self) -> (Kind, usize) {
        let rest = &self.text[self.at..];
        let until = |kind, skip: usize, end: &str| {
            let length = rest[skip..].find(end).map_or(rest.len(), |found| skip + found + end.len());
            (kind, self.at + length)
        };
        if rest.starts_with("<!--") {
            until(Kind::Comment, 4, "-->")
        } else if rest.starts_with("<![CDATA[") {
            until(Kind::CData, 9, "]]>")
        } else if rest.starts_with("<?") {
            until(Kind::Instruction, 2, "?>")
        } else if rest.starts_with("<!") {
            (Kind::Doctype, self.at + doctype_length(rest))
        } else if starts_tag(rest) {
            self.tag(rest)
        } else {
            let length = rest[1..].find('<').map_or(rest.len(), |found| found + 1);
            (Kind::Text, self.at + length)
        }
    }

    fn tag(&self, rest: &str) -> (Kind, usize) {
        let end = self.at + tag_length(rest);
        let tag = &self.text[self.at..end];
        let kind = if tag.starts_with("</") {
            Kind::EndTag
        } else if tag.ends_with("/>") {
            Kind::EmptyTag
        } else {
            Kind::StartTag
        };
        (kind, end)
    }
}

impl Iterator for Scanner<'_> {
    type Item = (Kind, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        // A text segment starts with one character of any width: step to the next boundary.
        let (kind, end) = if self.text.as_bytes()[start].is_ascii() {
            self.segment()
        } else {
            (Kind::Text, self.text[start..].find('<').map_or(self.text.len(), |found| start + found))
        };
        self.at = end;
        Some((kind, start..end))
    }
}

/// `<` followed by what can begin a name, or by `/`.
pub(super) fn starts_tag(rest: &str) -> bool {
    let mut chars = rest.chars();
    chars.next() == Some('<') && chars.next().is_some_and(|c| c == '/' || c == '_' || c.is_alphabetic())
}

/// Length of a tag up to its `>`, past any `>` in quotes. Another `<` outside of quotes ends it, too.
fn tag_length(rest: &str) -> usize {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return at + 1,
            (None, b'<') => return at,
            (Some(open), byte) if byte == open => quote = None,
            _ => {}
        }
    }
    rest.len()
}

/// Length of a document type declaration with its internal subset.
fn doctype_length(rest: &str) -> usize {
    let (mut quote, mut brackets) = (None, 0_usize);
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[') => brackets += 1,
            (None, b']') => brackets = brackets.saturating_sub(1),
            (None, b'>') if brackets == 0 => return at + 1,
            (Some(open), byte) if byte == open => quote = None,
            _ => {}
        }
    }
    rest.len()
}

/// The names of a tag's attributes: what stands before each `=` outside of quotes, up to a `>` outside of quotes.
pub(super) fn attribute_names(tag: &str) -> impl Iterator<Item = &str> {
    let mut quote = None;
    let mut start = 0;
    tag.bytes()
        .enumerate()
        .map_while(move |(at, byte)| match (quote, byte) {
            (None, b'>') => None,
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                Some(None)
            }
            (Some(open), byte) if byte == open => {
                quote = None;
                start = at + 1;
                Some(None)
            }
            (None, b'=') => {
                let before = tag.get(start..at).unwrap_or("").trim_end();
                start = at + 1;
                Some(before.rsplit(char::is_whitespace).next())
            }
            _ => Some(None),
        })
        .flatten()
}
