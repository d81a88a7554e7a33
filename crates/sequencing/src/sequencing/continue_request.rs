use super::{Destination, Direction, Flow};
use crate::{Exception, view::View};

impl View<'_> {
    /// Continue Sequencing Request Process (SB.2.7).
    pub(crate) fn continue_request(&self) -> Result<Destination, Exception> {
        let current = self.tracking.current().ok_or(Exception::Sb27_1)?;
        if self.parent(current).is_some_and(|parent| !self.activity(parent).definition().control.flow) {
            return Err(Exception::Sb27_2);
        }
        match self.flow(current, Direction::Forward, false) {
            Flow::Found(ix) => Ok(Destination::Deliver(ix)),
            Flow::EndOfTree(_) => Ok(Destination::EndSession),
            Flow::Stopped(..) if self.readings.blocked_continue_ends_session => Ok(Destination::EndSession),
            Flow::Stopped(_, exception) => Err(exception),
        }
    }
}
