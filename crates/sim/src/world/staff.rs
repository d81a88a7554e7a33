//! People with rights: they override a learner's status, take that back, roll attempts back and begin others, while she plays.

use lyceum_app::{Acted, Actor, AppError, Point, Standing, Target};
use lyceum_attempt::summary::{Completion, Success};

use super::*;
use crate::truth::{Correction, Left};

impl World {
    /// Somebody corrects a learner's attempt through this server: the newest one, or now and then an earlier one.
    pub(super) async fn correct(&mut self, server: usize, learner: usize) {
        let Some(actor) = self.actor(server, learner) else { return };
        let of = &self.truth.learners[learner];
        let (tenant, registration) = (of.tenant, of.registration);
        let earlier = self.truth.sessions_of(learner).first().map(|(_, first)| first.opening.attempt);
        let attempt = earlier.filter(|_| self.chance.permille(100));
        let target = Target { registration, attempt };
        let wish = self.chance.below(10);
        let (first_commits, while_ago) = (self.chance.below(6), self.chance.between(0, 2 * HOUR));
        let app = self.site.app(server);
        let acted = match wish {
            0..=4 => app.override_standing(tenant, target, &standing(wish), &actor).await,
            5..=6 => app.withdraw_override(tenant, target, &actor).await,
            7 => app.rollback(tenant, target, Point::Commit(first_commits), &actor).await,
            _ => app.rollback(tenant, target, Point::At(self.now - while_ago), &actor).await,
        };
        self.acted(server, learner, actor, acted).await;
    }

    /// Somebody begins another attempt for a learner.
    pub(super) async fn reset(&mut self, server: usize, learner: usize) {
        let Some(actor) = self.actor(server, learner) else { return };
        let of = &self.truth.learners[learner];
        let (tenant, registration) = (of.tenant, of.registration);
        let acted = self.site.app(server).reset(tenant, registration, &actor).await;
        let is_done = acted.is_ok();
        if !self.acted(server, learner, actor, acted).await || !is_done {
            return;
        }
        self.counts.resets += 1;
        self.site.trouble(server).relax();
        // The database may have gone away since.
        let Ok(report) = self.site.app(server).registration_report(tenant, registration).await else {
            return;
        };
        let before = report.attempts.iter().rev().skip(1);
        let left = before.map(|attempt| Left {
            attempt: attempt.number,
            commits: attempt.commits,
            state_hash: attempt.state_hash.clone(),
        });
        self.truth.learners[learner].left.extend(left.take(1));
    }

    /// Who does the next thing, where there is something to be done; and what goes wrong meanwhile.
    fn actor(&mut self, server: usize, learner: usize) -> Option<Actor> {
        let is_known = self.truth.learners[learner].has_caller || !self.truth.sessions_of(learner).is_empty();
        if !self.site.is_up(server) || !is_known {
            return None;
        }
        self.go_to(self.now + 1);
        self.counts.corrections += 1;
        self.harm(server);
        Some(Actor { by: "staff".to_owned(), reason: format!("correction {}", self.counts.corrections) })
    }

    /// Notes what was answered; false where the server has not lived to answer.
    async fn acted(
        &mut self,
        server: usize,
        learner: usize,
        Actor { reason, .. }: Actor,
        acted: Result<Acted, AppError>,
    ) -> bool {
        let said = match &acted {
            Ok(acted) => format!("{} as commit {} of attempt {}", acted.act, acted.commit, acted.attempt),
            Err(e) => format!("refused: {e}"),
        };
        self.tell(&format!("{reason} of learner {learner} on server {server}: {said}"));
        // Without an answer nobody knows whether it was done.
        if !self.site.survived(server).await {
            self.fallen(server);
            return false;
        }
        if let Ok(Acted { attempt, commit, .. }) = acted {
            self.truth.learners[learner].corrections.push(Correction { attempt, commit, reason });
        }
        true
    }
}

fn standing(wish: u64) -> Standing {
    let completion = if wish.is_multiple_of(2) { Completion::Completed } else { Completion::Incomplete };
    Standing { completion: Some(completion), success: (wish > 2).then_some(Success::Passed), score: None }
}
