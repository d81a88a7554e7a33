//! The store's functions on the way a commit goes: registration, attempt, session, journal.

use std::path::Path;

use lyceum_attempt::summary::{Completion, Score, Success, Summary};
use lyceum_store::attempts::{EndedBy, Session};
use lyceum_store::chain::OpeningDigest;
use lyceum_store::commits::{Change, LogRow, SessionUpdate};
use lyceum_store::courses::{Verified, Version};
use lyceum_store::registrations::{Filter, Learner};
use lyceum_store::{
    AttemptId, CourseId, Db, DbError, LearnerId, RegistrationId, SessionId, Tenant, attempts, chain, commits,
    courses, keys, registrations,
};

use super::open;

const T: Tenant = Tenant::DEFAULT;
const COURSE: CourseId = CourseId::from_bytes([1; 16]);
const LEARNER: LearnerId = LearnerId::from_bytes([2; 16]);
const REGISTRATION: RegistrationId = RegistrationId::from_bytes([3; 16]);
const ATTEMPT: AttemptId = AttemptId::from_bytes([4; 16]);
const SESSION: SessionId = SessionId::from_bytes([5; 16]);

fn version(n: u32) -> Version {
    Version {
        course: COURSE,
        version: n,
        digest: [n as u8; 32],
        object_key: format!("{n}.zip"),
        size: 10,
        standard: "SCORM_12".into(),
        model: "{}".into(),
        report: "{}".into(),
        imported_at: i64::from(n),
        verified: Verified::Pending,
        damage: None,
    }
}

/// A course, a learner on it, a first attempt with an open session.
fn prepared(folder: &Path) -> Db {
    let db = open(folder);
    db.write(|tx| {
        courses::insert(T, tx, COURSE, "Course", 1)?;
        courses::insert_version(T, tx, "Course", &version(1))?;
        let new = Learner { id: LEARNER, external_id: "ada".into(), name: "Ada".into() };
        registrations::ensure_learner(T, tx, &new, 1)?;
        registrations::ensure(T, tx, REGISTRATION, (COURSE, 1), LEARNER, 1)?;
        attempts::insert(T, tx, ATTEMPT, REGISTRATION, 0, 2)?;
        attempts::insert_session(T, tx, REGISTRATION, 1, &session())
    })
    .wait()
    .unwrap();
    db
}

fn session() -> Session {
    Session {
        id: SESSION,
        attempt: ATTEMPT,
        ordinal: 1,
        opening: "{}".into(),
        page: "p".into(),
        opened_at: 3,
        last_seen_at: 3,
        ended: None,
        durable_to: 0,
        executed_to: 0,
    }
}

fn row(n: u64, previous: [u8; 32]) -> LogRow {
    let mut row = LogRow {
        n,
        session: SESSION,
        link: n,
        from_seq: n,
        to_seq: n,
        entry_count: 1,
        differences: 0,
        arrived_at: 100 + n as i64,
        client_clock: Some(99),
        ip: Some("127.0.0.1".into()),
        user_agent: None,
        entries: vec![1, n as u8],
        state_hash: [n as u8; 8],
        client_state_hash: None,
        salt: Some([7; 16]),
        entries_digest: [0; 32],
        origin_digest: [0; 32],
        previous_hash: previous,
        hash: [0; 32],
    };
    chain::seal(REGISTRATION, Some(OpeningDigest::of("{}")), &mut row);
    row
}

fn summary() -> Summary {
    Summary {
        completion: Completion::Completed,
        success: Success::Passed,
        score: Score {
            scaled: Some("0.8".into()),
            raw: Some("80".into()),
            min: None,
            max: Some("100".into()),
        },
        progress: Some(10_000),
        total_time: 1_234,
        measured_time: 2_345,
        first_access: Some(3),
        last_access: Some(103),
        overridden: false,
    }
}

fn change(revision: u64, row: LogRow) -> Change {
    Change {
        registration: REGISTRATION,
        revision,
        attempt: ATTEMPT,
        session: Some(SessionUpdate {
            id: SESSION,
            last_seen_at: row.arrived_at,
            durable_to: row.to_seq,
            executed_to: row.to_seq,
            ended: None,
        }),
        session_floor: 1,
        completed_at: None,
        satisfied_at: None,
        attempt_ended_at: None,
        log: Some(row),
        snapshot: None,
        attempt_summary: summary(),
        registration_summary: summary(),
        add_pending: vec![],
        drop_pending_to: None,
        disputed: vec![],
        shared: vec![],
        now: 100,
    }
}

#[test]
fn a_commit_moves_journal_summaries_and_chain_together() {
    let folder = tempfile::tempdir().unwrap();
    let db = prepared(folder.path());
    let first = row(1, [0; 32]);
    let second = row(2, first.hash);
    let mut changes = [change(2, first.clone()), change(3, second.clone())];
    changes[0].add_pending = vec![(5, vec![5]), (4, vec![4]), (9, vec![9])];
    changes[1].drop_pending_to = Some(5);
    changes[1].disputed = vec![(1, vec![1]), (1, vec![2])];
    changes[1].snapshot = Some(b"state".to_vec());
    changes[1].attempt_ended_at = Some(102);
    changes[1].session.as_mut().expect("a session").ended = Some((102, EndedBy::Suspend));
    for change in changes {
        db.write(move |tx| commits::store(T, tx, &change)).wait().unwrap();
    }
    db.read(move |tx| {
        let registration = registrations::find(T, tx, REGISTRATION)?.unwrap();
        assert_eq!(registration.summary, summary());
        assert_eq!((registration.revision, registration.attempts, registration.chain_length), (4, 1, 2));
        assert_eq!(registration.chain_head, second.hash);
        let attempt = attempts::list(T, tx, REGISTRATION)?.remove(0);
        assert_eq!((attempt.commits, attempt.sessions, attempt.journal_bytes), (2, 1, 4 + 3 + 2));
        assert_eq!((attempt.unsnapped_bytes, attempt.snapshot_bytes, attempt.ended_at), (0, 5, Some(102)));
        assert_eq!(attempts::snapshot_until(T, tx, ATTEMPT, u64::MAX)?, Some((2, b"state".to_vec())));
        let session = attempts::sessions(T, tx, ATTEMPT)?.remove(0);
        assert_eq!((session.durable_to, session.last_seen_at), (2, 102));
        assert_eq!(session.ended, Some((102, EndedBy::Suspend)));
        assert_eq!(commits::pending(T, tx, SESSION)?, [(9, vec![9])]);
        assert_eq!(commits::disputed(T, tx, SESSION)?, [(1, vec![1]), (1, vec![2])]);
        assert_eq!(commits::entries_after(T, tx, ATTEMPT, 1, 10)?, [(2, 1, vec![1, 2])]);
        assert_eq!(commits::entries_within(T, tx, (ATTEMPT, SESSION), 0, (1, 1))?, [vec![1, 1]]);
        assert_eq!(commits::list(T, tx, ATTEMPT, 0, 10)?, [first, second]);
        Ok(())
    })
    .wait()
    .unwrap();
}

#[test]
fn a_change_computed_from_old_records_is_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    let db = prepared(folder.path());
    let first = row(1, [0; 32]);
    let stale = change(2, row(2, first.hash));
    db.write({
        let change = change(2, first);
        move |tx| commits::store(T, tx, &change)
    })
    .wait()
    .unwrap();
    assert_eq!(db.write(move |tx| commits::store(T, tx, &stale)).wait(), Err(DbError::Conflict));
    let stale = Session { id: SessionId::from_bytes([6; 16]), ordinal: 2, ..session() };
    assert_eq!(
        db.write(move |tx| attempts::insert_session(T, tx, REGISTRATION, 2, &stale)).wait(),
        Err(DbError::Conflict)
    );
    let rows = db.read(|tx| commits::list(T, tx, ATTEMPT, 0, 10)).wait().unwrap();
    assert_eq!(rows.len(), 1);
}

#[test]
fn the_chain_shows_every_alteration_and_survives_erasure() {
    let sealed = row(2, [9; 32]);
    let opening = Some(OpeningDigest::of("{}"));
    assert!(chain::verifies(REGISTRATION, &[9; 32], opening, &sealed));
    type Alteration = (&'static str, fn(&mut LogRow));
    let alterations: [Alteration; 12] = [
        ("n", |r| r.n = 3),
        ("link", |r| r.link = 3),
        ("from_seq", |r| r.from_seq = 1),
        ("to_seq", |r| r.to_seq = 3),
        ("session", |r| r.session = SessionId::from_bytes([0; 16])),
        ("arrived_at", |r| r.arrived_at += 1),
        ("client_clock", |r| r.client_clock = None),
        ("ip", |r| r.ip = None),
        ("user_agent", |r| r.user_agent = Some("x".into())),
        ("entries", |r| r.entries.push(0)),
        ("state_hash", |r| r.state_hash[0] ^= 1),
        ("client_state_hash", |r| r.client_state_hash = Some([0; 8])),
    ];
    for (field, alter) in alterations {
        let mut altered = sealed.clone();
        alter(&mut altered);
        assert!(!chain::verifies(REGISTRATION, &[9; 32], opening, &altered), "{field}");
    }
    assert!(!chain::verifies(REGISTRATION, &[8; 32], opening, &sealed), "another predecessor");
    let other = RegistrationId::from_bytes([0; 16]);
    assert!(!chain::verifies(other, &[9; 32], opening, &sealed), "another registration");
    for forged in [None, Some(OpeningDigest::of(r#"{"learner":"eve"}"#))] {
        assert!(!chain::verifies(REGISTRATION, &[9; 32], forged, &sealed), "another opening");
    }
    let mut before_that = sealed.clone();
    chain::seal(REGISTRATION, None, &mut before_that);
    assert!(
        chain::verifies(REGISTRATION, &[9; 32], opening, &before_that),
        "a row from before openings were covered"
    );
    let mut erased = sealed;
    (erased.salt, erased.ip, erased.entries) = (None, None, vec![]);
    assert!(chain::verifies(REGISTRATION, &[9; 32], Some(OpeningDigest::of("{}")), &erased));
}

#[test]
fn courses_have_versions_and_the_same_bytes_are_the_same_version() {
    let folder = tempfile::tempdir().unwrap();
    let db = prepared(folder.path());
    let again = db.write(|tx| courses::insert_version(T, tx, "Again", &version(1))).wait();
    assert_eq!(again, Err(DbError::Conflict));
    db.write(|tx| courses::insert_version(T, tx, "Second", &version(2))).wait().unwrap();
    db.write(|tx| courses::set_verified(T, tx, (COURSE, 2), Some("[\"a.html\"]"), 9)).wait().unwrap();
    db.read(|tx| {
        assert_eq!(courses::version_by_digest(T, tx, &[2; 32])?, Some((COURSE, 2)));
        assert_eq!(courses::version_by_digest(Tenant(2), tx, &[2; 32])?, None);
        assert!(courses::is_used(tx, &[1; 32])? && !courses::is_used(tx, &[3; 32])?);
        assert_eq!(courses::unverified(T, tx)?, [(COURSE, 1, "1.zip".to_owned())]);
        let second = courses::version(T, tx, COURSE, 2)?.unwrap();
        assert_eq!((second.verified, second.damage.as_deref()), (Verified::Damaged, Some("[\"a.html\"]")));
        let course = courses::find(T, tx, COURSE)?.unwrap();
        assert_eq!((course.title.as_str(), course.version, course.registrations), ("Second", 2, 1));
        assert_eq!(courses::list(T, tx)?, [course]);
        assert_eq!(courses::find(Tenant(2), tx, COURSE)?, None);
        Ok(())
    })
    .wait()
    .unwrap();
}

#[test]
fn a_learner_has_one_registration_on_a_course() {
    let folder = tempfile::tempdir().unwrap();
    let db = prepared(folder.path());
    let other = RegistrationId::from_bytes([30; 16]);
    let found =
        db.write(move |tx| registrations::ensure(T, tx, other, (COURSE, 1), LEARNER, 5)).wait().unwrap();
    assert_eq!(found, (REGISTRATION, false));
    let twin =
        Learner { id: LearnerId::from_bytes([20; 16]), external_id: "ada".into(), name: "Other".into() };
    let found = db.write(move |tx| registrations::ensure_learner(T, tx, &twin, 5)).wait().unwrap();
    assert_eq!((found.id, found.name.as_str()), (LEARNER, "Ada"));
    db.read(move |tx| {
        let (all, of_course) = (Filter::default(), Filter { course: Some(COURSE), learner: None });
        let of_nobody = Filter { course: None, learner: Some("nobody".to_owned()) };
        assert_eq!(registrations::list(T, tx, &all, None, 10)?.len(), 1);
        assert_eq!(registrations::list(T, tx, &of_nobody, None, 10)?.len(), 0);
        assert_eq!(registrations::list(T, tx, &of_course, Some(other), 10)?.len(), 1);
        assert_eq!(registrations::list(T, tx, &of_course, Some(REGISTRATION), 10)?.len(), 0);
        assert_eq!(registrations::list(Tenant(2), tx, &all, None, 10)?.len(), 0);
        assert_eq!(registrations::find(Tenant(2), tx, REGISTRATION)?, None);
        Ok(())
    })
    .wait()
    .unwrap();
}

#[test]
fn silent_sessions_are_found_until_they_end() {
    let folder = tempfile::tempdir().unwrap();
    let db = prepared(folder.path());
    let silent =
        |cutoff: i64| db.read(move |tx| attempts::silent_sessions(T, tx, cutoff, 10)).wait().unwrap();
    assert_eq!(silent(3), []);
    assert_eq!(silent(4), [(REGISTRATION, SESSION)]);
    db.write(|tx| attempts::seen(T, tx, SESSION, 50)).wait().unwrap();
    db.write(|tx| attempts::seen(T, tx, SESSION, 40)).wait().unwrap();
    assert_eq!((silent(50), silent(51)), (vec![], vec![(REGISTRATION, SESSION)]));
    let mut ending = change(2, row(1, [0; 32]));
    ending.session.as_mut().expect("a session").ended = Some((60, EndedBy::Lease));
    db.write(move |tx| commits::store(T, tx, &ending)).wait().unwrap();
    assert_eq!(silent(1_000), []);
    let found = db.read(|tx| attempts::find_session(T, tx, SESSION)).wait().unwrap().unwrap();
    assert_eq!(
        (found.registration, found.is_superseded, found.session.attempt),
        (REGISTRATION, false, ATTEMPT)
    );
    assert_eq!(found.session.ended, Some((60, EndedBy::Lease)));
    assert_eq!(db.read(|tx| attempts::find_session(Tenant(2), tx, SESSION)).wait().unwrap(), None);
}

#[test]
fn keys_are_found_by_digest_until_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path());
    let id = lyceum_store::KeyId::from_bytes([8; 16]);
    db.write(move |tx| keys::insert(T, tx, id, "backup", &[1; 32], 5)).wait().unwrap();
    db.write(move |tx| keys::used(T, tx, id, 6)).wait().unwrap();
    let (tenant, key) = db.read(|tx| keys::by_digest(tx, &[1; 32])).wait().unwrap().unwrap();
    assert_eq!((tenant, key.name.as_str(), key.last_used_at), (T, "backup", Some(6)));
    assert_eq!(db.read(|tx| keys::by_digest(tx, &[2; 32])).wait().unwrap(), None);
    assert!(!db.write(move |tx| keys::revoke(Tenant(2), tx, id, 7)).wait().unwrap());
    assert!(db.write(move |tx| keys::revoke(T, tx, id, 7)).wait().unwrap());
    assert!(!db.write(move |tx| keys::revoke(T, tx, id, 8)).wait().unwrap());
    assert_eq!(db.read(|tx| keys::by_digest(tx, &[1; 32])).wait().unwrap(), None);
    assert_eq!(db.read(|tx| keys::list(T, tx)).wait().unwrap()[0].revoked_at, Some(7));
}

#[test]
fn ids_read_back_what_they_print() {
    let id: SessionId = "01020304-0506-7708-890a-0b0c0d0e0f10".parse().unwrap();
    assert_eq!(id.to_string(), "01020304-0506-7708-890a-0b0c0d0e0f10");
    assert_eq!(id.to_label(), "0102030405067708890a0b0c0d0e0f10");
    assert!("nonsense".parse::<SessionId>().unwrap_err().to_string().contains("is no id"));
}
