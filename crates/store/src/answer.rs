//! The answer to a job, awaited by async code or waited for by a plain thread.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use crate::error::DbError;

/// Resolves after COMMIT. Dropping it does not take the job back.
#[must_use = "the job runs anyway, but whether it was stored is only known from its answer"]
pub struct Answer<T>(oneshot::Receiver<Result<T, DbError>>);

impl<T> Answer<T> {
    pub(crate) fn new() -> (Reply<T>, Self) {
        let (sender, receiver) = oneshot::channel();
        (Reply(sender), Self(receiver))
    }

    /// Blocks the calling thread until the answer is there. Not for async code: await it there.
    ///
    /// # Errors
    /// As the job's own.
    pub fn wait(self) -> Result<T, DbError> {
        self.0.blocking_recv().unwrap_or(Err(DbError::Closed))
    }
}

impl<T> Future for Answer<T> {
    type Output = Result<T, DbError>;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // A sender that went away without an answer belongs to a database that was closed.
        Pin::new(&mut self.0).poll(context).map(|answer| answer.unwrap_or(Err(DbError::Closed)))
    }
}

/// The other end.
pub(crate) struct Reply<T>(oneshot::Sender<Result<T, DbError>>);

impl<T> Reply<T> {
    pub(crate) fn send(self, answer: Result<T, DbError>) {
        // Nobody waits any more: the caller's connection broke. The work stands.
        let _ = self.0.send(answer);
    }
}
