//! Small files in memory.

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::CacheKey;
use crate::read::ReadError;

/// What an entry of the cache costs besides its bytes.
const OVERHEAD: u64 = 128;
/// What a file is assumed to have in bytes, to size the tables.
const TYPICAL_LEN: u64 = 8 * 1024;

/// Small files in memory, bounded by their bytes. What is asked for often stays.
#[derive(Debug)]
pub struct SmallFiles(Cache<CacheKey, Bytes, Weight>);

#[derive(Debug, Clone)]
struct Weight;

impl Weighter<CacheKey, Bytes> for Weight {
    fn weight(&self, _: &CacheKey, bytes: &Bytes) -> u64 {
        bytes.len() as u64 + OVERHEAD
    }
}

impl SmallFiles {
    /// Keeps at most about `capacity` bytes. It takes that memory only as files are asked for.
    pub fn new(capacity: u64) -> Self {
        Self(Cache::with_weighter((capacity / TYPICAL_LEN) as usize, capacity, Weight))
    }

    /// The file, if it is here. Never blocks for long.
    pub fn get(&self, key: &CacheKey) -> Option<Bytes> {
        self.0.get(key)
    }

    /// The file, made by `load` if it is not here. Whoever asks for the same file meanwhile waits for that one `load`,
    /// so call it where blocking is allowed. A failure is not kept.
    pub fn get_or_load(
        &self,
        key: &CacheKey,
        load: impl FnOnce() -> Result<Bytes, ReadError>,
    ) -> Result<Bytes, ReadError> {
        self.0.get_or_insert_with(key, load)
    }

    /// Bytes kept at the moment, with a share for the tables.
    pub fn memory(&self) -> u64 {
        self.0.weight()
    }
}
