//! What the index knows of one entry.

/// Position of an entry in the central directory, from 0. Stable for a given archive file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(pub(crate) u32);

impl EntryId {
    /// The position as a number.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// How the data of an entry are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// As they are.
    Stored,
    /// Raw deflate.
    Deflated,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A file that is found and served.
    File,
    /// A folder.
    Folder,
    /// Refused under [`Policy::Skip`](crate::Policy::Skip): never found, never served.
    Refused,
}

/// How the name of an entry was decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameEncoding {
    /// ASCII only: no question arises.
    Ascii,
    /// UTF-8, by the entry's flag (APPNOTE 4.4.4, bit 11) or because unflagged bytes are valid UTF-8, as macOS writes.
    Utf8,
    /// From the Info-ZIP Unicode path field.
    UnicodeField,
    /// Code page 437, the format's default. The true code page may be another one; [`lookup`](crate::Archive::lookup)
    /// tries those too.
    Cp437,
}

/// One entry of the archive.
#[derive(Debug, Clone)]
pub struct Entry {
    pub(crate) name: Box<str>,
    pub(crate) raw_name: Option<Box<[u8]>>,
    pub(crate) size: u64,
    pub(crate) compressed: u64,
    pub(crate) header_offset: u64,
    pub(crate) data_limit: u64,
    pub(crate) crc32: u32,
    pub(crate) method: Method,
    pub(crate) kind: EntryKind,
    pub(crate) encoding: NameEncoding,
    pub(crate) junk: bool,
}

impl Entry {
    /// Path in the course: `/` between segments, no leading or trailing `/`, no `.` segments. Letters are as in the
    /// archive (not normalised to NFC).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes of the name as they stand in the directory.
    pub fn raw_name(&self) -> &[u8] {
        self.raw_name.as_deref().unwrap_or(self.name.as_bytes())
    }

    /// How the name was decoded.
    pub fn name_encoding(&self) -> NameEncoding {
        self.encoding
    }

    /// Uncompressed size in bytes. Reading enforces it.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Size in the archive, in bytes.
    pub fn compressed_size(&self) -> u64 {
        self.compressed
    }

    /// CRC-32 of the uncompressed data, as the directory states it.
    pub fn crc32(&self) -> u32 {
        self.crc32
    }

    /// How the data are stored.
    pub fn method(&self) -> Method {
        self.method
    }

    /// What the entry is.
    pub fn kind(&self) -> EntryKind {
        self.kind
    }

    /// Whether this is a file that can be served.
    pub fn is_file(&self) -> bool {
        self.kind == EntryKind::File
    }

    /// Whether an operating system left this behind (`__MACOSX/`, `._name`, `.DS_Store`, `Thumbs.db`, `desktop.ini`).
    /// Such entries are found like any other, but no manifest is ever looked for in them.
    pub fn is_junk(&self) -> bool {
        self.junk
    }
}
