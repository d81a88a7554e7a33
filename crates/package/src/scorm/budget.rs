use crate::{
    Code,
    limits::{MAX_ITEM_DEPTH, MAX_ITEM_TEXT_BYTES, MAX_ITEMS, MAX_SEQUENCING_NODES},
};

use super::Reader;

/// What reading may cost. A manifest can refer to the same part from many places, so that its size alone bounds
/// neither time nor memory.
#[derive(Debug, Default)]
pub(super) struct Budget {
    items: usize,
    text_bytes: usize,
    sequencing_nodes: usize,
    too_deep: bool,
}

impl Budget {
    /// One more item. False when there are too many to go on.
    pub(super) fn item(&mut self) -> bool {
        self.items += 1;
        !self.is_exceeded()
    }

    /// Text that is kept for an item.
    pub(super) fn text(&mut self, bytes: usize) {
        self.text_bytes += bytes;
    }

    /// XML nodes of sequencing that are read for an item. False when it is too much to go on.
    pub(super) fn sequencing(&mut self, nodes: usize) -> bool {
        self.sequencing_nodes += nodes;
        !self.is_exceeded()
    }

    /// Items are nested deeper than is accepted.
    pub(super) fn nested_too_deep(&mut self) {
        self.too_deep = true;
    }

    pub(super) fn is_exceeded(&self) -> bool {
        self.too_deep
            || self.items > MAX_ITEMS
            || self.text_bytes > MAX_ITEM_TEXT_BYTES
            || self.sequencing_nodes > MAX_SEQUENCING_NODES
    }
}

impl Reader<'_, '_> {
    /// Says which bound was exceeded.
    pub(super) fn report_excess(&mut self) {
        let root = self.xml.root;
        if self.budget.too_deep {
            let message = format!(
                "Items are nested more than {MAX_ITEM_DEPTH} levels deep, the most that is accepted. The course was \
                 refused."
            );
            self.values.report(Code::NestingTooDeep, root, message);
            return;
        }
        if self.budget.items > MAX_ITEMS {
            let message = format!(
                "The course has more than {MAX_ITEMS} items, the most that is accepted. Divide it into several \
                 courses."
            );
            self.values.report(Code::TooManyItems, root, message);
        } else {
            let message = "The manifest repeats parts of itself so often that the course would fill the memory. It \
                           was refused.";
            self.values.report(Code::ManifestHostile, root, message);
        }
    }
}
