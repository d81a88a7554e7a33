//! The records of the central directory (APPNOTE 4.3.12) and the extra fields that matter (4.5.3, 4.6.9).

use super::{le16, le32, le64};
use crate::problem::OpenError;

const SIGNATURE: &[u8] = b"PK\x01\x02";
const FIXED_LEN: usize = 46;
const EXTRA_ZIP64: u16 = 0x0001;
const EXTRA_UNICODE_PATH: u16 = 0x7075;

/// One record of the central directory, zip64 values filled in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'a> {
    pub made_by: u16,
    pub flags: u16,
    pub method: u16,
    pub crc32: u32,
    pub compressed: u64,
    pub size: u64,
    pub name: &'a [u8],
    pub unicode_name: Option<&'a str>,
    pub external_attributes: u32,
    pub header_offset: u64,
}

/// The records in the order of the directory.
pub(crate) struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Records<'a> {
    /// Over the whole directory; every byte must belong to a record.
    pub(crate) fn new(directory: &'a [u8]) -> Self {
        Self { rest: directory }
    }

    fn take(&mut self) -> Result<Record<'a>, OpenError> {
        let rest = self.rest;
        if rest.len() < FIXED_LEN || !rest.starts_with(SIGNATURE) {
            return Err(OpenError::DamagedDirectory("something else stands where an entry should"));
        }
        let (name_len, extra_len) = (usize::from(le16(rest, 28)), usize::from(le16(rest, 30)));
        let len = FIXED_LEN + name_len + extra_len + usize::from(le16(rest, 32));
        if rest.len() < len {
            return Err(OpenError::DamagedDirectory("its last entry is cut off"));
        }
        let (name, extra) = rest[FIXED_LEN..FIXED_LEN + name_len + extra_len].split_at(name_len);
        self.rest = &rest[len..];
        let mut record = Record {
            made_by: le16(rest, 4),
            flags: le16(rest, 8),
            method: le16(rest, 10),
            crc32: le32(rest, 16),
            compressed: le32(rest, 20).into(),
            size: le32(rest, 24).into(),
            name,
            unicode_name: None,
            external_attributes: le32(rest, 38),
            header_offset: le32(rest, 42).into(),
        };
        record.read_extra(extra)?;
        Ok(record)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, OpenError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let record = self.take();
        if record.is_err() {
            self.rest = &[];
        }
        Some(record)
    }
}

impl<'a> Record<'a> {
    /// Walks the extra fields. A field that does not fit ends the walk: some tools pad this space with zeros.
    fn read_extra(&mut self, mut extra: &'a [u8]) -> Result<(), OpenError> {
        let mut zip64: &[u8] = &[];
        while extra.len() >= 4 {
            let (id, len) = (le16(extra, 0), usize::from(le16(extra, 2)));
            let Some(field) = extra.get(4..4 + len) else { break };
            match id {
                EXTRA_ZIP64 => zip64 = field,
                EXTRA_UNICODE_PATH => self.unicode_name = self.checked_unicode_name(field),
                _ => {}
            }
            extra = &extra[4 + len..];
        }
        self.fill_zip64(zip64)
    }

    /// The zip64 field holds, in this order, only those values whose place in the record says "see there" (4.5.3).
    fn fill_zip64(&mut self, mut field: &[u8]) -> Result<(), OpenError> {
        for value in [&mut self.size, &mut self.compressed, &mut self.header_offset] {
            if *value == 0xFFFF_FFFF {
                if field.len() < 8 {
                    return Err(OpenError::DamagedDirectory("an entry over 4 GiB lacks its zip64 sizes"));
                }
                *value = le64(field, 0);
                field = &field[8..];
            }
        }
        Ok(())
    }

    /// The Info-ZIP Unicode path field counts only while it belongs to the name beside it: it carries that name's CRC
    /// (4.6.9), so a tool that renamed the entry without knowing the field leaves it void.
    fn checked_unicode_name(&self, field: &'a [u8]) -> Option<&'a str> {
        let fresh = field.len() > 5 && field[0] == 1 && le32(field, 1) == crc32fast::hash(self.name);
        fresh.then(|| str::from_utf8(&field[5..]).ok()).flatten()
    }
}
