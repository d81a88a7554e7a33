//! What a server does that a file does not: it goes away, stands still, comes back; two programs start on it at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use lyceum_testkit::postgres::{Cluster, fresh_schema};
use parking_lot::Mutex;

use crate::{Db, DbError, Faults, Remote, Tenant, Tx, WritePoint, settings};

const T: Tenant = Tenant::DEFAULT;

fn connect(url: &str) -> Db {
    Db::connect(&Remote { url, now: 0, wait: false, faults: None }).unwrap()
}

fn put(tx: &mut Tx<'_>, name: &str) -> Result<(), DbError> {
    settings::put(T, tx, name, "set")
}

fn has(db: &Db, name: &'static str) -> bool {
    db.read(move |tx| settings::get(T, tx, name)).wait().unwrap().is_some()
}

/// Tries until the database answers; a server that starts takes its time.
fn put_at_last(db: &Db, name: &'static str) {
    let patience = Instant::now() + Duration::from_secs(30);
    while let Err(e) = db.write(move |tx| put(tx, name)).wait() {
        assert!(e.is_trouble() && Instant::now() < patience, "{e}");
        std::thread::yield_now();
    }
}

#[test]
fn a_failing_job_takes_nobody_with_it() {
    let Some(url) = fresh_schema() else { return };
    let db = connect(&url);
    let refused = db.write(|tx| put(tx, "refused").and(Err::<(), _>(DbError::Conflict)));
    assert_eq!(refused.wait(), Err(DbError::Conflict));
    let panicking = db.write(|tx| -> Result<(), DbError> {
        put(tx, "panicked")?;
        panic!("on purpose")
    });
    assert_eq!(panicking.wait(), Err(DbError::Panicked("on purpose".into())));
    let doomed = db.write(|tx| {
        put(tx, "doomed")?;
        let wrong =
            tx.exec("INSERT INTO setting (tenant, name, value) VALUES ($1, 'x', 'y')", &[999_i64.into()]);
        assert!(matches!(wrong, Err(DbError::Constraint(_))), "{wrong:?}");
        assert_eq!(put(tx, "after"), Err(DbError::Doomed));
        Ok(())
    });
    assert_eq!(doomed.wait(), Err(DbError::Doomed));
    assert!(db.read(|tx| put(tx, "by a reader")).wait().is_err());
    db.write(|tx| put(tx, "good")).wait().unwrap();
    for (name, stored) in [
        ("refused", false),
        ("panicked", false),
        ("doomed", false),
        ("after", false),
        ("by a reader", false),
        ("good", true),
    ] {
        assert_eq!(has(&db, name), stored, "{name}");
    }
    let durability =
        db.write(|tx| tx.first("SHOW synchronous_commit", &[], |row| row.text(0))).wait().unwrap();
    assert_eq!(durability.as_deref(), Some("on"));
    db.close();
    assert_eq!(db.write(|tx| put(tx, "late")).wait(), Err(DbError::Closed));
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
fn a_failed_step_is_told_and_forgotten_by_the_next() {
    let Some(url) = fresh_schema() else { return };
    for (point, stored) in [
        (WritePoint::Begin, false),
        (WritePoint::Job, false),
        (WritePoint::Commit, false),
        (WritePoint::Committed, true),
    ] {
        let faults = Arc::new(Once(point, Mutex::new(Some(DbError::Io("planned".into())))));
        let db = Db::connect(&Remote { url: &url, now: 0, wait: false, faults: Some(faults) }).unwrap();
        let name: &'static str = Box::leak(format!("{point:?}").into_boxed_str());
        let e = db.write(move |tx| put(tx, name)).wait().unwrap_err();
        assert!(e.to_string().contains("planned"), "{point:?}: {e}");
        assert_eq!(has(&db, name), stored, "{point:?}");
        db.write(|tx| put(tx, "next")).wait().unwrap();
        assert!(db.status().connected, "{point:?}");
    }
}

#[test]
fn two_programs_that_start_at_once_migrate_once() {
    let Some(url) = fresh_schema() else { return };
    let start = |url: String| std::thread::spawn(move || connect(&url));
    let starting: Vec<_> = (0..4).map(|_| start(url.clone())).collect();
    for db in starting {
        let db = db.join().unwrap();
        db.write(|tx| put(tx, "x")).wait().unwrap();
    }
}

#[test]
fn writers_of_one_row_take_turns_and_none_is_lost() {
    let Some(url) = fresh_schema() else { return };
    let (here, there) = (connect(&url), connect(&url));
    let add = |db: &Db| {
        db.write(|tx| {
            // Locks the row; a write that was worked out from an unlocked one would be lost.
            put(tx, "counter lock")?;
            let n = settings::get(T, tx, "n")?.map_or(0, |n| n.parse::<u32>().unwrap());
            settings::put(T, tx, "n", &(n + 1).to_string())
        })
    };
    here.write(|tx| put(tx, "counter lock")).wait().unwrap();
    let all: Vec<_> = (0..40).flat_map(|_| [add(&here), add(&there)]).collect();
    for answer in all {
        answer.wait().unwrap();
    }
    let n = here.read(|tx| settings::get(T, tx, "n")).wait().unwrap();
    assert_eq!(n.as_deref(), Some("80"));
}

#[test]
fn a_server_that_goes_away_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let Some(cluster) = Cluster::private(folder.path()) else { return };
    let db = connect(&cluster.url());
    db.write(|tx| put(tx, "before")).wait().unwrap();
    cluster.kill();
    let e = db.write(|tx| put(tx, "meanwhile")).wait().unwrap_err();
    assert!(matches!(e, DbError::Away(_)), "{e:?}");
    let status = db.status();
    assert!(!status.connected && status.failed_attempts > 0, "{status:?}");
    let refused = Db::connect(&Remote { url: &cluster.url(), now: 0, wait: false, faults: None });
    assert!(matches!(refused.err(), Some(DbError::Away(_))));
    let waiting = Db::connect(&Remote { url: &cluster.url(), now: 0, wait: true, faults: None }).unwrap();
    assert!(waiting.read(|tx| settings::get(T, tx, "before")).wait().is_err());
    cluster.start();
    put_at_last(&db, "after");
    put_at_last(&waiting, "after, too");
    assert!(has(&db, "before") && has(&db, "after") && has(&db, "after, too") && !has(&db, "meanwhile"));
    assert_eq!(db.status().failed_attempts, 0);
    cluster.kill();
}

#[test]
fn a_server_that_does_not_know_us_is_not_waited_for() {
    let Some(url) = fresh_schema() else { return };
    let elsewhere = url.replace("/postgres?", "/nowhere?");
    let refused = Db::connect(&Remote { url: &elsewhere, now: 0, wait: true, faults: None }).err().unwrap();
    assert!(refused.to_string().contains("nowhere"), "{refused}");
}
