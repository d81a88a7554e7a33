//! XML manifests: decoding, bounds, careful repair of what is slightly malformed, and lookups that do not mind
//! missing namespaces.

mod guard;
mod lines;
mod node;
mod repair;
mod scan;

pub(crate) use node::{Node, NodeExt, collapse};

use lines::LineIndex;
use roxmltree::{Document, Error, ParsingOptions};

use crate::{
    diagnostic::{Code, Diagnostics, quoted},
    limits::MAX_XML_NODES,
    text::{self, Doubt},
};

/// Rounds of repair before a file counts as malformed; each round mends one kind of mistake everywhere.
const MAX_REPAIRS: usize = 12;

/// An XML file that has been read.
pub(crate) struct Xml<'d> {
    pub(crate) root: Node<'d>,
    file: &'d str,
    lines: &'d LineIndex<'d>,
}

impl Xml<'_> {
    /// `file:line:column` of an element, for diagnostics.
    pub(crate) fn place(&self, node: Node<'_>) -> String {
        self.lines.place(self.file, node.range().start)
    }

    /// Identifiers and comments, where authoring tools leave their names; at most [`MAX_TRACE_BYTES`].
    pub(crate) fn traces(&self) -> String {
        let mut traces = String::new();
        for node in self.root.document().descendants() {
            if node.is_comment() {
                push_trace(&mut traces, node.text().unwrap_or(""));
            }
            for attribute in node.attributes() {
                let name = attribute.name().to_ascii_lowercase();
                if name.starts_with("identifier") || matches!(name.as_str(), "id" | "default") {
                    push_trace(&mut traces, attribute.value());
                }
            }
            if node.is("catalog") || node.is("entry") || node.is("vcard") || node.is("entity") {
                push_trace(&mut traces, &node.inner_text());
            }
            if traces.len() >= MAX_TRACE_BYTES {
                break;
            }
        }
        traces
    }
}

/// What of a manifest is searched for names of tools.
const MAX_TRACE_BYTES: usize = 64 * 1024;

fn push_trace(traces: &mut String, text: &str) {
    let room = MAX_TRACE_BYTES.saturating_sub(traces.len());
    let end = (0..=text.len().min(room)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    traces.push_str(&text[..end]);
    traces.push('\n');
}

/// Parses a file and hands it to `reader`. When it cannot be understood, the reasons are among the diagnostics
/// and the answer is `None`.
pub(crate) fn read<R>(
    bytes: &[u8],
    file: &str,
    diagnostics: &mut Diagnostics,
    reader: impl FnOnce(&Xml<'_>, &mut Diagnostics) -> R,
) -> Option<R> {
    let mut text = decoded(bytes, file, diagnostics);
    text = repair::prolog(text, |offset, text| {
        diagnostics.add_at(
            Code::XmlRepaired,
            || LineIndex::new(text).place(file, offset),
            "There is text before the XML begins; it was skipped. Other systems may refuse the file: remove it.",
        );
    });
    for _ in 0..=MAX_REPAIRS {
        if let Err(excess) = guard::check(&text) {
            diagnostics.add_at(Code::ManifestHostile, || file.to_owned(), excess.to_string());
            return None;
        }
        let error = match parse(&text) {
            Ok(document) => {
                let lines = LineIndex::new(&text);
                let xml = Xml { root: document.root_element(), file, lines: &lines };
                return Some(reader(&xml, diagnostics));
            }
            Err(error) => error,
        };
        let Some(repaired) = repair::mend(&text, &error) else {
            report(&error, &text, file, diagnostics);
            return None;
        };
        diagnostics.add_at(Code::XmlRepaired, || position(file, &error), repaired.what);
        text = repaired.text;
    }
    diagnostics.add_at(
        Code::ManifestMalformed,
        || file.to_owned(),
        "The XML has more kinds of mistakes than can be repaired. Export the course again.",
    );
    None
}

/// Without a DTD first, then with the one that the file brings; nothing outside of the file is ever fetched.
fn parse(text: &str) -> Result<Document<'_>, Error> {
    let options = |allow_dtd| ParsingOptions { allow_dtd, nodes_limit: MAX_XML_NODES, ..Default::default() };
    match Document::parse_with_options(text, options(false)) {
        Err(Error::DtdDetected) => Document::parse_with_options(text, options(true)),
        result => result,
    }
}

/// The text of a file, with a warning where its encoding had to be guessed.
fn decoded(bytes: &[u8], file: &str, diagnostics: &mut Diagnostics) -> String {
    let decoded = text::decode_xml(bytes);
    let read_as = decoded.encoding;
    let message = match &decoded.doubt {
        None => return decoded.text,
        Some(Doubt::LabelIsWrong(label)) => format!(
            "The file says that its encoding is {}, but it is {read_as} and was read as that. Correct the XML \
             declaration: other systems may show wrong characters or refuse the file.",
            quoted(label)
        ),
        Some(Doubt::LabelIsUnknown(label)) => format!(
            "The encoding {} of the XML declaration is not known; the file was read as {read_as}.",
            quoted(label)
        ),
        Some(Doubt::NotUtf8) => format!(
            "The file does not name its encoding and is not UTF-8; it was read as {read_as}. Titles may show wrong \
             characters: save the file as UTF-8."
        ),
        Some(Doubt::Replaced) => {
            format!("Some characters are not valid in the file's encoding {read_as} and were replaced.")
        }
    };
    diagnostics.add_at(Code::EncodingDoubtful, || file.to_owned(), message);
    decoded.text
}

/// The error that says why a file cannot be understood, and where.
fn report(error: &Error, text: &str, file: &str, diagnostics: &mut Diagnostics) {
    let code = match error {
        Error::NoRootNode => Code::ManifestEmpty,
        Error::EntityReferenceLoop(_) | Error::NodesLimitReached | Error::AttributesLimitReached => {
            Code::ManifestHostile
        }
        _ => Code::ManifestMalformed,
    };
    let has_position = !matches!(error, Error::UnclosedRootNode | Error::UnexpectedEndOfStream);
    let place = || match has_position {
        true => position(file, error),
        false => LineIndex::new(text).place(file, text.len()),
    };
    diagnostics.add_at(code, place, explanation(error));
}

fn position(file: &str, error: &Error) -> String {
    let at = error.pos();
    format!("{file}:{}:{}", at.row, at.col)
}

fn explanation(error: &Error) -> String {
    let reason = match error {
        Error::NoRootNode => return "The file has no content. Export the course again.".to_owned(),
        Error::EntityReferenceLoop(_) => {
            return "The file's entities refer to each other without end. It was refused.".to_owned();
        }
        Error::NodesLimitReached => {
            return format!("The file has more than {MAX_XML_NODES} elements and texts. It was refused.");
        }
        Error::UnexpectedCloseTag(expected, found, _) => format!(
            "</{}> was expected here to close the element that is open, but </{}> was found",
            shortened(expected),
            shortened(found)
        ),
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => {
            "the file ends before all its elements are closed, as if it had been cut off".to_owned()
        }
        Error::InvalidAttributeValue(_) => {
            "an attribute's value contains <, which must be written &lt;".to_owned()
        }
        Error::DuplicatedAttribute(name, _) => {
            format!("an element has the attribute {} twice", quoted(name))
        }
        other => without_position(&other.to_string()).to_owned(),
    };
    format!(
        "The file is not well-formed XML and cannot be understood: {reason}. Export the course again or mend the file."
    )
}

/// The parser's words without the position at their end, which is told separately.
fn without_position(words: &str) -> &str {
    words.rsplit_once(" at ").map_or(words, |(reason, _)| reason)
}

fn shortened(name: &str) -> String {
    name.chars().take(crate::limits::MAX_QUOTED_CHARS).collect()
}

#[cfg(test)]
mod tests;
