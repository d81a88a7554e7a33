//! Folders as courses.

use std::fs;
use std::path::Path;

use lyceum_archive::{Archive, Digest, Intake, Method, PackError, Packed, pack_folder};

use crate::support::{noise, prose};

fn write(folder: &Path, name: &str, content: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn pack(folder: &Path) -> (Packed, Vec<u8>) {
    let mut zip = Vec::new();
    (pack_folder(folder, &mut zip).unwrap(), zip)
}

/// The same course, written in the given order.
fn course(order: impl Iterator<Item = usize>) -> tempfile::TempDir {
    let files = [
        ("imsmanifest.xml", prose(3_000)),
        ("content/page.html", prose(20_000)),
        ("content/über/ü.js", prose(500)),
        ("media/film.mp4", noise(300_000)),
        ("media/tiny.svg", b"<svg/>".to_vec()),
        ("data", prose(100)),
        ("empty.txt", Vec::new()),
    ];
    let folder = tempfile::tempdir().unwrap();
    for at in order {
        write(folder.path(), files[at].0, &files[at].1);
    }
    folder
}

#[test]
fn a_folder_becomes_a_course_archive() {
    let folder = course(0..7);
    let (packed, zip) = pack(folder.path());
    assert_eq!(packed, Packed { files: 7, bytes: 323_606, skipped: vec![] });
    let archive = Archive::from_file(crate::support::file(&zip), &Default::default()).unwrap();
    let entries: Vec<_> = archive.entries().map(|(_, e)| (e.name(), e.method())).collect();
    let expected = [
        ("content/page.html", Method::Deflated),
        ("content/über/ü.js", Method::Deflated),
        ("data", Method::Stored),
        ("empty.txt", Method::Stored),
        ("imsmanifest.xml", Method::Deflated),
        ("media/film.mp4", Method::Stored),
        ("media/tiny.svg", Method::Stored),
    ];
    assert_eq!(entries, expected);
    for (id, entry) in archive.entries() {
        let on_disk = fs::read(folder.path().join(entry.name())).unwrap();
        assert!(archive.read(id, u64::MAX).unwrap() == on_disk, "{}", entry.name());
    }
    assert_eq!(archive.problems(), []);
}

#[test]
fn equal_content_gives_equal_bytes() {
    let (_, first) = pack(course(0..7).path());
    let other = course([6, 2, 4, 0, 1, 5, 3].into_iter());
    write(other.path(), ".git/HEAD", b"ref: refs/heads/main");
    write(other.path(), "content/.DS_Store", b"x");
    write(other.path(), "__MACOSX/._page.html", b"x");
    write(other.path(), "content/Thumbs.db", b"x");
    fs::create_dir(other.path().join("empty folder")).unwrap();
    let (packed, second) = pack(other.path());
    assert!(first == second);
    assert_eq!(packed.skipped, []);
    write(other.path(), "data", b"other");
    assert!(first != pack(other.path()).1);
}

#[test]
fn the_digest_is_taken_on_the_way_to_disk() {
    let folder = course(0..7);
    let target = tempfile::tempdir().unwrap();
    let mut intake = Intake::begin(target.path()).unwrap();
    pack_folder(folder.path(), &mut intake).unwrap();
    let received = intake.finish().unwrap();
    assert_eq!(received.digest(), Digest::of(&pack(folder.path()).1[..]).unwrap().0);
    let archive = Archive::from_file(received.file().unwrap(), &Default::default()).unwrap();
    assert!(archive.lookup("imsmanifest.xml").is_some());
}

#[cfg(unix)]
#[test]
fn links_are_left_out_and_reported() {
    use std::os::unix::{ffi::OsStrExt, fs::symlink};
    let folder = course(0..7);
    symlink("/etc/passwd", folder.path().join("content/passwd")).unwrap();
    symlink("..", folder.path().join("content/up")).unwrap();
    fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"latin-\xFC")), b"x").unwrap();
    let (packed, _) = pack(folder.path());
    let skipped: Vec<_> = packed
        .skipped
        .iter()
        .map(|s| s.path.strip_prefix(folder.path()).unwrap().to_string_lossy())
        .collect();
    assert_eq!(skipped, ["content/passwd", "content/up", "latin-\u{FFFD}"]);
    assert_eq!(packed.files, 7);
}

#[test]
fn what_cannot_be_packed_says_why() {
    let empty = tempfile::tempdir().unwrap();
    fs::create_dir(empty.path().join(".git")).unwrap();
    assert!(matches!(pack_folder(empty.path(), Vec::new()), Err(PackError::Empty { .. })));
    let missing = pack_folder(&empty.path().join("no such folder"), Vec::new()).unwrap_err();
    assert!(missing.to_string().contains("no such folder"), "{missing}");
    let full: &mut [u8] = &mut [0; 10];
    assert!(matches!(pack_folder(course(0..7).path(), full), Err(PackError::Write(_))));
}
