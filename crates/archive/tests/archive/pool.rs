//! Archives that stay open.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use lyceum_archive::{Digest, OpenOptions, Pool};

use crate::support::{Item, Zip, named};

/// `count` course files, each with one file that says its number.
fn objects(folder: &tempfile::TempDir, count: usize) -> Vec<(Digest, PathBuf)> {
    let object = |n: usize| {
        let bytes = Zip::of([Item::stored("n.txt", n.to_string().as_bytes())]).bytes();
        let (digest, _) = Digest::of(&bytes[..]).unwrap();
        let path = folder.path().join(digest.to_string());
        fs::write(&path, bytes).unwrap();
        (digest, path)
    };
    (0..count).map(object).collect()
}

#[test]
fn an_archive_is_opened_once_and_the_number_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let objects = objects(&folder, 20);
    let pool = Pool::new(8, 1 << 20, OpenOptions::default());
    assert!(pool.is_empty());
    for (n, (digest, path)) in objects.iter().enumerate() {
        let first = pool.get_or_open(digest, path).unwrap();
        let again = pool.get_or_open(digest, &folder.path().join("not asked for")).unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        assert_eq!(first.digest(), *digest);
        assert_eq!(first.read(named(&first, "n.txt"), 10).unwrap(), n.to_string().as_bytes());
        assert!(pool.len() <= 8, "{}", pool.len());
    }
    assert!(pool.len() >= 4, "{}", pool.len());
}

#[test]
fn a_removed_archive_stays_usable_for_those_who_hold_it() {
    let folder = tempfile::tempdir().unwrap();
    let (digest, path) = objects(&folder, 1).remove(0);
    let pool = Pool::new(8, 1 << 20, OpenOptions::default());
    let held = pool.get_or_open(&digest, &path).unwrap();
    assert!(pool.get(&digest).is_some());
    pool.remove(&digest);
    assert!(pool.get(&digest).is_none());
    assert_eq!(held.read(named(&held, "n.txt"), 10).unwrap(), b"0");
}

#[test]
fn an_archive_larger_than_the_pool_is_kept_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = Zip::of((0..1_000).map(|n| Item::stored(format!("{n}.txt"), b"x"))).bytes();
    let (digest, _) = Digest::of(&bytes[..]).unwrap();
    let path = folder.path().join("course");
    fs::write(&path, bytes).unwrap();
    let pool = Pool::new(8, 1_000, OpenOptions::default());
    pool.get_or_open(&digest, &path).unwrap();
    assert!(pool.get(&digest).is_some());
}

#[test]
fn a_failure_is_told_and_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let (digest, path) = objects(&folder, 1).remove(0);
    let pool = Pool::new(8, 1 << 20, OpenOptions::default());
    assert_eq!(
        pool.get_or_open(&digest, &folder.path().join("nothing")).unwrap_err().code(),
        "unreadable-file"
    );
    assert!(pool.get_or_open(&digest, &path).is_ok());
}
