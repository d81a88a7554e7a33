//! Numbered migrations, forward only, each in its own transaction and with its digest recorded.
//!
//! Their text keeps to what both databases know. Three words are SQLite's and have one meaning each on PostgreSQL:
//! `INTEGER` is a 64-bit number (`BIGINT`), `BLOB` is bytes (`BYTEA`), `STRICT` is nothing. `TEXT` is given the collation "C",
//! so that texts are in the same order on every server as they are on SQLite: that of their bytes.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use crate::error::DbError;
use crate::postgres;
use crate::sql::to_postgres;

struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

/// Never edit one that was released: add the next.
const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "first", sql: include_str!("../migrations/0001_first.sql") },
    Migration {
        version: 2,
        name: "course_setting",
        sql: include_str!("../migrations/0002_course_setting.sql"),
    },
    Migration { version: 3, name: "history", sql: include_str!("../migrations/0003_history.sql") },
    Migration { version: 4, name: "records", sql: include_str!("../migrations/0004_records.sql") },
    Migration { version: 5, name: "doors", sql: include_str!("../migrations/0005_doors.sql") },
    Migration { version: 6, name: "shared", sql: include_str!("../migrations/0006_shared.sql") },
];

/// What was applied when.
const BOOKS: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT";

/// Applies what is missing. Two processes that open the same file at once take turns.
pub(crate) fn run(conn: &mut Connection, now: i64) -> Result<(), DbError> {
    conn.execute_batch(BOOKS)?;
    refuse_newer(conn)?;
    for migration in MIGRATIONS {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        apply(&tx, migration, now)?;
        tx.commit()?;
    }
    Ok(())
}

/// Applies what is missing on a server. One program at a time: they wait for each other at a lock named after the schema.
pub(crate) fn on_postgres(conn: &postgres::Connection, now: i64) -> Result<(), DbError> {
    conn.unlimit()?;
    conn.script("SELECT pg_advisory_lock(hashtext('lyceum migrations in ' || current_schema()))")?;
    let done = all_on_postgres(conn, now);
    let unlocked =
        conn.script("SELECT pg_advisory_unlock(hashtext('lyceum migrations in ' || current_schema()))");
    done.and(unlocked).and_then(|()| conn.limit())
}

fn all_on_postgres(conn: &postgres::Connection, now: i64) -> Result<(), DbError> {
    conn.script(&to_postgres(BOOKS))?;
    let known = MIGRATIONS.last().map_or(0, |m| m.version);
    let applied =
        conn.query("SELECT version, sha256 FROM schema_migrations ORDER BY version", &[], |row| {
            Ok((row.int(0)?, row.blob(1)?))
        })?;
    if let Some((found, _)) = applied.last().filter(|(found, _)| *found > known) {
        return Err(DbError::SchemaNewer { found: *found, known });
    }
    for migration in MIGRATIONS {
        let digest: [u8; 32] = Sha256::digest(migration.sql).into();
        match applied.iter().find(|(version, _)| *version == migration.version) {
            Some((_, found)) if *found == digest => {}
            Some(_) => return Err(DbError::SchemaChanged(migration.version)),
            None => {
                conn.script(&format!("BEGIN;\n{}", to_postgres(migration.sql)))?;
                conn.exec(
                    "INSERT INTO schema_migrations (version, name, sha256, applied_at) VALUES ($1, $2, $3, $4)",
                    &[migration.version.into(), migration.name.into(), (&digest).into(), now.into()],
                )?;
                conn.script("COMMIT")?;
                tracing::info!(version = migration.version, name = migration.name, "migration applied");
            }
        }
    }
    Ok(())
}

fn refuse_newer(conn: &Connection) -> Result<(), DbError> {
    let known = MIGRATIONS.last().map_or(0, |m| m.version);
    let found: i64 =
        conn.query_row("SELECT COALESCE(MAX(version), 0) FROM schema_migrations", [], |row| row.get(0))?;
    if found > known { Err(DbError::SchemaNewer { found, known }) } else { Ok(()) }
}

fn apply(tx: &Transaction<'_>, migration: &Migration, now: i64) -> Result<(), DbError> {
    let digest: [u8; 32] = Sha256::digest(migration.sql).into();
    let applied: Option<Vec<u8>> = tx
        .query_row("SELECT sha256 FROM schema_migrations WHERE version = ?1", [migration.version], |row| {
            row.get(0)
        })
        .optional()?;
    match applied {
        Some(found) if found == digest => Ok(()),
        Some(_) => Err(DbError::SchemaChanged(migration.version)),
        None => {
            tx.execute_batch(migration.sql)?;
            tx.execute(
                "INSERT INTO schema_migrations (version, name, sha256, applied_at) VALUES (?1, ?2, ?3, ?4)",
                params![migration.version, migration.name, digest, now],
            )?;
            tracing::info!(version = migration.version, name = migration.name, "migration applied");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_rise_by_one() {
        for (i, migration) in MIGRATIONS.iter().enumerate() {
            assert_eq!(migration.version, i as i64 + 1, "{}", migration.name);
        }
    }

    #[test]
    fn twice_is_once_and_foreign_schemas_are_refused() {
        let mut conn = Connection::open_in_memory().unwrap();
        run(&mut conn, 7).unwrap();
        run(&mut conn, 8).unwrap();
        let applied: i64 =
            conn.query_row("SELECT MAX(applied_at) FROM schema_migrations", [], |r| r.get(0)).unwrap();
        assert_eq!(applied, 7);

        conn.execute("UPDATE schema_migrations SET sha256 = x'00' WHERE version = 1", []).unwrap();
        assert_eq!(run(&mut conn, 9), Err(DbError::SchemaChanged(1)));

        conn.execute("INSERT INTO schema_migrations VALUES (999, 'later', x'00', 0)", []).unwrap();
        assert!(matches!(run(&mut conn, 9), Err(DbError::SchemaNewer { found: 999, .. })));
    }
}
