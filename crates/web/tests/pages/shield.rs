//! What other sites, and courses, can do to these pages: link to them, and nothing else.

use axum::body::Body;
use http::{StatusCode, header};

use crate::site::{APP, CONTENT, HERE, OURS, Site, request};

#[tokio::test]
async fn every_answer_carries_the_shield() {
    let site = Site::default();
    let asset = asset_path(&site).await;
    for path in ["/", "/nothing", "/registrations", "/sign-in", &asset, "/assets/0/nothing.js"] {
        let answer = site.get(path).await;
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
        assert_eq!(answer.header(header::X_FRAME_OPTIONS), "DENY", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert!(answer.header("access-control-allow-origin").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn pages_are_not_stored_and_files_are_for_ever() {
    let site = Site::default();
    let page = site.get("/").await;
    assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
    let file = site.get(&asset_path(&site).await).await;
    assert_eq!((file.status, file.header(header::CONTENT_TYPE)), (StatusCode::OK, "text/css"));
    assert!(file.header(header::CACHE_CONTROL).contains("immutable"));
    // Nothing comes from elsewhere, and nothing is inline: the policy would stop it.
    page.hides(&["src=\"http", "href=\"http", "<style", "style=", "onclick", "<script>"]);
}

/// Where the style sheet is.
async fn asset_path(site: &Site) -> String {
    let page = site.get("/").await.text;
    let mut addresses = page.split('"').filter(|word| word.starts_with("/assets/") && word.ends_with(".css"));
    addresses.next().expect("a style sheet").to_owned()
}

#[tokio::test]
async fn changes_need_proof_that_we_asked() {
    let site = Site::default();
    let table: [(&[(&str, &str)], bool); 7] = [
        (&[OURS], true),
        (&[("origin", APP)], true),
        (&[("authorization", "Bearer lyceum_unknown")], true),
        (&[], false),
        (&[("origin", CONTENT)], false),
        (&[("origin", "null")], false),
        (
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
            ],
            false,
        ),
    ];
    let paths = ["/courses", "/courses/x/registrations", "/registrations/x/launch", "/sign-in", "/sign-out"];
    for (headers, proven) in table {
        for path in paths {
            let answer = site.send(HERE, request("POST", path, headers, Body::empty())).await;
            assert_eq!(
                answer.status != StatusCode::FORBIDDEN,
                proven,
                "{path} {headers:?}: {}",
                answer.status
            );
        }
    }
}

#[tokio::test]
async fn other_sites_may_link_here_and_not_embed_or_fetch() {
    let site = Site::default();
    let link =
        [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    assert_eq!(site.get_with("/", &link).await.status, StatusCode::OK);
    for (mode, dest) in
        [("navigate", "iframe"), ("no-cors", "script"), ("no-cors", "image"), ("cors", "empty")]
    {
        let headers = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", mode), ("sec-fetch-dest", dest)];
        assert_eq!(site.get_with("/", &headers).await.status, StatusCode::FORBIDDEN, "{mode} {dest}");
    }
}
