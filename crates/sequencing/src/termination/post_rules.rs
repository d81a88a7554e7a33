use crate::{
    definitions::PostAction, sequencing::SequencingRequest, termination::TerminationRequest, tree::Ix,
    view::View,
};

/// What post condition rules ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PostCondition {
    pub(crate) termination: Option<TerminationRequest>,
    pub(crate) sequencing: Option<SequencingRequest>,
}

impl View<'_> {
    /// Sequencing Post Condition Rules Subprocess (TB.2.2). A suspended activity is left alone.
    pub(crate) fn post_condition_rules(&self, current: Ix) -> PostCondition {
        let termination = |request| PostCondition { termination: Some(request), sequencing: None };
        let sequencing = |request| PostCondition { termination: None, sequencing: Some(request) };
        if self.state(current).suspended {
            return PostCondition::default();
        }
        match self.post_condition(current) {
            None => PostCondition::default(),
            Some(PostAction::Retry) => sequencing(SequencingRequest::Retry),
            Some(PostAction::Continue) => sequencing(SequencingRequest::Continue),
            Some(PostAction::Previous) => sequencing(SequencingRequest::Previous),
            Some(PostAction::ExitParent) => termination(TerminationRequest::ExitParent),
            Some(PostAction::ExitAll) => termination(TerminationRequest::ExitAll),
            Some(PostAction::RetryAll) => PostCondition {
                termination: Some(TerminationRequest::ExitAll),
                sequencing: Some(SequencingRequest::Retry),
            },
        }
    }
}
