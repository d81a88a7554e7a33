use alloc::string::ToString;

use crate::{Exception, tree::Ix, view::View};

impl View<'_> {
    /// Delivery Request Process (DB.1.1).
    pub(crate) fn delivery_request(&self, ix: Ix) -> Result<(), Exception> {
        if !self.activity(ix).is_leaf() {
            return Err(Exception::Db11_1);
        }
        for step in self.tree.path_down(ix) {
            if self.is_blocked(step) {
                self.note("DB.1.1", step, || "is disabled or over its limit".to_string());
                return Err(Exception::Db11_3);
            }
        }
        Ok(())
    }
}
