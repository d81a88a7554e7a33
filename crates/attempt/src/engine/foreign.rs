//! For callers without our player: the engine runs on the server, and what they send may come late.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};

use lyceum_cmi::ApiState;

use super::{Engine, NOT_POSSIBLE, Reply};
use crate::Millis;
use crate::entry::{Call, Outcome};

impl Engine {
    /// What `GetValue` would answer; `None` where it would be refused. Leaves no trace in the journal.
    pub fn peek(&mut self, element: &str, now: Millis) -> Option<String> {
        let (reply, outcome) = self.perform_api(Call::Get, element, "", now);
        (outcome.error == 0).then_some(reply.value)
    }

    /// A `SetValue` that is not carried out, with the error code that says why.
    pub fn refuse(&mut self, activity: &str, element: &str, value: &str, error: u16, now: Millis) {
        let outcome = Outcome { error, ..Outcome::default() };
        self.record_for(activity, Call::Set, element, value, now, outcome);
    }

    /// A `SetValue` of an activity's last visit that arrives after the content has terminated or left. It is judged as it would have
    /// been then. [`settle_late`](Self::settle_late) ends a series of them.
    pub fn set_late(&mut self, activity: &str, element: &str, value: &str, now: Millis) -> Reply {
        let is_running = |run: &super::Run| run.id == activity && run.runtime.state() == ApiState::Running;
        if self.run.as_ref().is_some_and(is_running) {
            return self.set_value(element, value, now);
        }
        let visit = self.view().activity(activity).and_then(|known| known.visits().last()).cloned();
        let Some(visit) = visit else {
            self.refuse(activity, element, value, NOT_POSSIBLE, now);
            return Reply { value: "false".to_owned(), error: NOT_POSSIBLE };
        };
        let (mut again, _) = self.run_for(activity, &visit.entry, 1, visit.started);
        again.runtime.initialize("");
        let reply = again.runtime.set_value(element, value);
        let outcome = Outcome { error: reply.error.0, flags: reply.flags.bits(), ..Outcome::default() };
        let reply = Reply { value: reply.value.to_string(), error: reply.error.0 };
        // What the run-time in the frame has stored last is another value.
        let run = self.run.take();
        self.record_for(activity, Call::Set, element, value, now, outcome);
        self.run = run.map(|run| if run.id == activity { self.visit_again(activity, &visit) } else { run });
        reply
    }

    /// Where the course stands after values that came late.
    pub fn settle_late(&mut self, activity: &str, now: Millis) {
        if self.run.is_none() {
            let outcome = self.perform_leave("", now);
            self.record_for(activity, Call::Leave, "", "", now, outcome);
        }
    }
}
