//! A copy of the SQLite file while others write to it, and a look whether a copy is whole.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use crate::attempts;
use crate::chain::{self, OpeningDigest};
use crate::commits;
use crate::db::BUSY_TIMEOUT;
use crate::error::DbError;
use crate::id::{RegistrationId, Tenant};
use crate::registrations::{self, Registration};
use crate::tenants;
use crate::tx::Tx;

/// Registrations looked at in one go.
const PAGE: u32 = 200;

/// Copies the database at `from` as it is at one moment into the new file `to`, flushed. Writers go on meanwhile.
///
/// # Errors
/// When a file cannot be read or written, or the copy is not whole.
pub fn backup(from: &Path, to: &Path) -> Result<(), DbError> {
    let source = Connection::open_with_flags(
        from,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    source.busy_timeout(BUSY_TIMEOUT)?;
    let mut target = Connection::open(to)?;
    // All pages in one step: one read transaction, which a write-ahead log lets nobody wait for.
    Backup::new(&source, &mut target)?.step(-1)?;
    target.pragma_update(None, "journal_mode", "delete")?;
    let whole: String = target.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
    target.close().map_err(|(_, e)| e)?;
    if whole != "ok" {
        return Err(DbError::Corrupt(whole));
    }
    std::fs::File::open(to).and_then(|file| file.sync_all()).map_err(|e| DbError::Io(e.to_string()))
}

/// Follows the hash chain of every registration; answers how many there are.
///
/// # Errors
/// [`DbError::Corrupt`] with the first registration whose chain does not hold.
pub fn verify_chains(tx: &mut Tx<'_>) -> Result<u64, DbError> {
    let mut verified = 0;
    for tenant in tenants::all(tx)? {
        let mut before: Option<RegistrationId> = None;
        loop {
            let page = registrations::list(tenant, tx, &registrations::Filter::default(), before, PAGE)?;
            let Some(last) = page.last() else { break };
            before = Some(last.id);
            for registration in &page {
                verify_chain(tenant, tx, registration)?;
                verified += 1;
            }
        }
    }
    Ok(verified)
}

fn verify_chain(tenant: Tenant, tx: &mut Tx<'_>, of: &Registration) -> Result<(), DbError> {
    let mut rows = Vec::new();
    let mut openings = BTreeMap::new();
    for attempt in attempts::list(tenant, tx, of.id)? {
        rows.extend(commits::list(tenant, tx, attempt.id, 0, u32::MAX)?);
        let sessions = attempts::sessions(tenant, tx, attempt.id)?;
        openings.extend(sessions.into_iter().map(|of| (of.id, OpeningDigest::of(&of.opening))));
    }
    rows.sort_by_key(|row| row.link);
    let mut previous = [0; 32];
    for row in &rows {
        if !chain::verifies(of.id, &previous, openings.get(&row.session).copied(), row) {
            return Err(DbError::Corrupt(format!("registration {}: link {} of its chain", of.id, row.link)));
        }
        previous = row.hash;
    }
    let holds = (of.chain_length, of.chain_head) == (rows.len() as u64, previous);
    if holds {
        Ok(())
    } else {
        Err(DbError::Corrupt(format!("registration {}: the end of its chain", of.id)))
    }
}
