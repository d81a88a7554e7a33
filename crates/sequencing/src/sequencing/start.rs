use super::{Destination, Direction, Flow};
use crate::{Exception, tree::Ix, view::View};

impl View<'_> {
    /// Start Sequencing Request Process (SB.2.5).
    pub(crate) fn start(&self) -> Result<Destination, Exception> {
        if self.tracking.current().is_some() {
            return Err(Exception::Sb25_1);
        }
        if self.activity(Ix::ROOT).is_leaf() {
            return Ok(Destination::Deliver(Ix::ROOT));
        }
        match self.flow(Ix::ROOT, Direction::Forward, true) {
            Flow::Found(ix) => Ok(Destination::Deliver(ix)),
            Flow::EndOfTree(_) => Ok(Destination::EndSession),
            Flow::Stopped(_, exception) => Err(exception),
        }
    }
}
