//! Zips made byte by byte, so that every field can be wrong on purpose.

use std::fs::File;
use std::io::Write;

use flate2::{Compression, write::DeflateEncoder};
use lyceum_archive::{Archive, EntryId, Limits, OpenError, OpenOptions, Policy};

pub(crate) const UTF8: u16 = 1 << 11;
pub(crate) const MADE_BY_UNIX: u16 = 3 << 8;

/// One entry as it will stand in the file; `stated_*` are what the headers claim.
#[derive(Clone)]
pub(crate) struct Item {
    pub(crate) name: Vec<u8>,
    pub(crate) local_name: Vec<u8>,
    pub(crate) data: Vec<u8>,
    pub(crate) method: u16,
    pub(crate) flags: u16,
    pub(crate) crc32: u32,
    pub(crate) size: u64,
    pub(crate) stated_compressed: u64,
    pub(crate) made_by: u16,
    pub(crate) attributes: u32,
    pub(crate) extra: Vec<u8>,
    pub(crate) local_extra: Vec<u8>,
    pub(crate) stated_offset: Option<u32>,
    pub(crate) zip64: bool,
    pub(crate) descriptor: bool,
}

impl Item {
    pub(crate) fn stored(name: impl AsRef<[u8]>, content: &[u8]) -> Self {
        Self {
            name: name.as_ref().to_vec(),
            local_name: name.as_ref().to_vec(),
            data: content.to_vec(),
            method: 0,
            flags: 0,
            crc32: crc32fast::hash(content),
            size: content.len() as u64,
            stated_compressed: content.len() as u64,
            made_by: 0,
            attributes: 0,
            extra: Vec::new(),
            local_extra: Vec::new(),
            stated_offset: None,
            zip64: false,
            descriptor: false,
        }
    }

    pub(crate) fn deflated(name: impl AsRef<[u8]>, content: &[u8]) -> Self {
        let data = deflate(content);
        let stated_compressed = data.len() as u64;
        Self { data, stated_compressed, method: 8, ..Self::stored(name, content) }
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

pub(crate) fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn extra_field(id: u16, content: &[u8]) -> Vec<u8> {
    [&id.to_le_bytes()[..], &(content.len() as u16).to_le_bytes(), content].concat()
}

/// A whole zip; `stated_*` are what the end record claims.
#[derive(Clone, Default)]
pub(crate) struct Zip {
    pub(crate) prefix: Vec<u8>,
    pub(crate) items: Vec<Item>,
    pub(crate) comment: Vec<u8>,
    pub(crate) trailing: Vec<u8>,
    pub(crate) zip64: bool,
    pub(crate) disk: u16,
    pub(crate) offsets_count_prefix: bool,
    pub(crate) stated_entries: Option<u16>,
    pub(crate) stated_directory_len: Option<u32>,
    pub(crate) stated_directory_offset: Option<u32>,
}

impl Zip {
    pub(crate) fn of(items: impl IntoIterator<Item = Item>) -> Self {
        Self { items: items.into_iter().collect(), ..Self::default() }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = self.prefix.clone();
        let base = if self.offsets_count_prefix { 0 } else { self.prefix.len() };
        let mut offsets = Vec::new();
        for item in &self.items {
            offsets.push((out.len() - base) as u64);
            local(&mut out, item);
        }
        let start = out.len() - base;
        for (item, offset) in self.items.iter().zip(offsets) {
            record(&mut out, item, offset);
        }
        let len = out.len() - base - start;
        self.end(&mut out, start, len, base);
        out.extend_from_slice(&self.trailing);
        out
    }

    fn end(&self, out: &mut Vec<u8>, start: usize, len: usize, base: usize) {
        let count = self.items.len();
        if self.zip64 {
            let at = (out.len() - base) as u64;
            out.extend_from_slice(b"PK\x06\x06");
            out.extend_from_slice(&44u64.to_le_bytes());
            out.extend_from_slice(&[45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            for value in [count as u64, count as u64, len as u64, start as u64] {
                out.extend_from_slice(&value.to_le_bytes());
            }
            out.extend_from_slice(b"PK\x06\x07");
            out.extend_from_slice(&0u32.to_le_bytes());
            out.extend_from_slice(&at.to_le_bytes());
            out.extend_from_slice(&1u32.to_le_bytes());
        }
        let old = |value: usize| if self.zip64 { u32::MAX } else { value as u32 };
        let entries = self.stated_entries.unwrap_or(if self.zip64 { 0xFFFF } else { count as u16 });
        out.extend_from_slice(b"PK\x05\x06");
        for value in [self.disk, 0, entries, entries] {
            out.extend_from_slice(&value.to_le_bytes());
        }
        out.extend_from_slice(&self.stated_directory_len.unwrap_or(old(len)).to_le_bytes());
        out.extend_from_slice(&self.stated_directory_offset.unwrap_or(old(start)).to_le_bytes());
        out.extend_from_slice(&(self.comment.len() as u16).to_le_bytes());
        out.extend_from_slice(&self.comment);
    }

    pub(crate) fn file(&self) -> File {
        file(&self.bytes())
    }

    pub(crate) fn open(&self) -> Result<Archive, OpenError> {
        self.open_with(Limits::default(), Policy::Strict)
    }

    pub(crate) fn open_with(&self, limits: Limits, policy: Policy) -> Result<Archive, OpenError> {
        Archive::from_file(self.file(), &OpenOptions { limits, policy })
    }
}

fn local(out: &mut Vec<u8>, item: &Item) {
    let (crc32, compressed, size) = match item.descriptor {
        true => (0, 0, 0),
        false => (item.crc32, item.stated_compressed as u32, item.size as u32),
    };
    let flags = item.flags | if item.descriptor { 1 << 3 } else { 0 };
    out.extend_from_slice(b"PK\x03\x04");
    for value in [20, flags, item.method, 0, 0x21] {
        out.extend_from_slice(&value.to_le_bytes());
    }
    for value in [crc32, compressed, size] {
        out.extend_from_slice(&value.to_le_bytes());
    }
    for value in [item.local_name.len() as u16, item.local_extra.len() as u16] {
        out.extend_from_slice(&value.to_le_bytes());
    }
    out.extend_from_slice(&item.local_name);
    out.extend_from_slice(&item.local_extra);
    out.extend_from_slice(&item.data);
    if item.descriptor {
        out.extend_from_slice(b"PK\x07\x08");
        for value in [item.crc32, item.stated_compressed as u32, item.size as u32] {
            out.extend_from_slice(&value.to_le_bytes());
        }
    }
}

fn record(out: &mut Vec<u8>, item: &Item, offset: u64) {
    let offset = item.stated_offset.map_or(offset, u64::from);
    let mut extra = item.extra.clone();
    if item.zip64 {
        let values = [item.size, item.stated_compressed, offset].map(u64::to_le_bytes).concat();
        extra.extend(extra_field(1, &values));
    }
    let old = |value: u64| if item.zip64 { u32::MAX } else { value as u32 };
    let flags = item.flags | if item.descriptor { 1 << 3 } else { 0 };
    out.extend_from_slice(b"PK\x01\x02");
    for value in [item.made_by | 20, 20, flags, item.method, 0, 0x21] {
        out.extend_from_slice(&value.to_le_bytes());
    }
    for value in [item.crc32, old(item.stated_compressed), old(item.size)] {
        out.extend_from_slice(&value.to_le_bytes());
    }
    for value in [item.name.len() as u16, extra.len() as u16, 0, 0, 0] {
        out.extend_from_slice(&value.to_le_bytes());
    }
    out.extend_from_slice(&item.attributes.to_le_bytes());
    out.extend_from_slice(&old(offset).to_le_bytes());
    out.extend_from_slice(&item.name);
    out.extend_from_slice(&extra);
}

/// A file with these bytes that goes away by itself.
pub(crate) fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// A file of the archive by its exact name.
pub(crate) fn named(archive: &Archive, name: &str) -> EntryId {
    archive.files().find(|(_, entry)| entry.name() == name).unwrap_or_else(|| panic!("no {name}")).0
}

/// Codes and entries of all problems of a refused archive, sorted.
pub(crate) fn refusal(result: Result<Archive, OpenError>) -> Vec<(&'static str, String)> {
    match result {
        Err(OpenError::Refused(problems)) => codes(&problems),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

pub(crate) fn codes(problems: &[lyceum_archive::Problem]) -> Vec<(&'static str, String)> {
    let mut codes: Vec<_> =
        problems.iter().map(|p| (p.code.as_str(), p.entry.clone().unwrap_or_default())).collect();
    codes.sort();
    codes
}

/// Bytes that do not compress, the same ones each time.
pub(crate) fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..len).map(|_| next()).collect()
}

/// Text that compresses well.
pub(crate) fn prose(len: usize) -> Vec<u8> {
    (0..).flat_map(|n: u32| format!("line {n} of a page that says little\n").into_bytes()).take(len).collect()
}
