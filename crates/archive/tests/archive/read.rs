//! Reading entries, sound and damaged ones.

use std::io::Read;
use std::ops::ControlFlow;

use flate2::read::GzDecoder;
use lyceum_archive::{Archive, Damage, ReadError};

use crate::support::{Item, Zip, named, noise, prose};

fn damage(result: Result<Vec<u8>, ReadError>) -> Damage {
    match result {
        Err(ReadError::Damaged { damage, .. }) => damage,
        other => panic!("expected damage, got {:?}", other.map(|bytes| bytes.len())),
    }
}

fn read(archive: &Archive, name: &str) -> Result<Vec<u8>, ReadError> {
    archive.read(named(archive, name), u64::MAX)
}

#[test]
fn files_of_all_sizes_are_read_whole_and_as_streams() {
    let sizes = [0, 1, 1_000, 65_535, 65_536, 65_537, 1_000_000];
    let contents: Vec<_> =
        sizes.iter().flat_map(|&n| [(n, "prose", prose(n)), (n, "noise", noise(n))]).collect();
    let items = contents.iter().flat_map(|(n, kind, content)| {
        [Item::stored(format!("s/{kind}{n}"), content), Item::deflated(format!("d/{kind}{n}"), content)]
    });
    let archive = Zip::of(items).open().unwrap();
    for (n, kind, content) in &contents {
        for folder in ["s", "d"] {
            let id = named(&archive, &format!("{folder}/{kind}{n}"));
            assert!(archive.read(id, *n as u64).unwrap() == *content, "{folder}/{kind}{n}");
            let mut streamed = Vec::new();
            archive.reader(id).unwrap().read_to_end(&mut streamed).unwrap();
            assert!(streamed == *content, "{folder}/{kind}{n} as a stream");
        }
    }
}

#[test]
fn a_limit_is_checked_before_reading() {
    let archive = Zip::of([Item::deflated("a.txt", &prose(5_000))]).open().unwrap();
    let error = archive.read(named(&archive, "a.txt"), 4_999).unwrap_err();
    assert!(matches!(error, ReadError::TooLarge { size: 5_000, limit: 4_999, .. }), "{error}");
    assert!(!error.is_damage());
}

#[test]
fn stored_entries_show_where_they_lie() {
    let content = noise(10_000);
    let zip = Zip::of([
        Item::deflated("a.txt", &prose(5_000)),
        // Name and extra field of the local header may be longer than in the directory.
        Item::stored("v.mp4", &content)
            .with(|i| (i.local_name, i.local_extra) = (vec![b'x'; 40], vec![0; 99])),
    ]);
    let archive = zip.open().unwrap();
    assert!(!archive.is_located(named(&archive, "v.mp4")));
    let span = archive.stored(named(&archive, "v.mp4")).unwrap().unwrap();
    assert!(archive.is_located(named(&archive, "v.mp4")));
    let mut found = vec![0; 500];
    archive.source().read_exact_at(&mut found, span.offset + 1_234).unwrap();
    assert_eq!((span.len, &found[..]), (10_000, &content[1_234..1_734]));
    assert_eq!(archive.stored(named(&archive, "a.txt")).unwrap(), None);
    assert_eq!(archive.gzip(named(&archive, "v.mp4")).unwrap(), None);
}

#[test]
fn deflated_entries_become_gzip_files_untouched() {
    for content in [prose(1), prose(200_000), noise(70_000)] {
        let archive = Zip::of([Item::deflated("a.txt", &content)]).open().unwrap();
        let parts = archive.gzip(named(&archive, "a.txt")).unwrap().unwrap();
        let mut deflated = vec![0; parts.deflated.len as usize];
        archive.source().read_exact_at(&mut deflated, parts.deflated.offset).unwrap();
        let file = [&parts.head[..], &deflated, &parts.tail].concat();
        assert_eq!(file.len() as u64, parts.total_len());
        let mut inflated = Vec::new();
        GzDecoder::new(&file[..]).read_to_end(&mut inflated).unwrap();
        assert!(inflated == content);
    }
}

/// A sound entry before and after each damaged one, to see that damage stays where it is.
fn damaged_archive() -> (Archive, Vec<(&'static str, Damage)>) {
    let text = prose(100_000);
    let sound = |name: &str| Item::deflated(name, &text);
    let bad = |name: &str, change: fn(&mut Item)| Item::deflated(name, &text).with(change);
    let stored = |name: &str, change: fn(&mut Item)| Item::stored(name, &text).with(change);
    let items = [
        sound("first.txt"),
        bad("deflate", |i| i.data[40..60].fill(0xFF)),
        bad("checksum", |i| i.crc32 ^= 1),
        bad("shorter", |i| i.size += 1),
        bad("longer", |i| i.size -= 1),
        bad("much-longer", |i| i.size = 10),
        bad("cut", |i| i.stated_compressed -= 20),
        bad("extended", |i| {
            i.data.extend_from_slice(b"more");
            i.stated_compressed += 4;
        }),
        stored("flipped", |i| i.data[50_000] ^= 1),
        sound("last.txt"),
    ];
    let expected = vec![
        ("deflate", Damage::Deflate),
        ("checksum", Damage::Checksum),
        ("shorter", Damage::Size),
        ("longer", Damage::Size),
        ("much-longer", Damage::Size),
        ("cut", Damage::Deflate),
        ("extended", Damage::Deflate),
        ("flipped", Damage::Checksum),
    ];
    let kept =
        items.into_iter().filter(|i| !["reaching", "headless"].contains(&str::from_utf8(&i.name).unwrap()));
    (Zip::of(kept).open().unwrap(), expected)
}

#[test]
fn a_damaged_entry_is_an_error_for_itself_only() {
    let (archive, expected) = damaged_archive();
    for (name, expected) in &expected {
        let result = read(&archive, name);
        assert!(result.as_ref().unwrap_err().to_string().contains(name), "{result:?}");
        assert_eq!(damage(result), *expected, "{name}");
        let id = named(&archive, name);
        assert_eq!(damage(archive.check(id).map(|()| vec![])), *expected, "{name} checked");
        let mut sink = Vec::new();
        let error = archive.reader(id).unwrap().read_to_end(&mut sink).unwrap_err();
        assert_eq!(damage(Err(error.into())), *expected, "{name} as a stream");
        assert!(
            sink.len() as u64 <= archive.entry(id).size().max(100_000),
            "{name} gives no more than it may"
        );
    }
    for sound in ["first.txt", "last.txt"] {
        assert_eq!(read(&archive, sound).unwrap().len(), 100_000);
        archive.check(named(&archive, sound)).unwrap();
    }
}

#[test]
fn an_entry_whose_header_is_elsewhere_is_damaged() {
    let no_header = Zip::of([Item::stored("a", b"0123456789").with(|i| i.stated_offset = Some(1))]);
    assert_eq!(damage(read(&no_header.open().unwrap(), "a")), Damage::LocalHeader);
    // The local header claims an extra field so long that the data would lie in the next entry.
    let mut bytes = Zip::of([Item::stored("a", &[7; 50]), Item::stored("b", &[8; 50])]).bytes();
    bytes[28] = 60;
    let archive = Archive::from_file(crate::support::file(&bytes), &Default::default()).unwrap();
    assert_eq!(damage(read(&archive, "a")), Damage::OutOfPlace);
    assert_eq!(read(&archive, "b").unwrap(), [8; 50]);
    let mut bytes = Zip::of([Item::stored("a", &[7; 50])]).bytes();
    bytes[28] = 60;
    let archive = Archive::from_file(crate::support::file(&bytes), &Default::default()).unwrap();
    assert_eq!(damage(read(&archive, "a")), Damage::OutOfPlace);
}

#[test]
fn verification_finds_and_marks_every_damaged_entry() {
    let (archive, expected) = damaged_archive();
    let mut calls = 0;
    let found = archive.verify(|_| {
        calls += 1;
        ControlFlow::Continue(())
    });
    let names: Vec<_> = found.damaged.iter().map(|(id, _)| archive.entry(*id).name()).collect();
    assert_eq!(names, expected.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    assert_eq!((found.sound, found.bytes, found.complete, calls), (2, 200_000, true, 10));
    assert!(found.failure.is_none());
    for (name, _) in expected {
        let id = named(&archive, name);
        assert_eq!(damage(read(&archive, name)), Damage::FoundBefore, "{name}");
        assert!(archive.stored(id).is_err() || archive.gzip(id).is_err(), "{name} is not sent as it lies");
    }
    assert_eq!(read(&archive, "last.txt").unwrap().len(), 100_000);
}

#[test]
fn verification_can_be_ended() {
    let (archive, _) = damaged_archive();
    let found = archive.verify(|_| ControlFlow::Break(()));
    assert_eq!((found.sound, found.damaged.len(), found.complete), (1, 0, false));
}
