//! Navigation behaviour (NB): whether a request makes sense now, and what it asks for.

use crate::{
    Exception, Request,
    sequencing::SequencingRequest,
    termination::TerminationRequest,
    tree::{Activity, Ix},
    view::View,
};

/// What a valid navigation request asks for: first end something, then find something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Navigation {
    pub(crate) termination: Option<TerminationRequest>,
    pub(crate) sequencing: SequencingRequest,
}

impl View<'_> {
    /// Navigation Request Process (NB.2.1).
    pub(crate) fn navigation_request(&self, request: &Request) -> Result<Navigation, Exception> {
        use {SequencingRequest as Sequencing, TerminationRequest as Termination};
        let plain = |sequencing| Ok(Navigation { termination: None, sequencing });
        let ending = |termination, sequencing| {
            self.session()?;
            Ok(Navigation { termination: Some(termination), sequencing })
        };
        match request {
            Request::Start => self.no_session().and_then(|()| plain(Sequencing::Start)),
            Request::ResumeAll => {
                self.no_session()?;
                self.tracking.suspended().ok_or(Exception::Nb21_3)?;
                plain(Sequencing::ResumeAll)
            }
            Request::Continue => self.navigate_continue(),
            Request::Previous => self.navigate_previous(),
            Request::Forward | Request::Backward => Err(Exception::Nb21_7),
            Request::Choice(target) => self.navigate_choice(target),
            Request::Jump(target) => self.navigate_jump(target),
            Request::Exit => self.active_current().and_then(|()| ending(Termination::Exit, Sequencing::Exit)),
            Request::Abandon => {
                self.active_current().and_then(|()| ending(Termination::Abandon, Sequencing::Exit))
            }
            Request::Retry => self.session().map(|current| self.leave(current, Sequencing::Retry)),
            Request::ExitAll => ending(Termination::ExitAll, Sequencing::Exit),
            Request::AbandonAll => ending(Termination::AbandonAll, Sequencing::Exit),
            Request::SuspendAll => ending(Termination::SuspendAll, Sequencing::Exit),
            Request::RetryAll => ending(Termination::ExitAll, Sequencing::Retry),
        }
    }

    fn session(&self) -> Result<Ix, Exception> {
        self.tracking.current().ok_or(Exception::Nb21_2)
    }

    fn no_session(&self) -> Result<(), Exception> {
        if self.tracking.current().is_some() { Err(Exception::Nb21_1) } else { Ok(()) }
    }

    fn active_current(&self) -> Result<(), Exception> {
        if self.state(self.session()?).active { Ok(()) } else { Err(Exception::Nb21_12) }
    }

    /// Ends the current activity if it has not ended, then goes on.
    fn leave(&self, current: Ix, sequencing: SequencingRequest) -> Navigation {
        let termination = self.state(current).active.then_some(TerminationRequest::Exit);
        Navigation { termination, sequencing }
    }

    fn parent_of(&self, ix: Ix) -> Option<&Activity> {
        self.parent(ix).map(|parent| self.activity(parent))
    }

    fn navigate_continue(&self) -> Result<Navigation, Exception> {
        let current = self.session()?;
        match self.parent_of(current) {
            Some(parent) if parent.definition().control.flow => {
                Ok(self.leave(current, SequencingRequest::Continue))
            }
            _ => Err(Exception::Nb21_4),
        }
    }

    fn navigate_previous(&self) -> Result<Navigation, Exception> {
        let current = self.session()?;
        let control = self.parent_of(current).ok_or(Exception::Nb21_6)?.definition().control;
        if !control.flow || control.forward_only {
            return Err(Exception::Nb21_5);
        }
        Ok(self.leave(current, SequencingRequest::Previous))
    }

    fn navigate_choice(&self, target: &str) -> Result<Navigation, Exception> {
        let target = self.tree.find(target).ok_or(Exception::Nb21_11)?;
        self.may_choose(target)?;
        let choice = SequencingRequest::Choice(target);
        Ok(match self.tracking.current() {
            None => Navigation { termination: None, sequencing: choice },
            Some(current) => self.leave(current, choice),
        })
    }

    /// Choice of a target as far as NB.2.1 7 looks at it: the parent of the target allows choice, and nothing active that would be
    /// left forbids it.
    pub(crate) fn may_choose(&self, target: Ix) -> Result<(), Exception> {
        if self.parent_of(target).is_some_and(|parent| !parent.definition().control.choice) {
            return Err(Exception::Nb21_10);
        }
        let Some(current) = self.tracking.current() else { return Ok(()) };
        let common = self.tree.common_ancestor(current, target);
        let left = self.tree.path_up(current).take_while(|step| *step != common);
        for step in left.chain([current]) {
            if self.state(step).active && !self.activity(step).definition().control.choice_exit {
                return Err(Exception::Nb21_8);
            }
        }
        Ok(())
    }

    fn navigate_jump(&self, target: &str) -> Result<Navigation, Exception> {
        if !self.tree.edition().has_jump() {
            return Err(Exception::Nb21_13);
        }
        let current = self.session()?;
        let target = self.tree.find(target).ok_or(Exception::Nb21_11)?;
        self.may_jump(target)?;
        Ok(self.leave(current, SequencingRequest::Jump(target)))
    }

    /// Jump to a target as far as NB.2.1 looks at it: it is available.
    pub(crate) fn may_jump(&self, target: Ix) -> Result<(), Exception> {
        let available = self.tree.path_up(target).all(|step| self.tracking.place(step).is_some());
        if available { Ok(()) } else { Err(Exception::Nb21_11) }
    }
}
