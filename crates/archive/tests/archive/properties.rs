//! Whatever the bytes are: no panic, no hang, and nothing that was not put in.

use std::ops::ControlFlow;

use lyceum_archive::{Archive, Limits, OpenOptions, Policy};
use proptest::prelude::*;

use crate::support::{Item, Zip, file, prose};

fn sample() -> Vec<u8> {
    let items = [
        Item::deflated("index.html", &prose(300)),
        Item::stored("a/b.mp4", &prose(200)).with(|i| i.zip64 = true),
        Item::stored("a\\c.js", b"x").with(|i| i.descriptor = true),
        Item::stored("d/", b""),
    ];
    Zip { zip64: true, prefix: b"stub".to_vec(), comment: b"comment".to_vec(), ..Zip::of(items) }.bytes()
}

/// Uses everything there is on whatever opened.
fn exercise(bytes: &[u8]) {
    let options = OpenOptions { limits: Limits::default(), policy: Policy::Skip };
    let Ok(archive) = Archive::from_file(file(bytes), &options) else { return };
    for (id, entry) in archive.entries() {
        let _ = (
            archive.stored(id),
            archive.gzip(id),
            archive.lookup(entry.name()),
            archive.folder(entry.name()),
        );
        if let Ok(content) = archive.read(id, 1 << 20) {
            assert_eq!(content.len() as u64, entry.size());
            assert_eq!(crc32fast::hash(&content), entry.crc32());
        }
    }
    let _ = (archive.problems(), archive.memory(), archive.verify(|_| ControlFlow::Continue(())));
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        exercise(&bytes);
    }

    #[test]
    fn a_zip_with_bytes_changed(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = sample();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        exercise(&bytes);
    }

    #[test]
    fn a_zip_cut_and_joined(cut in any::<prop::sample::Index>(), again in any::<prop::sample::Index>()) {
        let bytes = sample();
        let (cut, again) = (cut.index(bytes.len()), again.index(bytes.len()));
        exercise(&[&bytes[..cut], &bytes[again..]].concat());
    }

    #[test]
    fn any_href(href in "\\PC{0,40}", folder in "[./\\\\%2e?#a-c]{0,20}") {
        let archive = Zip::of([Item::stored("a/b/c.html", b"x"), Item::stored("c.html", b"x")]).open().unwrap();
        let names = ["a/b/c.html", "c.html"];
        for href in [&href, &folder] {
            if let Some(id) = archive.lookup(href) {
                prop_assert!(names.contains(&archive.entry(id).name()));
            }
            if let Some(found) = archive.folder(href) {
                prop_assert!(["", "a", "a/b"].contains(&found));
            }
        }
    }

    #[test]
    fn every_name_that_is_accepted_is_found_by_itself(name in "[a-zA-Z0-9 ._/\\\\%äöÜ日-]{1,30}") {
        let zip = Zip::of([Item::stored(&name, b"x").with(|i| i.flags = crate::support::UTF8)]);
        if let Ok(archive) = zip.open() {
            for (id, entry) in archive.files() {
                prop_assert_eq!(archive.lookup(entry.name()), Some(id));
                let escaped = percent_encoding::utf8_percent_encode(&name, percent_encoding::NON_ALPHANUMERIC).to_string();
                prop_assert_eq!(archive.lookup(&escaped), Some(id));
            }
        }
    }
}
