use alloc::{string::ToString, vec::Vec};

use crate::{Exception, machine::Machine, sequencing::SequencingRequest, tree::Ix, view::View};

/// What has to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TerminationRequest {
    Exit,
    /// Only asked for by post condition rules.
    ExitParent,
    ExitAll,
    SuspendAll,
    Abandon,
    AbandonAll,
}

impl Machine<'_> {
    /// Termination Request Process (TB.2.3): the sequencing request that replaces the pending one, if any.
    pub(crate) fn termination_request(
        &mut self,
        request: TerminationRequest,
    ) -> Result<Option<SequencingRequest>, Exception> {
        let current = self.tracking.current().ok_or(Exception::Tb23_1)?;
        let active = self.tracking.activity(current).active;
        match request {
            TerminationRequest::Exit | TerminationRequest::Abandon if !active => Err(Exception::Tb23_2),
            TerminationRequest::Exit => self.terminate_exit(current),
            TerminationRequest::ExitParent => Err(Exception::Tb23_7),
            TerminationRequest::ExitAll => Ok(Some(self.terminate_all(None))),
            TerminationRequest::SuspendAll => self.suspend_all(current).map(Some),
            TerminationRequest::Abandon => {
                self.abandon(current);
                Ok(None)
            }
            TerminationRequest::AbandonAll => Ok(Some(self.abandon_all(current))),
        }
    }

    /// Exit (TB.2.3 3): ends the current activity; then exit rules of the clusters around it and post conditions may
    /// end more.
    fn terminate_exit(&mut self, current: Ix) -> Result<Option<SequencingRequest>, Exception> {
        self.end_attempt(current); // 3.1
        self.exit_action_rules(current); // 3.2
        // 3.3: every round either returns or climbs to the parent.
        loop {
            let current = self.tracking.current().ok_or(Exception::Tb23_1)?;
            let post = self.view().post_condition_rules(current);
            match post.termination {
                // 3.3.3
                Some(TerminationRequest::ExitAll) => return Ok(Some(self.terminate_all(post.sequencing))),
                Some(TerminationRequest::ExitParent)
                    if current == Ix::ROOT && self.readings.exit_parent_of_root_is_ignored =>
                {
                    return Ok(None);
                }
                // 3.3.4
                Some(TerminationRequest::ExitParent) => {
                    let parent = self.tree.activity(current).parent().ok_or(Exception::Tb23_4)?;
                    self.tracking.set_current(Some(parent));
                    self.end_attempt(parent);
                }
                // 3.3.5
                _ if current == Ix::ROOT && post.sequencing != Some(SequencingRequest::Retry) => {
                    self.root_was_left = Some(post);
                    return Ok(Some(SequencingRequest::Exit));
                }
                _ => return Ok(post.sequencing),
            }
        }
    }

    /// Exit All (TB.2.3 4). The root becomes the current activity.
    fn terminate_all(&mut self, pending: Option<SequencingRequest>) -> SequencingRequest {
        if let Some(current) = self.tracking.current()
            && self.tracking.activity(current).active
        {
            self.end_attempt(current);
        }
        self.terminate_descendents(Ix::ROOT);
        self.end_attempt(Ix::ROOT);
        self.tracking.set_current(Some(Ix::ROOT));
        pending.unwrap_or(SequencingRequest::Exit)
    }

    /// Suspend All (TB.2.3 5): the current activity, or if it has ended the cluster around it, with all clusters above.
    fn suspend_all(&mut self, current: Ix) -> Result<SequencingRequest, Exception> {
        let suspended = if self.view().is_under_way(current) {
            self.overall_rollup(current);
            current
        } else {
            self.tree.activity(current).parent().ok_or(Exception::Tb23_3)?
        };
        self.tracking.set_suspended(Some(suspended));
        let path: Vec<Ix> = self.tree.path_up(suspended).collect();
        for ix in path {
            self.tracking.activity_mut(self.tree, ix).suspended = true;
            self.deactivate(ix);
        }
        self.view().note("TB.2.3", suspended, || "is suspended with everything around it".to_string());
        self.tracking.set_current(Some(Ix::ROOT));
        Ok(SequencingRequest::Exit)
    }

    /// Abandon (TB.2.3 6): the attempt stops where it is.
    fn abandon(&mut self, current: Ix) {
        self.forget_abandoned(current);
        self.deactivate(current);
        self.view().note("TB.2.3", current, || "is abandoned".to_string());
    }

    /// Abandon All (TB.2.3 7).
    fn abandon_all(&mut self, current: Ix) -> SequencingRequest {
        self.forget_abandoned(current);
        let path: Vec<Ix> = self.tree.path_up(current).collect();
        for ix in path {
            self.deactivate(ix);
        }
        self.view().note("TB.2.3", current, || "is abandoned with everything around it".to_string());
        self.tracking.set_current(Some(Ix::ROOT));
        SequencingRequest::Exit
    }

    fn forget_abandoned(&mut self, current: Ix) {
        if self.readings.abandon_forgets {
            let primary = self.tree.activity(current).primary();
            self.set_completed(current, primary, None);
            self.set_satisfied(current, primary, None);
            self.set_measure(current, primary, None);
        }
    }
}

impl View<'_> {
    /// An attempt on it goes on or is suspended.
    fn is_under_way(&self, ix: Ix) -> bool {
        self.state(ix).active || self.state(ix).suspended
    }

    /// Suspend All finds something to suspend (TB.2.3 5.1, 5.2).
    pub(crate) fn may_suspend(&self, current: Ix) -> bool {
        self.is_under_way(current) || current != Ix::ROOT
    }
}
