use super::Destination;
use crate::{Exception, tree::Ix, view::View};

impl View<'_> {
    /// Exit Sequencing Request Process (SB.2.11): the session ends with the attempt on the root.
    pub(crate) fn exit(&self) -> Result<Destination, Exception> {
        let current = self.tracking.current().ok_or(Exception::Sb211_1)?;
        if self.state(current).active {
            return Err(Exception::Sb211_2);
        }
        Ok(if current == Ix::ROOT { Destination::EndSession } else { Destination::Nothing })
    }
}
