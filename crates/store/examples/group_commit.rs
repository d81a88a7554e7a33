//! Commits through the store against what SQLite itself can do on the same disk in the same minute: 64 rows of 6 KiB a
//! transaction with `synchronous=FULL`, no summaries, no chain, no session.
//!
//! `cargo run --release -p lyceum-store --example group_commit [SECONDS]`
#![allow(clippy::print_stdout)] // the figures are what it is for

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lyceum_attempt::summary::Summary;
use lyceum_store::attempts::Session;
use lyceum_store::commits::{Change, LogRow, SessionUpdate};
use lyceum_store::courses::{Verified, Version};
use lyceum_store::registrations::Learner;
use lyceum_store::{
    AttemptId, CourseId, Db, LearnerId, Options, RegistrationId, SessionId, Tenant, attempts, chain, commits,
    courses, registrations,
};

const T: Tenant = Tenant::DEFAULT;
const COURSE: CourseId = CourseId::from_bytes([1; 16]);
/// 40 elements and 4 KiB of suspend data, packed.
const ENTRIES_BYTES: usize = 5_700;

fn main() {
    let seconds = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(3);
    let time = Duration::from_secs(seconds);
    let folder = tempfile::tempdir_in(".").expect("a folder on the disk to measure");
    for _ in 0..2 {
        let limit = sqlite_alone(&folder.path().join("limit.db"), time);
        println!("SQLite alone, 64 rows a transaction, FULL: {limit:>8.0} rows/s");
        for learners in [1, 16, 64] {
            let path = folder.path().join(format!("store-{learners}.db"));
            let (rate, cpu) = through_the_store(&path, learners, time);
            println!(
                "store, {learners:>2} learners: {rate:>8.0} commits/s = {:.2} of it, {cpu:.3} ms CPU each",
                rate / limit
            );
            let _ = std::fs::remove_file(&path);
        }
    }
}

fn sqlite_alone(path: &Path, time: Duration) -> f64 {
    let _ = std::fs::remove_file(path);
    let conn = rusqlite::Connection::open(path).expect("open");
    conn.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
         CREATE TABLE commits(id INTEGER PRIMARY KEY, attempt INTEGER, seq INTEGER, body BLOB, UNIQUE(attempt, seq))",
    )
    .expect("schema");
    let body = vec![b'x'; 6_144];
    let (started, mut rows) = (Instant::now(), 0_i64);
    while started.elapsed() < time {
        conn.execute_batch("BEGIN IMMEDIATE").expect("begin");
        for _ in 0..64 {
            let mut insert = conn
                .prepare_cached("INSERT INTO commits(attempt, seq, body) VALUES(?1, ?2, ?3)")
                .expect("prepare");
            insert.execute(rusqlite::params![rows % 1_000, rows / 1_000, body]).expect("insert");
            rows += 1;
        }
        conn.execute_batch("COMMIT").expect("commit");
    }
    rows as f64 / started.elapsed().as_secs_f64()
}

/// Every learner is a thread that stores a commit, waits until it is acknowledged, and stores the next.
fn through_the_store(path: &Path, learners: u8, time: Duration) -> (f64, f64) {
    let db = Db::open(Options { path, now: 0, faults: None }).expect("open");
    prepare(&db, learners);
    let stop = Arc::new(AtomicBool::new(false));
    let (started, cpu) = (Instant::now(), cpu_ms());
    let threads: Vec<_> = (0..learners)
        .map(|learner| {
            let (db, stop) = (db.clone(), Arc::clone(&stop));
            std::thread::spawn(move || learn(&db, learner, &stop))
        })
        .collect();
    std::thread::sleep(time);
    stop.store(true, Ordering::Relaxed);
    let commits: u64 = threads.into_iter().map(|t| t.join().expect("learner")).sum();
    let (elapsed, cpu) = (started.elapsed().as_secs_f64(), cpu_ms() - cpu);
    db.close();
    (commits as f64 / elapsed, cpu / commits as f64)
}

fn learn(db: &Db, learner: u8, stop: &AtomicBool) -> u64 {
    let (mut n, mut head) = (0, [0; 32]);
    while !stop.load(Ordering::Relaxed) {
        n += 1;
        let change = change(learner, n, head);
        head = change.log.as_ref().map_or(head, |row| row.hash);
        db.write(move |tx| commits::store(T, tx, &change)).wait().expect("stored");
    }
    n
}

fn prepare(db: &Db, learners: u8) {
    db.write(move |tx| {
        courses::insert(T, tx, COURSE, "Course", 0)?;
        let version = Version {
            course: COURSE,
            version: 1,
            digest: [1; 32],
            object_key: String::new(),
            size: 0,
            standard: "SCORM_12".into(),
            model: "{}".into(),
            report: "{}".into(),
            imported_at: 0,
            verified: Verified::Sound,
            damage: None,
        };
        courses::insert_version(T, tx, "Course", &version)?;
        for learner in 0..learners {
            let new = Learner {
                id: LearnerId::from_bytes([learner; 16]),
                external_id: learner.to_string(),
                name: "Ada".into(),
            };
            registrations::ensure_learner(T, tx, &new, 0)?;
            let registration = RegistrationId::from_bytes([learner; 16]);
            registrations::ensure(T, tx, registration, (COURSE, 1), new.id, 0)?;
            attempts::insert(T, tx, AttemptId::from_bytes([learner; 16]), registration, 0, 0)?;
            let session = Session {
                id: SessionId::from_bytes([learner; 16]),
                attempt: AttemptId::from_bytes([learner; 16]),
                ordinal: 1,
                opening: "x".repeat(400),
                page: "p".into(),
                opened_at: 0,
                last_seen_at: 0,
                ended: None,
                durable_to: 0,
                executed_to: 0,
            };
            attempts::insert_session(T, tx, registration, 1, &session)?;
        }
        Ok(())
    })
    .wait()
    .expect("prepared");
}

fn change(learner: u8, n: u64, head: [u8; 32]) -> Change {
    let registration = RegistrationId::from_bytes([learner; 16]);
    let session = SessionId::from_bytes([learner; 16]);
    let mut row = LogRow {
        n,
        session,
        link: n,
        from_seq: n,
        to_seq: n,
        entry_count: 40,
        differences: 0,
        arrived_at: n as i64,
        client_clock: Some(n as i64),
        ip: Some("127.0.0.1".into()),
        user_agent: Some(
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0".into(),
        ),
        entries: vec![b'x'; ENTRIES_BYTES],
        state_hash: [1; 8],
        client_state_hash: Some([1; 8]),
        salt: Some([n as u8; 16]),
        entries_digest: [0; 32],
        origin_digest: [0; 32],
        previous_hash: head,
        hash: [0; 32],
    };
    chain::seal(registration, Some(chain::OpeningDigest::of("{}")), &mut row);
    Change {
        registration,
        revision: n + 1,
        attempt: AttemptId::from_bytes([learner; 16]),
        session: Some(SessionUpdate {
            id: session,
            last_seen_at: n as i64,
            durable_to: n,
            executed_to: n,
            ended: None,
        }),
        session_floor: 1,
        completed_at: None,
        satisfied_at: None,
        attempt_ended_at: None,
        log: Some(row),
        snapshot: None,
        attempt_summary: Summary::default(),
        registration_summary: Summary::default(),
        add_pending: vec![],
        drop_pending_to: None,
        disputed: vec![],
        shared: Vec::new(),
        now: n as i64,
    }
}

/// CPU time of this process so far, in milliseconds (Linux; elsewhere 0).
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) * 10.0
}
