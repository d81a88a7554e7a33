use super::{Destination, Direction, Flow};
use crate::{Exception, view::View};

impl View<'_> {
    /// Previous Sequencing Request Process (SB.2.8).
    pub(crate) fn previous(&self) -> Result<Destination, Exception> {
        let current = self.tracking.current().ok_or(Exception::Sb28_1)?;
        if self.parent(current).is_some_and(|parent| !self.activity(parent).definition().control.flow) {
            return Err(Exception::Sb28_2);
        }
        match self.flow(current, Direction::Backward, false) {
            Flow::Found(ix) => Ok(Destination::Deliver(ix)),
            // A step forward out of a forward-only cluster at the end of the tree.
            Flow::EndOfTree(_) => Ok(Destination::EndSession),
            Flow::Stopped(_, exception) => Err(exception),
        }
    }
}
