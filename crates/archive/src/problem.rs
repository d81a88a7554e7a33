//! What is wrong with an archive, entry by entry, and what that means for playing it.

use std::fmt;
use std::io;

/// What becomes of an archive that has entries which are refused ([`Severity::Refused`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// One refused entry refuses the archive: [`OpenError::Refused`] names all of them. For imports.
    #[default]
    Strict,
    /// Refused entries are left out (no href finds them) and stay in [`Archive::problems`](crate::Archive::problems).
    Skip,
}

/// How much a [`Problem`] weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is refused.
    Notice,
    /// This entry is never served. See [`Policy`].
    Refused,
    /// The archive as a whole is refused under every policy.
    Fatal,
}

/// The kinds of [`Problem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Code {
    /// Path from the root of a file system, a drive or a network share.
    AbsolutePath,
    /// Path with a `..` segment.
    ParentPath,
    /// Empty path of a file, or control characters in it.
    BadName,
    /// A name that Windows reserves for a device (`con`, `aux.js`, `COM1.txt`).
    DeviceName,
    /// Symbolic link or reparse point.
    Link,
    /// Device, pipe or socket.
    SpecialFile,
    /// The same path (after normalising separators) stands in the directory again.
    DuplicateName,
    /// Encrypted, by the old or by the AES method.
    Encrypted,
    /// Neither stored nor deflated.
    UnsupportedMethod,
    /// Path longer than [`Limits::path_bytes`](crate::Limits::path_bytes).
    PathTooLong,
    /// Path deeper than [`Limits::path_depth`](crate::Limits::path_depth).
    PathTooDeep,
    /// The data would lie outside the part of the file that holds data.
    OutsideArchive,
    /// A size that cannot be: a stored entry with two sizes, or more than deflate can produce.
    ImpossibleSize,
    /// The data of two entries overlap.
    Overlap,
    /// More entries than [`Limits::entries`](crate::Limits::entries).
    TooManyEntries,
    /// Directory longer than [`Limits::directory_bytes`](crate::Limits::directory_bytes).
    DirectoryTooLarge,
    /// A file larger than [`Limits::entry_bytes`](crate::Limits::entry_bytes).
    EntryTooLarge,
    /// All files together larger than [`Limits::total_bytes`](crate::Limits::total_bytes).
    TotalTooLarge,
    /// Compressed beyond [`Limits::ratio`](crate::Limits::ratio).
    RatioTooHigh,
    /// Bytes before the first entry, as in a self-extracting archive.
    PrefixBytes,
    /// Bytes after the end of the archive.
    TrailingBytes,
    /// Backslashes as separators.
    BackslashNames,
    /// Two files differ only in the case of letters.
    CaseCollision,
}

impl Code {
    /// The code as programs see it. Never changes once released.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AbsolutePath => "absolute-path",
            Self::ParentPath => "parent-path",
            Self::BadName => "bad-name",
            Self::DeviceName => "device-name",
            Self::Link => "link",
            Self::SpecialFile => "special-file",
            Self::DuplicateName => "duplicate-name",
            Self::Encrypted => "encrypted",
            Self::UnsupportedMethod => "unsupported-method",
            Self::PathTooLong => "path-too-long",
            Self::PathTooDeep => "path-too-deep",
            Self::OutsideArchive => "outside-archive",
            Self::ImpossibleSize => "impossible-size",
            Self::Overlap => "overlap",
            Self::TooManyEntries => "too-many-entries",
            Self::DirectoryTooLarge => "directory-too-large",
            Self::EntryTooLarge => "entry-too-large",
            Self::TotalTooLarge => "total-too-large",
            Self::RatioTooHigh => "ratio-too-high",
            Self::PrefixBytes => "prefix-bytes",
            Self::TrailingBytes => "trailing-bytes",
            Self::BackslashNames => "backslash-names",
            Self::CaseCollision => "case-collision",
        }
    }

    /// What this kind of problem means for the archive.
    pub const fn severity(self) -> Severity {
        match self {
            Self::PrefixBytes | Self::TrailingBytes | Self::BackslashNames | Self::CaseCollision => {
                Severity::Notice
            }
            Self::Overlap
            | Self::TooManyEntries
            | Self::DirectoryTooLarge
            | Self::EntryTooLarge
            | Self::TotalTooLarge
            | Self::RatioTooHigh => Severity::Fatal,
            _ => Severity::Refused,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind it is; its severity follows from it.
    pub code: Code,
    /// Name of the entry as it stands in the archive (decoded, not normalised); `None` for the archive as a whole.
    pub entry: Option<String>,
    /// A sentence for people that says what was found and what to do.
    pub message: String,
}

impl Problem {
    /// What this problem means for the archive.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.entry {
            Some(name) => write!(f, "{}: {name:?}: {}", self.code, self.message),
            None => write!(f, "{}: {}", self.code, self.message),
        }
    }
}

/// Why a file cannot be used as a course archive.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Zero bytes.
    #[error("the file is empty (0 bytes); upload it again")]
    EmptyFile,
    /// Something else than a zip; the text says what it looks like.
    #[error("the file is not a zip archive: {0}")]
    NotZip(&'static str),
    /// Begins like a zip, but the directory at the end is missing.
    #[error(
        "the zip is cut off: it has no directory at its end. The upload or copy was not complete; upload it again"
    )]
    Truncated,
    /// A zip without any entry.
    #[error("the zip has no entries; choose the file that contains the course")]
    NoEntries,
    /// One part of an archive that was split over several files.
    #[error("the zip is one part of an archive split over several files; join the parts first")]
    Split,
    /// The directory contradicts itself.
    #[error("the directory of the zip is damaged: {0}. Make the package again")]
    DamagedDirectory(&'static str),
    /// Entries or bounds are refused; every problem of the archive is in the list, notices included.
    #[error("{}", refusal(.0))]
    Refused(Vec<Problem>),
}

impl OpenError {
    /// The code as programs see it. Never changes once released.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "unreadable-file",
            Self::EmptyFile => "empty-file",
            Self::NotZip(_) => "not-a-zip",
            Self::Truncated => "truncated-zip",
            Self::NoEntries => "empty-zip",
            Self::Split => "split-zip",
            Self::DamagedDirectory(_) => "damaged-directory",
            Self::Refused(_) => "refused-zip",
        }
    }

    /// The single problems of a refused archive, else nothing.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Refused(problems) => problems,
            _ => &[],
        }
    }
}

/// How many problems a message spells out; the list has all.
const SHOWN: usize = 20;

fn refusal(problems: &[Problem]) -> String {
    let reasons = || problems.iter().filter(|p| p.severity() > Severity::Notice);
    let mut text = format!("the zip is refused for {} reason(s)", reasons().count());
    for problem in reasons().take(SHOWN) {
        text.push_str("\n  ");
        text.push_str(&problem.to_string());
    }
    let more = reasons().count().saturating_sub(SHOWN);
    if more > 0 {
        text.push_str(&format!("\n  and {more} more"));
    }
    text
}
