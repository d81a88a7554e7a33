//! What opens, what is refused, and what the refusal says.

use crate::support::{Item, MADE_BY_UNIX, UTF8, Zip, codes, deflate, extra_field, file, refusal};
use lyceum_archive::{EntryKind, Limits, Method, OpenError, Policy};

fn page() -> Item {
    Item::deflated("index.html", b"<!doctype html><title>A page</title><p>A page of a course, of a course.")
}

fn open_bytes(bytes: &[u8]) -> Result<lyceum_archive::Archive, OpenError> {
    lyceum_archive::Archive::from_file(file(bytes), &Default::default())
}

#[test]
fn a_plain_course_opens_with_its_entries_in_order() {
    let zip = Zip::of([page(), Item::stored("media/", b""), Item::stored("media/a.mp4", b"moving")]);
    let archive = zip.open().unwrap();
    let entries: Vec<_> =
        archive.entries().map(|(id, e)| (id.index(), e.name(), e.kind(), e.method(), e.size())).collect();
    assert_eq!(
        entries,
        [
            (0, "index.html", EntryKind::File, Method::Deflated, 71),
            (1, "media", EntryKind::Folder, Method::Stored, 0),
            (2, "media/a.mp4", EntryKind::File, Method::Stored, 6),
        ]
    );
    assert_eq!(archive.problems(), []);
}

#[test]
fn files_that_are_no_usable_zip_say_what_they_are() {
    let whole = Zip::of([page()]).bytes();
    let cases: [(&[u8], &str, &str); 13] = [
        (b"", "empty-file", "0 bytes"),
        (b"x", "not-a-zip", "no zip directory"),
        (b"{\"a\": 1}", "not-a-zip", "no zip directory"),
        (b"Rar!\x1a\x07\x00rest", "not-a-zip", "RAR"),
        (b"7z\xBC\xAF\x27\x1Crest", "not-a-zip", "7-Zip"),
        (b"\x1f\x8b\x08rest", "not-a-zip", "gzip"),
        (b"<!DOCTYPE html><html>", "not-a-zip", "sign-in page"),
        (b"\xEF\xBB\xBF\n<courseStructure/>", "not-a-zip", "manifest"),
        (b"<?xml version=\"1.0\"?><manifest/>", "not-a-zip", "manifest"),
        (&whole[..whole.len() - 10], "truncated-zip", "upload it again"),
        (&whole[..40], "truncated-zip", "upload it again"),
        (&Zip::default().bytes(), "empty-zip", "no entries"),
        (&Zip { disk: 1, ..Zip::of([page()]) }.bytes(), "split-zip", "join the parts"),
    ];
    for (bytes, code, words) in cases {
        let error = open_bytes(bytes).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn damaged_directories_are_told_apart() {
    let zip = Zip::of([page(), page().with(|i| i.name = b"b.html".to_vec())]);
    let mut not_a_record = zip.bytes();
    let second = not_a_record.windows(6).rposition(|w| w == b"b.html").unwrap() - 46;
    not_a_record[second] = b'X';
    let cases = [
        (Zip { stated_entries: Some(1), ..zip.clone() }.bytes(), "more or fewer entries"),
        (Zip { stated_entries: Some(3), ..zip.clone() }.bytes(), "more or fewer entries"),
        (Zip { stated_directory_len: Some(60), ..zip.clone() }.bytes(), "something else"),
        (Zip { stated_directory_len: Some(1 << 30), ..zip.clone() }.bytes(), "not where"),
        (Zip { stated_directory_offset: Some(1 << 30), ..zip }.bytes(), "not where"),
        (not_a_record, "something else"),
        (Zip::of([page().with(|i| (i.zip64, i.extra) = (true, vec![1, 0, 8]))]).bytes(), "zip64"),
    ];
    for (bytes, words) in cases {
        let error = open_bytes(&bytes).unwrap_err();
        assert_eq!(error.code(), "damaged-directory", "{error}");
        assert!(error.to_string().contains(words), "{error}, expected {words}");
    }
}

#[test]
fn every_offending_entry_is_named_with_its_code() {
    let bad = |name: &str| Item::stored(name, b"x");
    let link = |attributes, made_by| move |i: &mut Item| (i.attributes, i.made_by) = (attributes, made_by);
    let zip = Zip::of([
        page(),
        bad("/etc/passwd"),
        bad("C:\\boot.ini"),
        bad("../../up.html"),
        bad("a/..\\b.html"),
        bad("con.txt"),
        bad("scripts/Aux.js"),
        bad("zero\0.html"),
        bad("link").with(link(0o120_777 << 16, MADE_BY_UNIX)),
        bad("junction").with(link(0x400, 0)),
        bad("pipe").with(link(0o010_644 << 16, MADE_BY_UNIX)),
        bad("secret.html").with(|i| i.flags = 1),
        bad("stronger.html").with(|i| i.flags = 1 | 1 << 6),
        bad("aes.html").with(|i| i.method = 99),
        bad("big.mp4").with(|i| i.method = 9),
        bad("lzma.js").with(|i| i.method = 14),
        bad("odd.js").with(|i| i.method = 1234),
        bad("lying.js").with(|i| i.size = 5),
        bad("impossible.js").with(|i| (i.method, i.size) = (8, 5_000)),
        bad("twice.js"),
        bad("twice.js"),
        bad("same\\path.js"),
        bad("./same/path.js"),
        bad("far.js").with(|i| i.stated_offset = Some(0x7FFF_FFFF)),
    ]);
    let expected = [
        ("absolute-path", "/etc/passwd"),
        ("absolute-path", "C:\\boot.ini"),
        ("backslash-names", ""),
        ("bad-name", "zero\0.html"),
        ("device-name", "con.txt"),
        ("device-name", "scripts/Aux.js"),
        ("duplicate-name", "same\\path.js"),
        ("duplicate-name", "twice.js"),
        ("encrypted", "aes.html"),
        ("encrypted", "secret.html"),
        ("encrypted", "stronger.html"),
        ("impossible-size", "impossible.js"),
        ("impossible-size", "lying.js"),
        ("link", "junction"),
        ("link", "link"),
        ("outside-archive", "far.js"),
        ("parent-path", "../../up.html"),
        ("parent-path", "a/..\\b.html"),
        ("special-file", "pipe"),
        ("unsupported-method", "big.mp4"),
        ("unsupported-method", "lzma.js"),
        ("unsupported-method", "odd.js"),
    ];
    let expected: Vec<_> = expected.map(|(code, name)| (code, name.to_owned())).into();
    let error = zip.open().unwrap_err();
    assert_eq!(error.code(), "refused-zip");
    assert_eq!(codes(error.problems()), expected);
    let text = error.to_string();
    for words in ["21 reason(s)", "\"/etc/passwd\"", "deflate64", "and 1 more"] {
        assert!(text.contains(words), "{words} not in:\n{text}");
    }

    let archive = zip.open_with(Limits::default(), Policy::Skip).unwrap();
    assert_eq!(codes(archive.problems()), expected);
    let left: Vec<_> = archive.files().map(|(_, e)| e.name()).collect();
    assert_eq!(left, ["index.html", "twice.js", "same/path.js"]);
    for gone in ["/etc/passwd", "etc/passwd", "con.txt", "link", "secret.html", "boot.ini"] {
        assert_eq!(archive.lookup(gone), None, "{gone}");
    }
    let (refused, _) = archive.entries().find(|(_, e)| e.kind() == EntryKind::Refused).unwrap();
    assert!(archive.read(refused, 10).is_err());
}

#[test]
fn of_two_entries_with_one_path_the_last_stands() {
    let zip = Zip::of([Item::stored("a.js", b"first"), Item::stored("a.js", b"second")]);
    let archive = zip.open_with(Limits::default(), Policy::Skip).unwrap();
    let id = archive.lookup("a.js").unwrap();
    assert_eq!(archive.read(id, 100).unwrap(), b"second");
    let folders = Zip::of([page(), Item::stored("a/", b""), Item::stored("a/", b"")]);
    assert_eq!(folders.open().unwrap().problems(), []);
}

#[test]
fn limits_are_fatal_under_every_policy() {
    let zeros = Item::deflated("zeros.bin", &vec![0; 1 << 20]);
    let zip = Zip::of([page(), zeros, Item::stored("a/b/c/d/e.html", b"x")]);
    let limits = Limits::default();
    let cases = [
        (Limits { entries: 2, ..limits }, vec![("too-many-entries", "")]),
        (Limits { directory_bytes: 100, ..limits }, vec![("directory-too-large", "")]),
        (Limits { entry_bytes: (1 << 20) - 1, ..limits }, vec![("entry-too-large", "zeros.bin")]),
        (Limits { total_bytes: 1 << 20, ..limits }, vec![("total-too-large", "")]),
        (
            Limits { ratio_floor_bytes: 1 << 19, ..limits },
            vec![("ratio-too-high", ""), ("ratio-too-high", "zeros.bin")],
        ),
    ];
    for (limits, expected) in cases {
        let expected: Vec<_> = expected.into_iter().map(|(code, name)| (code, name.to_owned())).collect();
        for policy in [Policy::Strict, Policy::Skip] {
            assert_eq!(refusal(zip.open_with(limits, policy)), expected, "{limits:?}");
        }
    }
    let at_the_limit = Limits { entries: 3, entry_bytes: 1 << 20, total_bytes: (1 << 20) + 72, ..limits };
    zip.open_with(at_the_limit, Policy::Strict).unwrap();
    let deep = Limits { path_depth: 4, ..limits };
    assert_eq!(
        refusal(zip.open_with(deep, Policy::Strict)),
        [("path-too-deep", "a/b/c/d/e.html".to_owned())]
    );
    let long = Limits { path_bytes: 13, ..limits };
    assert_eq!(
        refusal(zip.open_with(long, Policy::Strict)),
        [("path-too-long", "a/b/c/d/e.html".to_owned())]
    );
}

#[test]
fn the_old_entry_count_cannot_hide_entries() {
    let items = (0..65_537).map(|n| Item::stored(format!("{n}"), b""));
    let zip = Zip::of(items);
    assert_eq!(zip.open().unwrap().entries().len(), 65_537);
    let limits = Limits { entries: 65_536, ..Limits::default() };
    assert_eq!(refusal(zip.open_with(limits, Policy::Strict)), [("too-many-entries", String::new())]);
}

#[test]
fn overlapping_entries_are_refused() {
    // One deflated kernel, quoted by many directory records: the classic flat bomb.
    let kernel = Item::deflated("a", &vec![0; 100_000]);
    let quoting =
        |n: u32| kernel.clone().with(|i| (i.name, i.stated_offset) = (format!("q{n}").into(), Some(0)));
    let found =
        refusal(Zip::of([kernel.clone(), quoting(1), quoting(2)]).open_with(Limits::default(), Policy::Skip));
    let names = |names: [&str; 2]| names.map(|n| ("overlap", n.to_owned()));
    assert_eq!(found, names(["q1", "q2"]));

    // A stored entry whose data contain the next entry whole.
    let inner = Zip::of([Item::deflated("inner.js", &vec![b' '; 1_000])]).bytes();
    let outer = Item::stored("outer.bin", &inner).with(|i| i.local_name = i.name.clone());
    let offset = 30 + outer.name.len() as u32;
    let data = deflate(&vec![b' '; 1_000]);
    let nested = Item::deflated("inner.js", &vec![b' '; 1_000]).with(|i| i.stated_offset = Some(offset));
    assert_eq!(nested.data, data);
    assert_eq!(refusal(Zip::of([outer, nested]).open()), [("overlap", "inner.js".to_owned())]);
}

#[test]
fn zip64_prefix_comment_descriptor_and_trailing_bytes_are_read() {
    let items = [page(), Item::stored("a.bin", b"0123456789")];
    let plain = Zip::of(items.clone());
    let stub = b"MZ this is a program that unpacks".to_vec();
    let comment = b"a comment with PK\x05\x06 in it, followed by enough bytes to look like a record".to_vec();
    let big = items.clone().map(|i| i.with(|i| i.zip64 = true));
    let described = items.clone().map(|i| i.with(|i| i.descriptor = true));
    let cases: [(&str, Zip, &[&str]); 10] = [
        ("zip64 end", Zip { zip64: true, ..plain.clone() }, &[]),
        ("zip64 entries", Zip::of(big.clone()), &[]),
        ("prefix", Zip { prefix: stub.clone(), ..plain.clone() }, &["prefix-bytes"]),
        ("prefix, counted", Zip { prefix: stub.clone(), offsets_count_prefix: true, ..plain.clone() }, &[]),
        ("prefix, zip64", Zip { prefix: stub.clone(), zip64: true, ..Zip::of(big) }, &["prefix-bytes"]),
        ("comment", Zip { comment: comment.clone(), ..plain.clone() }, &[]),
        ("comment, prefix", Zip { comment, prefix: stub, ..plain.clone() }, &["prefix-bytes"]),
        ("trailing", Zip { trailing: vec![0; 1_000], ..plain }, &["trailing-bytes"]),
        ("descriptor", Zip::of(described), &[]),
        ("unknown extra", Zip::of(items.map(|i| i.with(|i| i.extra = extra_field(0x5455, b"12345")))), &[]),
    ];
    for (what, zip, notices) in cases {
        let archive = zip.open().unwrap_or_else(|e| panic!("{what}: {e}"));
        let found: Vec<_> = archive.problems().iter().map(|p| p.code.as_str()).collect();
        assert_eq!(found, notices, "{what}");
        let id = archive.lookup("a.bin").unwrap();
        assert_eq!(archive.read(id, 10).unwrap(), b"0123456789", "{what}");
        let id = archive.lookup("index.html").unwrap();
        assert_eq!(archive.read(id, 100).unwrap().len(), 71, "{what}");
    }
}

#[test]
fn junk_is_marked_and_names_differing_in_case_are_noted() {
    let zip = Zip::of([
        page(),
        Item::stored("__MACOSX/._index.html", b"x"),
        Item::stored(".DS_Store", b"x"),
        Item::stored("Logo.png", b"x"),
        Item::stored("logo.PNG", b"x"),
        Item::stored("Über.html", b"x").with(|i| i.flags = UTF8),
        Item::stored("u\u{308}ber.html", b"x").with(|i| i.flags = UTF8),
    ]);
    let archive = zip.open().unwrap();
    let junk: Vec<_> = archive.files().filter(|(_, e)| e.is_junk()).map(|(_, e)| e.name()).collect();
    assert_eq!(junk, ["__MACOSX/._index.html", ".DS_Store"]);
    let expected = [("case-collision", "logo.PNG".to_owned()), ("case-collision", "Über.html".to_owned())];
    assert_eq!(codes(archive.problems()), expected);
}

#[test]
fn a_name_that_cannot_be_ascii_keeps_its_bytes() {
    let raw = [b'f', 0x81, b'r', b'.', b'j', b's'];
    let archive = Zip::of([Item::stored(raw, b"x")]).open().unwrap();
    let (_, entry) = archive.files().next().unwrap();
    assert_eq!((entry.name(), entry.raw_name()), ("für.js", &raw[..]));
}
