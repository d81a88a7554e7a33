//! Encryption against a real server: who is connected to, who is not, and what people are told then.

use lyceum_testkit::postgres::Encrypted;

use crate::{Db, DbError, Remote};

/// Connects as the server does at its start: what may get better by itself would be waited for.
fn connect(url: &str) -> Result<Db, DbError> {
    Db::connect(&Remote { url, now: 0, wait: true, faults: None })
}

/// Whether the connection is encrypted; or the error's code, and words of what is told.
type Connected = Result<bool, (&'static str, &'static str)>;

fn is_encrypted(db: &Db) -> bool {
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl";
    db.read(move |tx| tx.first(sql, &[], |_| Ok(()))).wait().unwrap().is_some()
}

#[test]
fn who_is_trusted_and_what_is_told_else() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Encrypted::begin(folder.path()) else { return };
    let by = |mode: &str, authority: &std::path::Path| format!("{mode}&sslrootcert={}", authority.display());
    let (known, strange) = (server.authority(), server.stranger());
    let shown = |who: &str| {
        let [certificate, key] = server.identity(who).map(|file| file.display().to_string());
        format!("{}&sslcert={certificate}&sslkey={key}", by("sslmode=verify-full", &known))
    };
    // User, host, what is asked for, what comes of it.
    let table: [(&str, &str, String, Connected); 18] = [
        ("lyceum", "localhost", by("sslmode=verify-full", &known), Ok(true)),
        ("lyceum", "localhost", by("sslmode=require", &known), Ok(true)),
        ("lyceum", "localhost", format!("sslrootcert={}", known.display()), Ok(true)),
        ("lyceum", "127.0.0.1", "sslmode=require".into(), Ok(true)),
        ("lyceum", "127.0.0.1", String::new(), Ok(true)),
        ("plain", "127.0.0.1", "sslmode=disable".into(), Ok(false)),
        (
            "lyceum",
            "localhost",
            by("sslmode=verify-full", &strange),
            Err(("database-untrusted", "UnknownIssuer")),
        ),
        (
            "lyceum",
            "localhost",
            "sslmode=verify-full".into(),
            Err(("database-untrusted", "sslrootcert=FILE")),
        ),
        ("lyceum", "127.0.0.1", by("sslmode=verify-full", &known), Err(("database-untrusted", "localhost"))),
        ("lyceum", "127.0.0.1", "sslmode=disable".into(), Err(("database-denied", "sslmode=require"))),
        (
            "lyceum",
            "localhost",
            by("sslmode=verify-full", &folder.path().join("none.pem")),
            Err(("database-address", "none.pem")),
        ),
        ("lyceum", "127.0.0.1", by("sslmode=verify-ca", &known), Ok(true)),
        (
            "lyceum",
            "127.0.0.1",
            by("sslmode=verify-ca", &strange),
            Err(("database-untrusted", "UnknownIssuer")),
        ),
        ("badge", "localhost", shown("badge"), Ok(true)),
        ("badge", "localhost", by("sslmode=verify-full", &known), Err(("database-denied", "certificate"))),
        ("badge", "localhost", shown("other"), Err(("database-denied", "badge"))),
        ("badge", "localhost", shown("missing"), Err(("database-address", "missing"))),
        ("nobody", "127.0.0.1", "sslmode=require".into(), Err(("database-denied", "nobody"))),
    ];
    for (user, host, query, expected) in table {
        let url = server.url(user, host, &query);
        match (connect(&url), expected) {
            (Ok(db), Ok(encrypted)) => assert_eq!(is_encrypted(&db), encrypted, "{url}"),
            (Err(e), Err((code, words))) => {
                assert_eq!(e.code(), code, "{url}: {e}");
                assert!(e.to_string().contains(words) && !e.to_string().contains("sesame"), "{url}: {e}");
            }
            (found, _) => panic!("{url}: {:?}", found.map(|db| db.status())),
        }
    }

    server.cluster.kill();
    server.speak_tls(false);
    server.cluster.start();
    let e = connect(&server.url("plain", "localhost", "sslmode=require")).err().unwrap();
    assert!(e.code() == "database-denied" && e.to_string().contains("it has no TLS"), "{e}");
    assert!(!is_encrypted(&connect(&server.url("plain", "localhost", "sslmode=prefer")).unwrap()));
}

#[test]
fn a_certificate_that_turns_bad_is_trouble_and_no_end() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Encrypted::begin(folder.path()) else { return };
    let query = format!("sslmode=verify-full&sslrootcert={}", server.authority().display());
    let db = connect(&server.url("lyceum", "localhost", &query)).unwrap();
    assert!(is_encrypted(&db));
    server.cluster.kill();
    server.speak_tls(false);
    server.cluster.start();
    // It is not spoken to in the clear, and what learners commit meanwhile goes into the spool.
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let denied = loop {
        let e = db.write(|tx| crate::settings::put(crate::Tenant::DEFAULT, tx, "x", "y")).wait().unwrap_err();
        assert!(e.is_trouble() && std::time::Instant::now() < patience, "{e}");
        if matches!(e, DbError::Denied(_)) {
            break e;
        }
    };
    assert!(denied.to_string().contains("no TLS"), "{denied}");
}
