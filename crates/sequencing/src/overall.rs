//! Overall Sequencing Process (OP.1): from a navigation request to a delivery.

use alloc::{format, string::ToString};

use crate::{
    Exception, Request,
    machine::Machine,
    navigation::Navigation,
    sequencing::{Destination, SequencingRequest},
    termination::TerminationRequest,
    tree::{Ix, RuleKind},
};

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEnd {
    /// The attempt on the root ended.
    Exit,
    /// Everything was suspended.
    Suspend,
    /// Everything was abandoned.
    Abandon,
}

/// What a request came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Processed {
    pub(crate) delivered: Option<Ix>,
    pub(crate) resumed: bool,
    pub(crate) ended: Option<SessionEnd>,
    pub(crate) exception: Option<Exception>,
}

impl Machine<'_> {
    /// Overall Sequencing Process (OP.1), one round of its loop.
    pub(crate) fn process(&mut self, request: &Request) -> Processed {
        let begins_session = self.tracking.current().is_none();
        let result = self.view().navigation_request(request).and_then(|navigation| {
            let first = if navigation.termination.is_some() { "; what is going on ends first" } else { "" };
            self.view().remark_on(request, "NB.2.1", || format!("{} makes sense now{first}", request.word()));
            if begins_session {
                self.prepare_session();
            }
            self.terminate_and_sequence(navigation)
        });
        let processed = result
            .unwrap_or_else(|exception| Processed { exception: Some(exception), ..Processed::default() });
        if let Some(exception) = processed.exception {
            self.view().remark_on(request, "OP.1", || exception.to_string());
        }
        processed
    }

    fn terminate_and_sequence(&mut self, navigation: Navigation) -> Result<Processed, Exception> {
        let mut sequencing = navigation.sequencing;
        if let Some(termination) = navigation.termination {
            let replaced = self.termination_request(termination)?;
            let retry_all = navigation.sequencing == SequencingRequest::Retry
                && termination == TerminationRequest::ExitAll;
            sequencing = replaced.filter(|_| !retry_all).unwrap_or(sequencing);
        }
        if let Some(post) = self.root_was_left
            && self.readings.pending_request_survives_exit_of_root
        {
            return self.try_pending_request(navigation, post.sequencing.unwrap_or(navigation.sequencing));
        }
        if sequencing == SequencingRequest::Retry && self.tracking.current() == Some(Ix::ROOT) {
            self.begin_anew();
        }
        let destination = self.find_destination(sequencing)?;
        self.arrive(destination, navigation)
    }

    fn arrive(&mut self, destination: Destination, navigation: Navigation) -> Result<Processed, Exception> {
        match destination {
            Destination::Deliver(ix) => {
                self.view().delivery_request(ix)?;
                let state = self.tracking.activity(ix);
                let resumed = state.suspended || state.left_to_return;
                self.deliver(ix)?;
                Ok(Processed { delivered: Some(ix), resumed, ..Processed::default() })
            }
            Destination::EndSession => {
                Ok(Processed { ended: Some(self.end_session(navigation)), ..Processed::default() })
            }
            Destination::Nothing => Ok(Processed::default()),
        }
    }

    /// See [`Readings::pending_request_survives_exit_of_root`](crate::Readings).
    fn try_pending_request(
        &mut self,
        navigation: Navigation,
        pending: SequencingRequest,
    ) -> Result<Processed, Exception> {
        let final_exit = self.tree.rules(Ix::ROOT, RuleKind::Post).is_empty()
            || self.tracking.activity(Ix::ROOT).suspended;
        match self.find_destination(pending) {
            Ok(destination) => self.arrive(destination, navigation),
            Err(exception) if final_exit => {
                self.view().remark("OP.1", || exception.to_string());
                self.arrive(Destination::EndSession, navigation)
            }
            Err(exception) => Err(exception),
        }
    }

    /// The sequencing request, with the side effects that it has when it finds nothing.
    fn find_destination(&mut self, request: SequencingRequest) -> Result<Destination, Exception> {
        let destination = self.view().sequencing_request(request);
        if let (Err(Exception::Sb29_9), SequencingRequest::Choice(target)) = (destination, request) {
            self.move_to_chosen_cluster(target);
        }
        destination
    }

    /// The chosen cluster was reached, but leads nowhere: it becomes the current activity (SB.2.9 14).
    fn move_to_chosen_cluster(&mut self, target: Ix) {
        let Some(current) = self.tracking.current() else { return };
        let common = self.tree.common_ancestor(current, target);
        self.terminate_descendents(common);
        self.end_attempt(common);
        self.tracking.set_current(Some(target));
    }

    /// The session is over. An attempt on the root that still goes on, because the session ran off the end of the tree, ends
    /// as by Exit All (SN 5.3).
    fn end_session(&mut self, navigation: Navigation) -> SessionEnd {
        if self.tracking.activity(Ix::ROOT).active {
            self.terminate_descendents(Ix::ROOT);
            self.end_attempt(Ix::ROOT);
        }
        self.tracking.set_current(None);
        match navigation.termination {
            Some(TerminationRequest::SuspendAll) => SessionEnd::Suspend,
            Some(TerminationRequest::AbandonAll | TerminationRequest::Abandon) => SessionEnd::Abandon,
            _ => SessionEnd::Exit,
        }
    }
}
