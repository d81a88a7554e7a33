use super::Destination;
use crate::{Exception, view::View};

impl View<'_> {
    /// Resume All Sequencing Request Process (SB.2.6).
    pub(crate) fn resume_all(&self) -> Result<Destination, Exception> {
        if self.tracking.current().is_some() {
            return Err(Exception::Sb26_1);
        }
        self.tracking.suspended().map(Destination::Deliver).ok_or(Exception::Sb26_2)
    }
}
