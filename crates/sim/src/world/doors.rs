//! What comes in through the old doors.

use lyceum_app::{ApiReply, Caller as Peer, Holder};

use super::*;
use crate::caller::Next;
use crate::site::Known;

/// The first wait of a caller without an answer.
const PATIENCE: Millis = 10 * SECOND;

impl World {
    /// A caller with a learner of its own, or with one who plays as well.
    pub(super) async fn caller(&mut self) {
        let (learner, course) = if self.chance.permille(600) {
            let n = self.truth.learners.len();
            (n, self.learner(n, Vec::new(), 0).await)
        } else {
            let n = self.chance.index(self.truth.learners.len());
            (n, self.truth.learners[n].course)
        };
        let caller = Caller::new(learner, course, &mut self.chance);
        self.tell(&format!("a caller stores for learner {learner}, {:?}", caller.manner));
        self.truth.learners[learner].has_caller = true;
        self.callers.push(caller);
        let wait = self.chance.between(0, 10 * MINUTE);
        self.after(wait, Event::Caller(self.callers.len() - 1));
    }

    /// A caller does the next thing.
    pub(super) fn call(&mut self, n: usize) {
        match self.callers[n].next(&mut self.chance) {
            Next::Send(message) => {
                self.knock(n, message);
                if !self.callers[n].waits() {
                    self.go_on(n);
                }
            }
            Next::Pause => {
                let wait = Weather::pause(&mut self.chance);
                self.after(wait, Event::Caller(n));
            }
            Next::Nothing => {}
        }
    }

    fn go_on(&mut self, n: usize) {
        let wait = self.chance.between(100, 20 * SECOND);
        self.after(wait, Event::Caller(n));
    }

    /// A message is sent; again and again until it has its answer.
    pub(super) fn knock(&mut self, n: usize, message: usize) {
        let of = &mut self.callers[n].messages[message];
        if of.is_done {
            return;
        }
        of.tries += 1;
        let wait = TIMEOUT + (PATIENCE << of.tries.min(6));
        self.after(wait, Event::Knock(n, message));
        if self.chance.permille(self.weather.loses) {
            self.counts.lost += 1;
            self.tell(&format!("message {message} of caller {n} is lost"));
            return;
        }
        let wait = self.weather.travel(&mut self.chance);
        self.after(wait, Event::AtDoor(n, message));
        if self.chance.permille(self.weather.doubles) {
            self.counts.doubled += 1;
            let wait = self.weather.travel(&mut self.chance) * 3;
            self.after(wait, Event::AtDoor(n, message));
        }
    }

    /// A message reaches a server.
    pub(super) async fn at_door(&mut self, n: usize, message: usize) {
        self.stir();
        self.go_to(self.now + 1);
        let server = self.chance.index(self.site.count());
        if !self.site.is_up(server) {
            return;
        }
        self.harm(server);
        self.counts.at_doors += 1;
        let learner = self.callers[n].learner;
        let of = &self.truth.learners[learner];
        let owner = (of.tenant, of.registration);
        let asked = self.callers[n].messages[message].asked.clone();
        let said = self.site.serve(server, owner, "", &asked).await;
        self.heard(n, message, server, said.as_ref());
        match said {
            None => self.fallen(server),
            Some(_) if self.chance.permille(self.weather.loses) => self.counts.lost += 1,
            Some(said) => {
                let wait = self.weather.travel(&mut self.chance);
                self.after(wait, Event::FromDoor(n, message, said));
            }
        }
        if self.chance.permille(self.weather.attacks) {
            self.break_in(server, learner, &asked).await;
        }
        if self.chance.permille(self.weather.corrects) {
            self.correct(server, learner).await;
        }
        if self.chance.permille(self.weather.resets) {
            self.reset(server, learner).await;
        }
    }

    /// What the server has said, whether that is heard or not.
    fn heard(&mut self, n: usize, message: usize, server: usize, said: Option<&Said>) {
        let is_stored = matches!(said, Some(Said::Progress(_) | Said::Called(_)));
        let told = match said {
            None => "stops".to_owned(),
            Some(Said::Refused(status, code)) => format!("refuses, {status} {code}"),
            Some(other) => format!("says {other:?}"),
        };
        self.tell(&format!("message {message} of caller {n} reaches server {server}, which {told}"));
        if let Some(Said::Refused(404, code)) = said {
            self.violate("doors", format!("what is there is not found: {code}"));
        }
        if self.site.is_away() {
            match said {
                Some(Said::Refused(503, _)) => self.counts.turned_away += 1,
                None => {}
                Some(other) => self.violate("doors", format!("without the database it says {other:?}")),
            }
        }
        let of = &mut self.callers[n].messages[message];
        let is_new = matches!(said, Some(Said::Progress(Known::New)));
        let is_twice = is_new && of.is_acknowledged && of.number.is_some();
        of.is_acknowledged |= is_stored && is_true(said);
        if is_twice {
            self.violate("doors", format!("message {message} of caller {n} was taken for new twice"));
        }
    }

    /// The answer reaches the caller.
    pub(super) fn answered_at_door(&mut self, n: usize, message: usize, said: &Said) {
        let is_final = match said {
            Said::Refused(status, _) => *status < 500 && *status != 429,
            _ => true,
        };
        if self.callers[n].messages[message].is_done || !is_final {
            return;
        }
        self.callers[n].messages[message].is_done = true;
        if let Said::Called(reply) = said {
            self.read(n, message, reply);
        }
        if self.callers[n].waits() {
            self.go_on(n);
        }
    }

    /// Where nothing comes late or twice and nobody else writes, what was set is what is read.
    fn read(&mut self, n: usize, message: usize, reply: &ApiReply) {
        let caller = &mut self.callers[n];
        let Asked::Call(call) = &caller.messages[message].asked else { return };
        let is_own = self.truth.learners[caller.learner].devices.is_empty();
        let is_calm =
            self.weather.doubles + self.weather.delays + self.weather.corrects + self.weather.resets == 0;
        match call.action.trim_start_matches("LMS") {
            "SetValue" if reply.result == "true" => {
                let mark = caller.messages[message].marks.first();
                caller.location = mark.cloned().or_else(|| caller.location.take());
            }
            "GetValue" if is_own && is_calm => {
                if let Some(location) = caller.location.clone().filter(|set| *set != reply.result) {
                    self.violate("doors", format!("{location} was set, {} is read", reply.result));
                }
            }
            _ => {}
        }
    }

    /// The same with a session token that is another learner's.
    async fn break_in(&mut self, server: usize, victim: usize, asked: &Asked) {
        let thief = self.chance.index(self.truth.learners.len());
        if thief == victim || !self.site.is_up(server) {
            return;
        }
        self.counts.attacks += 1;
        self.site.trouble(server).relax();
        let (thief, victim) = (&self.truth.learners[thief], &self.truth.learners[victim]);
        let holder = Holder::Session { tenant: thief.tenant, registration: thief.registration };
        let (app, victim, peer) = (self.site.app(server), victim.registration, Peer::default());
        let is_in = match asked {
            Asked::Progress(commit) => app.commit_at_door(&holder, victim, commit, &peer).await.is_ok(),
            Asked::Call(call) => app.call_at_door(&holder, victim, call, &peer).await.is_ok(),
            Asked::Page | Asked::Open { .. } | Asked::Commit(_) => false,
        };
        if is_in {
            self.violate("walls", "a door took another one's token".to_owned());
        }
    }
}

/// A call that the standard refuses has set nothing.
fn is_true(said: Option<&Said>) -> bool {
    !matches!(said, Some(Said::Called(reply)) if reply.result == "false")
}
