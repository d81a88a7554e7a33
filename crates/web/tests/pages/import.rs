//! Packages come in by upload.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use futures_util::stream;
use http::StatusCode;
use lyceum_testkit::{TestApp, Zip, scorm12};

use crate::site::{Answer, HERE, OURS, Site, request};

const BOUNDARY: &str = "----a-boundary";

/// One file of a form, as browsers send it.
fn part(name: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"package\"; filename=\"{name}\"\r\nContent-Type: application/zip\r\n\r\n"
    );
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

fn end() -> Vec<u8> {
    format!("--{BOUNDARY}--\r\n").into_bytes()
}

async fn upload(site: &Site, body: Vec<u8>, extra: &[(&str, &str)]) -> Answer {
    upload_to(site, "/courses", body, extra).await
}

async fn upload_to(site: &Site, path: &str, body: Vec<u8>, extra: &[(&str, &str)]) -> Answer {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers: Vec<(&str, &str)> =
        [OURS, ("content-type", &kind)].into_iter().chain(extra.iter().copied()).collect();
    site.send(HERE, request("POST", path, &headers, Body::from(body))).await
}

const SCRIPT: [(&str, &str); 1] = [("x-lyceum-part", "report")];

#[tokio::test]
async fn a_package_becomes_a_course() {
    let site = Site::default();
    let body = [part("tea.zip", &scorm12("Tea", &["a"])), end()].concat();
    let location = upload(&site, body.clone(), &[]).await.location().to_owned();
    site.get(&location).await.shows(&["<h1>Tea</h1>", "Can be played"]);
    // The same bytes again are the same version, and the script gets the report alone.
    let again = upload(&site, body, &SCRIPT).await;
    assert_eq!(again.status, StatusCode::OK);
    again.shows(&["“Tea” is here already.", &location, "SCORM 1.2"]).hides(&["<html", "<header"]);
}

#[tokio::test]
async fn a_package_becomes_a_newer_version_of_a_course() {
    let site = Site::default();
    let course = site.test.import(&scorm12("Tea", &["a"])).await;
    let versions = format!("/courses/{course}/versions");
    let newer = [part("tea.zip", &scorm12("Tea, second edition", &["a"])), end()].concat();
    assert_eq!(
        upload_to(&site, &versions, newer.clone(), &[]).await.location(),
        format!("/courses/{course}")
    );
    site.get(&format!("/courses/{course}")).await.shows(&["<strong>2</strong>", "second edition"]);
    upload_to(&site, &versions, newer, &SCRIPT).await.shows(&["is here already.", "version 2"]);
    let other = [part("sky.zip", &scorm12("Sky", &["a"])), end()].concat();
    let sky = upload(&site, other.clone(), &[]).await.location().to_owned();
    let refused = upload_to(&site, &versions, other.clone(), &SCRIPT).await;
    refused.shows(&["sky.zip was not imported.", sky.trim_start_matches("/courses/")]);
    let nowhere = upload_to(&site, "/courses/nowhere/versions", other, &[]).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND, "{}", nowhere.text);
}

#[tokio::test]
async fn what_cannot_be_played_is_refused_with_its_reason() {
    let site = Site::default();
    let no_manifest = Zip::default().file("index.html", "<p>").build();
    let lost_file = Zip::default().file("imsmanifest.xml", "<manifest").build();
    let table: [(&str, &[u8], &str); 4] = [
        ("notes.txt", b"no zip at all", "not a zip"),
        ("empty.zip", b"", "empty"),
        ("folder.zip", &no_manifest, "manifest"),
        ("broken.zip", &lost_file, "manifest"),
    ];
    for (name, bytes, reason) in table {
        let answer = upload(&site, [part(name, bytes), end()].concat(), &SCRIPT).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.text);
        answer.shows(&[&format!("{name} was not imported."), reason]);
        let page = upload(&site, [part(name, bytes), end()].concat(), &[]).await;
        page.shows(&["<html", reason]);
    }
    assert!(site.test.app.courses(TestApp::TENANT).await.expect("a list").is_empty());
}

#[tokio::test]
async fn several_files_are_each_reported() {
    let site = Site::default();
    let body = [
        part("tea.zip", &scorm12("Tea", &["a"])),
        part("bad.zip", b"no zip"),
        part("sky.zip", &scorm12("Sky", &["a"])),
        end(),
    ];
    let answer = upload(&site, body.concat(), &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "the worst counts");
    answer.shows(&["“Tea” was imported.", "bad.zip was not imported.", "“Sky” was imported."]);
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let site = Site::default();
    let whole = part("tea.zip", &scorm12("Tea", &["a"]));
    let answer = upload(&site, whole[..whole.len() / 2].to_vec(), &SCRIPT).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    answer.shows(&["tea.zip was not imported.", "broke off"]);
    // The thread that wrote removes it, a moment after the answer.
    let patience = Instant::now() + Duration::from_secs(20);
    while !left_behind(&site).is_empty() {
        assert!(Instant::now() < patience, "{:?} is still there", left_behind(&site));
        std::thread::yield_now();
    }
    assert!(site.test.app.courses(TestApp::TENANT).await.expect("a list").is_empty());
}

/// Files of packages that were being taken in.
fn left_behind(site: &Site) -> Vec<String> {
    let incoming = site.test.app.data_dir().join("incoming");
    let ours = std::fs::read_dir(incoming)
        .expect("a folder")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir());
    ours.flat_map(|folder| std::fs::read_dir(folder).expect("a folder"))
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name != "lock")
        .collect()
}

#[tokio::test]
async fn an_upload_that_announces_too_much_is_refused_before_it_is_read() {
    let site = Site::default();
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    // A body that must not be polled.
    let body =
        Body::from_stream(stream::poll_fn(|_| -> std::task::Poll<Option<Result<Bytes, Infallible>>> {
            panic!("the body was read");
        }));
    let headers = [OURS, ("content-type", kind.as_str()), ("content-length", "99999999999999"), SCRIPT[0]];
    let answer = site.send(HERE, request("POST", "/courses", &headers, body)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    answer.shows(&["was not imported", "bytes"]);
}

#[tokio::test]
async fn forms_without_a_package_are_told_so() {
    let site = Site::default();
    let nothing = upload(&site, end(), &SCRIPT).await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST);
    nothing.shows(&["Choose a file first."]);
    let no_form = site.post("/courses", "package=x").await;
    assert_eq!(no_form.status, StatusCode::BAD_REQUEST);
    no_form.shows(&["Nothing was imported."]);
}
