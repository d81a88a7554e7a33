//! Finding an entry by the course's own href. Courses are made on Windows and macOS and unpacked there by everybody
//! else, so their hrefs are right only up to case, accents' form, separators and escapes.

use std::borrow::Cow;
use std::sync::OnceLock;

use encoding_rs::Encoding;
use percent_encoding::percent_decode_str;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::entry::{Entry, EntryId, EntryKind, NameEncoding};
use crate::index::{Index, NameTable};

/// The form in which names are equal on file systems that ignore case: NFC, lower case.
pub(crate) fn fold(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        return match name.bytes().any(|b| b.is_ascii_uppercase()) {
            true => name.to_ascii_lowercase().into(),
            false => name.into(),
        };
    }
    nfc(name).to_lowercase().into()
}

fn nfc(name: &str) -> Cow<'_, str> {
    if is_nfc(name) { name.into() } else { name.nfc().collect::<String>().into() }
}

/// Tables that only rare hrefs need, made at the first of them.
#[derive(Debug, Default)]
pub(crate) struct Rare {
    /// Files whose names are in an unknown code page, by their bytes.
    raw: OnceLock<NameTable>,
    /// Every path that is a folder, sorted.
    folders: OnceLock<Box<[Box<str>]>>,
}

/// One lookup over an index.
pub(crate) struct Lookup<'a> {
    pub index: &'a Index,
    pub rare: &'a Rare,
}

impl<'a> Lookup<'a> {
    /// The steps that [`Archive::lookup`](crate::Archive::lookup) documents.
    pub(crate) fn file(&self, href: &str) -> Option<EntryId> {
        if let Some(id) = self.exact(href) {
            return Some(id);
        }
        let readings = readings(href);
        let first =
            |step: &dyn Fn(&str) -> Option<EntryId>| readings.iter().find_map(|reading| step(reading));
        first(&|path| self.exact(path))
            .or_else(|| first(&|path| self.unique_fold(path, |name| nfc(name) == nfc(path))))
            .or_else(|| first(&|path| self.unique_fold(path, |name| fold(name) == fold(path))))
            .or_else(|| self.raw_bytes(href))
            .or_else(|| first(&|path| self.legacy(path)))
    }

    /// The folder that the href names, in its own spelling without `/` at the end; the root is "".
    pub(crate) fn folder(&self, href: &str) -> Option<&'a str> {
        let folders = self.rare.folders.get_or_init(|| folders(&self.index.entries));
        readings(href).iter().find_map(|path| {
            let at = folders.binary_search_by(|folder| (**folder).cmp(path)).ok()?;
            Some(&*folders[at])
        })
    }

    fn exact(&self, path: &str) -> Option<EntryId> {
        let mut candidates = self.index.exact.candidates(path.as_bytes());
        candidates.find(|id| &*self.entry(*id).name == path)
    }

    /// The one file whose folded name is that of `path` and whose name is `equal`; none when several are.
    fn unique_fold(&self, path: &str, equal: impl Fn(&str) -> bool) -> Option<EntryId> {
        let key = fold(path);
        unique(self.index.folded.candidates(key.as_bytes()).filter(|id| equal(&self.entry(*id).name)))
    }

    /// By bytes that are no UTF-8, percent-encoded in the href as a browser sends them from a page in an old code page.
    fn raw_bytes(&self, href: &str) -> Option<EntryId> {
        let bytes: Cow<'_, [u8]> = percent_decode_str(href.trim_start_matches('/')).into();
        unique(self.raw_candidates(&bytes))
    }

    /// By the bytes that `path` has in one of the code pages that packagers forget to name.
    fn legacy(&self, path: &str) -> Option<EntryId> {
        if path.is_ascii() {
            return None;
        }
        let backslashed = path.replace('/', "\\");
        let spellings = [path, &backslashed];
        let encoded = spellings.iter().flat_map(|spelling| legacy_forms(spelling));
        let mut found: Vec<EntryId> =
            encoded.flat_map(|bytes| self.raw_candidates(&bytes).collect::<Vec<_>>()).collect();
        found.sort_unstable();
        found.dedup();
        unique(found.into_iter())
    }

    fn raw_candidates(&self, bytes: &[u8]) -> impl Iterator<Item = EntryId> {
        let table = self.rare.raw.get_or_init(|| {
            let unknown = |e: &Entry| e.kind == EntryKind::File && e.encoding == NameEncoding::Cp437;
            let files = (0..).map(EntryId).zip(&self.index.entries).filter(|(_, e)| unknown(e));
            NameTable::new(files, |e| e.raw_name().into())
        });
        table.candidates(bytes).filter(move |id| self.entry(*id).raw_name() == bytes)
    }

    fn entry(&self, id: EntryId) -> &Entry {
        &self.index.entries[id.index()]
    }
}

fn unique(mut ids: impl Iterator<Item = EntryId>) -> Option<EntryId> {
    let first = ids.next()?;
    ids.next().is_none().then_some(first)
}

/// What the href may mean, in the order in which it is tried: as written, percent-decoded, and both again without a
/// query or fragment. Each in the form of the index; a reading that leaves the course is dropped.
fn readings(href: &str) -> Vec<String> {
    let end = href.find(['?', '#']).unwrap_or(href.len());
    let mut readings: Vec<String> = Vec::with_capacity(4);
    for text in [href, &href[..end]] {
        let decoded = percent_decode_str(text).decode_utf8().ok();
        for reading in [Some(Cow::Borrowed(text)), decoded].into_iter().flatten() {
            let resolved = resolve(&reading);
            readings.extend(resolved.filter(|r| !readings.contains(r)));
        }
    }
    readings
}

/// Separators to `/`, no empty and `.` segments, `..` taken back inside the course; `None` when it leads out of it.
fn resolve(path: &str) -> Option<String> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split(['/', '\\']) {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()?),
            _ => segments.push(segment),
        }
    }
    Some(segments.join("/"))
}

/// All folders, also those that have no entry of their own.
fn folders(entries: &[Entry]) -> Box<[Box<str>]> {
    let mut found: Vec<&str> = vec![""];
    for entry in entries {
        let is_folder = entry.kind == EntryKind::Folder;
        let parents = entry.name.match_indices('/').map(|(at, _)| &entry.name[..at]);
        match entry.kind {
            EntryKind::Refused => {}
            _ => found.extend(parents.chain(is_folder.then_some(&*entry.name))),
        }
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(Box::from).collect()
}

/// Code page 850, 0x80 to 0xFF: what Western European Windows writes for names without saying so.
const CP850_HIGH: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»\
    ░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// Code pages of the systems that packages come from, besides 850.
const LEGACY: [&Encoding; 9] = [
    encoding_rs::WINDOWS_1252,
    encoding_rs::WINDOWS_1250,
    encoding_rs::WINDOWS_1251,
    encoding_rs::WINDOWS_1254,
    encoding_rs::IBM866,
    encoding_rs::GB18030,
    encoding_rs::SHIFT_JIS,
    encoding_rs::BIG5,
    encoding_rs::EUC_KR,
];

/// The bytes of `text` in every code page that has all its characters.
fn legacy_forms(text: &str) -> impl Iterator<Item = Vec<u8>> {
    let composed = nfc(text).into_owned();
    let others = LEGACY.iter().filter_map({
        let composed = composed.clone();
        move |encoding| {
            let (bytes, _, unmappable) = encoding.encode(&composed);
            (!unmappable).then(|| bytes.into_owned())
        }
    });
    cp850(&composed).into_iter().chain(others)
}

fn cp850(text: &str) -> Option<Vec<u8>> {
    let byte = |c: char| match c.is_ascii() {
        true => Some(c as u8),
        false => CP850_HIGH.chars().position(|high| high == c).map(|at| 0x80 + at as u8),
    };
    text.chars().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_page_850_has_128_high_characters() {
        assert_eq!(CP850_HIGH.chars().count(), 128);
        assert_eq!(cp850("São"), Some(vec![b'S', 0xC6, b'o']));
        assert_eq!(cp850("中"), None);
    }

    #[test]
    fn readings_come_in_order_and_stay_inside() {
        let cases: [(&str, &[&str]); 9] = [
            ("a/b.html", &["a/b.html"]),
            ("/a/./b//c/../d", &["a/b/d"]),
            ("a%20b", &["a%20b", "a b"]),
            ("a.html?x=1#top", &["a.html?x=1#top", "a.html"]),
            ("a%3Fb?x", &["a%3Fb?x", "a?b?x", "a%3Fb", "a?b"]),
            ("a\\b", &["a/b"]),
            ("a%5Cb", &["a%5Cb", "a/b"]),
            ("../x", &[]),
            ("%2e%2e/x", &["%2e%2e/x"]),
        ];
        for (href, expected) in cases {
            assert_eq!(readings(href), expected, "{href}");
        }
    }
}
