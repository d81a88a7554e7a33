//! Tenants for a short while: what an operator's self-test writes lies behind the wall of an own tenant, and goes with it.

use crate::error::DbError;
use crate::id::Tenant;
use crate::tenants;
use crate::tx::Tx;

/// A scratch tenant that is older than this was left behind by a program that died, in milliseconds.
const LEFT_BEHIND: i64 = 60 * 60 * 1000;

/// Everything of a tenant, children first.
const CLEAR: [&str; 18] = [
    "DELETE FROM door_commit WHERE tenant = $1",
    "DELETE FROM course_topic WHERE tenant = $1",
    "DELETE FROM learner_shared WHERE tenant = $1",
    "DELETE FROM chain_head WHERE tenant = $1",
    "DELETE FROM snapshot WHERE tenant = $1",
    "DELETE FROM pending_entry WHERE tenant = $1",
    "DELETE FROM disputed_entry WHERE tenant = $1",
    "DELETE FROM commit_log WHERE tenant = $1",
    "DELETE FROM session WHERE tenant = $1",
    "DELETE FROM attempt WHERE tenant = $1",
    "DELETE FROM registration WHERE tenant = $1",
    "DELETE FROM learner WHERE tenant = $1",
    "DELETE FROM course_setting WHERE tenant = $1",
    "DELETE FROM course_version WHERE tenant = $1",
    "DELETE FROM course WHERE tenant = $1",
    "DELETE FROM api_key WHERE tenant = $1",
    "DELETE FROM setting WHERE tenant = $1",
    "DELETE FROM tenant WHERE id = $1",
];

/// Makes a scratch tenant, and removes those that were left behind.
///
/// # Errors
/// When the database fails.
pub fn begin(tx: &mut Tx<'_>, now: i64) -> Result<Tenant, DbError> {
    let old = tx.query(
        "SELECT id FROM tenant WHERE id < 0 AND created_at < $1",
        &[(now - LEFT_BEHIND).into()],
        |row| Ok(Tenant(row.int(0)?)),
    )?;
    old.into_iter().try_for_each(|tenant| remove(tenant, tx))?;
    let lowest = tx.first("SELECT MIN(id) FROM tenant", &[], |row| row.opt_int(0))?.flatten();
    let tenant = Tenant(lowest.unwrap_or_default().min(0) - 1);
    let slug = format!("scratch{}", tenant.0);
    tenants::insert(tx, tenant, &slug, &slug, now)?;
    Ok(tenant)
}

/// Removes a scratch tenant with everything that it has. Any other one stays: records are never deleted.
///
/// # Errors
/// When the database fails.
pub fn remove(tenant: Tenant, tx: &mut Tx<'_>) -> Result<(), DbError> {
    if !tenant.is_scratch() {
        return Ok(());
    }
    CLEAR.iter().try_for_each(|sql| tx.exec(sql, &[tenant.0.into()]).map(drop))
}
