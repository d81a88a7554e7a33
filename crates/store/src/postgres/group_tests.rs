//! Commits that are stored together: what fails among them takes nobody with it, and whoever is told that it is stored is right.

use std::sync::Arc;
use std::sync::mpsc::channel;

use lyceum_attempt::summary::Summary;
use lyceum_testkit::postgres::{Cluster, fresh_schema};
use parking_lot::Mutex;

use super::{Gatherer, Mode, Server, Worker};
use crate::attempts::Session;
use crate::commits::{Change, LogRow, SessionUpdate, Storing};
use crate::courses::{Verified, Version};
use crate::registrations::Learner;
use crate::{
    AttemptId, CourseId, Db, DbError, Faults, LearnerId, RegistrationId, Remote, SessionId, Tenant,
    WritePoint, attempts, chain, commits, courses, registrations,
};

const T: Tenant = Tenant::DEFAULT;
const COURSE: CourseId = CourseId::from_bytes([1; 16]);
const LEARNERS: u8 = 8;

fn connect(url: &str) -> Db {
    Db::connect(&Remote { url, now: 0, wait: false, faults: None }).unwrap()
}

/// Learners with an open session each; ids are their numbers.
fn prepare(url: &str) -> Db {
    let db = connect(url);
    let prepared = db.write(|tx| {
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
        for n in 0..LEARNERS {
            let id = LearnerId::from_bytes([n; 16]);
            let learner = Learner { id, external_id: n.to_string(), name: "Ada".into() };
            registrations::ensure_learner(T, tx, &learner, 0)?;
            let (registration, attempt) =
                (RegistrationId::from_bytes([n; 16]), AttemptId::from_bytes([n; 16]));
            registrations::ensure(T, tx, registration, (COURSE, 1), id, 0)?;
            attempts::insert(T, tx, attempt, registration, 0, 0)?;
            let session = Session {
                id: SessionId::from_bytes([n; 16]),
                attempt,
                ordinal: 1,
                opening: "{}".into(),
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
    });
    prepared.wait().unwrap();
    db
}

/// A learner's first commit.
fn change(learner: u8) -> Change {
    let (registration, session) =
        (RegistrationId::from_bytes([learner; 16]), SessionId::from_bytes([learner; 16]));
    let mut row = LogRow {
        n: 1,
        session,
        link: 1,
        from_seq: 1,
        to_seq: 1,
        entry_count: 1,
        differences: 0,
        arrived_at: 1,
        client_clock: None,
        ip: None,
        user_agent: None,
        entries: vec![b'x'; 5_000],
        state_hash: [1; 8],
        client_state_hash: None,
        salt: None,
        entries_digest: [0; 32],
        origin_digest: [0; 32],
        previous_hash: [0; 32],
        hash: [0; 32],
    };
    chain::seal(registration, None, &mut row);
    let session = SessionUpdate { id: session, last_seen_at: 1, durable_to: 1, executed_to: 1, ended: None };
    Change {
        registration,
        revision: 2,
        attempt: AttemptId::from_bytes([learner; 16]),
        session: Some(session),
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
        shared: vec![],
        now: 1,
    }
}

/// Stores them as one group; answers each one's outcome, and how many were done singly.
fn together(
    url: &str,
    changes: Vec<Change>,
    faults: Option<Arc<dyn Faults>>,
) -> (Vec<Result<(), DbError>>, usize) {
    let server = Arc::new(Server::new(url, 0, Arc::default()).unwrap());
    let ((waiting, group), (apart, alone)) = (channel(), channel());
    let mut answers = Vec::new();
    for change in changes {
        let (storing, answer) = Storing::new(T, Box::new(change), None);
        waiting.send(storing).unwrap();
        answers.push(answer);
    }
    drop(waiting);
    Gatherer::new(Worker::new(Arc::clone(&server), Mode::Write, faults.clone()), apart)
        .serve(&Mutex::new(group));
    let jobs: Vec<_> = alone.iter().collect();
    let singly = jobs.len();
    let (again, queue) = channel();
    jobs.into_iter().for_each(|job| again.send(job).unwrap_or_default());
    drop(again);
    Worker::new(server, Mode::Write, faults).serve(&Mutex::new(queue));
    (answers.into_iter().map(|answer| answer.wait().map(drop)).collect(), singly)
}

/// Whose commit is there.
fn stored(db: &Db) -> Vec<u8> {
    let all = db.read(|tx| {
        let mut all = Vec::new();
        for n in 0..LEARNERS {
            if !commits::list(T, tx, AttemptId::from_bytes([n; 16]), 0, 10)?.is_empty() {
                all.push(n);
            }
        }
        Ok(all)
    });
    all.wait().unwrap()
}

#[test]
fn what_waits_is_one_transaction() {
    let Some(url) = fresh_schema() else { return };
    let db = prepare(&url);
    let (outcomes, singly) = together(&url, (0..5).rev().map(change).collect(), None);
    assert_eq!((outcomes, singly), (vec![Ok(()); 5], 0));
    assert_eq!(stored(&db), [0, 1, 2, 3, 4]);
    let transactions = db.read(|tx| {
        tx.first("SELECT COUNT(DISTINCT CAST(xmin AS TEXT)) FROM commit_log", &[], |row| row.int(0))
    });
    assert_eq!(transactions.wait(), Ok(Some(1)));
}

#[test]
fn a_commit_that_fails_takes_no_other_with_it() {
    let Some(url) = fresh_schema() else { return };
    let db = prepare(&url);
    let mut changes: Vec<_> = (0..5).map(change).collect();
    // Another server was faster; and there is no such attempt.
    changes[1].revision = 1;
    changes[3].attempt = AttemptId::from_bytes([99; 16]);
    let (outcomes, singly) = together(&url, changes, None);
    assert_eq!(singly, 5);
    assert_eq!(outcomes, [Ok(()), Err(DbError::Conflict), Ok(()), Err(DbError::Conflict), Ok(())]);
    assert_eq!(stored(&db), [0, 2, 4]);
    // The same number twice: a failure of a statement, after which PostgreSQL takes no other.
    let (mut again, mut next) = (change(0), change(7));
    again.revision = 3;
    next.add_pending = vec![(9, vec![9])];
    let (outcomes, _) = together(&url, vec![again, next], None);
    assert!(matches!(outcomes[..], [Err(DbError::Constraint(_)), Ok(())]), "{outcomes:?}");
    assert_eq!(stored(&db), [0, 2, 4, 7]);
    let waiting = db.read(|tx| commits::pending(T, tx, SessionId::from_bytes([7; 16])));
    assert_eq!(waiting.wait(), Ok(vec![(9, vec![9])]));
}

/// Does something once at a given step.
struct At<F>(WritePoint, Mutex<Option<F>>);

impl<F: FnOnce() -> Result<(), DbError> + Send> Faults for At<F> {
    fn at(&self, point: WritePoint) -> Result<(), DbError> {
        let planned = if point == self.0 { self.1.lock().take() } else { None };
        planned.map_or(Ok(()), |happens| happens())
    }
}

#[test]
fn a_step_that_fails_is_told_to_all() {
    for (point, is_told, is_stored) in [
        (WritePoint::Begin, true, false),
        // Before any statement: each is tried by itself.
        (WritePoint::Job, false, true),
        (WritePoint::Commit, true, false),
        (WritePoint::Committed, true, true),
    ] {
        let Some(url) = fresh_schema() else { return };
        let db = prepare(&url);
        let happens = || Err(DbError::Io("planned".into()));
        let faults = Arc::new(At(point, Mutex::new(Some(happens))));
        let (outcomes, _) = together(&url, (0..3).map(change).collect(), Some(faults));
        for outcome in outcomes {
            let is_planned = outcome.as_ref().is_err_and(|e| e.to_string().contains("planned"));
            assert_eq!((is_planned, outcome.is_err()), (is_told, is_told), "{point:?}: {outcome:?}");
        }
        assert_eq!(stored(&db).len(), if is_stored { 3 } else { 0 }, "{point:?}");
    }
}

#[test]
fn a_connection_that_breaks_in_between_is_told_to_all() {
    let folder = tempfile::tempdir().unwrap();
    let Some(cluster) = Cluster::private(folder.path()) else { return };
    let cluster = Arc::new(cluster);
    let db = prepare(&cluster.url());
    for point in [WritePoint::Job, WritePoint::Commit] {
        let server = Arc::clone(&cluster);
        let happens = move || {
            server.kill();
            Ok(())
        };
        let faults = Arc::new(At(point, Mutex::new(Some(happens))));
        let (outcomes, singly) = together(&cluster.url(), (0..3).map(change).collect(), Some(faults));
        assert_eq!(singly, 0, "{point:?}: what cannot be known is not done again here");
        for outcome in outcomes {
            let is_unknown = matches!(outcome, Err(DbError::Unknown(_)));
            assert_eq!(is_unknown, point == WritePoint::Commit, "{outcome:?}");
            assert!(outcome.as_ref().is_err_and(DbError::is_trouble), "{outcome:?}");
        }
        cluster.start();
        let db = connect(&cluster.url());
        assert_eq!(stored(&db), [] as [u8; 0], "{point:?}");
    }
    let (outcomes, _) = together(&cluster.url(), (0..3).map(change).collect(), None);
    assert_eq!(outcomes, vec![Ok(()); 3]);
    drop(db);
    cluster.kill();
}

#[test]
fn servers_that_meet_on_the_same_registrations_take_turns() {
    let Some(url) = fresh_schema() else { return };
    let db = prepare(&url);
    let server = |order: Vec<u8>| {
        let url = url.clone();
        std::thread::spawn(move || {
            let outcomes = together(&url, order.iter().copied().map(change).collect(), None).0;
            order.into_iter().zip(outcomes).collect::<Vec<_>>()
        })
    };
    let both = [server((0..LEARNERS).collect()), server((0..LEARNERS).rev().collect())];
    let all: Vec<_> = both.into_iter().flat_map(|server| server.join().unwrap()).collect();
    for n in 0..LEARNERS {
        let outcomes: Vec<_> = all.iter().filter(|(of, _)| *of == n).map(|(_, outcome)| outcome).collect();
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let lost = outcomes.iter().filter(|outcome| ***outcome == Err(DbError::Conflict)).count();
        assert_eq!((won, lost), (1, 1), "{n}: {outcomes:?}");
    }
    assert_eq!(stored(&db).len(), usize::from(LEARNERS));
}

#[test]
fn one_that_waits_for_a_row_does_not_hold_up_the_others() {
    let Some(url) = fresh_schema() else { return };
    let db = prepare(&url);
    let ((held, is_held), (go, wait)) = (channel(), channel::<()>());
    let holder = db.write(move |tx| {
        tx.exec("UPDATE registration SET revision = revision WHERE id = $1", &[(&[3_u8; 16]).into()])?;
        held.send(()).unwrap();
        wait.recv().map_err(|_| DbError::Closed)
    });
    is_held.recv().unwrap();
    let mut answers: Vec<_> = (0..LEARNERS).map(|n| Some(db.store(T, Box::new(change(n)), None))).collect();
    let waiting = answers[3].take().unwrap();
    for answer in answers.into_iter().flatten() {
        answer.wait().unwrap();
    }
    go.send(()).unwrap();
    holder.wait().unwrap();
    waiting.wait().unwrap();
    assert_eq!(stored(&db).len(), usize::from(LEARNERS));
}
