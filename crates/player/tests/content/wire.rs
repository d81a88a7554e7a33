//! The same through a real HTTP connection: what lies on the wire.

use std::convert::Infallible;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use crate::support::{Course, LARGE_MEDIA, LARGE_TEXT, SMALL_TEXT, content};

/// Sends the requests over one connection and gives everything that comes back.
async fn talk(course: &Arc<Course>, requests: &str) -> Vec<u8> {
    let (mut client, server) = duplex(64 * 1024);
    let course = Arc::clone(course);
    let served = tokio::spawn(async move {
        let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
            let course = Arc::clone(&course);
            async move {
                let (parts, _) = request.into_parts();
                let path = parts.uri.path().trim_start_matches('/').to_owned();
                Ok::<_, Infallible>(course.delivery.respond(&course.course, &path, &parts).await)
            }
        });
        http1::Builder::new().serve_connection(TokioIo::new(server), service).await
    });
    client.write_all(requests.as_bytes()).await.unwrap();
    let mut answers = Vec::new();
    client.read_to_end(&mut answers).await.unwrap();
    let _ = served.await.unwrap();
    answers
}

/// Splits one answer into its head and the rest.
fn split(answer: &[u8]) -> (String, &[u8]) {
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    (String::from_utf8(answer[..end].to_vec()).unwrap(), &answer[end..])
}

#[tokio::test]
async fn lengths_are_stated_and_bodies_are_not_chunked() {
    let course = Arc::new(Course::new());
    let last = "Host: x\r\nConnection: close\r\n\r\n";
    for name in [SMALL_TEXT, LARGE_TEXT, LARGE_MEDIA] {
        let answer = talk(&course, &format!("GET /{name} HTTP/1.1\r\n{last}")).await;
        let (head, body) = split(&answer);
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
        assert!(!head.contains("transfer-encoding"), "{head}");
        assert!(body == content(name), "{name}");
    }
}

#[tokio::test]
async fn several_answers_follow_each_other_on_one_connection() {
    let course = Arc::new(Course::new());
    let requests = format!(
        "HEAD /{LARGE_MEDIA} HTTP/1.1\r\nHost: x\r\n\r\n\
         GET /{LARGE_MEDIA} HTTP/1.1\r\nHost: x\r\nRange: bytes=10-300009\r\n\r\n\
         GET /{SMALL_TEXT} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    );
    let answers = talk(&course, &requests).await;
    let (head, rest) = split(&answers);
    assert!(head.contains("content-length: 1000000\r\n"), "{head}");
    let (head, rest) = split(rest);
    assert!(head.starts_with("HTTP/1.1 206 "), "{head}");
    let (part, rest) = rest.split_at(300_000);
    assert!(part == &content(LARGE_MEDIA)[10..300_010]);
    let (head, body) = split(rest);
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert!(body == content(SMALL_TEXT));
}
