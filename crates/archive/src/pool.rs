//! Course archives that stay open between requests.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use quick_cache::sync::Cache;
use quick_cache::{OptionsBuilder, Weighter};

use crate::archive::{Archive, OpenOptions};
use crate::cache::{CacheKey, Form};
use crate::digest::Digest;
use crate::entry::EntryId;
use crate::problem::OpenError;

/// An open archive together with the digest of its file, its name in every cache.
#[derive(Debug)]
pub struct CourseObject {
    digest: Digest,
    archive: Archive,
}

impl CourseObject {
    /// Joins an archive with the digest of its file. A digest of another file would mix up courses in the caches.
    pub fn new(digest: Digest, archive: Archive) -> Self {
        Self { digest, archive }
    }

    /// Digest of the course file.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The cache key of one of its files.
    pub fn key(&self, entry: EntryId, form: Form) -> CacheKey {
        CacheKey { course: self.digest, entry, form }
    }
}

impl Deref for CourseObject {
    type Target = Archive;

    fn deref(&self) -> &Archive {
        &self.archive
    }
}

/// Open archives, bounded in number (each holds a file handle) and in memory. The ones asked for most recently stay; one
/// that is dropped while somebody reads from it closes when the last reader is done.
#[derive(Debug)]
pub struct Pool {
    open: Cache<Digest, Arc<CourseObject>, Weight>,
    options: OpenOptions,
}

#[derive(Debug, Clone)]
struct Weight {
    least: u64,
    most: u64,
}

impl Weighter<Digest, Arc<CourseObject>> for Weight {
    /// Memory, but so that neither too many small archives fit nor a big one stays outside.
    fn weight(&self, _: &Digest, object: &Arc<CourseObject>) -> u64 {
        object.memory().clamp(self.least, self.most)
    }
}

impl Pool {
    /// A pool of at most `archives` archives with about `memory` bytes of indexes.
    pub fn new(archives: usize, memory: u64, options: OpenOptions) -> Self {
        let archives = archives.max(2);
        let weight = Weight { least: (memory / archives as u64).max(1), most: (memory / 2).max(1) };
        // One shard, since a shard can hold only what fits in its part of the whole.
        let settings = OptionsBuilder::new()
            .estimated_items_capacity(archives)
            .weight_capacity(memory.max(2))
            .shards(1)
            .build()
            .expect("all settings that are required are given");
        let open = Cache::with_options(settings, weight, Default::default(), Default::default());
        Self { open, options }
    }

    /// The archive with this digest if it is open. Never blocks for long.
    pub fn get(&self, digest: &Digest) -> Option<Arc<CourseObject>> {
        self.open.get(digest)
    }

    /// The archive with this digest, opened from `path` when it is not open. Others who ask for it meanwhile wait for the
    /// same opening; call it where blocking is allowed.
    pub fn get_or_open(&self, digest: &Digest, path: &Path) -> Result<Arc<CourseObject>, OpenError> {
        self.open.get_or_insert_with(digest, || {
            let archive = Archive::open(path, &self.options)?;
            Ok(Arc::new(CourseObject::new(*digest, archive)))
        })
    }

    /// Closes the archive, for instance because its course was deleted.
    pub fn remove(&self, digest: &Digest) {
        self.open.remove(digest);
    }

    /// How many archives are open.
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether none is open.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }
}
