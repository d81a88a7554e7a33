//! Moving between activities. Where the author gives no rules but prerequisites (SCORM 1.1, 1.2, AICC), every activity whose
//! prerequisites are met may be chosen, and Continue and Previous go through these in document order. For the others see
//! [`sequenced`](crate::sequenced).

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use lyceum_cmi::{NavRequest, Validity};
use lyceum_sequencing::Request;
use serde::Serialize;

use crate::plan::{Activity, Kind, Plan};
use crate::prerequisites;
use crate::rollup;
use crate::settings::Settings;
use crate::state::{SessionEnd, State};
use crate::summary::{Completion, Success};

/// The journal's words for what content asks by `adl.nav.request` (`continue`, `choice i3`, `exitAll`, ...); `None` for
/// `_none_` and for what is no request.
#[must_use]
pub fn from_content(request: &str) -> Option<String> {
    NavRequest::parse(request).map(|request| parsed(request).to_string())
}

/// The request that content asks about or makes.
pub(crate) fn parsed(request: NavRequest<'_>) -> Request {
    match request {
        NavRequest::Continue => Request::Continue,
        NavRequest::Previous => Request::Previous,
        NavRequest::Choice(id) => Request::Choice(id.to_owned()),
        NavRequest::Jump(id) => Request::Jump(id.to_owned()),
        NavRequest::Exit => Request::Exit,
        NavRequest::ExitAll => Request::ExitAll,
        NavRequest::Abandon => Request::Abandon,
        NavRequest::AbandonAll => Request::AbandonAll,
        NavRequest::SuspendAll => Request::SuspendAll,
    }
}

/// What a navigation request leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Navigated {
    /// The activity to deliver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliver: Option<String>,
    /// The session is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<SessionEnd>,
    /// Nothing changed: what was in the frame goes on there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stay: Option<String>,
    /// Why nothing happens, in a sentence for the learner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Navigated {
    pub(crate) fn refused(why: String) -> Self {
        Self { error: Some(why), ..Self::default() }
    }
}

/// Which controls make sense now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Controls {
    /// There is a next activity.
    #[serde(rename = "continue")]
    pub continue_: bool,
    /// There is one before.
    pub previous: bool,
    /// The learner may choose from the table of contents.
    pub choice: bool,
    /// Leave.
    pub exit: bool,
    /// Leave the whole course; only where Exit means less.
    pub exit_all: bool,
    /// Come back to the same place.
    pub suspend: bool,
    /// Leave without a trace.
    pub abandon: bool,
    /// Leave the course without a trace.
    pub abandon_all: bool,
    /// Begin the activity again.
    pub retry: bool,
}

/// A line of the table of contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TocItem {
    /// Identifier of the activity.
    pub id: String,
    /// Title.
    pub title: String,
    /// Depth below the organization, from 0.
    pub depth: u32,
    /// Identifier of the line above it in the tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// What it launches.
    pub kind: Kind,
    /// Shown at all.
    pub visible: bool,
    /// The one in the frame.
    pub current: bool,
    /// Cannot be chosen.
    pub disabled: bool,
    /// Completion.
    pub completion: Completion,
    /// Success.
    pub success: Success,
}

/// What changes of a line of the table of contents; the plan has the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TocLine {
    /// Place of the activity in the plan.
    pub activity: u32,
    /// See [`TocItem::visible`].
    pub visible: bool,
    /// See [`TocItem::current`].
    pub current: bool,
    /// See [`TocItem::disabled`].
    pub disabled: bool,
    /// See [`TocItem::completion`].
    pub completion: Completion,
    /// See [`TocItem::success`].
    pub success: Success,
}

impl TocLine {
    /// The line as one number, for a page that has the plan: the place in the plan above bit 8; from bit 0 on visible, current,
    /// disabled, completion (0 unknown, 1 incomplete, 2 completed) in two bits and success (0 unknown, 1 passed, 2 failed) in two.
    #[must_use]
    pub fn packed(self) -> u32 {
        let completion = match self.completion {
            Completion::Unknown => 0,
            Completion::Incomplete => 1,
            Completion::Completed => 2,
        };
        let success = match self.success {
            Success::Unknown => 0,
            Success::Passed => 1,
            Success::Failed => 2,
        };
        self.activity << 8
            | success << 5
            | completion << 3
            | u32::from(self.disabled) << 2
            | u32::from(self.current) << 1
            | u32::from(self.visible)
    }
}

/// The lines with everything that is shown of them.
pub(crate) fn items(plan: &Plan, lines: &[TocLine]) -> Vec<TocItem> {
    let mut depths: Vec<u32> = Vec::with_capacity(plan.activities.len());
    for activity in &plan.activities {
        depths.push(activity.parent.map_or(0, |parent| depths[parent as usize] + 1));
    }
    let has_root = lines.first().is_some_and(|line| line.activity == 0);
    let item = |line: &TocLine| {
        let activity = &plan.activities[line.activity as usize];
        let parent = activity.parent.filter(|parent| has_root || *parent != 0);
        TocItem {
            id: activity.id.clone(),
            title: activity.title.clone(),
            depth: depths[line.activity as usize] - u32::from(!has_root),
            parent: parent.map(|parent| plan.activities[parent as usize].id.clone()),
            kind: activity.kind,
            visible: line.visible,
            current: line.current,
            disabled: line.disabled,
            completion: line.completion,
            success: line.success,
        }
    };
    lines.iter().map(item).collect()
}

pub(crate) fn navigate(
    plan: &Plan,
    settings: &Settings,
    state: &State,
    current: Option<usize>,
    request: &Request,
) -> Navigated {
    let open = &*prerequisites::open(plan, settings, state);
    let end = |how| Navigated { ended: Some(how), ..Navigated::default() };
    match request {
        Request::Start | Request::ResumeAll => {
            deliver(plan, start(plan, settings, state, open), "This course has nothing that can be opened.")
        }
        Request::Continue => {
            let is_last = after(plan, &all(plan), current).is_none();
            let why_not = if is_last {
                "This is the last part of the course."
            } else {
                "The next part is not open yet."
            };
            deliver(plan, after(plan, open, current), why_not)
        }
        Request::Previous => {
            deliver(plan, before(plan, open, current), "This is the first part of the course.")
        }
        Request::Choice(id) | Request::Jump(id) => {
            let target = plan.index_of(id).and_then(|i| first_launchable_within(plan, open, i));
            let is_locked = plan.index_of(id).is_some_and(|i| !open[i]);
            let why_not = if is_locked {
                "This part is not open yet: others come before it."
            } else {
                "There is nothing to open here."
            };
            deliver(plan, target, why_not)
        }
        Request::SuspendAll => end(SessionEnd::Suspend),
        Request::Exit | Request::ExitAll | Request::Abandon | Request::AbandonAll => end(SessionEnd::Exit),
        Request::Retry | Request::RetryAll | Request::Forward | Request::Backward => {
            Navigated::refused("This course has no such request.".to_string())
        }
    }
}

fn deliver(plan: &Plan, target: Option<usize>, why_not: &str) -> Navigated {
    match target {
        Some(i) => Navigated { deliver: Some(plan.activities[i].id.clone()), ..Navigated::default() },
        None => Navigated::refused(why_not.to_string()),
    }
}

/// Where the course opens: at the activity the learner left unfinished, else at the first that is not completed, else at
/// the first.
fn start(plan: &Plan, settings: &Settings, state: &State, open: &[bool]) -> Option<usize> {
    let left = state.current().filter(|id| {
        state.activity(id).is_some_and(|a| a.visits().last().is_some_and(crate::visit::Visit::is_suspended))
    });
    if let Some(i) = left.and_then(|id| plan.index_of(id)).filter(|&i| plan.activities[i].launch.is_some()) {
        return Some(i);
    }
    let unfinished = plan.launchable().filter(|(i, _)| open[*i]).find(|(_, a)| {
        rollup::activity(plan.edition, settings, a, state.activity(&a.id)).completion != Completion::Completed
    });
    unfinished.or_else(|| plan.launchable().find(|(i, _)| open[*i])).map(|(i, _)| i)
}

fn all(plan: &Plan) -> Vec<bool> {
    alloc::vec![true; plan.activities.len()]
}

fn after(plan: &Plan, open: &[bool], current: Option<usize>) -> Option<usize> {
    let from = current.map_or(0, |i| i + 1);
    (from..plan.activities.len()).find(|&i| open[i] && plan.activities[i].launch.is_some())
}

fn before(plan: &Plan, open: &[bool], current: Option<usize>) -> Option<usize> {
    (0..current?).rev().find(|&i| open[i] && plan.activities[i].launch.is_some())
}

/// The activity itself, or the first of its descendants that launches something. Descendants follow their ancestor in
/// document order, so the first activity outside ends the search.
fn first_launchable_within(plan: &Plan, open: &[bool], root: usize) -> Option<usize> {
    let is_inside = |i: usize| {
        i == root
            || core::iter::successors(plan.activities[i].parent, |&p| plan.activities[p as usize].parent)
                .any(|p| p as usize == root)
    };
    let mut inside = (root..plan.activities.len()).take_while(|&i| is_inside(i));
    inside.find(|&i| open[i] && plan.activities[i].launch.is_some())
}

pub(crate) fn controls(plan: &Plan, settings: &Settings, state: &State, current: Option<usize>) -> Controls {
    let several = !plan.is_single();
    let open = &*prerequisites::open(plan, settings, state);
    Controls {
        continue_: several && after(plan, open, current).is_some(),
        previous: several && before(plan, open, current).is_some(),
        choice: several,
        exit: true,
        suspend: several,
        ..Controls::default()
    }
}

pub(crate) fn request_valid(plan: &Plan, current: Option<usize>, request: NavRequest<'_>) -> Validity {
    let valid = match request {
        NavRequest::Continue => after(plan, &all(plan), current).is_some(),
        NavRequest::Previous => before(plan, &all(plan), current).is_some(),
        NavRequest::Choice(id) | NavRequest::Jump(id) => {
            plan.index_of(id).is_some_and(|i| first_launchable_within(plan, &all(plan), i).is_some())
        }
        _ => return Validity::Unknown,
    };
    if valid { Validity::True } else { Validity::False }
}

pub(crate) fn toc(plan: &Plan, settings: &Settings, state: &State, delivered: Option<&str>) -> Vec<TocLine> {
    let statuses = rollup::activities(plan, settings, state);
    let open = prerequisites::open(plan, settings, state);
    let line = |(i, activity): (usize, &Activity)| TocLine {
        activity: i as u32,
        visible: activity.visible,
        current: delivered == Some(activity.id.as_str()),
        disabled: first_launchable_within(plan, &open, i).is_none(),
        completion: statuses[i].completion,
        success: statuses[i].success,
    };
    plan.activities.iter().enumerate().filter(|(_, activity)| activity.parent.is_some()).map(line).collect()
}
