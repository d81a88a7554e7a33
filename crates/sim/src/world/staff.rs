//! People with rights: they override a learner's status, take that back, and roll attempts back, while she plays.

use lyceum_app::{Actor, Point, Standing, Target};
use lyceum_attempt::summary::{Completion, Success};

use super::*;
use crate::truth::Correction;

impl World {
    /// Somebody corrects a learner's attempt through this server.
    pub(super) async fn correct(&mut self, server: usize, learner: usize) {
        if !self.site.is_up(server) || self.truth.sessions_of(learner).is_empty() {
            return;
        }
        self.go_to(self.now + 1);
        self.counts.corrections += 1;
        let of = &self.truth.learners[learner];
        let (tenant, target) = (of.tenant, Target { registration: of.registration, attempt: None });
        let reason = format!("correction {}", self.counts.corrections);
        let actor = Actor { by: "staff".to_owned(), reason: reason.clone() };
        self.harm(server);
        let wish = self.chance.below(10);
        let (first_commits, while_ago) = (self.chance.below(6), self.chance.between(0, 2 * HOUR));
        let app = self.site.app(server);
        let acted = match wish {
            0..=4 => app.override_standing(tenant, target, &standing(wish), &actor).await,
            5..=6 => app.withdraw_override(tenant, target, &actor).await,
            7 => app.rollback(tenant, target, Point::Commit(first_commits), &actor).await,
            _ => app.rollback(tenant, target, Point::At(self.now - while_ago), &actor).await,
        };
        let said = match &acted {
            Ok(acted) => format!("{} as commit {}", acted.act, acted.commit),
            Err(e) => format!("refused: {e}"),
        };
        self.tell(&format!("{reason} of learner {learner} on server {server}: {said}"));
        // Without an answer nobody knows whether it was done.
        if !self.site.survived(server).await {
            self.fallen(server);
        } else if let Ok(acted) = acted {
            let correction = Correction { commit: acted.commit, reason };
            self.truth.learners[learner].corrections.push(correction);
        }
    }
}

fn standing(wish: u64) -> Standing {
    let completion = if wish.is_multiple_of(2) { Completion::Completed } else { Completion::Incomplete };
    Standing { completion: Some(completion), success: (wish > 2).then_some(Success::Passed), score: None }
}
