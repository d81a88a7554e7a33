//! What the spool promises: what it took is there after a crash, in order, and gone when it is replayed.

use lyceum_attempt::entry::{Call, Entry};
use lyceum_store::Tenant;

use super::refused::REFUSED;
use super::*;
use crate::commit::{Caller, CommitRequest};
use crate::environment::SystemRandom;

fn record(registration: u8, seqs: std::ops::RangeInclusive<u64>) -> Record {
    let session = SessionId::from_bytes([registration; 16]);
    let entries = seqs.map(|seq| Entry {
        seq,
        at: 7,
        activity: "a".into(),
        call: Call::Set,
        element: "e".into(),
        value: "\u{0}\u{1F600}".into(),
        error: 0,
        flags: 0,
        result: String::new(),
        seeds: Vec::new(),
        sequencing: None,
    });
    Record {
        tenant: Tenant::DEFAULT,
        registration: RegistrationId::from_bytes([registration; 16]),
        session,
        arrived_at: 1_000,
        from: Caller { ip: Some([127, 0, 0, 1].into()), user_agent: Some("browser".into()) },
        request: CommitRequest {
            session: session.to_string(),
            from_seq: None,
            confirmed: None,
            entries: entries.collect(),
            client_clock: Some(5),
            state_hash: None,
        },
    }
}

fn open(root: &Path, now: Millis) -> Spool {
    Spool::open(root, now, &SystemRandom, None).unwrap()
}

fn numbers(spool: &Spool) -> Vec<(u64, u8, u64)> {
    let read = spool.first(64).into_iter();
    read.map(|(id, record)| {
        let record = record.unwrap();
        (id, record.registration.as_bytes()[0], record.request.entries[0].seq)
    })
    .collect()
}

/// A session's name is no secret: somebody with a token of her own must not make its page forget what nobody has.
#[test]
fn what_others_say_of_a_session_is_not_told_to_its_page() {
    let root = tempfile::tempdir().unwrap();
    let spool = open(root.path(), 1);
    let own = record(1, 4..=4);
    let foreign = Record { session: own.session, ..record(2, 5..=9) };
    spool.append(&foreign, 8).unwrap();
    assert_eq!(spool.append(&own, 3).unwrap(), (4, vec![]));
    // Nor does it lose what is known of it.
    spool.append(&record(1, 6..=6), 0).unwrap();
    let (id, _) = spool.first_of(foreign.registration).unwrap();
    spool.done(id);
    assert_eq!(spool.append(&record(1, 7..=7), 0).unwrap(), (4, vec![[5, 5]]));
}

#[test]
fn what_was_accepted_is_there_after_a_crash_and_comes_first() {
    let root = tempfile::tempdir().unwrap();
    let spool = open(root.path(), 1);
    assert_eq!(spool.append(&record(1, 1..=3), 0).unwrap(), (3, vec![]));
    assert_eq!(spool.append(&record(2, 8..=9), 5).unwrap(), (5, vec![[6, 7]]));
    assert_eq!(spool.append(&record(1, 4..=4), 0).unwrap(), (4, vec![]));
    assert!(spool.holds(record(1, 1..=1).registration) && !spool.holds(record(3, 1..=1).registration));
    let status = spool.status(3_500);
    assert_eq!((status.length, status.age_ms), (3, 2_500));
    // While it lives nobody takes it over.
    let other = open(root.path(), 2);
    assert!(other.is_empty());
    // It crashes: its lock goes, its files stay.
    drop(spool);
    other.append(&record(1, 5..=5), 0).unwrap();
    other.adopt().unwrap();
    drop(other);
    let next = open(root.path(), 3);
    let first = numbers(&next);
    assert_eq!(first.iter().map(|(_, r, seq)| (*r, *seq)).collect::<Vec<_>>(), [(1, 1), (2, 8)]);
    assert_eq!(next.first(1)[0].1.as_ref().unwrap().from.user_agent.as_deref(), Some("browser"));
    let mut order = Vec::new();
    while let Some((id, registration, seq)) = numbers(&next).first().copied() {
        order.push((registration, seq));
        next.done(id);
    }
    assert_eq!(order, [(1, 1), (2, 8), (1, 4), (1, 5)]);
    assert!(next.is_empty() && !next.holds(record(1, 1..=1).registration));
    drop(next);
    let left: Vec<_> = fs::read_dir(root.path()).unwrap().flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["lock"], "what was replayed is gone");
}

#[test]
fn a_record_that_is_being_written_keeps_its_file() {
    let root = tempfile::tempdir().unwrap();
    let spool = Arc::new(open(root.path(), 1));
    let writers: Vec<_> = (1..=8_u8)
        .map(|n| {
            let spool = Arc::clone(&spool);
            std::thread::spawn(move || {
                for seq in 1..=40 {
                    assert_eq!(spool.append(&record(n, seq..=seq), seq - 1).unwrap().0, seq);
                }
            })
        })
        .collect();
    let mut seen: HashMap<u8, u64> = HashMap::new();
    let mut replay = || {
        let first = numbers(&spool);
        for (id, registration, seq) in &first {
            assert_eq!(seen.insert(*registration, *seq).unwrap_or(0) + 1, *seq, "in order, and none lost");
            spool.done(*id);
        }
        first.len()
    };
    let mut replayed = 0;
    while replayed < 8 * 40 {
        replayed += replay();
        std::thread::yield_now();
    }
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    assert!(spool.is_empty());
}

#[test]
fn a_torn_tail_is_no_record_and_what_is_refused_is_kept_for_people() {
    let root = tempfile::tempdir().unwrap();
    let spool = open(root.path(), 1);
    spool.append(&record(1, 1..=1), 0).unwrap();
    spool.append(&record(1, 2..=2), 0).unwrap();
    let file = spool.index.lock().queue[0].place.file().to_owned();
    drop(spool);
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 3]).unwrap();
    let spool = open(root.path(), 2);
    assert_eq!(spool.status(0).length, 1);
    spool.refuse(&record(1, 1..=1), "no such session").unwrap();
    let refused = fs::read_to_string(root.path().join(REFUSED)).unwrap();
    assert!(refused.contains("no such session") && refused.contains("\"seq\":1"), "{refused}");
}

#[test]
fn a_file_stays_until_every_record_in_it_is_replayed_whatever_their_order() {
    let root = tempfile::tempdir().unwrap();
    let spool = open(root.path(), 1);
    let mut large = record(1, 1..=1);
    large.request.entries[0].value = "x".repeat(files::SEGMENT_BYTES as usize);
    let small = record(2, 1..=1);
    let other = record(3, 1..=1);
    // Written one after the other, into two files; the thread of the first one is the last one to get on.
    let places = [&large, &small, &other].map(|of| spool.segments.append(&of.to_bytes()).unwrap());
    assert!(places[0].file() != places[1].file() && places[1].file() == places[2].file());
    let [first, second, third] = places;
    spool.index.lock().add(second, &small);
    spool.index.lock().add(third, &other);
    spool.index.lock().add(first, &large);
    let waiting = numbers(&spool);
    assert_eq!(waiting.iter().map(|(_, r, _)| *r).collect::<Vec<_>>(), [2, 3, 1]);
    for (done, (id, ..)) in waiting.iter().enumerate() {
        spool.done(*id);
        assert_eq!(numbers(&spool), waiting[done + 1..], "each is on disk until the database has it");
    }
    let left = fs::read_dir(&spool.own).unwrap().flatten().filter(|entry| entry.file_name() != LOCK);
    assert_eq!(left.count(), 0, "what was replayed is gone");
}

#[test]
fn of_an_erased_learner_a_refused_record_keeps_only_that_it_was_there() {
    let root = tempfile::tempdir().unwrap();
    let spool = open(root.path(), 1);
    let path = root.path().join(REFUSED);
    let (hers, others) = (record(1, 1..=2), record(2, 1..=2));
    assert_eq!(spool.forget_refused(&[hers.registration]).unwrap(), 0, "there is no such file");
    spool.refuse(&hers, "no such session").unwrap();
    spool.refuse(&others, "no such session").unwrap();
    let whole = fs::read_to_string(&path).unwrap();
    let (first, second) = whole.split_once('\n').unwrap();
    // A crash tore the last line in the middle of her values.
    fs::write(&path, format!("{whole}{}", &first[..first.len() - 40])).unwrap();
    assert_eq!(spool.forget_refused(&[hers.registration]).unwrap(), 2);
    assert_eq!(spool.forget_refused(&[hers.registration]).unwrap(), 0, "twice is as good as once");
    spool.refuse_erased(&hers).unwrap();
    let kept = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = kept.lines().collect();
    assert_eq!(lines.len(), 4, "{kept}");
    assert_eq!(lines[1], second.trim_end(), "what is another's stays as it was");
    for (n, entries) in [(0, Some(2)), (2, None), (3, Some(2))] {
        let told: serde_json::Value = serde_json::from_str(lines[n]).unwrap();
        assert_eq!(told["record"]["registration"], hers.registration.to_string());
        assert_eq!(told["record"]["entries"].as_u64(), entries);
        assert!(!lines[n].contains("browser") && !lines[n].contains('\u{1F600}'), "{}", lines[n]);
    }
}

#[test]
fn a_refused_record_behind_a_torn_line_is_a_line_of_its_own() {
    let root = tempfile::tempdir().unwrap();
    let spool = open(root.path(), 1);
    let path = root.path().join(REFUSED);
    spool.refuse(&record(1, 1..=1), "no such session").unwrap();
    let whole = fs::read(&path).unwrap();
    for torn in [1, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, [&whole, &whole[..torn]].concat()).unwrap();
        spool.refuse(&record(2, 1..=2), "no such attempt").unwrap();
        let kept = fs::read(&path).unwrap();
        let lines: Vec<&[u8]> = kept.trim_ascii_end().split(|byte| *byte == b'\n').collect();
        let told: serde_json::Value = serde_json::from_slice(lines[lines.len() - 1]).expect("a record");
        assert_eq!((&told["refused"], lines.len()), (&"no such attempt".into(), 3), "{torn}");
    }
}
