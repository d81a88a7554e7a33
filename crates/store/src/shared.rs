//! What the courses of a learner share: global objectives and data stores, each with its newest value. The journals hold how
//! it came about; this is what the next session is opened with.

use crate::error::DbError;
use crate::id::{LearnerId, RegistrationId, Tenant};
use crate::tx::{Step, Tx};
use crate::value::Row;

/// What is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A store of text (`adlcp:sharedDataGlobalToSystem`).
    Data,
    /// A global objective (`adlseq:objectivesGlobalToSystem`); its value is JSON.
    Objective,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Objective => "objective",
        }
    }
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// What it is.
    pub kind: Kind,
    /// The author's id.
    pub id: String,
    /// Its value.
    pub value: String,
}

/// Everything that the courses of a registration's learner share, by kind and id.
///
/// # Errors
/// When the database fails.
pub fn of_learner(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    registration: RegistrationId,
) -> Result<Vec<Shared>, DbError> {
    tx.query(
        "SELECT s.kind, s.id, s.value FROM learner_shared s
             JOIN registration r ON r.tenant = s.tenant AND r.learner_id = s.learner_id
         WHERE s.tenant = $1 AND r.id = $2 ORDER BY s.kind, s.id",
        &[tenant.0.into(), (&registration).into()],
        shared,
    )
}

fn shared(row: &Row<'_>) -> Result<Shared, DbError> {
    let kind = match row.text(0)?.as_str() {
        "objective" => Kind::Objective,
        "data" => Kind::Data,
        other => return Err(DbError::Corrupt(format!("learner_shared has the kind {other}"))),
    };
    Ok(Shared { kind, id: row.text(1)?, value: row.text(2)? })
}

/// The same, without what has changed at `before` or later.
///
/// # Errors
/// When the database fails.
pub fn unchanged_since(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    before: i64,
) -> Result<Vec<Shared>, DbError> {
    tx.query(
        "SELECT s.kind, s.id, s.value FROM learner_shared s
             JOIN registration r ON r.tenant = s.tenant AND r.learner_id = s.learner_id
         WHERE s.tenant = $1 AND r.id = $2 AND s.changed_at < $3 ORDER BY s.kind, s.id",
        &[tenant.0.into(), (&registration).into(), before.into()],
        shared,
    )
}

/// Sets one, for the learner of a registration.
///
/// # Errors
/// When the database fails.
pub fn put(
    tenant: Tenant,
    tx: &mut Tx<'_>,
    registration: RegistrationId,
    shared: &Shared,
    now: i64,
) -> Result<(), DbError> {
    tx.exec_all(&[put_step(tenant, &registration, shared, now)])
}

pub(crate) fn put_step<'p>(
    tenant: Tenant,
    registration: &'p RegistrationId,
    shared: &'p Shared,
    now: i64,
) -> Step<'p> {
    let sql = "INSERT INTO learner_shared (tenant, learner_id, kind, id, value, changed_at)
         SELECT tenant, learner_id, $3, $4, $5, $6 FROM registration WHERE tenant = $1 AND id = $2
         ON CONFLICT (tenant, learner_id, kind, id) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at";
    let params = vec![
        tenant.0.into(),
        registration.into(),
        shared.kind.word().into(),
        shared.id.as_str().into(),
        shared.value.as_str().into(),
        now.into(),
    ];
    Step { sql, params, of_one: false }
}

/// Forgets everything that a learner's courses share.
///
/// # Errors
/// When the database fails.
pub fn forget(tenant: Tenant, tx: &mut Tx<'_>, learner: LearnerId) -> Result<(), DbError> {
    tx.exec(
        "DELETE FROM learner_shared WHERE tenant = $1 AND learner_id = $2",
        &[tenant.0.into(), (&learner).into()],
    )?;
    Ok(())
}
