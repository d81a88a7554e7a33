//! A point in the life of an attempt: a commit, or a moment.

use std::str::FromStr;

use lyceum_attempt::Millis;
use lyceum_attempt::state::State;
use lyceum_cmi::Edition;
use lyceum_store::attempts::Attempt;
use lyceum_store::registrations::Registration;
use lyceum_store::{DbError, RegistrationId, Tenant, Tx, attempts, commits, registrations};
use thiserror::Error;

use crate::app::App;
use crate::error::AppError;
use crate::journal::unpack_state;
use crate::limits::FOLD_BATCH;
use crate::live::fold;

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// After this commit of the attempt; 0 is before the first one.
    Commit(u64),
    /// What the server had at this moment, by its own clock, in milliseconds since 1970.
    At(Millis),
}

/// A text that names no point.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "\"{0}\" is no point in time: write a commit as #12, a moment as 2026-01-31T12:00:00Z or in milliseconds since 1970"
)]
pub struct BadPoint(pub String);

impl FromStr for Point {
    type Err = BadPoint;

    fn from_str(text: &str) -> Result<Self, BadPoint> {
        let bad = || BadPoint(text.chars().take(64).collect());
        if let Some(commit) = text.strip_prefix('#') {
            return commit.parse().map(Self::Commit).map_err(|_| bad());
        }
        moment(text).map(Self::At).ok_or_else(bad)
    }
}

/// RFC 3339, or milliseconds since 1970.
fn moment(text: &str) -> Option<Millis> {
    if let Ok(millis) = text.parse() {
        return Some(millis);
    }
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}

impl App {
    /// A registration with its attempts.
    pub(crate) async fn rows_of(
        &self,
        tenant: Tenant,
        id: RegistrationId,
    ) -> Result<(Registration, Vec<Attempt>), AppError> {
        let read = self.0.db.read(move |tx| {
            let Some(row) = registrations::find(tenant, tx, id)? else { return Ok(None) };
            Ok(Some((row, attempts::list(tenant, tx, id)?)))
        });
        read.await?.ok_or_else(|| AppError::NotFound { what: "registration", id: id.to_string() })
    }

    /// The commit that a point stands for, in this attempt.
    pub(crate) async fn commit_at(
        &self,
        tenant: Tenant,
        attempt: &Attempt,
        point: Point,
    ) -> Result<u64, AppError> {
        let (id, commits) = (attempt.id, attempt.commits);
        match point {
            Point::Commit(n) if n > commits => {
                Err(AppError::NotFound { what: "commit", id: format!("#{n} in attempt {}", attempt.number) })
            }
            Point::Commit(n) => Ok(n),
            Point::At(at) => {
                Ok(self.0.db.read(move |tx| commits::last_until(tenant, tx, id, commits, at)).await?)
            }
        }
    }

    /// The state of an attempt after its commit `n`: the newest snapshot that is not later, and what follows on it, folded in
    /// by its recorded outcome. Snapshots come so often that this costs no more than one of them.
    pub(crate) async fn state_after(
        &self,
        tenant: Tenant,
        attempt: &Attempt,
        edition: Edition,
        n: u64,
    ) -> Result<State, AppError> {
        let id = attempt.id;
        let read = move |tx: &mut Tx<'_>| -> Result<_, DbError> {
            let snapshot = attempts::snapshot_until(tenant, tx, id, n)?;
            let after = snapshot.as_ref().map_or(0, |(n, _)| *n);
            Ok((snapshot, commits::entries_after(tenant, tx, id, after, FOLD_BATCH)?))
        };
        let (snapshot, mut batch) = self.0.db.read(read).await?;
        let (mut folded_to, mut state) = match &snapshot {
            Some((n, packed)) => (*n, unpack_state(packed)?),
            None => (0, State::new(edition)),
        };
        while folded_to < n {
            if batch.is_empty() {
                let after = folded_to;
                let read = move |tx: &mut Tx<'_>| commits::entries_after(tenant, tx, id, after, FOLD_BATCH);
                batch = self.0.db.read(read).await?;
            }
            folded_to = fold(&mut state, std::mem::take(&mut batch), n)?
                .ok_or_else(|| AppError::Unreadable(format!("commits after {folded_to} of {id} are gone")))?;
            // A long journal is no reason to keep others waiting.
            tokio::task::yield_now().await;
        }
        Ok(state)
    }
}

/// The attempt with this number, else the newest one that had begun at the point.
pub(crate) fn attempt_of(
    rows: &[Attempt],
    number: Option<u32>,
    point: Option<Point>,
) -> Result<&Attempt, AppError> {
    let found = match (number, point) {
        (Some(number), _) => rows.iter().find(|row| row.number == number),
        (None, Some(Point::At(at))) => {
            rows.iter().rev().find(|row| row.started_at <= at).or_else(|| rows.first())
        }
        (None, _) => rows.last(),
    };
    found.ok_or_else(|| AppError::NotFound {
        what: "attempt",
        id: number.map_or_else(|| "yet: the course was not opened".to_owned(), |number| number.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_commits_or_moments() {
        let table = [
            ("#0", Some(Point::Commit(0))),
            ("#12", Some(Point::Commit(12))),
            ("1767225600000", Some(Point::At(1_767_225_600_000))),
            ("2026-01-01T00:00:00Z", Some(Point::At(1_767_225_600_000))),
            ("2026-01-01T01:00:00.250+01:00", Some(Point::At(1_767_225_600_250))),
            ("#", None),
            ("#-1", None),
            ("yesterday", None),
            ("", None),
        ];
        for (text, point) in table {
            assert_eq!(text.parse::<Point>().ok(), point, "{text}");
        }
    }
}
