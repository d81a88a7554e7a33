//! A hash table that keeps no keys: the names are in the entries.

use std::hash::{BuildHasher, RandomState};

use crate::entry::{Entry, EntryId};

/// Entries by the hash of a key made from their name, sorted by hash. 16 bytes an entry, immutable, and seeded at random
/// so that nobody can make a course whose names all collide.
#[derive(Debug)]
pub(crate) struct NameTable {
    seed: RandomState,
    slots: Box<[(u64, EntryId)]>,
}

impl NameTable {
    /// A table of `entries` under what `key` makes of each.
    pub(crate) fn new<'e>(
        entries: impl Iterator<Item = (EntryId, &'e Entry)>,
        key: impl Fn(&Entry) -> Box<[u8]>,
    ) -> Self {
        let seed = RandomState::new();
        let mut slots: Box<[_]> = entries.map(|(id, entry)| (seed.hash_one(key(entry)), id)).collect();
        slots.sort_unstable();
        Self { seed, slots }
    }

    /// Entries that may have this key, in directory order; the caller compares.
    pub(crate) fn candidates(&self, key: &[u8]) -> impl Iterator<Item = EntryId> {
        let hash = self.seed.hash_one(key);
        let start = self.slots.partition_point(|slot| slot.0 < hash);
        self.slots[start..].iter().take_while(move |slot| slot.0 == hash).map(|slot| slot.1)
    }

    /// Sets of more than one entry with equal hashes.
    pub(crate) fn groups(&self) -> impl Iterator<Item = impl Iterator<Item = EntryId>> {
        let equal = self.slots.chunk_by(|a, b| a.0 == b.0);
        equal.filter(|group| group.len() > 1).map(|group| group.iter().map(|slot| slot.1))
    }

    pub(crate) fn memory(&self) -> usize {
        size_of_val(&*self.slots)
    }
}
