//! The structures at the end of a zip, as they lie: where the central directory is, and its records.

mod end;
mod record;

pub(crate) use end::End;
pub(crate) use record::{Record, Records};

/// Little-endian number at `at`; the callers have checked the length.
fn le16(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn le32(bytes: &[u8], at: usize) -> u32 {
    u32::from(le16(bytes, at)) | u32::from(le16(bytes, at + 2)) << 16
}

fn le64(bytes: &[u8], at: usize) -> u64 {
    u64::from(le32(bytes, at)) | u64::from(le32(bytes, at + 4)) << 32
}
