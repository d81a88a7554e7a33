//! What is wrong with an entry, and with the archive as a whole.

use super::layout::LOCAL_HEADER_LEN;
use crate::directory::{End, Record};
use crate::entry::Entry;
use crate::limits::Limits;
use crate::name::Path;
use crate::problem::{Code, Problem};

/// General purpose flags (APPNOTE 4.4.4): encrypted, compressed patch data, strong encryption, masked headers.
const FLAG_ENCRYPTED: u16 = 1;
const FLAG_PATCH: u16 = 1 << 5;
const FLAG_STRONG_ENCRYPTION: u16 = 1 << 6;
const FLAG_MASKED: u16 = 1 << 13;
const METHOD_AES: u16 = 99;
/// Deflate produces at most this many bytes from one.
const DEFLATE_MOST: u64 = 1_032;
/// File attributes of Windows (low half of the external attributes).
const DOS_FOLDER: u32 = 0x10;
const DOS_REPARSE_POINT: u32 = 0x400;
/// Systems that write Unix modes into the high half (4.4.2): Unix and macOS.
const MADE_BY_UNIX: [u16; 2] = [3, 19];

/// Bounds that must hold before the directory is read at all.
pub(super) fn directory(end: &End, limits: &Limits) -> Option<Problem> {
    if end.entries > limits.entries {
        return Some(too_many_entries(limits));
    }
    let (found, most) = (end.directory_len, limits.directory_bytes);
    let message = format!("the directory has {found} bytes, {most} are allowed");
    (found > most).then_some(Problem { code: Code::DirectoryTooLarge, entry: None, message })
}

pub(super) fn too_many_entries(limits: &Limits) -> Problem {
    let message = format!(
        "it has more than {} entries; split the course or leave out what it does not use",
        limits.entries
    );
    Problem { code: Code::TooManyEntries, entry: None, message }
}

/// Notices about what stands before and after the archive.
pub(super) fn around(end: &End) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut note = |code, message| problems.push(Problem { code, entry: None, message });
    if end.base > 0 {
        note(
            Code::PrefixBytes,
            format!("{} bytes stand before the archive (a self-extracting one?); they are ignored", end.base),
        );
    }
    if end.trailing > 0 {
        note(
            Code::TrailingBytes,
            format!("{} bytes stand after the archive; they are ignored", end.trailing),
        );
    }
    problems
}

pub(super) fn backslashes(count: u64) -> Problem {
    let message = format!(
        "{count} name(s) have backslashes as separators; read as folders. Other systems may not do so"
    );
    Problem { code: Code::BackslashNames, entry: None, message }
}

/// A folder by its name, or by its attribute when it is empty as a folder is.
pub(super) fn is_folder(record: &Record<'_>, path: &Path) -> bool {
    path.is_folder || (record.size == 0 && record.external_attributes & DOS_FOLDER != 0)
}

/// Everything wrong with one entry.
pub(super) fn entry(
    record: &Record<'_>,
    path: &Path,
    header_offset: u64,
    end: &End,
    limits: &Limits,
) -> Vec<(Code, String)> {
    let mut flaws: Vec<(Code, String)> =
        path.flaws.iter().map(|&code| (code, name_message(code, limits))).collect();
    let mut add = |code, message: String| flaws.push((code, message));
    if let Some(code) = special(record) {
        let what = if code == Code::Link { "a link" } else { "a device, pipe or socket" };
        add(code, format!("it is {what}; a course may contain only files and folders"));
    }
    let encrypted = record.flags & (FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION | FLAG_MASKED) != 0;
    if encrypted || record.method == METHOD_AES {
        add(Code::Encrypted, "it is encrypted; pack the course without a password".to_owned());
    } else if let Some(message) = unsupported(record) {
        add(Code::UnsupportedMethod, message);
    } else if impossible(record) {
        let message =
            format!("it states {} bytes made from {}, which cannot be", record.size, record.compressed);
        add(Code::ImpossibleSize, message);
    }
    let data_end =
        header_offset.checked_add(LOCAL_HEADER_LEN).and_then(|start| start.checked_add(record.compressed));
    if data_end.is_none_or(|data_end| data_end > end.directory_start) {
        add(
            Code::OutsideArchive,
            "its data would lie outside the archive; the zip is cut off or damaged".to_owned(),
        );
    }
    if record.size > limits.entry_bytes {
        add(
            Code::EntryTooLarge,
            format!("{} bytes unpacked, {} are allowed", record.size, limits.entry_bytes),
        );
    }
    if limits.ratio_exceeded(record.size, record.compressed) {
        let (size, compressed, most) = (record.size, record.compressed, limits.ratio);
        add(
            Code::RatioTooHigh,
            format!("{compressed} bytes expand to {size}, more than {most} times as many"),
        );
    }
    flaws
}

fn name_message(code: Code, limits: &Limits) -> String {
    match code {
        Code::AbsolutePath => "the path is absolute; paths must be relative to the course's root".to_owned(),
        Code::ParentPath => {
            "the path leaves its folder with \"..\"; pack the course from its own folder".to_owned()
        }
        Code::DeviceName => "the name is reserved for a device on Windows; rename the file".to_owned(),
        Code::PathTooLong => format!("the path is longer than {} bytes", limits.path_bytes),
        Code::PathTooDeep => format!("the path is deeper than {} folders", limits.path_depth),
        _ => "the name is empty or has control characters; rename the file".to_owned(),
    }
}

/// Links and special files, by the Unix mode or the Windows attribute.
fn special(record: &Record<'_>) -> Option<Code> {
    const UNIX_TYPE: u32 = 0o170_000;
    let from_unix = MADE_BY_UNIX.contains(&(record.made_by >> 8));
    match (record.external_attributes >> 16) & UNIX_TYPE {
        0o120_000 => Some(Code::Link),
        0o010_000 | 0o020_000 | 0o060_000 | 0o140_000 if from_unix => Some(Code::SpecialFile),
        _ if !from_unix && record.external_attributes & DOS_REPARSE_POINT != 0 => Some(Code::Link),
        _ => None,
    }
}

fn unsupported(record: &Record<'_>) -> Option<String> {
    let name = match record.method {
        0 | 8 if record.flags & FLAG_PATCH == 0 => return None,
        0 | 8 => "patch data",
        1 => "shrink",
        2..=5 => "reduce",
        6 => "implode",
        9 => "deflate64, which Windows uses for files over 2 GiB",
        10 | 18 => "an IBM method",
        12 => "bzip2",
        14 => "LZMA",
        20 | 93 => "Zstandard",
        94 => "MP3",
        95 => "XZ",
        96 => "JPEG",
        97 => "WavPack",
        98 => "PPMd",
        _ => "an unknown method",
    };
    let number = record.method;
    Some(format!(
        "it is compressed with method {number} ({name}); pack the course with the usual \"deflate\""
    ))
}

fn impossible(record: &Record<'_>) -> bool {
    match record.method {
        0 => record.size != record.compressed,
        _ => record.size / DEFLATE_MOST > record.compressed || (record.compressed == 0 && record.size > 0),
    }
}

/// Bounds on all entries together.
pub(super) fn totals(entries: &[Entry], directory_start: u64, limits: &Limits) -> Vec<Problem> {
    let total = entries.iter().fold(0u64, |sum, entry| sum.saturating_add(entry.size));
    let mut problems = Vec::new();
    let mut add = |code, message| problems.push(Problem { code, entry: None, message });
    if total > limits.total_bytes {
        add(Code::TotalTooLarge, format!("{total} bytes unpacked, {} are allowed", limits.total_bytes));
    }
    if limits.ratio_exceeded(total, directory_start) {
        let most = limits.ratio;
        add(
            Code::RatioTooHigh,
            format!("{directory_start} bytes expand to {total}, more than {most} times as many"),
        );
    }
    problems
}
