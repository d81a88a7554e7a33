//! Bytes to text, for manifests in any encoding with or without a truthful label.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A decoded text and what had to be assumed.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// Name of the encoding that was used.
    pub(crate) encoding: &'static str,
    pub(crate) doubt: Option<Doubt>,
}

/// Why the encoding is not certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// The label names another encoding than the bytes show.
    LabelIsWrong(String),
    /// The label names no known encoding.
    LabelIsUnknown(String),
    /// No label, and not UTF-8.
    NotUtf8,
    /// Some bytes mean nothing in the encoding and were replaced.
    Replaced,
}

/// How much of the beginning is searched for a label or for the zeros of UTF-16.
const SNIFFED_BYTES: usize = 512;

/// Decodes an XML file: byte order mark, then UTF-16 without one, then the label of the XML declaration where
/// the bytes agree with it, then UTF-8, then windows-1252.
pub(crate) fn decode_xml(bytes: &[u8]) -> Decoded {
    decode(bytes, declared_label(bytes))
}

/// Decodes a file without any label (AICC): byte order mark, UTF-16, UTF-8, windows-1252.
pub(crate) fn decode_plain(bytes: &[u8]) -> Decoded {
    decode(bytes, None)
}

fn decode(bytes: &[u8], label: Option<String>) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return forced(encoding, &bytes[mark..], None);
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return forced(encoding, bytes, None);
    }
    let Some(label) = label else {
        return utf8_or_latin(bytes, None);
    };
    match Encoding::for_label(label.as_bytes()) {
        None => utf8_or_latin(bytes, Some(Doubt::LabelIsUnknown(label))),
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => {
            utf8_or_latin(bytes, Some(Doubt::LabelIsWrong(label)))
        }
        Some(encoding) if encoding == UTF_8 => utf8_or_latin(bytes, None),
        Some(encoding) => legacy(bytes, encoding, label),
    }
}

/// A legacy encoding as labelled, unless the bytes show that it is UTF-8: for encodings with one byte per
/// character when they are valid UTF-8 at all, for others when they are not valid in the named one.
fn legacy(bytes: &[u8], encoding: &'static Encoding, label: String) -> Decoded {
    let utf8 = std::str::from_utf8(bytes).ok().filter(|text| !text.is_ascii());
    let exact = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    match (utf8, exact) {
        (Some(text), exact) if encoding.is_single_byte() || exact.is_none() => {
            Decoded { text: text.to_owned(), encoding: UTF_8.name(), doubt: Some(Doubt::LabelIsWrong(label)) }
        }
        (_, Some(text)) => Decoded { text: text.into_owned(), encoding: encoding.name(), doubt: None },
        (_, None) => forced(encoding, bytes, None),
    }
}

/// UTF-8 when it is valid, else windows-1252, which gives every byte a meaning.
fn utf8_or_latin(bytes: &[u8], doubt: Option<Doubt>) -> Decoded {
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded { text: text.to_owned(), encoding: UTF_8.name(), doubt },
        Err(_) => forced(WINDOWS_1252, bytes, doubt.or(Some(Doubt::NotUtf8))),
    }
}

fn forced(encoding: &'static Encoding, bytes: &[u8], doubt: Option<Doubt>) -> Decoded {
    let (text, replaced) = encoding.decode_without_bom_handling(bytes);
    let doubt = doubt.or(replaced.then_some(Doubt::Replaced));
    Decoded { text: text.into_owned(), encoding: encoding.name(), doubt }
}

/// UTF-16 shows itself in a Latin beginning: every second byte is zero.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(64)];
    let zeros = |parity: usize| start.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let most = start.len() / 2 * 3 / 4;
    if start.len() < 8 {
        return None;
    }
    match (zeros(0), zeros(1)) {
        (0, odd) if odd >= most => Some(UTF_16LE),
        (even, 0) if even >= most => Some(UTF_16BE),
        _ => None,
    }
}

/// The `encoding` of the XML declaration. The beginning is read byte by byte as Latin, so that a title in a
/// legacy encoding does not get in the way.
fn declared_label(bytes: &[u8]) -> Option<String> {
    let start: String = bytes.iter().take(SNIFFED_BYTES).map(|byte| char::from(*byte)).collect();
    let declaration = &start[start.find("<?xml")?..];
    let declaration = &declaration[..declaration.find("?>")?];
    let after = declaration[declaration.find("encoding")? + "encoding".len()..].trim_start();
    let value = after.strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next().map(|label| label.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(label: &str, title: &[u8]) -> Vec<u8> {
        [format!("<?xml version=\"1.0\" encoding=\"{label}\"?><t>").as_bytes(), title, b"</t>"].concat()
    }

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    }

    #[test]
    fn legacy_encodings_are_read_as_labelled() {
        for (label, title, expected) in [
            ("ISO-8859-1", &b"\xdcbung"[..], "Übung"),
            ("windows-1252", b"\x93quoted\x94", "“quoted”"),
            ("windows-1251", b"\xca\xf3\xf0\xf1", "Курс"),
            ("Shift_JIS", b"\x83R\x81[\x83X", "コース"),
            ("GB2312", b"\xbf\xce\xb3\xcc", "课程"),
            ("euc-kr", b"\xb0\xfa\xc1\xa4", "과정"),
            ("UTF-8", "Übung".as_bytes(), "Übung"),
        ] {
            let decoded = decode_xml(&xml(label, title));
            assert!(decoded.text.contains(expected), "{label}: {}", decoded.text);
            assert_eq!(decoded.doubt, None, "{label}");
        }
    }

    #[test]
    fn wrong_labels_are_not_believed() {
        for (label, title, expected, encoding) in [
            ("ISO-8859-1", "Übung".as_bytes(), "Übung", "UTF-8"),
            ("UTF-16", "Übung".as_bytes(), "Übung", "UTF-8"),
            ("Shift_JIS", "Übung \u{1f600}".as_bytes(), "Übung \u{1f600}", "UTF-8"),
            ("klingon", "Übung".as_bytes(), "Übung", "UTF-8"),
            ("UTF-8", &b"\xdcbung"[..], "Übung", "windows-1252"),
            ("UTF-16", &b"\xdcbung"[..], "Übung", "windows-1252"),
        ] {
            let decoded = decode_xml(&xml(label, title));
            assert!(decoded.text.contains(expected), "{label}: {}", decoded.text);
            assert_eq!(decoded.encoding, encoding, "{label}");
            assert!(decoded.doubt.is_some(), "{label}");
        }
    }

    #[test]
    fn utf16_is_recognised_with_and_without_a_mark() {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><t>Übung 课程</t>";
        for little in [true, false] {
            let bare = utf16(text, little);
            let marked = utf16(&format!("\u{feff}{text}"), little);
            for bytes in [bare, marked] {
                let decoded = decode_xml(&bytes);
                assert_eq!((decoded.text.as_str(), decoded.doubt), (text, None));
            }
        }
        // The declaration lies: it says UTF-8, the bytes are UTF-16.
        let lying = text.replace("UTF-16", "UTF-8");
        assert_eq!(decode_xml(&utf16(&lying, true)).text, lying);
    }

    #[test]
    fn a_byte_order_mark_decides_and_disappears() {
        let decoded = decode_xml(b"\xef\xbb\xbf<?xml version='1.0' encoding='ISO-8859-1'?><t>\xc3\x9c</t>");
        assert!(decoded.text.starts_with("<?xml") && decoded.text.contains('Ü'));
    }

    #[test]
    fn plain_files_have_no_label() {
        assert_eq!(decode_plain(b"Course_Title=\xdcbung").text, "Course_Title=Übung");
        assert_eq!(decode_plain("Course_Title=Übung".as_bytes()).text, "Course_Title=Übung");
        assert_eq!(decode_plain(b"").text, "");
    }

    #[test]
    fn any_bytes_give_a_text() {
        for bytes in [
            &b""[..],
            b"\x00",
            b"\xff\xfe",
            b"\xff\xfe\x3c",
            b"\x00\x00\x00\x00\x00\x00\x00\x00",
            b"<?xml encoding",
        ] {
            let _ = decode_xml(bytes);
        }
    }
}
