//! Finding the central directory: end record (APPNOTE 4.3.16), zip64 end record and its locator (4.3.14, 4.3.15).

use super::{le16, le32, le64};
use crate::problem::OpenError;
use crate::source::Source;

const END_SIGNATURE: &[u8] = b"PK\x05\x06";
const END_LEN: usize = 22;
const LOCATOR_SIGNATURE: &[u8] = b"PK\x06\x07";
const LOCATOR_LEN: usize = 20;
const END64_SIGNATURE: &[u8] = b"PK\x06\x06";
const END64_LEN: usize = 56;
const RECORD_SIGNATURE: &[u8] = b"PK\x01\x02";
/// The comment after the end record is at most this long, so the record begins in this tail of the file.
const TAIL_LEN: usize = END_LEN + u16::MAX as usize;

/// Where the central directory lies in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    /// Position of the first directory record in the file.
    pub directory_start: u64,
    /// Length of all records in bytes.
    pub directory_len: u64,
    /// Number of entries as stated; the old record counts modulo 65,536.
    pub entries: u64,
    /// Whether `entries` is exact (zip64) or modulo 65,536.
    pub entries_exact: bool,
    /// What to add to every offset in the directory: bytes put before the archive.
    pub base: u64,
    /// Bytes after the end of the archive.
    pub trailing: u64,
}

impl End {
    /// Finds the end record: the last one in the file that leads to a directory. Fails with the reason for the last
    /// candidate, or with what the file looks like when there is none.
    pub(crate) fn find(source: &Source) -> Result<Self, OpenError> {
        if source.is_empty() {
            return Err(OpenError::EmptyFile);
        }
        let tail_len = source.len().min(TAIL_LEN as u64) as usize;
        let tail_start = source.len() - tail_len as u64;
        let mut tail = vec![0; tail_len];
        source.read_exact_at(&mut tail, tail_start)?;
        let mut first_error = None;
        for at in (0..=tail_len.saturating_sub(END_LEN)).rev() {
            if !tail[at..].starts_with(END_SIGNATURE) || tail_len - at < END_LEN {
                continue;
            }
            match Self::read(source, &tail[at..], tail_start + at as u64) {
                Ok(end) => return Ok(end),
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        Err(first_error.map_or_else(|| what_else(source), Ok)?)
    }

    /// Reads the end record at position `at`; `bytes` is the rest of the file from there.
    fn read(source: &Source, bytes: &[u8], at: u64) -> Result<Self, OpenError> {
        let comment_len = usize::from(le16(bytes, 20));
        let Some(trailing) = (bytes.len() - END_LEN).checked_sub(comment_len) else {
            return Err(OpenError::DamagedDirectory("its end record is cut off"));
        };
        let old = Fields {
            disk: le16(bytes, 4).into(),
            directory_disk: le16(bytes, 6).into(),
            entries: le16(bytes, 10).into(),
            len: le32(bytes, 12).into(),
            offset: le32(bytes, 16).into(),
        };
        let (fields, end) = match Fields::read_zip64(source, at)? {
            Some((new, end)) if old.has_sentinel() => (old.filled_from(&new), end),
            _ => (old, at),
        };
        if fields.disk != fields.directory_disk || (fields.disk != 0 && fields.disk != 0xFFFF) {
            return Err(OpenError::Split);
        }
        let (directory_start, base) = locate(source, &fields, end)?;
        Ok(Self {
            directory_start,
            directory_len: fields.len,
            entries: fields.entries,
            entries_exact: old.entries == 0xFFFF && end != at,
            base,
            trailing: trailing as u64,
        })
    }
}

/// What both forms of the end record say.
#[derive(Clone, Copy)]
struct Fields {
    disk: u32,
    directory_disk: u32,
    entries: u64,
    len: u64,
    offset: u64,
}

impl Fields {
    /// Whether a field says "see the zip64 record" (4.4.1.4).
    fn has_sentinel(&self) -> bool {
        self.entries == 0xFFFF || self.len == 0xFFFF_FFFF || self.offset == 0xFFFF_FFFF
    }

    /// Takes from `new` only the fields that point there.
    fn filled_from(self, new: &Self) -> Self {
        let pick = |old: u64, sentinel: u64, new: u64| if old == sentinel { new } else { old };
        Self {
            disk: new.disk,
            directory_disk: new.directory_disk,
            entries: pick(self.entries, 0xFFFF, new.entries),
            len: pick(self.len, 0xFFFF_FFFF, new.len),
            offset: pick(self.offset, 0xFFFF_FFFF, new.offset),
        }
    }

    /// The zip64 end record that belongs to the end record at `at`, and its position. Its locator states a position that
    /// does not count bytes put before the archive, so the place right before the locator is tried as well.
    fn read_zip64(source: &Source, at: u64) -> Result<Option<(Self, u64)>, OpenError> {
        let Some(locator_at) = at.checked_sub(LOCATOR_LEN as u64) else { return Ok(None) };
        let mut locator = [0; LOCATOR_LEN];
        source.read_exact_at(&mut locator, locator_at)?;
        if !locator.starts_with(LOCATOR_SIGNATURE) {
            return Ok(None);
        }
        for position in [Some(le64(&locator, 8)), locator_at.checked_sub(END64_LEN as u64)] {
            let fits = |p: &u64| p.checked_add(END64_LEN as u64).is_some_and(|end| end <= locator_at);
            let Some(position) = position.filter(fits) else { continue };
            let mut record = [0; END64_LEN];
            source.read_exact_at(&mut record, position)?;
            if record.starts_with(END64_SIGNATURE) {
                let fields = Self {
                    disk: le32(&record, 16),
                    directory_disk: le32(&record, 20),
                    entries: le64(&record, 32),
                    len: le64(&record, 40),
                    offset: le64(&record, 48),
                };
                return Ok(Some((fields, position)));
            }
        }
        Ok(None)
    }
}

/// The directory lies right before its end record; the difference to its stated offset is what was put before the
/// archive. If it is not there (padding after it), the stated offset is taken as it is.
fn locate(source: &Source, fields: &Fields, end: u64) -> Result<(u64, u64), OpenError> {
    let candidates = [
        end.checked_sub(fields.len).and_then(|start| Some((start, start.checked_sub(fields.offset)?))),
        Some((fields.offset, 0)),
    ];
    for (start, base) in candidates.into_iter().flatten() {
        let inside = start.checked_add(fields.len).is_some_and(|directory_end| directory_end <= end);
        if inside && (fields.len == 0 || starts_with(source, start, RECORD_SIGNATURE)?) {
            return Ok((start, base));
        }
    }
    Err(OpenError::DamagedDirectory("it is not where its end record says"))
}

fn starts_with(source: &Source, at: u64, signature: &[u8]) -> Result<bool, OpenError> {
    let mut found = [0; 4];
    if at + 4 > source.len() {
        return Ok(false);
    }
    source.read_exact_at(&mut found, at)?;
    Ok(found == *signature)
}

/// What a file without an end record is, told by its first bytes.
fn what_else(source: &Source) -> Result<OpenError, OpenError> {
    const OTHER_ARCHIVES: [(&[u8], &str); 4] = [
        (b"Rar!", "it is a RAR archive; unpack it and pack the folder as zip"),
        (b"7z\xBC\xAF\x27\x1C", "it is a 7-Zip archive; unpack it and pack the folder as zip"),
        (b"\x1F\x8B", "it is gzip (perhaps .tar.gz); unpack it and pack the folder as zip"),
        (b"%PDF", "it is a PDF document"),
    ];
    let mut head = [0; 256];
    let len = source.len().min(head.len() as u64) as usize;
    source.read_exact_at(&mut head[..len], 0)?;
    let head = &head[..len];
    if head.starts_with(b"PK\x03\x04") || head.starts_with(RECORD_SIGNATURE) {
        return Ok(OpenError::Truncated);
    }
    let other = OTHER_ARCHIVES.iter().find(|(start, _)| head.starts_with(start)).map(|(_, text)| *text);
    let text = other.or_else(|| markup(head)).unwrap_or("it has no zip directory at its end");
    Ok(OpenError::NotZip(text))
}

/// Tells web pages and XML documents, which are sent by mistake most often.
fn markup(head: &[u8]) -> Option<&'static str> {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    if !text.starts_with(b"<") {
        return None;
    }
    let is_page = text.to_ascii_lowercase().windows(5).any(|word| word == b"<html");
    let is_page = is_page || text.to_ascii_lowercase().starts_with(b"<!doctype html");
    Some(match is_page {
        true => "it is a web page, perhaps a sign-in page saved in place of the download",
        false => "it is an XML document; upload the whole package, not its manifest",
    })
}
