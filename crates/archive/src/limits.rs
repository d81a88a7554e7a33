//! How much a course archive may claim before it is refused. Every bound is checked on the directory alone, before any
//! entry is read; the sizes that the directory claims are then enforced exactly while reading.

/// Bounds on an archive. [`Limits::default`] lets every real course through and stops zip bombs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most entries, directories included. Large real courses have 20,000.
    pub entries: u64,
    /// Longest central directory in bytes. It is held in memory once, while the archive is opened.
    pub directory_bytes: u64,
    /// Largest single file, uncompressed, in bytes.
    pub entry_bytes: u64,
    /// Largest sum of all files, uncompressed, in bytes.
    pub total_bytes: u64,
    /// Largest uncompressed size as a multiple of the compressed one, for an entry or for the whole archive above
    /// [`ratio_floor_bytes`](Self::ratio_floor_bytes). Text reaches 20; deflate itself ends at 1,032.
    pub ratio: u64,
    /// Below this uncompressed size in bytes the ratio is not looked at: silence and blank pictures are small and legal.
    pub ratio_floor_bytes: u64,
    /// Longest path of an entry, in bytes of UTF-8.
    pub path_bytes: usize,
    /// Most segments in a path.
    pub path_depth: usize,
}

impl Limits {
    /// The bounds used unless an operator sets others.
    pub const DEFAULT: Self = Self {
        entries: 100_000,
        directory_bytes: 64 << 20,
        entry_bytes: 8 << 30,
        total_bytes: 32 << 30,
        ratio: 250,
        ratio_floor_bytes: 16 << 20,
        path_bytes: 1_024,
        path_depth: 64,
    };

    /// Whether `size` bytes out of `compressed` is more than a course plausibly contains.
    pub(crate) fn ratio_exceeded(&self, size: u64, compressed: u64) -> bool {
        size > self.ratio_floor_bytes && size / self.ratio > compressed
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
