//! Damaged entries, files that shrink, caches without room.

use std::fs;
use std::ops::ControlFlow;

use crate::support::{Course, LARGE_MEDIA, LARGE_TEXT, SMALL_MEDIA, SMALL_TEXT, content, files_below};

const GZIP: (&str, &str) = ("accept-encoding", "gzip");

async fn is_sound(course: &Course, name: &str) {
    let answer = course.get(name, &[]).await;
    assert_eq!(answer.status, 200, "{name}");
    assert!(answer.bytes() == content(name), "{name}");
}

#[tokio::test]
async fn a_damaged_file_is_an_error_to_its_own_requests() {
    let course = Course::new();
    for name in [SMALL_TEXT, LARGE_TEXT, SMALL_MEDIA] {
        course.damage(name);
    }
    let cases: [(&str, &[(&str, &str)]); 6] = [
        (SMALL_TEXT, &[]),
        (SMALL_TEXT, &[GZIP]),
        (SMALL_TEXT, &[("range", "bytes=0-1")]),
        (LARGE_TEXT, &[]),
        (LARGE_TEXT, &[("range", "bytes=0-1")]),
        (SMALL_MEDIA, &[]),
    ];
    for (name, headers) in cases {
        let answer = course.get(name, headers).await;
        assert_eq!(answer.status, 500, "{name} {headers:?}");
        let text = str::from_utf8(answer.bytes()).unwrap();
        assert!(text.contains(name) && text.contains("damaged in the package"), "{text}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    is_sound(&course, LARGE_MEDIA).await;
    is_sound(&course, "unit/index.htm").await;
}

#[tokio::test]
async fn what_verification_found_is_no_longer_sent_as_it_lies() {
    let course = Course::new();
    course.damage(LARGE_MEDIA);
    course.damage(LARGE_TEXT);
    assert_eq!(course.get(LARGE_MEDIA, &[("range", "bytes=0-9")]).await.status, 206, "not known yet");
    assert_eq!(course.get(LARGE_TEXT, &[GZIP]).await.status, 200, "not known yet");
    course.course.verify(|_| ControlFlow::Continue(()));
    assert_eq!(course.get(LARGE_MEDIA, &[("range", "bytes=0-9")]).await.status, 500);
    assert_eq!(course.get(LARGE_TEXT, &[GZIP]).await.status, 500);
    is_sound(&course, SMALL_MEDIA).await;
}

#[tokio::test]
async fn a_file_that_shrinks_breaks_the_answer_and_not_the_server() {
    let course = Course::new();
    let id = course.course.lookup(LARGE_MEDIA).unwrap();
    let span = course.course.stored(id).unwrap().unwrap();
    let zip = fs::OpenOptions::new().write(true).open(course.zip()).unwrap();
    zip.set_len(span.offset + 300_000).unwrap();
    let answer = course.get(LARGE_MEDIA, &[]).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-length")), (200, "1000000"));
    assert!(answer.body.is_err(), "a part must not pass for the whole");
    let part = course.get(LARGE_MEDIA, &[("range", "bytes=1000-200999")]).await;
    assert!(part.bytes() == &content(LARGE_MEDIA)[1_000..201_000]);
    assert_eq!(course.get(SMALL_MEDIA, &[]).await.status, 503, "it lay behind");
    is_sound(&course, "LICENSE").await;
}

#[tokio::test]
async fn without_room_to_inflate_a_file_comes_whole_and_on_the_way() {
    let no_room = Course::with(100_000, Default::default());
    let broken = Course::new();
    fs::remove_dir_all(broken.folder.path().join("inflated")).unwrap();
    fs::write(broken.folder.path().join("inflated"), b"a file where the folder was").unwrap();
    for course in [&no_room, &broken] {
        is_sound(course, LARGE_TEXT).await;
        let ranged = course.get(LARGE_TEXT, &[("range", "bytes=5-9")]).await;
        assert_eq!((ranged.status.as_u16(), ranged.header("content-range")), (200, ""));
        assert_eq!(ranged.header("content-length"), content(LARGE_TEXT).len().to_string());
        assert!(ranged.bytes() == content(LARGE_TEXT));
        let gzip = course.get(LARGE_TEXT, &[GZIP]).await;
        assert_eq!((gzip.status.as_u16(), gzip.header("content-encoding")), (200, "gzip"));
    }
    assert_eq!(files_below(&no_room.folder.path().join("inflated")), 0);
}

#[tokio::test]
async fn damage_found_on_the_way_breaks_the_answer() {
    let course = Course::with(0, Default::default());
    course.damage(LARGE_TEXT);
    let answer = course.get(LARGE_TEXT, &[]).await;
    let error = answer.body.unwrap_err().to_string();
    assert!(error.contains(LARGE_TEXT), "{error}");
}
