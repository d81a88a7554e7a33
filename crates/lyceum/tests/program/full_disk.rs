//! A disk that really is full: nothing acknowledged is lost, everybody is told the truth, and it goes on by itself.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use serde_json::Value;

use crate::learner::{Learner, ready, until};
use crate::run::{Server, code, err, json, lyceum, sample};

/// A file system of its own in the memory, which nobody but the programs that are run on it sees.
struct Disk {
    holder: Child,
    /// It goes when this is closed, however the test ends.
    _alive: ChildStdin,
    at: PathBuf,
}

const BYTES: usize = 12 << 20;
/// What may be removed to make room.
const BALLAST: usize = 4 << 20;

impl Disk {
    #[allow(clippy::print_stderr)] // what is skipped is to be seen
    fn mount(at: &Path) -> Option<Self> {
        let script = format!(
            "mount -t tmpfs -o size={BYTES},mode=700 lyceum {} && echo mounted && exec cat",
            at.display()
        );
        let mut unshare = Command::new("unshare");
        unshare
            .args(["--mount", "sh", "-c", &script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut holder = unshare.spawn().ok()?;
        let mut line = String::new();
        BufReader::new(holder.stdout.take()?).read_line(&mut line).ok()?;
        if line.trim() != "mounted" {
            let _ = holder.wait();
            eprintln!("SKIPPED: this user may not mount a file system; a full disk is not tried");
            return None;
        }
        let alive = holder.stdin.take()?;
        Some(Self { holder, _alive: alive, at: at.to_owned() })
    }

    /// The program, on this disk.
    fn lyceum(&self, args: &[&str]) -> Command {
        let program = lyceum(args);
        let mut command = Command::new("nsenter");
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
            .arg(format!("--mount=/proc/{}/ns/mnt", self.holder.id()))
            .arg("--")
            .arg(program.get_program());
        command.args(program.get_args()).stdin(Stdio::null());
        command
    }

    /// A file on it, as this process sees it.
    fn path(&self, name: &str) -> PathBuf {
        let at = self.at.strip_prefix("/").expect("an absolute path");
        Path::new(&format!("/proc/{}/root", self.holder.id())).join(at).join(name)
    }

    /// Fills it to the last byte.
    fn fill(&self, name: &str) {
        let mut file = File::create(self.path(name)).expect("a file");
        for size in [64 << 10, 1 << 10, 1] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).expect("a folder").flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

/// Text that no packing makes small (xorshift64).
fn noise(seed: u64) -> String {
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let words = std::iter::repeat_with(|| {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        format!("{x:016x}")
    });
    words.take(250).collect()
}

/// Uploads a package as the page does; answers status and page.
fn upload(server: &Server, package: &[u8]) -> (u16, String) {
    let part = "--b\r\nContent-Disposition: form-data; name=\"package\"; filename=\"a.zip\"\r\n\r\n";
    let body = [part.as_bytes(), package, b"\r\n--b--\r\n"].concat();
    let head = format!(
        "POST /courses HTTP/1.1\r\nHost: localhost:{}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n",
        server.port,
        body.len()
    );
    let mut stream = server.connect();
    stream.write_all(&[head.as_bytes(), &body].concat()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    (answer[9..12].parse().expect("a status"), answer)
}

#[test]
fn a_full_disk_loses_nothing_and_is_told() {
    let folder = tempfile::tempdir().expect("a fresh folder");
    let Some(disk) = Disk::mount(folder.path()) else { return };
    let (data, data_arg) = (folder.path().join("data"), folder.path().join("data").display().to_string());
    let play = |course: &str| disk.lyceum(&["play", &sample(course), "--learner", "Ada"]);
    let (id, link) = {
        let server = Server::begin(play("pot-of-tea"), &data, "127.0.0.1:0");
        let link = server.text("launch_url").strip_prefix(server.text("content_url")).expect("a link");
        (server.text("registration_id").to_owned(), link.to_owned())
    };
    let server = Server::begin(disk.lyceum(&["serve", "--no-flood-limit"]), &data, "127.0.0.1:0");
    let mut learner = Learner::launch(&server, &link);
    learner.begin();
    fs::write(disk.path("ballast"), vec![1; BALLAST]).expect("there is room");

    // Until nothing more goes on the disk, neither into the database nor into the spool.
    let (mut n, mut acknowledged) = (0_u64, 0);
    let entries = |learner: &Learner, n: u64| -> Vec<Value> {
        let mut all: Vec<Value> =
            (0..16).map(|k| learner.set("cmi.suspend_data", &noise(n * 16 + k))).collect();
        all.push(learner.set("cmi.core.lesson_location", &n.to_string()));
        all
    };
    let refused = loop {
        n += 1;
        assert!(n < 1_000, "it never fills");
        match learner.try_send(&entries(&learner, n)).expect("the server answers") {
            (200, _) => acknowledged = n,
            refused => break refused,
        }
    };
    assert_eq!((refused.0, &refused.1["error"]["code"]), (503, &"database-full".into()), "{}", refused.1);
    let words = refused.1["error"]["message"].as_str().unwrap_or_default();
    assert!(words.contains("full") && words.contains("free"), "{words}");
    disk.fill("rest");
    assert_eq!(
        learner.try_send(&entries(&learner, n)).expect("an answer").0,
        503,
        "again, and again not acknowledged"
    );

    // Whoever asks is told.
    let health = ready(&server);
    assert!(
        health["status"] == "unavailable" && health["error"].as_str().is_some_and(|e| e.contains("full")),
        "{health}"
    );
    assert!(server.ask("localhost", "GET /readyz", "").starts_with("HTTP/1.1 503"));
    assert!(server.ask("localhost", "GET /healthz", "").starts_with("HTTP/1.1 200"), "it lives");
    let before = disk.names("data/objects");
    let (status, page) = upload(&server, &vec![b'x'; 4 << 20]);
    assert_eq!(status, 503, "{page}");
    assert!(page.contains("free space"), "{page}");
    assert_eq!(disk.names("data/objects"), before, "nothing half taken in");
    let target = folder.path().join("backup").display().to_string();
    let backup = disk.lyceum(&["db", "backup", &target, "--data", &data_arg]).output().expect("it runs");
    assert!(code(&backup) == 1 && err(&backup).contains("full"), "{}", err(&backup));
    assert!(!disk.names("").iter().any(|name| name.starts_with("backup")), "{:?}", disk.names(""));

    // Room is made, and nobody is asked for more.
    fs::remove_file(disk.path("rest")).and_then(|()| fs::remove_file(disk.path("ballast"))).expect("removed");
    until("it goes on", || ready(&server)["status"] == "ready");
    learner.send(&entries(&learner, n));
    until("everything is in the database", || ready(&server)["spool"]["length"] == 0);
    drop(server);
    let report =
        disk.lyceum(&["registration", &id, "--json", "--data", &data_arg]).output().expect("it runs");
    let report = json(&report);
    let attempt = &report["attempts"][0];
    assert!(acknowledged == n - 1 && acknowledged > 10, "{acknowledged}");
    assert_eq!(attempt["activities"][0]["cmi"]["cmi.core.lesson_location"], n.to_string());
    assert_eq!(attempt["sessions"][0]["entries"], 3 + 17 * n, "each of them once");
    let verified = disk.lyceum(&["verify", "--data", &data_arg]).output().expect("it runs");
    assert_eq!(code(&verified), 0, "{}", err(&verified));
}

#[test]
fn a_database_that_is_full_while_the_spool_has_room_is_told_too() {
    let (folder, elsewhere) =
        (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("another disk"));
    let Some(disk) = Disk::mount(folder.path()) else { return };
    let data = folder.path().join("data");
    fs::create_dir(disk.path("data")).expect("a folder");
    std::os::unix::fs::symlink(elsewhere.path(), disk.path("data/spool")).expect("a link");
    let server = Server::begin(
        disk.lyceum(&["play", &sample("pot-of-tea"), "--learner", "Ada", "--no-flood-limit"]),
        &data,
        "127.0.0.1:0",
    );
    let link = server.text("launch_url").strip_prefix(server.text("content_url")).expect("a link").to_owned();
    let mut learner = Learner::launch(&server, &link);
    learner.begin();
    assert_eq!(ready(&server)["status"], "ready");
    disk.fill("ballast");
    let mut n = 0;
    until("the spool takes over", || {
        n += 1;
        learner.send(&[learner.set("cmi.suspend_data", &noise(n))]);
        ready(&server)["fallback_count"] != 0
    });
    // Time and again: each question is answered by a database that has no other trouble.
    for _ in 0..5 {
        let health = ready(&server);
        assert_eq!(
            (&health["status"], &health["database_connected"]),
            (&"degraded".into(), &false.into()),
            "{health}"
        );
        assert!(health["error"].as_str().is_some_and(|e| e.contains("full")), "{health}");
        assert!(health["spool"]["length"] != 0, "{health}");
    }
    assert!(server.ask("localhost", "GET /readyz", "").starts_with("HTTP/1.1 200"), "commits are taken");
    let metrics = server.ask("localhost", "GET /metrics", "");
    assert!(metrics.lines().any(|line| line == "lyceum_database_connected 0"), "{metrics}");
    fs::remove_file(disk.path("ballast")).expect("removed");
    until("it goes on", || ready(&server)["status"] == "ready");
    until("everything is in the database", || ready(&server)["spool"]["length"] == 0);
}
