use super::{Destination, Direction, Flow};
use crate::{Exception, view::View};

impl View<'_> {
    /// Retry Sequencing Request Process (SB.2.10).
    pub(crate) fn retry(&self) -> Result<Destination, Exception> {
        let current = self.tracking.current().ok_or(Exception::Sb210_1)?;
        let state = self.state(current);
        if state.active || state.suspended {
            return Err(Exception::Sb210_2);
        }
        if self.activity(current).is_leaf() {
            return Ok(Destination::Deliver(current));
        }
        match self.flow(current, Direction::Forward, true) {
            Flow::Found(ix) => Ok(Destination::Deliver(ix)),
            _ => Err(Exception::Sb210_3),
        }
    }
}
