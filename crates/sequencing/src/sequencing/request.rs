use alloc::string::ToString;

use crate::{Exception, tree::Ix, view::View};

/// What the navigation or termination behaviour asks of the sequencing behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SequencingRequest {
    Start,
    ResumeAll,
    Continue,
    Previous,
    Choice(Ix),
    Retry,
    Exit,
    Jump(Ix),
}

/// Where a sequencing request leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Destination {
    /// This activity is to be delivered.
    Deliver(Ix),
    /// The session is over.
    EndSession,
    /// Nothing is delivered; the session goes on with the next request.
    Nothing,
}

impl View<'_> {
    /// Sequencing Request Process (SB.2.12).
    pub(crate) fn sequencing_request(&self, request: SequencingRequest) -> Result<Destination, Exception> {
        let (process, result) = match request {
            SequencingRequest::Start => ("SB.2.5", self.start()),
            SequencingRequest::ResumeAll => ("SB.2.6", self.resume_all()),
            SequencingRequest::Continue => ("SB.2.7", self.continue_request()),
            SequencingRequest::Previous => ("SB.2.8", self.previous()),
            SequencingRequest::Choice(target) => ("SB.2.9", self.choice(target)),
            SequencingRequest::Retry => ("SB.2.10", self.retry()),
            SequencingRequest::Exit => ("SB.2.11", self.exit()),
            SequencingRequest::Jump(target) => ("SB.2.13", self.jump(target)),
        };
        match result {
            Ok(Destination::Deliver(ix)) => self.note(process, ix, || "is to be delivered".to_string()),
            Ok(Destination::EndSession) => self.remark(process, || "the session ends".to_string()),
            Ok(Destination::Nothing) => self.remark(process, || "nothing is to be delivered".to_string()),
            Err(exception) => match request {
                SequencingRequest::Choice(target) | SequencingRequest::Jump(target) => {
                    self.note(process, target, || exception.to_string());
                }
                _ => self.remark(process, || exception.to_string()),
            },
        }
        result
    }
}
