use core::fmt;

use crate::{Exception, tree::Ix, view::View};

/// Direction of a traversal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Forward,
    Backward,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forward => "forward",
            Self::Backward => "backward",
        })
    }
}

impl View<'_> {
    /// Choice Activity Traversal Subprocess (SB.2.4): whether choice may pass an activity.
    pub(crate) fn choice_traversal(&self, ix: Ix, direction: Direction) -> Result<(), Exception> {
        match direction {
            Direction::Forward if self.stops_forward_traversal(ix) => Err(Exception::Sb24_1),
            Direction::Forward => Ok(()),
            Direction::Backward => match self.parent(ix) {
                None => Err(Exception::Sb24_3),
                Some(parent) if self.activity(parent).definition().control.forward_only => {
                    Err(Exception::Sb24_2)
                }
                Some(_) => Ok(()),
            },
        }
    }
}
