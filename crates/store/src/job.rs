//! A unit of work on its way to a database thread.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::answer::{Answer, Reply};
use crate::error::DbError;
use crate::tx::{Conn, Tx};

/// A job whose result type has been closed over.
pub(crate) type Job = Box<dyn Work>;

pub(crate) trait Work: Send {
    /// Runs within the connection's open transaction. Never unwinds.
    fn run(self: Box<Self>, conn: Conn<'_>) -> Done;
    /// Answers without having run.
    fn refuse(self: Box<Self>, error: DbError);
}

/// A job that ran.
pub(crate) struct Done {
    /// Why its changes must not stay.
    pub(crate) error: Option<DbError>,
    /// Tells the caller what became of the transaction. A job that failed by itself answers with its own error.
    pub(crate) tell: Box<dyn FnOnce(Result<(), DbError>) + Send>,
}

/// Packs a closure.
pub(crate) fn pack<T, F>(work: F) -> (Job, Answer<T>)
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>) -> Result<T, DbError> + Send + 'static,
{
    let (reply, answer) = Answer::new();
    (Box::new(Packed { work, reply }), answer)
}

struct Packed<T, F> {
    work: F,
    reply: Reply<T>,
}

impl<T, F> Work for Packed<T, F>
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>) -> Result<T, DbError> + Send,
{
    fn run(self: Box<Self>, conn: Conn<'_>) -> Done {
        let Self { work, reply } = *self;
        let result = caught(conn, work);
        let error = result.as_ref().err().cloned();
        Done {
            error,
            tell: Box::new(move |outcome| reply.send(result.and_then(|value| outcome.map(|()| value)))),
        }
    }

    fn refuse(self: Box<Self>, error: DbError) {
        self.reply.send(Err(error));
    }
}

pub(crate) fn caught<T>(
    conn: Conn<'_>,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, DbError>,
) -> Result<T, DbError> {
    let mut tx = Tx::new(conn);
    // Safe to go on after a panic: the savepoint is rolled back, and statements reset themselves when dropped.
    match catch_unwind(AssertUnwindSafe(|| work(&mut tx))) {
        Ok(Ok(_)) if tx.is_doomed() => Err(DbError::Doomed),
        Ok(result) => result,
        Err(panic) => Err(DbError::Panicked(panic_text(panic.as_ref()))),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
