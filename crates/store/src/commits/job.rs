//! A commit on its way into the database. Other jobs are code that nobody can look into; this one is a list of statements none of
//! which waits for another's answer, so a server takes those of many commits at once.

use super::Change;
use super::store::steps;
use crate::answer::{Answer, Reply};
use crate::doors::{self, DoorCommit};
use crate::error::DbError;
use crate::id::{RegistrationId, SessionId, Tenant};
use crate::job::{Done, Work, caught};
use crate::tx::{Conn, Step};

/// A change, where it belongs, and who waits for its being stored.
pub(crate) struct Storing {
    tenant: Tenant,
    change: Box<Change>,
    note: Option<(SessionId, DoorCommit)>,
    reply: Reply<Box<Change>>,
}

impl Storing {
    pub(crate) fn new(
        tenant: Tenant,
        change: Box<Change>,
        note: Option<(SessionId, DoorCommit)>,
    ) -> (Self, Answer<Box<Change>>) {
        let (reply, answer) = Answer::new();
        (Self { tenant, change, note, reply }, answer)
    }

    pub(crate) fn registration(&self) -> RegistrationId {
        self.change.registration
    }

    /// Whether it may share a transaction with others. What courses share belongs to the learner: two groups could lock such rows
    /// crosswise, whatever the order of their registrations.
    pub(crate) fn is_sociable(&self) -> bool {
        self.change.shared.is_empty()
    }

    pub(crate) fn steps(&self) -> Vec<Step<'_>> {
        let mut steps = steps(self.tenant, &self.change);
        let note = self.note.as_ref();
        steps.extend(note.map(|(session, commit)| doors::commit_step(self.tenant, session, commit)));
        steps
    }

    /// Answers with what became of the transaction.
    pub(crate) fn tell(self, outcome: Result<(), DbError>) {
        self.reply.send(outcome.map(|()| self.change));
    }
}

impl Work for Storing {
    fn run(self: Box<Self>, conn: Conn<'_>) -> Done {
        let error = caught(conn, |tx| tx.exec_all(&self.steps())).err();
        let own = error.clone();
        Done { error, tell: Box::new(move |outcome| self.tell(own.map_or(outcome, Err))) }
    }

    fn refuse(self: Box<Self>, error: DbError) {
        self.tell(Err(error));
    }
}
