//! Names of entries: decoding, one form for all separators, and what makes a name unacceptable.

use crate::directory::Record;
use crate::entry::NameEncoding;
use crate::limits::Limits;
use crate::problem::Code;

/// General purpose flag bit 11: name and comment are UTF-8 (APPNOTE 4.4.4).
const FLAG_UTF8: u16 = 1 << 11;

/// Code page 437, 0x80 to 0xFF.
const CP437_HIGH: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»\
    ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// The name as text, before normalising.
pub(crate) fn decode(record: &Record<'_>) -> (String, NameEncoding) {
    if let Some(name) = record.unicode_name {
        return (name.to_owned(), NameEncoding::UnicodeField);
    }
    match str::from_utf8(record.name) {
        Ok(name) if name.is_ascii() && record.flags & FLAG_UTF8 == 0 => {
            (name.to_owned(), NameEncoding::Ascii)
        }
        Ok(name) => (name.to_owned(), NameEncoding::Utf8),
        Err(_) => (cp437(record.name), NameEncoding::Cp437),
    }
}

fn cp437(bytes: &[u8]) -> String {
    let high: Vec<char> = CP437_HIGH.chars().collect();
    bytes.iter().map(|&b| if b < 0x80 { char::from(b) } else { high[usize::from(b - 0x80)] }).collect()
}

/// A name in the form of the index, with everything that is wrong about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// Segments joined by `/`; empty for the root folder itself.
    pub text: String,
    /// Whether the name ends with a separator.
    pub is_folder: bool,
    /// Whether a backslash stood as separator.
    pub backslashes: bool,
    /// Reasons to refuse the entry.
    pub flaws: Vec<Code>,
}

/// Brings a decoded name into the form of the index and judges it.
pub(crate) fn normalise(name: &str, limits: &Limits) -> Path {
    let backslashes = name.contains('\\');
    let slashed = if backslashes { name.replace('\\', "/") } else { name.to_owned() };
    let segments: Vec<&str> = slashed.split('/').filter(|s| !s.is_empty() && *s != ".").collect();
    let is_folder = slashed.ends_with('/');
    let mut flaws = Vec::new();
    let mut flaw_if = |condition: bool, code| {
        if condition {
            flaws.push(code);
        }
    };
    flaw_if(is_absolute(&slashed) && !segments.is_empty(), Code::AbsolutePath);
    flaw_if(segments.contains(&".."), Code::ParentPath);
    flaw_if((segments.is_empty() && !is_folder) || slashed.chars().any(char::is_control), Code::BadName);
    flaw_if(segments.iter().any(|s| is_device(s)), Code::DeviceName);
    flaw_if(slashed.len() > limits.path_bytes, Code::PathTooLong);
    flaw_if(segments.len() > limits.path_depth, Code::PathTooDeep);
    Path { text: segments.join("/"), is_folder, backslashes, flaws }
}

/// From the root, from a network share, or from a drive (`C:/x`, and `C:x`, which means the drive's current folder).
fn is_absolute(slashed: &str) -> bool {
    let bytes = slashed.as_bytes();
    slashed.starts_with('/') || (bytes.len() > 1 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':')
}

/// Whether Windows takes this segment for a device, whatever extension follows.
fn is_device(segment: &str) -> bool {
    const PLAIN: [&str; 7] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"];
    let stem = segment.split(['.', ':']).next().unwrap_or_default().trim_end();
    if PLAIN.iter().any(|device| device.eq_ignore_ascii_case(stem)) {
        return true;
    }
    let mut chars = stem.chars();
    let Some(digit) = chars.next_back() else { return false };
    let port = ["COM", "LPT"].iter().any(|device| device.eq_ignore_ascii_case(chars.as_str()));
    port && matches!(digit, '1'..='9' | '¹' | '²' | '³')
}

/// Whether the path is a leftover of an operating system.
pub(crate) fn is_junk(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    path.split('/').any(|segment| segment == "__MACOSX")
        || last.starts_with("._")
        || [".DS_Store", "Thumbs.db", "desktop.ini"].iter().any(|junk| junk.eq_ignore_ascii_case(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_page_437_has_128_high_characters() {
        assert_eq!(CP437_HIGH.chars().count(), 128);
        assert_eq!(cp437(&[b'f', 0x81, b'r', 0xE1, 0xFF]), "fürß\u{a0}");
    }

    #[test]
    fn names_are_normalised_and_judged() {
        use Code::{AbsolutePath, BadName, DeviceName, ParentPath};
        let cases: [(&str, &str, &[Code]); 30] = [
            ("a/b.html", "a/b.html", &[]),
            ("./a//b/./c", "a/b/c", &[]),
            ("a\\b\\c.js", "a/b/c.js", &[]),
            ("a/", "a", &[]),
            ("./", "", &[]),
            ("/", "", &[]),
            ("a..b/..c/d..", "a..b/..c/d..", &[]),
            ("/etc/passwd", "etc/passwd", &[AbsolutePath]),
            ("\\windows\\x", "windows/x", &[AbsolutePath]),
            ("\\\\host\\share\\x", "host/share/x", &[AbsolutePath]),
            ("C:\\x", "C:/x", &[AbsolutePath]),
            ("c:x", "c:x", &[AbsolutePath]),
            ("../x", "../x", &[ParentPath]),
            ("a/../../x", "a/../../x", &[ParentPath]),
            ("a\\..\\x", "a/../x", &[ParentPath]),
            ("/..", "..", &[AbsolutePath, ParentPath]),
            ("", "", &[BadName]),
            (".", "", &[BadName]),
            ("a\0.html", "a\0.html", &[BadName]),
            ("a\n.html", "a\n.html", &[BadName]),
            ("con", "con", &[DeviceName]),
            ("a/AUX.js", "a/AUX.js", &[DeviceName]),
            ("nul /x", "nul /x", &[DeviceName]),
            ("Com1.tar.gz", "Com1.tar.gz", &[DeviceName]),
            ("lpt³", "lpt³", &[DeviceName]),
            ("prn:", "prn:", &[DeviceName]),
            ("com0", "com0", &[]),
            ("com", "com", &[]),
            ("content/console.js", "content/console.js", &[]),
            ("auxiliary/com10", "auxiliary/com10", &[]),
        ];
        for (name, text, flaws) in cases {
            let path = normalise(name, &Limits::DEFAULT);
            assert_eq!((path.text.as_str(), path.flaws.as_slice()), (text, flaws), "{name:?}");
        }
    }

    #[test]
    fn long_and_deep_paths_are_flawed_at_the_limit() {
        let limits = Limits { path_bytes: 9, path_depth: 3, ..Limits::DEFAULT };
        assert_eq!(normalise("a/b/c.jpg", &limits).flaws, []);
        assert_eq!(normalise("a/b/cc.jpg", &limits).flaws, [Code::PathTooLong]);
        assert_eq!(normalise("a/b/c/d", &limits).flaws, [Code::PathTooDeep]);
    }

    #[test]
    fn junk_is_what_systems_leave_behind() {
        for junk in
            ["__MACOSX/._a", "__MACOSX/x.html", "a/.DS_Store", "a/._b.html", "THUMBS.DB", "x/Desktop.ini"]
        {
            assert!(is_junk(junk), "{junk}");
        }
        for real in ["a/MACOSX/x", "DS_Store", "_.html", "a.b/_c"] {
            assert!(!is_junk(real), "{real}");
        }
    }
}
