//! The engine of one session: answers the course's calls, keeps the journal, and carries the state along.
//!
//! In the browser the calls come from the course and the entries go out ([`Engine::take_entries`]). On the server the
//! entries come in and are done again ([`Engine::execute`]). Both run the same code; [`Engine::state_hash`] tells whether
//! both arrived at the same place.

mod flow;
mod foreign;
mod journal;
mod look;
mod time;

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use lyceum_cmi::{Host, Model, NavRequest, Rules, Runtime, Validity};
use lyceum_sequencing::{LookAhead, Request, Tree};
use xxhash_rust::xxh3::xxh3_64;

use crate::Millis;
use crate::entry::{Call, Entry, Outcome};
use crate::navigation::{self, Navigated};
use crate::opening::Opening;
use crate::plan::Plan;
use crate::sequenced::Sequenced;
use crate::state::{ActivityState, State};
use crate::time_limit::Deadline;
use crate::visit::{Visit, VisitEnd};
use crate::{launch, rollup};

/// Refused reads that are journaled per visit; after that a course that polls in vain says nothing new.
const REFUSED_READS_KEPT: usize = 64;

/// Error code of an outcome when a navigation request or a delivery cannot be carried out. Not a code of the standards: it
/// never reaches content.
pub const NOT_POSSIBLE: u16 = 9_001;

/// The answer to one API call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What the API function returns.
    pub value: String,
    /// The error code after the call, 0 for none.
    pub error: u16,
}

/// One session of one attempt.
pub struct Engine {
    plan: Arc<Plan>,
    index: BTreeMap<String, usize>,
    opening: Opening,
    state: State,
    /// The sequencer of a course with rules for the order of its activities.
    sequenced: Option<Sequenced>,
    run: Option<Run>,
    /// Answers when no activity is delivered: content that left the frame and still calls has been terminated.
    idle: Runtime,
    next_seq: u64,
    fresh: Vec<Entry>,
}

/// The activity whose content is in the frame.
struct Run {
    id: String,
    runtime: Runtime,
    refused_reads: BTreeSet<(u64, u16)>,
    deadline: Option<Deadline>,
}

/// Answers to `adl.nav.request_valid`.
enum Validities<'a> {
    /// By the document order.
    Free(&'a Plan, Option<usize>),
    /// By the author's rules.
    Ruled(&'a Tree, &'a LookAhead),
}

impl Host for Validities<'_> {
    fn request_valid(&self, request: NavRequest<'_>) -> Validity {
        match self {
            Self::Free(plan, current) => navigation::request_valid(plan, *current, request),
            Self::Ruled(tree, ahead) => {
                let valid = ahead.allows(tree, &navigation::parsed(request));
                if valid { Validity::True } else { Validity::False }
            }
        }
    }
}

impl Engine {
    /// Begins a session, or goes on with one of which `state` already holds a part (the server, after a restart).
    #[must_use]
    pub fn open(plan: Arc<Plan>, opening: Opening, state: State) -> Self {
        let index = plan.activities.iter().enumerate().map(|(i, a)| (a.id.clone(), i)).collect();
        let rules = rules(&plan, &opening);
        let mut idle = Runtime::new(rules, &lyceum_cmi::Inputs::default(), Model::new(plan.edition));
        idle.initialize("");
        idle.terminate("");
        let next_seq = state.applied(opening.ordinal) + 1;
        let seen = state.seen_by(opening.ordinal, opening.settings.counts());
        let sequenced = Sequenced::open(&plan, &opening, seen.tracked());
        let fresh = Vec::new();
        let mut engine = Self { plan, index, opening, state, sequenced, run: None, idle, next_seq, fresh };
        engine.resume_visit();
        engine
    }

    /// Puts the run-time back to where this session's open visit stands.
    fn resume_visit(&mut self) {
        let ordinal = self.opening.ordinal;
        let Some(id) = self.view().sessions().get(&ordinal).and_then(|s| s.delivered.clone()) else { return };
        let Some(visit) = self.view().activity(&id).and_then(|a| a.latest_visit(ordinal)) else { return };
        let visit = visit.clone();
        self.run = Some(self.visit_again(&id, &visit));
    }

    /// The API instance of a visit that has begun, as it stands.
    fn visit_again(&self, id: &str, visit: &Visit) -> Run {
        let (mut run, _) = self.run_for(id, &visit.entry, 1, visit.started);
        if visit.initialized.is_some() {
            run.runtime.initialize("");
        }
        if visit.end == Some(VisitEnd::Terminated) {
            run.runtime.terminate("");
        }
        run
    }

    /// A fresh API instance for an activity, and what the LMS put into its model. The last `visits_open` visits do not count
    /// into the total time; with one open, the model is what that visit has made of it.
    fn run_for(
        &self,
        id: &str,
        entry: &str,
        visits_open: usize,
        started: Millis,
    ) -> (Run, Vec<(String, String)>) {
        let activity = self.index.get(id).map(|&i| &self.plan.activities[i]);
        let known = self.view().activity(id).filter(|_| entry != "ab-initio" || visits_open > 0);
        let total_time = known.map_or(0, |a| a.total_time(visits_open));
        let mut inputs = launch::inputs(activity, &self.opening, entry, total_time, self.known(id));
        if visits_open > 0 {
            // What it began with is in the state; an entry that its content has given another name does not come back.
            inputs.objectives.clear();
        }
        let saved = known.map_or_else(|| Model::new(self.plan.edition), |a| a.model().clone());
        let (model, seeds) = launch::model(saved, &inputs, visits_open > 0);
        let runtime = Runtime::new(rules(&self.plan, &self.opening), &inputs, model);
        let is_limited = self.opening.settings.counts() && self.opening.settings.enforce_time_limit;
        let deadline =
            activity.filter(|_| is_limited).and_then(|activity| Deadline::of(activity, total_time, started));
        (Run { id: id.to_owned(), runtime, refused_reads: BTreeSet::new(), deadline }, seeds)
    }

    // ---- the API ------------------------------------------------------------------------------------------------------

    /// `Initialize` / `LMSInitialize`.
    pub fn initialize(&mut self, argument: &str, now: Millis) -> Reply {
        self.api(Call::Initialize, "", argument, now)
    }

    /// `Terminate` / `LMSFinish`.
    pub fn terminate(&mut self, argument: &str, now: Millis) -> Reply {
        self.api(Call::Terminate, "", argument, now)
    }

    /// `Commit` / `LMSCommit`. Whoever runs the engine sends what is new; the answer does not wait for that.
    pub fn commit(&mut self, argument: &str, now: Millis) -> Reply {
        self.api(Call::Commit, "", argument, now)
    }

    /// `SetValue` / `LMSSetValue`.
    pub fn set_value(&mut self, element: &str, value: &str, now: Millis) -> Reply {
        self.api(Call::Set, element, value, now)
    }

    /// `GetValue` / `LMSGetValue`. Only a refused one is journaled.
    pub fn get_value(&mut self, element: &str, now: Millis) -> Reply {
        if element.starts_with("adl.nav.request_valid") {
            self.look_ahead(now);
        }
        let (reply, outcome) = self.perform_api(Call::Get, element, "", now);
        if outcome.error != 0 && self.is_new_refusal(element, outcome.error) {
            self.record(Call::Get, element, "", now, outcome);
        }
        reply
    }

    /// `GetLastError` / `LMSGetLastError`.
    #[must_use]
    pub fn last_error(&self) -> u16 {
        self.runtime().last_error().0
    }

    /// `GetErrorString` / `LMSGetErrorString`.
    #[must_use]
    pub fn error_string(&self, code: &str) -> String {
        self.runtime().error_string(code).to_string()
    }

    /// `GetDiagnostic` / `LMSGetDiagnostic`.
    #[must_use]
    pub fn diagnostic(&self, code: &str) -> String {
        self.runtime().diagnostic(code).to_string()
    }

    /// The state that the session acts on.
    pub(crate) fn view(&self) -> &State {
        self.seen(&self.state)
    }

    fn seen<'a>(&self, state: &'a State) -> &'a State {
        state.seen_by(self.opening.ordinal, self.opening.settings.counts())
    }

    fn runtime(&self) -> &Runtime {
        self.run.as_ref().map_or(&self.idle, |run| &run.runtime)
    }

    fn api(&mut self, call: Call, element: &str, value: &str, now: Millis) -> Reply {
        let (reply, outcome) = self.perform_api(call, element, value, now);
        self.record(call, element, value, now, outcome);
        reply
    }

    fn perform_api(&mut self, call: Call, element: &str, value: &str, now: Millis) -> (Reply, Outcome) {
        let current = self.run.as_ref().and_then(|run| self.index.get(&run.id).copied());
        let is_long_over = self.run.as_ref().is_some_and(|run| run.is_long_over(now));
        let runtime = match &mut self.run {
            Some(run) => &mut run.runtime,
            None => &mut self.idle,
        };
        let host = match self.sequenced.as_ref().and_then(Sequenced::ahead) {
            Some((tree, ahead)) => Validities::Ruled(tree, ahead),
            None => Validities::Free(&self.plan, current),
        };
        let reply = match call {
            Call::Initialize => runtime.initialize(value),
            Call::Terminate => runtime.terminate(value),
            Call::Commit => runtime.commit(value),
            Call::Set if is_long_over => runtime.refuse_late(element, value),
            Call::Set => runtime.set_value(element, value),
            _ => runtime.get_value(element, &host),
        };
        let mut outcome = Outcome { error: reply.error.0, flags: reply.flags.bits(), ..Outcome::default() };
        let reply = Reply { value: reply.value.into_owned(), error: reply.error.0 };
        if call == Call::Terminate && outcome.error == 0 {
            outcome.result = self.status_at_finish();
        }
        if outcome.error == 0 && flow::changes_standing(call, element) {
            outcome.sequencing = self.new_standing(now);
        }
        (reply, outcome)
    }

    /// The lesson status that SCORM 1.2 makes the LMS set at LMSFinish.
    fn status_at_finish(&self) -> String {
        let Some(run) = &self.run else { return String::new() };
        let activity = self.index.get(&run.id).map(|&i| &self.plan.activities[i]);
        rollup::status_at_finish(activity, run.runtime.model(), &self.opening.settings)
    }

    fn is_new_refusal(&mut self, element: &str, error: u16) -> bool {
        let Some(run) = &mut self.run else { return false };
        run.refused_reads.len() < REFUSED_READS_KEPT
            && run.refused_reads.insert((xxh3_64(element.as_bytes()), error))
    }

    // ---- the player ---------------------------------------------------------------------------------------------------

    /// A navigation request of the learner or of the content, in the words of [`Request`]. Says what to deliver next; the
    /// caller then empties the frame ([`leave`](Self::leave)) and delivers ([`deliver`](Self::deliver)).
    pub fn navigate(&mut self, request: &str, now: Millis) -> Navigated {
        let (navigated, outcome) = self.perform_navigate(request, now);
        self.record(Call::Navigate, "", request, now, outcome);
        navigated
    }

    fn perform_navigate(&mut self, request: &str, now: Millis) -> (Navigated, Outcome) {
        let (navigated, sequencing) = match request.parse::<Request>() {
            Ok(request) if self.sequenced.is_some() => self.navigate_by_rules(&request, now),
            Ok(request) => {
                let mut navigated = navigation::navigate(
                    &self.plan,
                    &self.opening.settings,
                    self.view(),
                    self.current(),
                    &request,
                );
                if navigated.error.is_some() {
                    navigated.stay = self.delivered().map(str::to_owned);
                }
                (navigated, None)
            }
            Err(_) => (Navigated::refused(format!("There is no navigation request \"{request}\".")), None),
        };
        let outcome = Outcome {
            error: if navigated.error.is_some() { NOT_POSSIBLE } else { 0 },
            result: navigated.deliver.clone().unwrap_or_default(),
            sequencing,
            ..Outcome::default()
        };
        (navigated, outcome)
    }

    /// The activity's content is about to get its address: a new visit with a fresh API instance. False when there is no
    /// such activity, or it launches nothing.
    pub fn deliver(&mut self, activity: &str, now: Millis) -> bool {
        if self.run.is_some() {
            self.leave(now);
        }
        let outcome = self.perform_deliver(activity, now);
        let done = outcome.error == 0;
        self.record_for(activity, Call::Deliver, "", "", now, outcome);
        done
    }

    fn perform_deliver(&mut self, activity: &str, now: Millis) -> Outcome {
        let launches = self.index.get(activity).is_some_and(|&i| self.plan.activities[i].launch.is_some());
        if !launches {
            return Outcome { error: NOT_POSSIBLE, ..Outcome::default() };
        }
        let known = self.view().activity(activity);
        let entry = self
            .entry_by_rules(activity)
            .unwrap_or_else(|| launch::entry(self.plan.edition, &self.opening.settings, known));
        let (run, seeds) = self.run_for(activity, entry, 0, now);
        self.run = Some(run);
        Outcome { result: entry.to_owned(), seeds, ..Outcome::default() }
    }

    /// The content left the frame. Calls that it still makes afterwards are answered as after Terminate.
    pub fn leave(&mut self, now: Millis) {
        if self.run.is_some() {
            self.leave_as("", now);
        }
    }

    /// What the content asked for by `adl.nav.request`, to be carried out now that it has terminated.
    #[must_use]
    pub fn pending_navigation(&self) -> Option<String> {
        let run = self.run.as_ref()?;
        if run.runtime.state() != lyceum_cmi::ApiState::Terminated {
            return None;
        }
        if self.sequenced.is_some() && flow::leaves_course(run.runtime.model().exit()) {
            return Some(Request::ExitAll.word().to_owned());
        }
        navigation::from_content(run.runtime.nav_request()?)
    }
}

fn rules(plan: &Plan, opening: &Opening) -> Rules {
    Rules {
        edition: plan.edition,
        strictness: opening.settings.strictness,
        extensions: opening.settings.extensions,
        validate_responses: opening.settings.validate_responses,
        suspend_data_max: opening.settings.suspend_data_max,
    }
}

impl ActivityState {
    /// Whether the learner took part, as far as `cmi.entry` is concerned: content was initialised at least once.
    #[must_use]
    pub fn was_initialized(&self) -> bool {
        self.visits().iter().any(|v| v.initialized.is_some())
    }
}
