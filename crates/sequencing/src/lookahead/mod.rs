//! Look-ahead: what may be requested now, for the player's controls, the table of contents and
//! `adl.nav.request_valid`.
//!
//! It answers what the processes themselves would (NB.2.1, SB.2.9, SB.2.13, DB.1.1), but for all activities in one
//! pass over the tree.

mod choice;
mod survey;

use alloc::vec::Vec;

use crate::{
    Exception, Request,
    machine::Machine,
    sequencing::{Destination, SequencingRequest},
    termination::TerminationRequest,
    tree::{Ix, Tree},
    view::View,
};
use survey::Survey;

/// What may be requested now.
///
/// A request is valid if it would come to a delivery or to the end of the session. Where something is going on, that means:
/// after the current activity has ended with what its content has reported so far, since that is what happens first. For Choice
/// and Jump the activity's post condition rules are left out, which may send the learner somewhere else instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookAhead {
    /// Start.
    pub start: bool,
    /// Resume All.
    pub resume_all: bool,
    /// Continue. Also valid if it comes to a cluster without flow and delivers nothing: the learner goes on by choice (ADL's
    /// test case CM-07d).
    pub continue_request: bool,
    /// Previous.
    pub previous: bool,
    /// Exit, and with it Abandon: something is going on that can be left.
    pub exit: bool,
    /// Exit All and Abandon All: a session is open.
    pub exit_all: bool,
    /// Suspend All: a session is open, and more of it than a root that has ended (TB.2.3 5).
    pub suspend_all: bool,
    /// Retry.
    pub retry: bool,
    /// Retry All.
    pub retry_all: bool,
    /// The table of contents, in the order in which the learner meets the activities: all of them that are available, that
    /// is selected where authors let some be selected.
    pub entries: Vec<TocEntry>,
    /// Place among the entries plus one, per activity; 0 when it is not available.
    places: Vec<u32>,
}

/// A line of the table of contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TocEntry {
    /// The activity.
    pub activity: Ix,
    /// Number of ancestors.
    pub depth: u32,
    /// Has no children.
    pub leaf: bool,
    /// To be shown: its author did not say `isvisible="false"`, and no rule hides it or a cluster around it from choice.
    pub visible: bool,
    /// Neither it nor a cluster around it is disabled or over its limit (DB.1.1).
    pub enabled: bool,
    /// A choice of it would deliver something.
    pub selectable: bool,
    /// A jump to it would deliver it.
    pub jump: bool,
    /// It is the Current Activity.
    pub current: bool,
}

impl LookAhead {
    /// Something can be chosen besides the course as a whole: a table of contents makes sense.
    #[must_use]
    pub fn has_choices(&self) -> bool {
        self.entries.iter().any(|entry| entry.selectable && entry.visible && entry.activity != Ix::ROOT)
    }

    /// The line of an activity; `None` when it is not available.
    #[must_use]
    pub fn entry(&self, activity: Ix) -> Option<&TocEntry> {
        let place = *self.places.get(activity.index())?;
        self.entries.get((place as usize).checked_sub(1)?)
    }

    /// Whether a request is valid.
    #[must_use]
    pub fn allows(&self, tree: &Tree, request: &Request) -> bool {
        let entry = |target: &str| tree.find(target).and_then(|target| self.entry(target));
        match request {
            Request::Start => self.start,
            Request::ResumeAll => self.resume_all,
            Request::Continue => self.continue_request,
            Request::Previous => self.previous,
            Request::Forward | Request::Backward => false,
            Request::Choice(target) => entry(target).is_some_and(|entry| entry.selectable),
            Request::Jump(target) => entry(target).is_some_and(|entry| entry.jump),
            Request::Exit | Request::Abandon => self.exit,
            Request::ExitAll | Request::AbandonAll => self.exit_all,
            Request::SuspendAll => self.suspend_all,
            Request::Retry => self.retry,
            Request::RetryAll => self.retry_all,
        }
    }
}

impl Machine<'_> {
    /// Looks ahead. Ends what would have to end first: whoever calls takes that back.
    pub(crate) fn look_ahead(&mut self) -> LookAhead {
        let current = self.tracking.current();
        let active = current.is_some_and(|current| self.tracking.activity(current).active);
        let asked = Asked::new(&self.view());
        let replaced = match current {
            None => {
                self.prepare_session();
                None
            }
            Some(_) if active && !self.readings.look_ahead_ends_nothing => {
                self.termination_request(TerminationRequest::Exit).unwrap_or_default()
            }
            Some(_) => None,
        };
        let view = self.view();
        let succeeds = |valid: bool, request| valid && view.succeeds(request, replaced.unwrap_or(request));
        let survey = view.survey();
        LookAhead {
            start: succeeds(current.is_none(), SequencingRequest::Start),
            resume_all: succeeds(asked.resume_all, SequencingRequest::ResumeAll),
            continue_request: succeeds(asked.continue_request, SequencingRequest::Continue),
            previous: succeeds(asked.previous, SequencingRequest::Previous),
            exit: active,
            exit_all: current.is_some(),
            suspend_all: asked.suspend_all,
            retry: succeeds(current.is_some(), SequencingRequest::Retry),
            retry_all: current.is_some(),
            entries: view.table_of_contents(&survey, &asked, current),
            places: survey.places(),
        }
    }
}

/// What the Navigation Request Process (NB.2.1) says before anything ends.
struct Asked {
    resume_all: bool,
    continue_request: bool,
    previous: bool,
    suspend_all: bool,
    jump: bool,
    /// Activities that a choice can be made among: all but those outside of an active cluster with `choiceExit` false around the
    /// Current Activity. None at all if the Current Activity itself is like that.
    choosable_within: Option<Ix>,
}

impl Asked {
    fn new(view: &View<'_>) -> Self {
        let current = view.tracking.current();
        Self {
            resume_all: view.navigation_request(&Request::ResumeAll).is_ok(),
            continue_request: view.navigation_request(&Request::Continue).is_ok(),
            previous: view.navigation_request(&Request::Previous).is_ok(),
            suspend_all: current.is_some_and(|current| view.may_suspend(current)),
            jump: view.tree.edition().has_jump() && current.is_some(),
            choosable_within: current.map_or(Some(Ix::ROOT), |current| view.choosable_within(current)),
        }
    }
}

impl View<'_> {
    /// See [`View::may_choose`].
    fn choosable_within(&self, current: Ix) -> Option<Ix> {
        if self.readings.look_ahead_ends_nothing {
            return Some(Ix::ROOT);
        }
        let keeps =
            |step: &Ix| self.state(*step).active && !self.activity(*step).definition().control.choice_exit;
        let kept = self.tree.path_up(current).find(keeps);
        kept.map_or(Some(Ix::ROOT), |kept| Some(kept).filter(|kept| *kept != current))
    }

    /// Whether a request would deliver something or end the session, where a post condition rule may have put another one in
    /// its place.
    fn succeeds(&self, asked: SequencingRequest, request: SequencingRequest) -> bool {
        match self.sequencing_request(request) {
            Ok(Destination::Deliver(ix)) => self.delivery_request(ix).is_ok(),
            Ok(Destination::EndSession) => true,
            Err(Exception::Sb22_1) => asked == SequencingRequest::Continue,
            Ok(Destination::Nothing) | Err(_) => false,
        }
    }

    fn table_of_contents(&self, survey: &Survey, asked: &Asked, current: Option<Ix>) -> Vec<TocEntry> {
        let choices = self.choices(survey);
        let line = |ix: &Ix| {
            let (brief, facts) = (self.tree.brief(*ix), survey.facts(*ix));
            let asked_for = asked.choosable_within.is_some_and(|cluster| self.tree.is_within(*ix, cluster));
            TocEntry {
                activity: *ix,
                depth: brief.depth,
                leaf: brief.leaf,
                visible: brief.visible && !facts.hidden,
                enabled: !facts.blocked,
                selectable: asked_for && choices.leads_somewhere(*ix),
                jump: asked.jump && brief.leaf && !facts.blocked,
                current: current == Some(*ix),
            }
        };
        survey.order().iter().map(line).collect()
    }
}
