//! `lyceum key`.

use crate::run::{code, err, json, out, run};

#[test]
fn keys_are_made_listed_and_revoked() {
    let data = tempfile::tempdir().expect("a fresh folder");
    let data = data.path().to_string_lossy().into_owned();
    let key = |args: &[&str]| run(&[&["key"], args, &["--data", &data]].concat());
    assert!(out(&key(&["list"])).contains("no key yet"));

    let made = json(&key(&["create", "office", "--json"]));
    let (id, secret) = (made["id"].as_str().expect("an id"), made["secret"].as_str().expect("a secret"));
    assert!(secret.len() > 40, "{secret}");
    let listed = json(&key(&["list", "--json"]));
    assert_eq!((&listed[0]["id"], &listed[0]["name"]), (&made["id"], &made["name"]));
    assert!(!listed.to_string().contains(secret), "the secret is nowhere");
    assert!(out(&key(&["list"])).contains("valid"));

    assert_eq!(code(&key(&["revoke", id])), 0);
    assert!(out(&key(&["list"])).contains("revoked"));
    let again = key(&["revoke", id]);
    assert_eq!(code(&again), 1);
    assert!(err(&again).contains("there is no key"), "{}", err(&again));
    assert_eq!(code(&key(&["revoke", "no-id"])), 2);
}
