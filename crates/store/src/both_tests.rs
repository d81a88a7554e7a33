//! One SQL text for two databases: every statement of this crate is prepared on both, and the schemas are the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::Connection;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, NoTls};

use crate::sql::to_sqlite;
use crate::{Db, Options, Remote};

/// Statements for one of the two, in these files.
const OF_ONE: [&str; 6] = ["tx.rs", "db.rs", "migrate.rs", "backup.rs", "copy.rs", "sql.rs"];

/// Every literal of this crate that is a statement.
fn statements() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let file = file.unwrap().path();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if file.is_dir() || OF_ONE.contains(&name.as_str()) || name.ends_with("_tests.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod").next().unwrap_or_default();
        // No statement has a quote or an escape in it: literals end at the next quote.
        let literals = code.split('"').skip(1).step_by(2);
        let is_statement = |text: &&str| {
            ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "].iter().any(|verb| text.starts_with(verb))
        };
        found.extend(literals.filter(is_statement).map(str::to_owned));
    }
    found
}

fn sqlite(folder: &Path) -> Connection {
    let path = folder.join("lyceum.db");
    Db::open(Options { path: &path, now: 0, faults: None }).unwrap().close();
    Connection::open(path).unwrap()
}

/// `None` where PostgreSQL is not installed, which has been said then.
fn postgres() -> Option<(Runtime, Client)> {
    let url = lyceum_testkit::postgres::fresh_schema()?;
    Db::connect(&Remote { url: &url, now: 0, wait: false, faults: None }).unwrap().close();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let client = runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    });
    Some((runtime, client))
}

#[test]
fn every_statement_is_understood_by_both() {
    let folder = tempfile::tempdir().unwrap();
    let (sqlite, all) = (sqlite(folder.path()), statements());
    assert!(all.len() > 40, "the scan finds the statements: {}", all.len());
    for sql in &all {
        let prepared = sqlite.prepare(&to_sqlite(sql));
        assert!(prepared.is_ok(), "SQLite: {sql}: {:?}", prepared.err());
    }
    let Some((runtime, client)) = postgres() else { return };
    for sql in &all {
        if let Err(why) = runtime.block_on(prepare(&client, sql)) {
            panic!("PostgreSQL: {sql}: {why}");
        }
    }
}

/// Prepares it with the kinds of parameters that fit, and looks at the kinds of columns that come back.
async fn prepare(client: &Client, sql: &str) -> Result<(), String> {
    let count = (1..=64).rev().find(|n| sql.contains(&format!("${n}"))).unwrap_or(0);
    let mut types = vec![Type::UNKNOWN; count];
    // The program says the kind of each parameter; here the text is all there is. Where PostgreSQL asks, each is tried.
    let statement = loop {
        let e = match client.prepare_typed(sql, &types).await {
            Ok(statement) => break statement,
            Err(e) => e.as_db_error().map_or_else(|| e.to_string(), |e| e.message().to_owned()),
        };
        let asked = e.split("parameter $").nth(1).and_then(|n| n.trim().parse::<usize>().ok());
        let at = asked.filter(|n| (1..=count).contains(n)).ok_or_else(|| e.clone())? - 1;
        let mut fits = None;
        for kind in [Type::INT8, Type::TEXT, Type::BYTEA] {
            types[at] = kind.clone();
            let again = client.prepare_typed(sql, &types).await;
            let still = again.err().and_then(|e| e.as_db_error().map(|e| e.message().to_owned()));
            if still.is_none_or(|other| {
                other.contains("parameter $") && !other.ends_with(&format!("${}", at + 1))
            }) {
                fits = Some(kind);
                break;
            }
        }
        types[at] = fits.ok_or(e)?;
    };
    let readable = [Type::INT8, Type::INT4, Type::TEXT, Type::BYTEA];
    match statement.columns().iter().find(|column| !readable.contains(column.type_())) {
        Some(odd) => Err(format!("column {} is {}: CAST it", odd.name(), odd.type_())),
        None => Ok(()),
    }
}

/// What a column is: kind, whether it may be null, place in the primary key (0: none).
type Column = (String, bool, i64);

#[test]
fn both_have_the_same_schema() {
    let folder = tempfile::tempdir().unwrap();
    let here = schema_of_sqlite(&sqlite(folder.path()));
    assert!(here.len() > 10 && here.contains_key("commit_log"));
    let Some((runtime, client)) = postgres() else { return };
    let there = runtime.block_on(schema_of_postgres(&client));
    for (table, parts) in &here {
        assert_eq!(Some(parts), there.get(table), "{table}");
    }
    assert_eq!(here.len(), there.len());
    let ordered = runtime.block_on(client.query_one(
        "SELECT COUNT(*) FROM information_schema.columns
         WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'",
        &[],
    ));
    assert_eq!(ordered.unwrap().get::<_, i64>(0), 0, "texts are in the order of their bytes");
}

#[test]
fn a_scratch_tenant_leaves_nothing_behind() {
    let (folder, all) = (tempfile::tempdir().unwrap(), statements());
    for (table, (columns, ..)) in schema_of_sqlite(&sqlite(folder.path())) {
        if columns.contains_key("tenant") {
            let clear = format!("DELETE FROM {table} WHERE tenant = $1");
            assert!(all.contains(&clear), "scratch.rs clears {table}");
        }
    }
}

/// Columns, references and unique keys of a table.
type Table = (BTreeMap<String, Column>, BTreeSet<String>, BTreeSet<String>);

fn schema_of_sqlite(db: &Connection) -> BTreeMap<String, Table> {
    let mut tables = db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .unwrap();
    let names: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let of = |table: &String| {
        let mut columns =
            db.prepare("SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1)").unwrap();
        let columns = columns.query_map([table], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get::<_, i64>(2)? == 0, row.get(3)?)))
        });
        let columns = columns.unwrap().map(Result::unwrap).collect();
        let mut keys = db
            .prepare(
                "SELECT \"table\", group_concat(\"from\" || '>' || COALESCE(\"to\", '')) FROM
                 (SELECT * FROM pragma_foreign_key_list(?1) ORDER BY id, seq) GROUP BY id",
            )
            .unwrap();
        let references = keys.query_map([table], |row| {
            Ok(format!("{}: {}", row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        });
        let references = references.unwrap().map(Result::unwrap).collect();
        let mut unique = db.prepare(
            "SELECT (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno))
             FROM pragma_index_list(?1) l WHERE l.\"unique\" = 1",
        ).unwrap();
        let unique = unique.query_map([table], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        (columns, references, unique)
    };
    let mut all: BTreeMap<String, Table> = names.iter().map(|table| (table.clone(), of(table))).collect();
    // A key of one number is the table itself on SQLite, and no index.
    for (columns, _, unique) in all.values_mut() {
        let mut key: Vec<(&i64, &String)> =
            columns.iter().filter(|(_, c)| c.2 > 0).map(|(n, c)| (&c.2, n)).collect();
        key.sort();
        unique.insert(key.into_iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(","));
    }
    all
}

async fn schema_of_postgres(client: &Client) -> BTreeMap<String, Table> {
    let mut all: BTreeMap<String, Table> = BTreeMap::new();
    let columns = client.query(
        "SELECT c.relname::text, a.attname::text,
             CASE format_type(a.atttypid, NULL) WHEN 'bigint' THEN 'INTEGER' WHEN 'bytea' THEN 'BLOB' WHEN 'text' THEN 'TEXT'
                 ELSE format_type(a.atttypid, NULL) END,
             NOT a.attnotnull, COALESCE(array_position(k.conkey, a.attnum), 0)::int8
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
         LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'",
        &[],
    );
    for row in columns.await.unwrap() {
        let table = all.entry(row.get(0)).or_default();
        table.0.insert(row.get(1), (row.get(2), row.get(3), row.get(4)));
    }
    let keys = client.query(
        "SELECT k.conrelid::regclass::text, k.contype = 'f', k.confrelid::regclass::text,
             (SELECT string_agg(a.attname::text, ',' ORDER BY o.n) FROM unnest(k.conkey) WITH ORDINALITY o(num, n)
                 JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = o.num),
             (SELECT string_agg(a.attname || '>' || b.attname, ',' ORDER BY o.n)
                 FROM unnest(k.conkey, k.confkey) WITH ORDINALITY o(num, other, n)
                 JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = o.num
                 JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = o.other)
         FROM pg_constraint k WHERE k.connamespace = current_schema()::regnamespace AND k.contype IN ('p', 'u', 'f')",
        &[],
    );
    for row in keys.await.unwrap() {
        let table = all.get_mut(row.get::<_, &str>(0)).unwrap();
        if row.get(1) {
            table.1.insert(format!("{}: {}", row.get::<_, &str>(2), row.get::<_, &str>(4)));
        } else {
            table.2.insert(row.get(3));
        }
    }
    all
}
