//! The sequencer of one learner on one tree.

use alloc::{sync::Arc, vec::Vec};

use crate::{
    Exception, LookAhead, Millis, ObjectiveSeed, ObjectiveValues, Readings, Request, RuntimeData, SessionEnd,
    TraceLine,
    machine::Machine,
    trace::Trace,
    tracking::Tracking,
    tree::{GlobalIx, Ix, Tree},
    view::View,
};

/// One learner's attempts on one tree, from session to session.
#[derive(Debug, Clone)]
pub struct Sequencer {
    tree: Arc<Tree>,
    tracking: Tracking,
    seed: u64,
    readings: Readings,
    tracing: bool,
}

/// What a navigation request came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The activity to deliver now. Its attempt has begun.
    pub delivered: Option<Ix>,
    /// What is delivered goes on with a suspended attempt, so its content finds its data again (`cmi.entry` is `resume`).
    /// Otherwise its content begins anew.
    pub resumed: bool,
    /// The session is over.
    pub ended: Option<SessionEnd>,
    /// Why nothing is delivered although something was asked for. What the request ended before stays ended.
    pub exception: Option<Exception>,
    /// The decisions on the way, if tracing is on.
    pub trace: Vec<TraceLine>,
}

/// What is known about an activity, read maps applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityStatus {
    /// An attempt is going on.
    pub active: bool,
    /// The last attempt is suspended.
    pub suspended: bool,
    /// Number of attempts.
    pub attempts: u32,
    /// The values come from a former attempt on the parent.
    pub of_former_attempt: bool,
    /// Satisfaction, completion and scores, as the primary objective has them.
    pub values: ObjectiveValues,
}

impl Sequencer {
    /// A learner who has not attempted anything yet. The seed decides selection and randomization; it has to be recorded to do
    /// the same again.
    #[must_use]
    pub fn new(tree: Arc<Tree>, seed: u64) -> Self {
        let tracking = Tracking::new(&tree);
        Self::with_tracking(tree, tracking, seed)
    }

    pub(crate) fn with_tracking(tree: Arc<Tree>, tracking: Tracking, seed: u64) -> Self {
        Self { tree, tracking, seed, readings: Readings::default(), tracing: false }
    }

    pub(crate) fn tracking(&self) -> &Tracking {
        &self.tracking
    }

    pub(crate) fn tracking_mut(&mut self) -> &mut Tracking {
        &mut self.tracking
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// Chooses how doubtful passages of the standard are read.
    #[must_use]
    pub fn with_readings(mut self, readings: Readings) -> Self {
        self.readings = readings;
        self
    }

    /// Switches the trace of decisions on or off. Off, it costs nothing.
    pub fn set_tracing(&mut self, on: bool) {
        self.tracing = on;
    }

    /// The tree.
    #[must_use]
    pub fn tree(&self) -> &Arc<Tree> {
        &self.tree
    }

    /// Carries out a navigation request by the Overall Sequencing Process (OP.1).
    ///
    /// Content that was running has been taken away and its data applied ([`Self::apply_runtime`]) before.
    pub fn navigate(&mut self, request: &Request, now: Millis) -> Outcome {
        let trace = Trace::new(self.tracing);
        let processed = self.machine(now, &trace).process(request);
        Outcome {
            delivered: processed.delivered,
            resumed: processed.resumed,
            ended: processed.ended,
            exception: processed.exception,
            trace: trace.into_lines(),
        }
    }

    /// What [`Self::navigate`] would come to, with its trace; nothing changes.
    #[must_use]
    pub fn preview(&self, request: &Request, now: Millis) -> Outcome {
        let mut copy = self.clone();
        copy.set_tracing(true);
        copy.navigate(request, now)
    }

    /// Looks ahead: what may be requested now, and the table of contents. Nothing changes.
    ///
    /// `pending` is what the content of the current activity has reported so far, as [`Self::apply_runtime`] would take it.
    pub fn look_ahead(&mut self, pending: Option<&RuntimeData>, now: Millis) -> LookAhead {
        let recorder = self.tracking.begin_trial();
        let trace = Trace::new(false);
        let current = self.tracking.current();
        let mut machine = self.machine(now, &trace);
        if let (Some(current), Some(pending)) = (current, pending) {
            machine.apply_runtime(current, pending);
        }
        let found = machine.look_ahead();
        self.tracking.take_back(&self.tree, recorder);
        found
    }

    /// Where the course as a whole would stand if what the content of the current activity has reported so far counted now:
    /// the status of the root after rollup. `ends`: its attempt is over (UP.4). Nothing changes.
    pub fn standing(&mut self, pending: Option<&RuntimeData>, ends: bool, now: Millis) -> ActivityStatus {
        let recorder = self.tracking.begin_trial();
        let trace = Trace::new(false);
        let current = self.tracking.current();
        let mut machine = self.machine(now, &trace);
        if let (Some(current), Some(pending)) = (current, pending)
            && machine.tracking.activity(current).active
        {
            machine.apply_runtime(current, pending);
            if ends {
                machine.end_attempt(current);
            } else {
                machine.overall_rollup(current);
            }
        }
        let found = self.status(Ix::ROOT);
        self.tracking.take_back(&self.tree, recorder);
        found
    }

    /// Takes over what the content of an active leaf has reported, when its visit is over. Not if it is abandoned: then nothing
    /// that it said counts (SN 5.2; ADL's test cases SX-04a and SX-04b).
    pub fn apply_runtime(&mut self, activity: Ix, data: &RuntimeData, now: Millis) {
        self.machine(now, &Trace::new(false)).apply_runtime(activity, data);
    }

    /// The objectives that `cmi.objectives` of a delivered activity begins with.
    #[must_use]
    pub fn objective_seeds(&self, activity: Ix) -> Vec<ObjectiveSeed> {
        self.view(0, &Trace::new(false)).objective_seeds(activity)
    }

    /// The Current Activity; none outside of a session.
    #[must_use]
    pub fn current(&self) -> Option<Ix> {
        self.tracking.current()
    }

    /// The Suspended Activity, where Resume All goes on.
    #[must_use]
    pub fn suspended(&self) -> Option<Ix> {
        self.tracking.suspended()
    }

    /// The global objectives that the tree maps to, by identifier, in document order.
    pub fn globals(&self) -> impl Iterator<Item = (&str, &ObjectiveValues)> {
        let globals = self.tree.globals().iter().zip(0..);
        globals.map(|(global, ix)| (global.id.as_str(), self.tracking.global(GlobalIx(ix))))
    }

    /// Puts a global objective, as when a session begins with what other courses have left. Those that the tree does
    /// not map to are of no interest here.
    pub fn set_global(&mut self, id: &str, values: ObjectiveValues) {
        if let Some(ix) =
            self.tree.globals().iter().zip(0..).find_map(|(global, ix)| (global.id == id).then_some(ix))
        {
            *self.tracking.global_mut(GlobalIx(ix)) = values;
        }
    }

    /// What is known about an activity.
    #[must_use]
    pub fn status(&self, activity: Ix) -> ActivityStatus {
        let trace = Trace::new(false);
        let view = self.view(0, &trace);
        let state = view.state(activity);
        ActivityStatus {
            active: state.active,
            suspended: state.suspended,
            attempts: state.attempts,
            of_former_attempt: view.is_of_former_attempt(activity),
            values: view.activity_values(activity),
        }
    }

    fn machine<'a>(&'a mut self, now: Millis, trace: &'a Trace) -> Machine<'a> {
        Machine {
            tree: &self.tree,
            tracking: &mut self.tracking,
            seed: self.seed,
            now,
            readings: self.readings,
            trace,
            root_was_left: None,
        }
    }

    fn view<'a>(&'a self, now: Millis, trace: &'a Trace) -> View<'a> {
        View { tree: &self.tree, tracking: &self.tracking, now, readings: self.readings, trace }
    }
}
