//! The writer's promises: what is acknowledged is stored, what fails is not, and nothing stops it.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use parking_lot::Mutex;
use rusqlite::{Connection, StatementStatus};

use crate::db::connect;
use crate::{Answer, Db, DbError, Faults, Options, Tenant, Tx, WritePoint, settings};

const T: Tenant = Tenant::DEFAULT;

fn open(folder: &Path, faults: Option<Arc<dyn Faults>>) -> Db {
    Db::open(Options { path: &folder.join("lyceum.db"), now: 0, faults }).unwrap()
}

fn get(db: &Db, name: &'static str) -> Option<String> {
    db.read(move |tx| settings::get(T, tx, name)).wait().unwrap()
}

fn put(tx: &mut Tx<'_>, name: &str) -> Result<(), DbError> {
    settings::put(T, tx, name, "set")
}

/// Occupies the writer with a job that waits for a word, so that the next ones queue up behind it in the same transaction.
struct Gate(Sender<()>, Answer<()>);

impl Gate {
    fn close(db: &Db) -> Self {
        let (open, opened): (Sender<()>, Receiver<()>) = channel();
        let answer = db.write(move |tx| {
            opened.recv().unwrap();
            put(tx, "gate")
        });
        Self(open, answer)
    }
    fn open(self) -> Result<(), DbError> {
        self.0.send(()).unwrap();
        self.1.wait()
    }
}

/// Fails once at a given step.
struct Once(WritePoint, Mutex<Option<DbError>>);

impl Faults for Once {
    fn at(&self, point: WritePoint) -> Result<(), DbError> {
        let planned = if point == self.0 { self.1.lock().take() } else { None };
        planned.map_or(Ok(()), Err)
    }
}

#[test]
fn a_failing_job_takes_nobody_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path(), None);
    let gate = Gate::close(&db);
    let good = db.write(|tx| put(tx, "good"));
    let refused = db.write(|tx| put(tx, "refused").and(Err::<(), _>(DbError::Conflict)));
    let panicking = db.write(|tx| -> Result<(), DbError> {
        put(tx, "panicked")?;
        panic!("on purpose")
    });
    let doomed = db.write(|tx| {
        put(tx, "doomed")?;
        let wrong =
            tx.exec("INSERT INTO setting (tenant, name, value) VALUES ($1, 'x', 'y')", &[999_i64.into()]);
        assert!(matches!(wrong, Err(DbError::Constraint(_))), "{wrong:?}");
        assert_eq!(put(tx, "after"), Err(DbError::Doomed));
        Ok(())
    });
    let last = db.write(|tx| put(tx, "last"));
    gate.open().unwrap();
    good.wait().unwrap();
    assert_eq!(refused.wait(), Err(DbError::Conflict));
    assert_eq!(panicking.wait(), Err(DbError::Panicked("on purpose".into())));
    assert_eq!(doomed.wait(), Err(DbError::Doomed));
    last.wait().unwrap();
    for (name, stored) in [
        ("good", true),
        ("refused", false),
        ("panicked", false),
        ("doomed", false),
        ("after", false),
        ("last", true),
    ] {
        assert_eq!(get(&db, name).is_some(), stored, "{name}");
    }
}

#[test]
fn a_failed_begin_or_commit_is_told_to_everyone_and_forgotten_by_the_next() {
    for point in [WritePoint::Begin, WritePoint::Job, WritePoint::Commit] {
        let folder = tempfile::tempdir().unwrap();
        let faults = Arc::new(Once(point, Mutex::new(None)));
        let db = open(folder.path(), Some(faults.clone()));
        let group = if point == WritePoint::Commit {
            // Begin and Job of this group are past when the trouble is planned: it meets COMMIT.
            let gate = Gate::close(&db);
            let others: Vec<_> = (0..5).map(|_| db.write(|tx| put(tx, "group"))).collect();
            *faults.1.lock() = Some(DbError::Io("planned".into()));
            let mut answers = vec![gate.open()];
            answers.extend(others.into_iter().map(Answer::wait));
            answers
        } else {
            *faults.1.lock() = Some(DbError::Io("planned".into()));
            vec![db.write(|tx| put(tx, "group")).wait()]
        };
        for answer in group {
            let e = answer.expect_err("nobody may be told that it is stored");
            assert!(e.to_string().contains("planned"), "{point:?}: {e}");
        }
        assert_eq!(get(&db, "group"), None, "{point:?}");
        db.write(|tx| put(tx, "next")).wait().unwrap();
        assert!(get(&db, "next").is_some(), "{point:?}");
    }
}

#[test]
fn an_acknowledgement_lost_after_commit_is_an_error_although_it_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let faults = Arc::new(Once(WritePoint::Committed, Mutex::new(Some(DbError::Io("planned".into())))));
    let db = open(folder.path(), Some(faults));
    assert!(db.write(|tx| put(tx, "stored")).wait().is_err());
    assert!(get(&db, "stored").is_some());
}

#[test]
fn a_full_disk_rolls_back_the_whole_group_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path(), None);
    db.write(|tx| {
        let pages = tx.first("PRAGMA page_count", &[], |row| row.int(0))?.unwrap();
        let limit: &'static str =
            Box::leak(format!("PRAGMA max_page_count = {}", pages + 4).into_boxed_str());
        tx.first(limit, &[], |row| row.int(0)).map(drop)
    })
    .wait()
    .unwrap();
    let gate = Gate::close(&db);
    let small = db.write(|tx| put(tx, "small"));
    let big = db.write(|tx| settings::put(T, tx, "big", &"x".repeat(200_000)));
    let gate = gate.open();
    assert!(matches!(big.wait(), Err(DbError::Full(_))));
    // SQLite gives up the whole transaction here; whoever was in it must not be told that all is well.
    let small = small.wait();
    assert_eq!(small.is_ok(), get(&db, "small").is_some());
    assert_eq!(gate.is_ok(), get(&db, "gate").is_some());
    assert_eq!(get(&db, "big"), None);
    db.write(|tx| put(tx, "after")).wait().unwrap();
    assert!(get(&db, "after").is_some());
}

#[test]
fn closing_finishes_what_was_accepted_and_refuses_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path(), None);
    let gate = Gate::close(&db);
    let accepted: Vec<_> =
        (0..100).map(|n| db.write(move |tx| settings::put(T, tx, &n.to_string(), "set"))).collect();
    let closer = std::thread::spawn({
        let db = db.clone();
        move || db.close()
    });
    gate.open().unwrap();
    closer.join().unwrap();
    for answer in accepted {
        answer.wait().unwrap();
    }
    assert_eq!(db.write(|tx| put(tx, "late")).wait(), Err(DbError::Closed));
    assert_eq!(db.read(|tx| settings::get(T, tx, "99")).wait(), Err(DbError::Closed));
    let db = open(folder.path(), None);
    assert!(get(&db, "99").is_some());
    assert_eq!(get(&db, "late"), None);
}

#[test]
fn readers_see_one_moment_and_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path(), None);
    let (go, wait) = channel::<()>();
    let (began, begun) = channel::<()>();
    let reading = db.read(move |tx| {
        let before = settings::get(T, tx, "x")?;
        began.send(()).unwrap();
        wait.recv().unwrap();
        Ok((before, settings::get(T, tx, "x")?))
    });
    begun.recv().unwrap();
    db.write(|tx| put(tx, "x")).wait().unwrap();
    go.send(()).unwrap();
    assert_eq!(reading.wait().unwrap(), (None, None));
    assert!(get(&db, "x").is_some());
    assert!(db.read(|tx| put(tx, "y")).wait().is_err());
    assert!(db.read(|_| -> Result<(), DbError> { panic!("on purpose") }).wait().is_err());
    assert_eq!(get(&db, "y"), None);
}

#[test]
fn durability_is_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path(), None);
    let pragmas = [("PRAGMA synchronous", 2), ("PRAGMA foreign_keys", 1)];
    for (sql, expected) in pragmas {
        let found = db.write(move |tx| tx.first(sql, &[], |row| row.int(0))).wait().unwrap();
        assert_eq!(found, Some(expected), "{sql}");
    }
    let mode = db.write(|tx| tx.first("PRAGMA journal_mode", &[], |row| row.text(0))).wait().unwrap();
    assert_eq!(mode.as_deref(), Some("wal"));
}

#[test]
fn a_process_that_holds_the_lock_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path(), None);
    let other = Connection::open(folder.path().join("lyceum.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let waiting = db.write(|tx| put(tx, "x"));
    other.execute_batch("COMMIT").unwrap();
    waiting.wait().unwrap();
}

#[test]
fn a_cached_statement_is_compiled_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lyceum.db");
    drop(open(folder.path(), None));
    let conn = connect(&path).unwrap();
    for registration in 0..3_u8 {
        let mut statement = conn
            .prepare_cached(
                "SELECT id FROM attempt WHERE tenant = ?1 AND registration_id = ?2 ORDER BY number",
            )
            .unwrap();
        assert!(statement.query((T.0, [registration; 16])).unwrap().next().unwrap().is_none());
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "registration {registration}");
    }
}
