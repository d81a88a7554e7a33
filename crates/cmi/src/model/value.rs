//! One stored text with its share of the model's hash.

use crate::limits::VALUE_COST;
use alloc::sync::Arc;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A text as it was sent. Models that hold the same value share it.
#[derive(Clone, Debug)]
pub(super) struct Value {
    text: Arc<str>,
    hash: u64,
}

impl Value {
    /// `key` stands for the element, `indices` for record and entry.
    pub(super) fn new(key: u64, indices: [u32; 2], text: &str) -> Self {
        let seed =
            key ^ u64::from(indices[0]).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (u64::from(indices[1]) << 32);
        Self { text: text.into(), hash: xxh3_64_with_seed(text.as_bytes(), seed) }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) const fn hash(&self) -> u64 {
        self.hash
    }

    pub(super) fn cost(&self) -> usize {
        self.text.len() + VALUE_COST
    }

    pub(super) const fn cost_of(text: &str) -> usize {
        text.len() + VALUE_COST
    }
}
