//! Entries found by the hrefs that courses really use.

use crate::support::{Item, UTF8, Zip, extra_field};

fn unicode_field(name: &[u8], unicode: &str) -> Vec<u8> {
    let content = [&[1][..], &crc32fast::hash(name).to_le_bytes(), unicode.as_bytes()].concat();
    extra_field(0x7075, &content)
}

fn utf8(name: &str) -> Item {
    Item::stored(name, b"x").with(|i| i.flags = UTF8)
}

#[test]
fn hrefs_find_their_files() {
    let shift_jis = [0x83, 0x5C, 0x83, 0x74, b'.', b'j', b's']; // ソフ.js: its second byte is a backslash
    let zip = Zip::of([
        Item::stored("index.html", b"x"),
        Item::stored("shared/launch page.html", b"x"),
        Item::stored("back\\slash\\file.js", b"x"),
        Item::stored("Media/Intro Video.MP4", b"x"),
        Item::stored("100%25.html", b"x"),
        Item::stored("100%.html", b"x"),
        Item::stored("case/A.js", b"x"),
        Item::stored("case/a.js", b"x"),
        Item::stored("what?.html", b"x"),
        Item::stored("part#1.html", b"x"),
        utf8("Startseite für Übung №1.html"),
        utf8("nfd/e\u{301}tude.html"),
        Item::stored("unflagged/Żółw.html", b"x"),
        Item::stored([b'd', b'o', b's', b'/', 0x94, b'l', b'.', b'j', b's'], b"x"),
        Item::stored([b'w', b'i', b'n', b'/', 0xF6, b'l', b'.', b'j', b's'], b"x"),
        Item::stored([b'k', b'o', b'i', b'/', 0xCF, 0xF0, 0xE8, b'.', b'j', b's'], b"x"),
        Item::stored(shift_jis, b"x"),
        Item::stored(b"field/?.js", b"x").with(|i| i.extra = unicode_field(&i.name, "field/日本.js")),
        Item::stored(b"stale/?.js", b"x").with(|i| i.extra = unicode_field(b"other", "stale/日本.js")),
    ]);
    let archive = zip.open().unwrap();
    let cases = [
        ("index.html", "index.html"),
        ("./index.html", "index.html"),
        ("/index.html", "index.html"),
        ("shared/../index.html", "index.html"),
        ("index.html?a=1&b=/x#frag", "index.html"),
        ("INDEX.HTML", "index.html"),
        ("shared/launch%20page.html", "shared/launch page.html"),
        ("shared\\launch page.html", "shared/launch page.html"),
        ("Shared/Launch%20Page.html#x", "shared/launch page.html"),
        ("back/slash/file.js", "back/slash/file.js"),
        ("back\\slash\\file.js", "back/slash/file.js"),
        ("back%5Cslash%5Cfile.js", "back/slash/file.js"),
        ("media//intro%20video.mp4", "Media/Intro Video.MP4"),
        // The exact name goes before what its escapes mean.
        ("100%25.html", "100%25.html"),
        ("100%2525.html", "100%25.html"),
        ("100%.html", "100%.html"),
        ("case/A.js", "case/A.js"),
        ("case/a.js", "case/a.js"),
        ("what?.html", "what?.html"),
        ("what%3F.html?q", "what?.html"),
        ("part%231.html", "part#1.html"),
        ("Startseite%20f%C3%BCr%20%C3%9Cbung%20%E2%84%961.html", "Startseite für Übung №1.html"),
        ("startseite für übung №1.html", "Startseite für Übung №1.html"),
        ("Startseite fu\u{308}r U\u{308}bung №1.html", "Startseite für Übung №1.html"),
        ("nfd/étude.html", "nfd/e\u{301}tude.html"),
        ("nfd/%C3%89TUDE.html", "nfd/e\u{301}tude.html"),
        ("unflagged/Żółw.html", "unflagged/Żółw.html"),
        ("dos/öl.js", "dos/öl.js"),
        ("dos/%94l.js", "dos/öl.js"),
        ("win/öl.js", "win/÷l.js"),
        ("win/%F6l.js", "win/÷l.js"),
        ("koi/При.js", "koi/╧≡Φ.js"),
        ("ソフ.js", "â/ât.js"),
        ("field/日本.js", "field/日本.js"),
        ("stale/?.js", "stale/?.js"),
    ];
    for (href, expected) in cases {
        let found = archive.lookup(href).map(|id| archive.entry(id).name());
        assert_eq!(found, Some(expected), "{href}");
    }
    let missing = [
        "",
        "nothing.html",
        "shared",
        "shared/",
        "case/A.JS/",
        "../index.html",
        "a/../../index.html",
        "field/?.js",
        "stale/日本.js",
        "index.html/x",
        "%2e%2e/index.html",
        "%00",
        "100%zz",
    ];
    for href in missing {
        assert_eq!(archive.lookup(href).map(|id| archive.entry(id).name()), None, "{href}");
    }
}

#[test]
fn case_decides_only_when_one_file_can_be_meant() {
    let zip = Zip::of([utf8("A.js"), utf8("a.js"), utf8("Straße.js"), utf8("É.js"), utf8("e\u{301}.js")]);
    let archive = zip.open().unwrap();
    let name = |href| archive.lookup(href).map(|id| archive.entry(id).name().to_owned());
    assert_eq!(name("A.JS"), None);
    assert_eq!(name("STRAßE.JS").as_deref(), Some("Straße.js"));
    // Exactly equal but for the Unicode form goes before equal but for case.
    assert_eq!(name("é.js").as_deref(), Some("e\u{301}.js"));
    assert_eq!(name("E\u{301}.js").as_deref(), Some("É.js"));
    assert_eq!(name("É.JS"), None);
}

#[test]
fn folders_are_known_with_and_without_their_own_entries() {
    let zip = Zip::of([
        Item::stored("a/b/c.html", b"x"),
        Item::stored("a/b.html", b"x"),
        Item::stored("empty/", b""),
        Item::stored("./", b""),
        Item::stored("My Course (v2)/index.html", b"x"),
    ]);
    let archive = zip.open().unwrap();
    let cases = [
        ("", Some("")),
        ("/", Some("")),
        ("a", Some("a")),
        ("a/b/", Some("a/b")),
        ("./a/x/../b", Some("a/b")),
        ("empty/", Some("empty")),
        ("My%20Course%20(v2)/?x", Some("My Course (v2)")),
        ("a/b/c.html", None),
        ("nothing/", None),
        ("../", None),
    ];
    for (href, expected) in cases {
        assert_eq!(archive.folder(href), expected, "{href}");
    }
}
