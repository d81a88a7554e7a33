//! What is sent for which request.

use std::io::Read;

use flate2::read::GzDecoder;
use lyceum_player::content::ContentHeaders;

use crate::support::{
    Answer, Course, LARGE_MEDIA, LARGE_TEXT, SMALL_MEDIA, SMALL_TEXT, content, files, files_below,
};

type Headers<'a> = &'a [(&'a str, &'a str)];

const EVERY_SIZE: [&str; 4] = [SMALL_TEXT, LARGE_TEXT, SMALL_MEDIA, LARGE_MEDIA];

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut inflated = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut inflated).unwrap();
    inflated
}

#[tokio::test]
async fn every_file_comes_whole_with_its_headers() {
    let course = Course::new();
    for (name, content) in files() {
        let path = name.replace(' ', "%20").replace('Ü', "%C3%9C");
        for again in [false, true] {
            let answer = course.get(&path, &[]).await;
            assert_eq!(answer.status, 200, "{name}, again: {again}");
            assert!(answer.bytes() == *content, "{name}, again: {again}");
            assert_eq!(answer.header("content-length"), content.len().to_string(), "{name}");
            assert_eq!(answer.header("accept-ranges"), "bytes");
            assert_eq!(answer.header("content-encoding"), "");
            assert_eq!(answer.header("vary"), "accept-encoding");
            assert_eq!(answer.header("cache-control"), "private, max-age=31536000, immutable");
            assert_eq!(answer.header("etag").split_once('-').unwrap().1, format!("{:x}\"", content.len()));
        }
    }
}

#[tokio::test]
async fn types_follow_the_extension_and_are_left_out_when_unknown() {
    let course = Course::new();
    let cases = [
        (SMALL_TEXT, "text/html"),
        (LARGE_TEXT, "text/javascript"),
        (SMALL_MEDIA, "image/png"),
        (LARGE_MEDIA, "video/mp4"),
        ("unit/part/notes.txt", "text/plain"),
        ("LICENSE", ""),
    ];
    for (path, expected) in cases {
        assert_eq!(course.get(path, &[]).await.header("content-type"), expected, "{path}");
    }
}

#[tokio::test]
async fn a_deflated_file_goes_as_gzip_to_those_who_take_it() {
    let course = Course::new();
    for name in [SMALL_TEXT, LARGE_TEXT] {
        let plain = course.get(name, &[]).await;
        for again in [false, true] {
            let answer = course.get(name, &[("accept-encoding", "gzip, deflate, br")]).await;
            assert_eq!((answer.status.as_u16(), answer.header("content-encoding")), (200, "gzip"));
            assert!(gunzip(answer.bytes()) == content(name), "{name}, again: {again}");
            assert!(answer.bytes().len() < content(name).len());
            assert_eq!(answer.header("content-length"), answer.bytes().len().to_string());
            assert_eq!(answer.header("accept-ranges"), "");
            assert_eq!(answer.header("vary"), "accept-encoding");
            assert_eq!(answer.header("content-type"), plain.header("content-type"));
            assert_ne!(answer.header("etag"), plain.header("etag"));
        }
    }
    for name in [SMALL_MEDIA, LARGE_MEDIA] {
        let answer = course.get(name, &[("accept-encoding", "gzip")]).await;
        assert_eq!(answer.header("content-encoding"), "", "{name} is stored");
        assert!(answer.bytes() == content(name));
    }
}

#[tokio::test]
async fn one_range_is_served_of_the_identity_whatever_encodings_are_taken() {
    let course = Course::new();
    for name in EVERY_SIZE {
        let whole = content(name);
        let len = whole.len();
        let cases = [
            ("bytes=0-0".to_owned(), 0..1),
            ("bytes=0-".to_owned(), 0..len),
            ("bytes=100-1099".to_owned(), 100..1_100),
            (format!("bytes={}-", len - 3), len - 3..len),
            ("bytes=-1000".to_owned(), len - 1_000..len),
            (format!("bytes=7-{}", len * 2), 7..len),
        ];
        for (range, expected) in cases {
            let answer = course.get(name, &[("range", &range), ("accept-encoding", "gzip")]).await;
            assert_eq!(answer.status, 206, "{name} {range}");
            assert!(answer.bytes() == &whole[expected.clone()], "{name} {range}");
            let stated = format!("bytes {}-{}/{len}", expected.start, expected.end - 1);
            assert_eq!(answer.header("content-range"), stated);
            assert_eq!(answer.header("content-length"), expected.len().to_string());
            assert_eq!((answer.header("content-encoding"), answer.header("accept-ranges")), ("", "bytes"));
            assert_eq!(answer.header("etag"), course.get(name, &[]).await.header("etag"));
        }
    }
    assert_eq!(
        files_below(&course.folder.path().join("inflated")),
        1,
        "only the large text was inflated to disk"
    );
}

#[tokio::test]
async fn what_is_no_single_range_gives_the_whole_file() {
    let course = Course::new();
    for range in ["bytes=0-1,4-5", "lines=1-2", "bytes=5-1", "bytes=x", "bytes"] {
        let answer = course.get(SMALL_TEXT, &[("range", range), ("accept-encoding", "gzip")]).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-range")), (200, ""), "{range}");
        assert!(answer.bytes() == content(SMALL_TEXT));
    }
    for name in EVERY_SIZE {
        let answer = course.get(name, &[("range", "bytes=99999999-")]).await;
        assert_eq!(answer.status, 416);
        assert_eq!(answer.header("content-range"), format!("bytes */{}", content(name).len()));
        assert_eq!(answer.bytes(), b"");
    }
    assert_eq!(course.get("empty.bin", &[("range", "bytes=0-")]).await.status, 416);
}

#[tokio::test]
async fn conditions_are_kept_per_encoding() {
    let course = Course::new();
    let gzip = ("accept-encoding", "gzip");
    let plain_tag = course.get(SMALL_TEXT, &[]).await.header("etag").to_owned();
    let gzip_tag = course.get(SMALL_TEXT, &[gzip]).await.header("etag").to_owned();
    let cases: [(&[(&str, &str)], u16); 9] = [
        (&[("if-none-match", &plain_tag)], 304),
        (&[("if-none-match", &gzip_tag)], 200),
        (&[("if-none-match", &gzip_tag), gzip], 304),
        (&[("if-none-match", &format!("\"other\", W/{plain_tag}"))], 304),
        (&[("if-none-match", &plain_tag), ("range", "bytes=0-1")], 304),
        (&[("if-match", &gzip_tag)], 412),
        (&[("if-range", &plain_tag), ("range", "bytes=0-1"), gzip], 206),
        (&[("if-range", &gzip_tag), ("range", "bytes=0-1"), gzip], 200),
        (&[("if-range", "Sat, 21 Nov 2026 10:00:00 GMT"), ("range", "bytes=0-1")], 200),
    ];
    for (headers, expected) in cases {
        let answer = course.get(SMALL_TEXT, headers).await;
        assert_eq!(answer.status, expected, "{headers:?}");
        if expected == 304 {
            assert_eq!(answer.bytes(), b"");
            assert!([&plain_tag, &gzip_tag].contains(&&answer.header("etag").to_owned()));
            assert_eq!(answer.header("cache-control"), "private, max-age=31536000, immutable");
            assert_eq!((answer.header("vary"), answer.header("content-length")), ("accept-encoding", ""));
        }
    }
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let course = Course::new();
    let gzip = ("accept-encoding", "gzip");
    let tag = course.get(SMALL_TEXT, &[]).await.header("etag").to_owned();
    let paths =
        [SMALL_TEXT, LARGE_TEXT, SMALL_MEDIA, LARGE_MEDIA, "unit", "unit/", "missing.html", "empty.bin"];
    for path in paths {
        for headers in [&[][..], &[gzip], &[("if-none-match", &tag)], &[("service-worker", "script")]] {
            let (head, get) = (course.ask("HEAD", path, headers).await, course.get(path, headers).await);
            assert_eq!((head.status, &head.headers), (get.status, &get.headers), "{path} {headers:?}");
            assert_eq!(head.bytes(), b"");
        }
    }
    // A range is defined for GET only.
    let head = course.ask("HEAD", LARGE_MEDIA, &[("range", "bytes=0-1")]).await;
    assert_eq!((head.status.as_u16(), head.header("content-length")), (200, "1000000"));
    assert_eq!(files_below(&course.folder.path().join("inflated")), 1, "made by GET of the large text");
}

#[tokio::test]
async fn folders_have_pages_and_addresses_of_their_own() {
    let course = Course::new();
    for (path, expected) in [("", "<p>Root"), ("unit/", "<p>Unit"), ("./unit/", "<p>Unit")] {
        let answer = course.get(path, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.bytes()), (200, expected.as_bytes()), "{path:?}");
        assert_eq!(answer.header("content-type"), "text/html");
    }
    let moves = [
        ("unit", "./unit/"),
        ("unit/part", "./part/"),
        ("unit?a=1&b", "./unit/?a=1&b"),
        ("%C3%9Cber%20uns", "./%C3%9Cber%20uns/"),
    ];
    for (path, location) in moves {
        let answer = course.get(path, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (301, location), "{path}");
    }
    for path in ["unit/part/", "media/", "page.html/", "nothing/", "../", "unit/../../x"] {
        assert_eq!(course.get(path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn hrefs_of_courses_find_their_files() {
    let course = Course::new();
    let paths = [
        "PAGE.HTML",
        "media%5Cicon.png",
        "%C3%9Cber%20uns/Seite%201.html",
        "U%CC%88ber%20uns/seite%201.html",
        "./page.html",
        "unit/../page.html",
    ];
    for path in paths {
        assert_eq!(course.get(path, &[]).await.status, 200, "{path}");
    }
}

fn is_refusal(answer: &Answer, words: &str) {
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    let text = str::from_utf8(answer.bytes()).unwrap();
    assert!(text.contains(words), "{text}");
}

#[tokio::test]
async fn what_is_not_to_be_had_says_why() {
    let course = Course::new();
    let missing = course.get("no/such%20file.html", &[]).await;
    assert_eq!(missing.status, 404);
    is_refusal(&missing, "no/such%20file.html");
    let worker = course.get(LARGE_TEXT, &[("service-worker", "script")]).await;
    assert_eq!(worker.status, 403);
    is_refusal(&worker, "service workers");
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let answer = course.ask(method, SMALL_TEXT, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "GET, HEAD"), "{method}");
        is_refusal(&answer, "GET, HEAD");
    }
}

#[tokio::test]
async fn every_answer_carries_the_standing_headers_and_no_others() {
    let headers =
        ContentHeaders { frame_ancestors: Some(vec!["https://lms.example".to_owned()]), secure: true };
    let course = Course::with(1 << 30, headers);
    let tag = course.get(SMALL_TEXT, &[]).await.header("etag").to_owned();
    let cases: [(&str, &str, Headers<'_>); 6] = [
        ("GET", SMALL_TEXT, &[]),
        ("GET", LARGE_MEDIA, &[("range", "bytes=0-9")]),
        ("GET", SMALL_TEXT, &[("if-none-match", &tag)]),
        ("GET", "missing", &[]),
        ("GET", "unit", &[]),
        ("POST", SMALL_TEXT, &[]),
    ];
    for (method, path, headers) in cases {
        let answer = course.ask(method, path, headers).await;
        assert_eq!(answer.header("referrer-policy"), "strict-origin-when-cross-origin", "{path}");
        assert_eq!(answer.header("origin-agent-cluster"), "?1");
        let policy = "frame-ancestors 'self' https://lms.example; upgrade-insecure-requests";
        assert_eq!(answer.header("content-security-policy"), policy);
        for absent in
            ["x-content-type-options", "permissions-policy", "access-control-allow-origin", "set-cookie"]
        {
            assert_eq!(answer.header(absent), "", "{absent}");
        }
    }
    assert_eq!(Course::new().get(SMALL_TEXT, &[]).await.header("content-security-policy"), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_get_what_they_asked_for() {
    let course = std::sync::Arc::new(Course::new());
    let tasks: Vec<_> = (0..64)
        .map(|n: usize| {
            let course = std::sync::Arc::clone(&course);
            tokio::spawn(async move {
                let name = EVERY_SIZE[n % 4];
                let whole = content(name);
                for round in 0..10 {
                    let start = (n * 7_919 + round * 104_729) % whole.len();
                    let end = (start + 100_000).min(whole.len());
                    let range = format!("bytes={start}-{}", end - 1);
                    let answer = course.get(name, &[("range", &range)]).await;
                    assert!(answer.bytes() == &whole[start..end], "{name} {range}");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(files_below(&course.folder.path().join("inflated")), 1);
}
