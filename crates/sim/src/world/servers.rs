//! What reaches the servers, what they say, and how they fall and rise.

use super::*;

impl World {
    pub(super) async fn arrive(&mut self, id: u64) {
        let Some(request) = self.requests.get(&id).cloned() else { return };
        self.stir();
        // No two requests in the same millisecond.
        self.go_to(self.now + 1);
        let server = self.chance.index(self.site.count());
        if !self.site.is_up(server) {
            self.back(id, Err(Failure::Unreachable));
            return;
        }
        self.harm(server);
        let of = &self.truth.learners[request.learner];
        let owner = (of.tenant, of.registration);
        let said = self.site.serve(server, owner, &request.token, &request.asked).await;
        self.note(id, server, &request, said.as_ref());
        match said {
            None => {
                self.fallen(server);
                self.back(id, Err(Failure::Unreachable));
            }
            Some(Said::Refused(status, _)) => self.back(id, Err(Failure::Refused(status))),
            Some(said) => self.back(id, Ok(said)),
        }
        if self.chance.permille(self.weather.attacks) {
            self.attack(server, request.learner).await;
        }
        if self.chance.permille(self.weather.corrects) {
            self.correct(server, request.learner).await;
        }
        if self.chance.permille(self.weather.resets) {
            self.reset(server, request.learner).await;
        }
    }

    /// Plans what goes wrong while the next request is served.
    pub(super) fn harm(&mut self, server: usize) {
        let trouble = self.site.trouble(server);
        trouble.relax();
        let step = STEPS[self.chance.index(STEPS.len())];
        let after = u32::try_from(self.chance.below(2)).unwrap_or(0);
        if self.chance.permille(self.weather.stops) {
            trouble.plan(step, after, Harm::Stops);
        } else if self.chance.permille(self.weather.fails) {
            let times = 1 + u32::try_from(self.chance.below(6)).unwrap_or(0);
            trouble.plan(step, after, Harm::Fails(times));
        }
    }

    pub(super) fn note(&mut self, id: u64, server: usize, request: &Request, said: Option<&Said>) {
        let told = match said {
            None => "stops".to_owned(),
            Some(Said::Refused(status, code)) => format!("refuses, {status} {code}"),
            Some(Said::Page(_)) => "sends the page".to_owned(),
            Some(Said::Opened(body)) => {
                self.truth.opened(request.learner, body);
                "opens a session".to_owned()
            }
            Some(Said::Committed(answer)) => {
                format!("has all to {}, misses {:?}", answer.durable_to, answer.missing)
            }
            Some(other) => format!("says {other:?}"),
        };
        let mut sent = String::new();
        if let Asked::Commit(body) = &request.asked {
            let commit = CommitRequest::from_json(body.as_bytes()).expect("what pages send reads");
            let seqs: Vec<u64> = commit.entries.iter().map(|entry| entry.seq).collect();
            sent = format!(" with {:?} to {:?}", seqs.first(), seqs.last());
            let answer = match said {
                Some(Said::Committed(answer)) => Some(answer),
                _ => None,
            };
            self.truth.committed(&commit.session, &seqs, answer, self.site.count() > 1, self.now);
            // Into the spool, or behind a gap.
            if answer.is_some_and(|answer| answer.state_hash.is_none()) {
                self.counts.spooled +=
                    u32::from(!seqs.is_empty() && answer.is_some_and(|answer| answer.missing.is_empty()));
                self.after(SECOND, Event::Replay(server, SECOND));
            }
            self.counts.gaps += u32::from(answer.is_some_and(|answer| !answer.missing.is_empty()));
            self.counts.commits += 1;
        }
        self.tell(&format!(
            "request {id} ({:?}{sent}) reaches server {server}, which {told}",
            name(&request.purpose)
        ));
    }

    /// The answer goes back, if somebody still waits.
    pub(super) fn back(&mut self, id: u64, outcome: Outcome) {
        let is_there = |world: &Self, request: &Request| world.pages.contains_key(&request.page);
        let Some(request) = self.requests.get(&id) else { return };
        if !is_there(self, request) && !request.outlives {
            return;
        }
        if self.chance.permille(self.weather.loses) {
            self.counts.lost += 1;
            self.tell(&format!("the answer to request {id} is lost"));
            return;
        }
        let wait = self.weather.travel(&mut self.chance);
        self.after(wait, Event::Answer(id, outcome));
    }

    /// A learner's token with another one's session.
    pub(super) async fn attack(&mut self, server: usize, victim: usize) {
        let thief = self.chance.index(self.truth.learners.len());
        let session =
            self.truth.sessions_of(victim).last().map(|(id, of)| ((*id).to_owned(), of.entries.len()));
        let of = &self.truth.learners[thief];
        let Some((session, length)) = session.filter(|_| thief != victim && self.site.is_up(server)) else {
            return;
        };
        self.counts.attacks += 1;
        let owner = (of.tenant, of.registration);
        let Some(Said::Page(token)) = self.site.serve(server, owner, "", &Asked::Page).await else { return };
        let body = format!(
            r#"{{"session":"{session}","confirmed":{length},"entries":[{{"seq":{},"at":{},"call":"commit","value":"stolen"}}]}}"#,
            length + 1,
            self.now
        );
        let said = self.site.serve(server, owner, &token, &Asked::Commit(body.into())).await;
        self.truth.attacked.insert(session);
        self.tell(&format!("learner {thief} tries the session of learner {victim}"));
        match said {
            Some(Said::Committed(answer)) if answer.state_hash.is_some() => {
                self.violate("walls", "a commit with a foreign token was taken".to_owned());
            }
            Some(Said::Committed(_)) => self.after(SECOND, Event::Replay(server, SECOND)),
            None => self.fallen(server),
            Some(_) => {}
        }
    }

    pub(super) fn fallen(&mut self, n: usize) {
        self.counts.stops += 1;
        self.tell(&format!("server {n} is down"));
        let wait = self.chance.between(100, MINUTE);
        self.after(wait, Event::Start(n));
    }

    pub(super) async fn stop(&mut self, n: usize) {
        if !self.site.is_up(n) {
            return;
        }
        // Told to end, or without a word.
        if self.chance.permille(300) {
            self.site.end(n).await;
        } else {
            self.site.kill(n).await;
        }
        self.fallen(n);
    }

    pub(super) fn start(&mut self, n: usize) {
        if self.site.is_up(n) {
            return;
        }
        self.site.start(n);
        self.tell(&format!("server {n} starts"));
        self.stir();
        self.after(SECOND, Event::Replay(n, SECOND));
    }

    pub(super) fn database(&mut self, is_away: bool) {
        if self.site.is_away() == is_away {
            return;
        }
        self.site.database(is_away);
        self.tell(if is_away { "the database is away" } else { "the database is back" });
        for n in (0..self.site.count()).filter(|_| !is_away) {
            let wait = self.chance.between(0, 3 * SECOND);
            self.after(wait, Event::Replay(n, SECOND));
        }
    }

    /// Something happened: the jobs have work again for a while.
    pub(super) fn stir(&mut self) {
        self.stirred = self.now;
        for n in 0..self.jobs_are_due.len() {
            if !self.jobs_are_due[n] {
                self.jobs_are_due[n] = true;
                self.after(JOBS, Event::Jobs(n));
            }
        }
    }

    pub(super) async fn jobs(&mut self, n: usize) {
        self.jobs_are_due[n] = false;
        if self.now - self.stirred < 30 * MINUTE {
            self.jobs_are_due[n] = true;
            self.after(JOBS, Event::Jobs(n));
        }
        if !self.site.is_up(n) {
            return;
        }
        self.harm(n);
        let ended = self.site.app(n).end_stale_sessions(self.now).await;
        if let Ok(count @ 1..) = ended {
            self.counts.lapsed += count;
            self.tell(&format!("server {n} ends {count} session(s) by lease"));
        }
        if !self.site.survived(n).await {
            self.fallen(n);
        }
    }

    pub(super) async fn replay(&mut self, n: usize, wait: Millis) {
        if !self.site.is_up(n) || self.site.is_away() {
            return;
        }
        self.harm(n);
        let replayed = self.site.app(n).replay_spool().await;
        if !self.site.survived(n).await {
            self.fallen(n);
        } else if replayed.is_err() {
            self.after(wait, Event::Replay(n, (wait * 2).min(MINUTE)));
        }
    }
}

fn name(purpose: &Purpose) -> &'static str {
    match purpose {
        Purpose::Load => "page",
        Purpose::Leftovers { .. } => "leftovers",
        Purpose::Open => "opening",
        Purpose::Commit { .. } => "commit",
        Purpose::Last => "last words",
        Purpose::Heartbeat => "sign of life",
    }
}
