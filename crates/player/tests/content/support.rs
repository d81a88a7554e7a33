//! A course on disk and a delivery in front of it.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use lyceum_archive::{Archive, CourseObject, Digest, pack_folder};
use lyceum_player::content::{ContentHeaders, Delivery, Settings};

/// A course with small and large files, stored and deflated ones.
pub(crate) struct Course {
    pub(crate) delivery: Delivery,
    pub(crate) course: Arc<CourseObject>,
    pub(crate) folder: tempfile::TempDir,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: io::Result<Bytes>,
}

impl Answer {
    /// A header's text, or "" when it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next().map_or("", |value| value.to_str().unwrap());
        assert!(values.next().is_none(), "{name} twice");
        value
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.body.as_ref().unwrap()
    }
}

pub(crate) const SMALL_TEXT: &str = "page.html";
pub(crate) const LARGE_TEXT: &str = "scripts/large.js";
pub(crate) const SMALL_MEDIA: &str = "media/icon.png";
pub(crate) const LARGE_MEDIA: &str = "media/film.mp4";

type Files = Vec<(&'static str, Vec<u8>)>;

static FILES: LazyLock<Files> = LazyLock::new(|| {
    let hex = |byte: &u8| {
        [b"0123456789abcdef"[usize::from(byte >> 4)], b"0123456789abcdef"[usize::from(byte & 15)]]
    };
    vec![
        (SMALL_TEXT, b"<!doctype html><title>A page</title>".repeat(50)),
        // Compressed it is still too large for memory.
        (LARGE_TEXT, noise(200_000).iter().flat_map(hex).collect()),
        (SMALL_MEDIA, noise(5_000)),
        (LARGE_MEDIA, noise(1_000_000)),
        ("empty.bin", Vec::new()),
        ("LICENSE", b"All wrongs reversed".to_vec()),
        ("Über uns/Seite 1.html", b"<p>Deutsch".to_vec()),
        ("unit/index.htm", b"<p>Unit".to_vec()),
        ("unit/part/notes.txt", b"notes".to_vec()),
        ("Index.html", b"<p>Root".to_vec()),
    ]
});

pub(crate) fn files() -> &'static Files {
    &FILES
}

pub(crate) fn content(name: &str) -> &'static [u8] {
    let (_, content) = FILES.iter().find(|(found, _)| *found == name).unwrap();
    content
}

/// Bytes that do not compress, the same ones each time.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..len).map(|_| next()).collect()
}

impl Course {
    pub(crate) fn new() -> Self {
        Self::with(1 << 30, ContentHeaders::default())
    }

    pub(crate) fn with(inflated: u64, headers: ContentHeaders) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        for (name, content) in files() {
            let path = source.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let mut zip = Vec::new();
        pack_folder(&source, &mut zip).unwrap();
        fs::write(folder.path().join("course.zip"), &zip).unwrap();
        let (digest, _) = Digest::of(&zip[..]).unwrap();
        let archive = Archive::open(&folder.path().join("course.zip"), &Default::default()).unwrap();
        let settings =
            Settings { memory: 1 << 20, inflated_folder: folder.path().join("inflated"), inflated, headers };
        let delivery = Delivery::new(&settings).unwrap();
        Self { delivery, course: Arc::new(CourseObject::new(digest, archive)), folder }
    }

    pub(crate) fn zip(&self) -> PathBuf {
        self.folder.path().join("course.zip")
    }

    /// Changes one byte in the middle of a file's data in the archive.
    pub(crate) fn damage(&self, name: &str) {
        let id = self.course.lookup(name).unwrap();
        let stored = self.course.stored(id).unwrap();
        let span = stored.or_else(|| self.course.gzip(id).unwrap().map(|parts| parts.deflated)).unwrap();
        let mut file = OpenOptions::new().read(true).write(true).open(self.zip()).unwrap();
        let at = SeekFrom::Start(span.offset + span.len / 2);
        let mut byte = [0];
        file.seek(at).unwrap();
        file.read_exact(&mut byte).unwrap();
        file.seek(at).unwrap();
        file.write_all(&[byte[0] ^ 0x55]).unwrap();
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let response =
            self.delivery.respond(&self.course, path_of(path), &parts(method, path, headers)).await;
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.map(|b| b.to_bytes()),
        }
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask("GET", path, headers).await
    }
}

fn path_of(path: &str) -> &str {
    path.split('?').next().unwrap()
}

pub(crate) fn parts(method: &str, path: &str, headers: &[(&str, &str)]) -> Parts {
    let request = Request::builder().method(method).uri(format!("/content/KEY/{path}"));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(()).unwrap().into_parts().0
}

pub(crate) fn files_below(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files_below(&path) } else { 1 }).sum()
}
