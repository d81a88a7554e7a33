//! Who is let in until there are accounts.

use axum::body::Body;
use http::{StatusCode, header};
use lyceum_testkit::TestApp;

use crate::site::{ELSEWHERE, HERE, OURS, Site, request};

async fn status(site: &Site, peer: &str, headers: &[(&str, &str)]) -> StatusCode {
    site.send(peer, request("GET", "/", headers, Body::empty())).await.status
}

#[tokio::test]
async fn only_this_machine_or_a_key_opens_the_pages() {
    let local = Site::default();
    let public = Site::with(local.test.again(2), false);
    let key = local.test.app.create_key(TestApp::TENANT, "office").await.expect("a key").secret;
    let (bearer, cookie) = (format!("Bearer {key}"), format!("other=1; lyceum-key={key}"));
    let (ok, no) = (StatusCode::OK, StatusCode::UNAUTHORIZED);
    type Headers<'a> = &'a [(&'a str, &'a str)];
    let table: [(&Site, &str, Headers<'_>, StatusCode); 13] = [
        (&local, HERE, &[], ok),
        (&local, "[::1]:50000", &[], ok),
        (&local, "[::ffff:127.0.0.1]:50000", &[], ok),
        (&local, ELSEWHERE, &[], no),
        // A proxy on this machine brings people from anywhere.
        (&local, HERE, &[("x-forwarded-for", "192.0.2.7")], no),
        (&local, HERE, &[("forwarded", "for=192.0.2.7")], no),
        (&public, HERE, &[], no),
        (&public, HERE, &[("authorization", &bearer)], ok),
        (&local, ELSEWHERE, &[("authorization", &bearer)], ok),
        (&local, ELSEWHERE, &[("cookie", &cookie)], ok),
        (&local, ELSEWHERE, &[("authorization", "Bearer lyceum_wrong")], no),
        (&local, ELSEWHERE, &[("authorization", "Basic b3A6b3A=")], no),
        // A wrong key does not fall back to the machine: somebody meant to be somebody.
        (&local, HERE, &[("authorization", "Bearer lyceum_wrong")], no),
    ];
    for (site, peer, headers, expected) in table {
        assert_eq!(status(site, peer, headers).await, expected, "{peer} {headers:?}");
    }
}

#[tokio::test]
async fn a_revoked_key_opens_nothing() {
    let site = Site::default();
    let key = site.test.app.create_key(TestApp::TENANT, "office").await.expect("a key");
    let bearer = format!("Bearer {}", key.secret);
    let headers: [(&str, &str); 1] = [("authorization", &bearer)];
    assert_eq!(status(&site, ELSEWHERE, &headers).await, StatusCode::OK);
    site.test.app.revoke_key(TestApp::TENANT, key.id).await.expect("revoked");
    assert_eq!(status(&site, ELSEWHERE, &headers).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn every_page_is_behind_the_door() {
    let site = Site::default();
    for path in
        ["/", "/courses/x", "/registrations", "/registrations/x", "/registrations/x/launch", "/nothing"]
    {
        let answer = site.send(ELSEWHERE, request("GET", path, &[], Body::empty())).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        answer.shows(&["Operator key", "lyceum key create", &format!("value=\"{path}\"")]);
    }
    for path in ["/courses", "/courses/x/registrations", "/registrations/x/launch"] {
        let answer = site.send(ELSEWHERE, request("POST", path, &[OURS], Body::empty())).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn signing_in_and_out() {
    let site = Site::default();
    let key = site.test.app.create_key(TestApp::TENANT, "front office").await.expect("a key").secret;
    let wrong = site.post("/sign-in", "key=lyceum_wrong&to=/registrations").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    wrong.shows(&["not known here", "value=\"/registrations\""]);
    assert!(wrong.header(header::SET_COOKIE).is_empty());

    let right = site.post("/sign-in", &format!("key={key}&to=/registrations")).await;
    assert_eq!(right.location(), "/registrations");
    let cookie = right.header(header::SET_COOKIE);
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let pair = cookie.split(';').next().unwrap_or_default().to_owned();
    let page = site.send(ELSEWHERE, request("GET", "/", &[("cookie", &pair)], Body::empty())).await;
    page.shows(&["operator key “front office”", "Sign out"]);

    let out = site.post("/sign-out", "").await;
    assert!(out.location() == "/" && out.header(header::SET_COOKIE).contains("Max-Age=0"));
    // A person at the machine has nothing to sign out of.
    site.get("/").await.hides(&["Sign out"]).shows(&["only this machine"]);
}
