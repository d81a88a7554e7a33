//! The cache of inflated files on disk, and that of small files in memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};

use bytes::Bytes;
use lyceum_archive::{CourseObject, Damage, Digest, Form, Inflated, ReadError, Request, SmallFiles, Source};

use crate::support::{Item, Zip, named, prose};

fn course(items: impl IntoIterator<Item = Item>) -> Arc<CourseObject> {
    let zip = Zip::of(items);
    let (digest, _) = Digest::of(&zip.bytes()[..]).unwrap();
    Arc::new(CourseObject::new(digest, zip.open().unwrap()))
}

/// A course of `count` files of 1,000 bytes, `0.txt` and so on.
fn pages(count: usize) -> Arc<CourseObject> {
    course((0..count).map(|n| Item::deflated(format!("{n}.txt"), &prose(1_000 + n)[n..])))
}

fn content(file: &Source) -> Vec<u8> {
    let mut content = vec![0; file.len() as usize];
    file.read_exact_at(&mut content, 0).unwrap();
    content
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

fn fetch(cache: &Arc<Inflated>, course: &Arc<CourseObject>, name: &str) -> Vec<u8> {
    content(&cache.file(course, named(course, name)).unwrap().unwrap())
}

#[test]
fn a_file_is_inflated_once_and_read_by_position() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Inflated::open(folder.path(), 1 << 20).unwrap();
    let course = pages(2);
    assert_eq!(fetch(&cache, &course, "0.txt"), prose(1_000));
    let id = named(&course, "0.txt");
    let Request::Ready(file) = cache.request(&course, id, |_| panic!("ready")) else { panic!("not ready") };
    let mut part = [0; 10];
    file.read_exact_at(&mut part, 500).unwrap();
    assert_eq!(part, prose(1_000)[500..510]);
    assert_eq!((files(folder.path()).len(), cache.bytes()), (1, 1_000));
}

#[test]
fn everybody_waits_for_one_job() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Inflated::open(folder.path(), 1 << 20).unwrap();
    let course = pages(1);
    let id = named(&course, "0.txt");
    let (tell, told) = channel();
    let ask = || {
        let tell = tell.clone();
        cache.request(&course, id, move |result| tell.send(result.map(|f| f.len()).ok()).unwrap())
    };
    let Request::Fill(job) = ask() else { panic!("the first one works") };
    for _ in 0..3 {
        assert!(matches!(ask(), Request::Waiting));
    }
    assert!(told.try_recv().is_err());
    job.run();
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [Some(1_000); 4]);
    assert!(matches!(ask(), Request::Ready(_)));
}

#[test]
fn a_dropped_job_fails_for_everybody_and_can_be_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Inflated::open(folder.path(), 1 << 20).unwrap();
    let course = pages(1);
    let id = named(&course, "0.txt");
    let (tell, told) = channel();
    let job = cache.request(&course, id, move |result| tell.send(result.is_err()).unwrap());
    drop(job);
    assert_eq!(told.recv(), Ok(true));
    assert_eq!(fetch(&cache, &course, "0.txt"), prose(1_000));
}

#[test]
fn many_threads_get_the_right_files() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Inflated::open(folder.path(), 6_000).unwrap();
    let course = pages(10);
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (cache, course, start) = (&cache, &course, &start);
            scope.spawn(move || {
                start.wait();
                for round in 0..100 {
                    let n = (round * 7 + thread) % 10;
                    assert!(fetch(cache, course, &format!("{n}.txt")) == prose(1_000 + n)[n..], "{n}");
                }
            });
        }
    });
    assert!(cache.bytes() <= 6_000);
    assert!(files(folder.path()).iter().all(|f| !f.to_string_lossy().contains("part-")));
}

#[test]
fn the_files_not_used_for_longest_make_room() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Inflated::open(folder.path(), 3_500).unwrap();
    let course = pages(5);
    let names = |ns: &[u32]| -> Vec<PathBuf> {
        ns.iter().map(|n| folder.path().join(course.digest().to_string()).join(n.to_string())).collect()
    };
    for name in ["0.txt", "1.txt", "2.txt", "0.txt", "3.txt"] {
        fetch(&cache, &course, name);
    }
    assert_eq!((files(folder.path()), cache.bytes()), (names(&[0, 2, 3]), 3_000));
    // One that is being read stays readable although it makes room.
    let held = cache.file(&course, named(&course, "2.txt")).unwrap().unwrap();
    for name in ["0.txt", "3.txt", "4.txt", "1.txt"] {
        fetch(&cache, &course, name);
    }
    assert_eq!(files(folder.path()), names(&[1, 3, 4]));
    assert_eq!(content(&held), prose(1_002)[2..]);
    cache.remove_course(&course.digest());
    assert_eq!((files(folder.path()), cache.bytes()), (vec![], 0));
}

#[test]
fn a_file_larger_than_the_cache_is_left_to_the_reader() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Inflated::open(folder.path(), 999).unwrap();
    let course = pages(1);
    assert!(cache.file(&course, named(&course, "0.txt")).unwrap().is_none());
    assert!(files(folder.path()).is_empty());
}

#[test]
fn a_damaged_entry_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Inflated::open(folder.path(), 1 << 20).unwrap();
    let course = course([Item::deflated("a.txt", &prose(1_000)).with(|i| i.crc32 ^= 1)]);
    let error = cache.file(&course, named(&course, "a.txt")).unwrap_err();
    assert!(matches!(error, ReadError::Damaged { damage: Damage::Checksum, .. }), "{error}");
    assert_eq!((files(folder.path()), cache.bytes()), (vec![], 0));
}

#[test]
fn what_an_earlier_run_left_is_used_only_if_it_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let course = pages(4);
    let first = Inflated::open(folder.path(), 1 << 20).unwrap();
    (0..4).for_each(|n| drop(fetch(&first, &course, &format!("{n}.txt"))));
    drop(first);
    let path = |n: u32| folder.path().join(course.digest().to_string()).join(n.to_string());
    // As after a crash: cut, or as long as it should be but not what was written, and a half-written one.
    fs::write(path(1), b"cut").unwrap();
    fs::write(path(2), vec![0; 1_000]).unwrap();
    fs::write(folder.path().join("part-1-1"), b"half").unwrap();
    fs::write(folder.path().join("foreign"), b"of somebody else").unwrap();
    let untouched = fs::metadata(path(0)).unwrap().modified().unwrap();
    let second = Inflated::open(folder.path(), 1 << 20).unwrap();
    assert_eq!(second.bytes(), 3_003);
    for n in 0..4 {
        assert_eq!(fetch(&second, &course, &format!("{n}.txt")), prose(1_000 + n)[n..]);
    }
    assert_eq!(second.bytes(), 4_000);
    assert_eq!(fs::metadata(path(0)).unwrap().modified().unwrap(), untouched);
    assert!(!folder.path().join("part-1-1").exists() && folder.path().join("foreign").exists());
    // A smaller cache begins by making room.
    drop(second);
    assert_eq!(Inflated::open(folder.path(), 2_000).unwrap().bytes(), 2_000);
}

#[test]
fn a_file_that_somebody_deleted_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let course = pages(1);
    fetch(&Inflated::open(folder.path(), 1 << 20).unwrap(), &course, "0.txt");
    let cache = Inflated::open(folder.path(), 1 << 20).unwrap();
    fs::remove_dir_all(folder.path().join(course.digest().to_string())).unwrap();
    assert_eq!(fetch(&cache, &course, "0.txt"), prose(1_000));
    assert_eq!(cache.bytes(), 1_000);
}

#[test]
fn more_files_than_handles_are_served() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Inflated::open(folder.path(), 1 << 20).unwrap();
    let course = pages(300);
    for round in 0..2 {
        for n in 0..300 {
            assert!(fetch(&cache, &course, &format!("{n}.txt")) == prose(1_000 + n)[n..], "{round} {n}");
        }
    }
    assert_eq!(cache.bytes(), 300_000);
}

#[test]
fn small_files_are_loaded_once_and_bounded() {
    let course = pages(100);
    let cache = SmallFiles::new(20_000);
    let key = |n: usize, form| course.key(named(&course, &format!("{n}.txt")), form);
    let loads = AtomicUsize::new(0);
    let start = Barrier::new(4);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                start.wait();
                let load = || {
                    loads.fetch_add(1, Ordering::SeqCst);
                    Ok(Bytes::from_static(b"identity"))
                };
                assert_eq!(cache.get_or_load(&key(0, Form::Identity), load).unwrap(), "identity");
            });
        }
    });
    assert_eq!(loads.into_inner(), 1);
    assert_eq!(cache.get(&key(0, Form::Gzip)), None);
    let failed = cache.get_or_load(&key(1, Form::Gzip), || Err(std::io::Error::other("no").into()));
    assert!(failed.is_err());
    assert_eq!(cache.get_or_load(&key(1, Form::Gzip), || Ok(Bytes::from_static(b"yes"))).unwrap(), "yes");
    for n in 0..100 {
        cache.get_or_load(&key(n, Form::Identity), || Ok(Bytes::from(vec![0; 1_000]))).unwrap();
        assert!(cache.memory() <= 20_000, "{}", cache.memory());
    }
}

#[test]
fn caches_without_room_still_answer() {
    let course = pages(1);
    let key = course.key(named(&course, "0.txt"), Form::Identity);
    let small = SmallFiles::new(0);
    assert_eq!(small.get_or_load(&key, || Ok(Bytes::from_static(b"loaded"))).unwrap(), "loaded");
    assert_eq!((small.get(&key), small.memory()), (None, 0));
    let folder = tempfile::tempdir().unwrap();
    let inflated = Inflated::open(folder.path(), 0).unwrap();
    assert!(inflated.file(&course, named(&course, "0.txt")).unwrap().is_none());
}
