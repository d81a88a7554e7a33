//! Real packages: which open, and that every entry of theirs is sound and found by its own name.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use lyceum_archive::{Archive, OpenOptions};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a browser escapes in a path.
const PATH: AsciiSet = CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%');

fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("LYCEUM_SHARED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let found = named.unwrap_or(beside).join("packages");
    if found.is_dir() {
        return Some(found);
    }
    #[allow(clippy::print_stderr, reason = "the skipping must be seen")]
    {
        eprintln!("SKIPPED: ../shared not found");
    }
    None
}

/// File name and quirks of every row of the table.
fn rows(packages: &Path) -> Vec<(String, String)> {
    let table = fs::read_to_string(packages.join("INDEX.tsv")).unwrap();
    let row = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        (fields[0].to_owned(), fields[10].to_owned())
    };
    table.lines().skip(1).map(row).collect()
}

#[test]
fn all_packages_open_or_fail_as_the_table_says() {
    let Some(packages) = shared() else { return };
    let rows = rows(&packages);
    assert_eq!(rows.len(), 79);
    for (name, quirks) in rows {
        let opened = Archive::open(&packages.join(&name), &OpenOptions::default());
        match (name.rsplit('.').next(), quirks.contains("zip does not open")) {
            (Some("xml"), _) => assert!(opened.unwrap_err().to_string().contains("XML document"), "{name}"),
            (_, true) => assert_eq!(opened.unwrap_err().code(), "not-a-zip", "{name}"),
            (_, false) => check(&name, &opened.unwrap_or_else(|e| panic!("{name}: {e}")), &quirks),
        }
    }
}

fn check(name: &str, archive: &Archive, quirks: &str) {
    for (id, entry) in archive.files() {
        assert_eq!(archive.lookup(entry.name()), Some(id), "{name}: {}", entry.name());
        let escaped = utf8_percent_encode(entry.name(), &PATH).to_string();
        assert_eq!(archive.lookup(&escaped), Some(id), "{name}: {escaped}");
    }
    let verified = archive.verify(|_| ControlFlow::Continue(()));
    assert!(verified.complete && verified.damaged.is_empty(), "{name}: {verified:?}");
    let notices: Vec<_> = archive.problems().iter().map(|p| p.code.as_str()).collect();
    assert_eq!(notices.contains(&"backslash-names"), quirks.contains("backslash"), "{name}: {notices:?}");
    if quirks.contains("__MACOSX") || quirks.contains(".DS_Store") {
        assert!(archive.files().any(|(_, e)| e.is_junk()), "{name}");
    }
}

#[test]
fn launch_files_of_the_difficult_packages_are_found_by_their_hrefs() {
    let Some(packages) = shared() else { return };
    let cases = [
        ("derived-backslash-names.zip", "shared/launchpage.html"),
        ("derived-nonascii-names-percent.zip", "shared/Startseite%20f%C3%BCr%20%C3%9Cbung%20%E2%84%961.html"),
        ("derived-manifest-in-subfolder.zip", "My%20Course%20(v2)/shared/launchpage.html"),
        ("mlscorm-scormsuspend.zip", "index.html"),
        ("veracity-launch-example.zip", "./index.html"),
        ("catapult-multi_au_framed.zip", "index.html?pages=1&complete=launch"),
    ];
    for (package, href) in cases {
        let archive = Archive::open(&packages.join(package), &OpenOptions::default()).unwrap();
        assert!(archive.lookup(href).is_some(), "{package}: {href}");
    }
}
