//! A PostgreSQL that speaks TLS, with authorities and a certificate made for the one test.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use super::cluster::{Cluster, succeed};

/// What `lyceum` and `plain` sign in with.
const PASSWORD: &str = "open sesame";

/// Whom it lets in: `lyceum` encrypted only, `plain` in any way, both with their password; `badge` by a certificate in its name.
const RULES: &str = "local all all trust\n\
    hostssl all badge 127.0.0.1/32 cert\n\
    hostssl all lyceum 127.0.0.1/32 scram-sha-256\n\
    host all plain 127.0.0.1/32 scram-sha-256\n";

/// A running cluster of a test's own, reached over TCP. Its certificate is for `localhost` and no other name.
#[derive(Debug)]
pub struct Encrypted {
    /// The cluster.
    pub cluster: Cluster,
    folder: PathBuf,
    port: u16,
}

impl Encrypted {
    /// `None`, with a word, where PostgreSQL or openssl is not installed.
    #[must_use]
    #[allow(clippy::print_stderr)] // what is skipped is to be seen
    pub fn begin(root: &Path) -> Option<Self> {
        let Some(openssl) = openssl() else {
            eprintln!(
                "SKIPPED: openssl is not installed (Debian: apt-get install openssl); TLS is not tried"
            );
            return None;
        };
        let mut cluster = Cluster::created(root)?;
        let folder = cluster.data();
        for name in ["authority", "stranger"] {
            let (key, pem) =
                (folder.join(name).with_extension("key"), folder.join(name).with_extension("pem"));
            certificate(&cluster, &openssl, &key, &pem, &["-subj", &format!("/CN={name}")]);
        }
        let [key, pem] =
            ["authority.key", "authority.pem"].map(|name| folder.join(name).display().to_string());
        let signed = [
            &["-subj", "/CN=localhost", "-CA", &pem, "-CAkey", &key][..],
            &["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"],
        ];
        let own = ["server.key", "server.crt"].map(|name| folder.join(name));
        certificate(&cluster, &openssl, &own[0], &own[1], &signed.concat());
        for name in ["badge", "other"] {
            let file = folder.join(name);
            let signed = ["-subj", &format!("/CN={name}"), "-CA", &pem, "-CAkey", &key];
            certificate(
                &cluster,
                &openssl,
                &file.with_extension("key"),
                &file.with_extension("pem"),
                &signed,
            );
        }
        fs::write(folder.join("pg_hba.conf"), RULES).expect("rules");
        // Nobody else is given this port until it is asked for again.
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.expect("a free port").port();
        cluster.tcp = Some(port);
        let encrypted = Self { cluster, folder, port };
        encrypted.speak_tls(true);
        encrypted.cluster.start();
        encrypted.cluster.sql(&format!("ALTER ROLE lyceum PASSWORD '{PASSWORD}'"));
        encrypted.cluster.sql(&format!("CREATE ROLE plain SUPERUSER LOGIN PASSWORD '{PASSWORD}'"));
        encrypted.cluster.sql("CREATE ROLE badge SUPERUSER LOGIN");
        Some(encrypted)
    }

    /// Whether it speaks TLS when it is started the next time.
    pub fn speak_tls(&self, yes: bool) {
        let settings = if yes { "ssl = on\nssl_ca_file = 'authority.pem'\n" } else { "ssl = off\n" };
        fs::write(self.folder.join("postgresql.auto.conf"), settings).expect("settings");
    }

    /// Its address by this name of the machine, with what the query says.
    #[must_use]
    pub fn url(&self, user: &str, host: &str, query: &str) -> String {
        format!("postgres://{user}:{}@{host}:{}/postgres?{query}", PASSWORD.replace(' ', "%20"), self.port)
    }

    /// The certificate of the authority that signed for it.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.folder.join("authority.pem")
    }

    /// Certificate and key that its authority gave to `badge`, whom it lets in by that, and to `other`.
    #[must_use]
    pub fn identity(&self, who: &str) -> [PathBuf; 2] {
        ["pem", "key"].map(|extension| self.folder.join(who).with_extension(extension))
    }

    /// The certificate of an authority that did not.
    #[must_use]
    pub fn stranger(&self) -> PathBuf {
        self.folder.join("stranger.pem")
    }
}

fn openssl() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("openssl")).find(|program| program.is_file())
}

fn certificate(cluster: &Cluster, openssl: &Path, key: &Path, pem: &Path, more: &[&str]) {
    let mut make = cluster.own(openssl);
    make.args(["req", "-x509", "-days", "2", "-nodes", "-newkey", "ec", "-pkeyopt"]);
    succeed(make.arg("ec_paramgen_curve:prime256v1").arg("-keyout").arg(key).arg("-out").arg(pem).args(more));
}
