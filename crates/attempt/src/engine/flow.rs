//! The engine in a course with rules for the order of its activities: the sequencer decides, the journal records what it
//! changed.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use lyceum_cmi::{ApiState, Exit, SharedData};
use lyceum_sequencing::{Exception, Ix, Outcome as Sequenced, Request, RuntimeData};

use super::Engine;
use crate::Millis;
use crate::entry::Call;
use crate::launch::Known;
use crate::navigation::{Controls, Navigated, TocLine};
use crate::opening::{Mode, ResetRunTimeData};
use crate::rollup;
use crate::sequenced::explanation::{self, Explanation};
use crate::sequenced::recorded::{self, Recorded, Standing};
use crate::sequenced::{report, tracked::Tracked, view};
use crate::state::SessionEnd;
use crate::summary::Completion;
use crate::visit::{Visit, VisitEnd};

/// Calls after which the course may stand differently. Others wait for one of these.
pub(super) fn changes_standing(call: Call, element: &str) -> bool {
    const ELEMENTS: [&str; 4] =
        ["cmi.completion_status", "cmi.success_status", "cmi.score.scaled", "cmi.progress_measure"];
    match call {
        Call::Commit | Call::Terminate => true,
        Call::Set => ELEMENTS.contains(&element),
        _ => false,
    }
}

/// Whether `cmi.exit` ends the session (RTE 4.2.8).
pub(super) fn leaves_course(exit: Exit) -> bool {
    matches!(exit, Exit::TimeOut | Exit::Logout)
}

fn is_leaving(request: &Request) -> bool {
    use Request::{Abandon, AbandonAll, Exit, ExitAll, SuspendAll};
    matches!(request, Exit | ExitAll | SuspendAll | Abandon | AbandonAll)
}

impl Engine {
    /// A newer session has navigated: this one no longer says where the learner is.
    pub(super) fn is_superseded(&self) -> bool {
        self.view().tracked().is_some_and(|tracked| tracked.session() > self.opening.ordinal)
    }

    /// A navigation request by the Overall Sequencing Process (SN OP.1), and what it changed.
    pub(super) fn navigate_by_rules(
        &mut self,
        request: &Request,
        now: Millis,
    ) -> (Navigated, Option<Box<Recorded>>) {
        let Some(sequenced) = &self.sequenced else { return (Navigated::default(), None) };
        let attempts = sequenced.sequencer.status(Ix::ROOT).attempts;
        if sequenced.sequencer.current().is_none() && is_leaving(request) {
            let how = if *request == Request::SuspendAll { SessionEnd::Suspend } else { SessionEnd::Exit };
            return (Navigated { ended: Some(how), ..Navigated::default() }, None);
        }
        let is_opening = *request == Request::Start;
        let outcome = if is_opening { self.open_course(now) } else { self.carry_out(request, now) };
        let mut recorded = self.recorded(&outcome, attempts);
        recorded.trace = recorded::kept(outcome.trace);
        let mut navigated = Navigated { ended: recorded.ended, ..Navigated::default() };
        if let (Some(ix), Some(sequenced)) = (outcome.delivered, &self.sequenced) {
            navigated.deliver = Some(sequenced.sequencer.tree().activity(ix).id().to_string());
        } else if navigated.ended.is_none() {
            navigated.stay = self.what_stays();
            let is_to_choose = is_opening && self.has_choices(now);
            let why = outcome.exception.filter(|_| !is_to_choose);
            navigated.error = why.map(|exception| {
                let is_used_up = is_opening && self.has_used_all_attempts(attempts);
                if is_used_up { ATTEMPTS_USED_UP.to_string() } else { sentence(request, exception) }
            });
        }
        (navigated, Some(Box::new(recorded)))
    }

    /// The course as a whole may not be attempted again (UP.1 3).
    fn has_used_all_attempts(&mut self, attempts: u32) -> bool {
        let tree = self.sequencer().tree();
        tree.activity(Ix::ROOT).definition().limits.attempt_limit.is_some_and(|limit| attempts >= limit)
    }

    /// Goes on where the last session was suspended, else begins.
    fn open_course(&mut self, now: Millis) -> Sequenced {
        self.put_away();
        let sequencer = self.sequencer();
        if sequencer.suspended().is_some() {
            let resumed = sequencer.navigate(&Request::ResumeAll, now);
            if resumed.delivered.is_some() {
                return resumed;
            }
        }
        sequencer.navigate(&Request::Start, now)
    }

    /// What a vanished tab has left open is suspended, at its last sign of life; in a course of one activity only if the content
    /// has not terminated in order before (RTE 4.2.8).
    fn put_away(&mut self) {
        let is_of_this_session =
            self.view().tracked().is_some_and(|tracked| tracked.session() == self.opening.ordinal);
        if is_of_this_session || self.sequencer().current().is_none() {
            return;
        }
        // Signs of life of this session itself may be there already, where its first entries come late.
        let earlier = self.view().sessions().range(..self.opening.ordinal);
        let at = earlier.map(|(_, session)| session.last).max().unwrap_or_default();
        let mut report = self.current_report();
        if let Some((ix, report)) = &mut report {
            report.suspend = self.visit_of(*ix).is_some_and(Visit::is_suspended);
        }
        let has_terminated = report.as_ref().is_some_and(|(ix, _)| !self.had_no_chance_to_end(*ix));
        let request = if self.plan.is_single() && has_terminated {
            self.as_content_exited(report.as_ref())
        } else {
            &Request::SuspendAll
        };
        if let Some((ix, report)) = &report {
            self.sequencer().apply_runtime(*ix, report, at);
        }
        self.sequencer().navigate(request, at);
    }

    /// How the only activity of a course is left: `cmi.exit` decides, where the content had a chance to set it.
    fn as_content_exited(&self, report: Option<&(Ix, RuntimeData)>) -> &'static Request {
        match report {
            Some((ix, report)) if report.suspend || self.had_no_chance_to_end(*ix) => &Request::SuspendAll,
            _ => &Request::ExitAll,
        }
    }

    fn carry_out(&mut self, request: &Request, now: Millis) -> Sequenced {
        let report = self.current_report();
        let request = match request {
            // In a course of one activity Exit leaves the page.
            Request::Exit if self.plan.is_single() => self.as_content_exited(report.as_ref()),
            request => request,
        };
        if let Some((ix, report)) = report
            && !matches!(request, Request::Abandon | Request::AbandonAll)
        {
            self.sequencer().apply_runtime(ix, &report, now);
        }
        self.sequencer().navigate(request, now)
    }

    fn had_no_chance_to_end(&self, ix: Ix) -> bool {
        self.visit_of(ix).is_some_and(|visit| !visit.has_ended())
    }

    fn recorded(&mut self, outcome: &Sequenced, attempts: u32) -> Recorded {
        let standing = Standing::from(self.sequencer().status(Ix::ROOT));
        let changes = self.sequencer().take_changes();
        let tracked = self.view().tracked();
        let is_shared_with_others =
            self.plan.sequencing.as_ref().is_some_and(|sequencing| sequencing.shared_data_global_to_system);
        let begins_session = tracked.is_none_or(|tracked| tracked.session() < self.opening.ordinal);
        let shared_data = if begins_session { self.opening.shared_data.clone() } else { Default::default() };
        Recorded {
            seed: tracked.is_none().then_some(self.opening.seed),
            anew: standing.attempt != attempts && !is_shared_with_others,
            shared_data,
            changes,
            resumed: outcome.resumed,
            ended: outcome.ended.map(|end| match end {
                lyceum_sequencing::SessionEnd::Suspend => SessionEnd::Suspend,
                _ => SessionEnd::Exit,
            }),
            exception: outcome.exception.map(|exception| exception.code().to_string()),
            standing: self.if_new(standing),
            trace: Vec::new(),
        }
    }

    /// What is still in the frame and goes on there.
    fn what_stays(&self) -> Option<String> {
        let run = self.run.as_ref()?;
        let sequencer = &self.sequenced.as_ref()?.sequencer;
        let current = sequencer.current().filter(|ix| sequencer.status(*ix).active)?;
        (sequencer.tree().activity(current).id() == run.id).then(|| run.id.clone())
    }

    // ---- what the content has said ------------------------------------------------------------------------------------

    /// What the content of the current activity has reported so far; also after it has left, or its tab has vanished. `None`
    /// where it never spoke.
    fn current_report(&self) -> Option<(Ix, RuntimeData)> {
        if self.view().tracked().is_some_and(|tracked| tracked.delivery().is_some()) {
            return None;
        }
        let sequencer = &self.sequenced.as_ref()?.sequencer;
        let current = sequencer.current()?;
        let id = sequencer.tree().activity(current).id();
        let again;
        let runtime = match &self.run {
            Some(run) if run.id == id => &run.runtime,
            _ => {
                again = self.visit_again(id, self.visit_of(current)?);
                &again.runtime
            }
        };
        let seeds = report::seeds(sequencer.objective_seeds(current));
        let is_over = self.visit_of(current).is_some_and(|visit| visit.end == Some(VisitEnd::TimedOut));
        (runtime.state() != ApiState::NotInitialized).then(|| {
            let mut report = report::report(runtime, &seeds);
            report.suspend &= !is_over;
            (current, report)
        })
    }

    /// The last visit of an activity.
    fn visit_of(&self, ix: Ix) -> Option<&Visit> {
        let tree = self.sequenced.as_ref()?.sequencer.tree();
        self.view().activity(tree.activity(ix).id())?.visits().last()
    }

    /// Where the course stands by what the content has said so far, if that is news.
    pub(super) fn new_standing(&mut self, now: Millis) -> Option<Box<Recorded>> {
        self.standing_at(false, now)
    }

    /// The same; `is_over`: the visit ends now, whatever the content says.
    pub(super) fn standing_at(&mut self, is_over: bool, now: Millis) -> Option<Box<Recorded>> {
        if self.is_superseded() {
            return None;
        }
        let (ix, mut report) = self.current_report()?;
        report.suspend &= !is_over;
        let is_terminated = self.run.as_ref().is_some_and(|run| run.runtime.state() == ApiState::Terminated);
        let ends = !report.suspend && (is_over || is_terminated || !self.had_no_chance_to_end(ix));
        let standing = self.sequencer().standing(Some(&report), ends, now);
        let standing = self.if_new(standing.into())?;
        Some(Box::new(Recorded { standing: Some(standing), ..Recorded::default() }))
    }

    fn if_new(&self, standing: Standing) -> Option<Standing> {
        let known = self.view().tracked().map(Tracked::standing).unwrap_or_default();
        (standing != known).then_some(standing)
    }

    // ---- what the content finds ---------------------------------------------------------------------------------------

    /// Objectives and shared data as they are tracked.
    pub(super) fn known(&self, id: &str) -> Known {
        let Some(sequenced) = &self.sequenced else { return Known::default() };
        let sequencer = &sequenced.sequencer;
        let seeds = sequencer.tree().find(id).map(|ix| report::seeds(sequencer.objective_seeds(ix)));
        let maps = self.index.get(id).map_or(&[][..], |&i| &self.plan.activities[i].shared_data);
        let stores = self.view().tracked().map(Tracked::shared_data);
        let shared = maps.iter().map(|map| SharedData {
            id: map.target.clone(),
            value: stores.and_then(|stores| stores.get(&map.target)).cloned(),
            readable: map.read,
            writable: map.write,
        });
        Known { objectives: seeds, shared_data: shared.collect() }
    }

    /// `cmi.entry` for an activity that was identified for delivery.
    pub(super) fn entry_by_rules(&self, activity: &str) -> Option<&'static str> {
        let delivery = self.view().tracked()?.delivery().filter(|delivery| delivery.activity == activity)?;
        let has_data = self.view().activity(activity).is_some_and(|known| known.was_initialized());
        let settings = &self.opening.settings;
        let stays = settings.reset_run_time_data == ResetRunTimeData::Never || settings.mode == Mode::Review;
        Some(match (has_data, delivery.resumed) {
            (true, true) => "resume",
            (true, false) if stays => "",
            _ => "ab-initio",
        })
    }

    // ---- looking ahead ------------------------------------------------------------------------------------------------

    /// Finds out what may be requested now, unless that is known.
    pub(super) fn look_ahead(&mut self, now: Millis) {
        if self.sequenced.as_ref().is_some_and(|sequenced| sequenced.ahead().is_none()) {
            let pending = self.current_report().map(|(_, report)| report);
            if let Some(sequenced) = &mut self.sequenced {
                sequenced.look_ahead(pending.as_ref(), now);
            }
        }
    }

    fn has_choices(&mut self, now: Millis) -> bool {
        if let Some(sequenced) = &mut self.sequenced {
            sequenced.touch();
        }
        self.look_ahead(now);
        let ahead = self.sequenced.as_ref().and_then(|sequenced| sequenced.ahead());
        ahead.is_some_and(|(_, ahead)| ahead.has_choices())
    }

    pub(super) fn controls_by_rules(&mut self, now: Millis) -> Option<Controls> {
        self.look_ahead(now);
        let sequenced = self.sequenced.as_ref()?;
        let (tree, ahead) = sequenced.ahead()?;
        let delivered = self.run.as_ref().and_then(|run| tree.find(&run.id));
        Some(view::controls(&self.plan, &sequenced.sequencer, ahead, delivered))
    }

    pub(super) fn toc_by_rules(&mut self, now: Millis) -> Option<Vec<TocLine>> {
        self.look_ahead(now);
        let sequenced = self.sequenced.as_ref()?;
        let (tree, ahead) = sequenced.ahead()?;
        let live = self.run.as_ref().and_then(|run| {
            let ix = tree.find(&run.id)?;
            let activity = &self.plan.activities[ix.index()];
            let mut status = rollup::activity(
                self.plan.edition,
                &self.opening.settings,
                activity,
                self.view().activity(&run.id),
            );
            if status.completion == Completion::Unknown {
                status = view::of_values(&sequenced.sequencer.status(ix).values);
            }
            Some((ix, status))
        });
        Some(view::toc(&sequenced.sequencer, ahead, live.as_ref()))
    }

    /// What a request would come to now, and why. Nothing changes. `None` in a course without rules.
    #[must_use]
    pub fn explain(&self, request: &str, now: Millis) -> Option<Explanation> {
        let sequenced = self.sequenced.as_ref()?;
        let request: Request = request.parse().ok()?;
        let mut copy = sequenced.sequencer.clone();
        if let Some((ix, report)) = self.current_report() {
            copy.apply_runtime(ix, &report, now);
        }
        Some(explanation::of(&self.plan, &copy.preview(&request, now)))
    }

    /// The sequencer of a course with rules, to look at.
    #[must_use]
    pub fn tracking(&self) -> Option<&lyceum_sequencing::Sequencer> {
        self.sequenced.as_ref().map(|sequenced| &sequenced.sequencer)
    }

    /// What may be requested now, in a course with rules.
    pub fn what_is_possible(&mut self, now: Millis) -> Option<&lyceum_sequencing::LookAhead> {
        self.look_ahead(now);
        self.sequenced.as_ref()?.ahead().map(|(_, ahead)| ahead)
    }

    /// The sequencer, for whoever has asked whether there is one.
    fn sequencer(&mut self) -> &mut lyceum_sequencing::Sequencer {
        &mut self.sequenced.as_mut().expect("only called in a course with rules").sequencer
    }
}

const ATTEMPTS_USED_UP: &str = "You have used all the attempts that this course allows.";

/// Why nothing happens, for the learner. The exception code is for the author; it stands in the journal.
fn sentence(request: &Request, exception: Exception) -> String {
    let text = match (request, exception) {
        (Request::Start | Request::ResumeAll, _) => "This course has no part that can be opened now.",
        (Request::Continue, Exception::Sb21_1) => "This is the last part of the course.",
        (Request::Continue, _) => "The course does not go on from here yet.",
        (Request::Previous, Exception::Sb21_3) => "This is the first part of the course.",
        (Request::Previous, _) => "The course does not lead back from here.",
        (Request::Choice(_) | Request::Jump(_), _) => "This part cannot be opened now.",
        _ => "This is not possible now.",
    };
    text.to_string()
}
