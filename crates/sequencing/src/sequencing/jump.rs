use super::Destination;
use crate::{Exception, tree::Ix, view::View};

impl View<'_> {
    /// Jump Sequencing Request Process (SB.2.13).
    pub(crate) fn jump(&self, target: Ix) -> Result<Destination, Exception> {
        self.tracking.current().ok_or(Exception::Sb213_1)?;
        Ok(Destination::Deliver(target))
    }
}
