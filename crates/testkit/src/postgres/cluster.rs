//! One cluster: made, started, stopped, killed and frozen as a test wants.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

/// The folder of the newest PostgreSQL's programs.
#[must_use]
pub(super) fn programs() -> Option<PathBuf> {
    let installed = fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin"));
    let in_path = std::env::split_paths(&std::env::var_os("PATH")?).collect::<Vec<_>>();
    let mut found: Vec<PathBuf> = installed.filter(|bin| bin.join("initdb").is_file()).collect();
    found.sort();
    found.pop().or_else(|| in_path.into_iter().find(|bin| bin.join("initdb").is_file()))
}

pub(super) fn nanos() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos())
}

/// A cluster in a folder, reached through a socket in it. PostgreSQL does not run as root: there it is another user's.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    root: PathBuf,
    /// User and group to run as, where this process is root.
    user: Option<(u32, u32)>,
    /// It ends with this value, so that a test that fails leaves no server behind.
    is_private: bool,
    /// What it acknowledges is on disk, as in production. Tests need no more than what survives a process.
    is_durable: bool,
    /// The port on 127.0.0.1 that it listens on as well.
    pub(super) tcp: Option<u16>,
}

impl Cluster {
    /// A running cluster of a test's own in this folder; `None` where PostgreSQL is not installed.
    #[must_use]
    pub fn private(root: &Path) -> Option<Self> {
        Self::begin(root, false)
    }

    /// The same, which flushes to the disk and has memory as in production: for measuring.
    #[must_use]
    pub fn durable(root: &Path) -> Option<Self> {
        Self::begin(root, true)
    }

    fn begin(root: &Path, is_durable: bool) -> Option<Self> {
        let mut cluster = Self::at(programs()?, root.join("pg"));
        (cluster.is_private, cluster.is_durable) = (true, is_durable);
        cluster.create();
        cluster.start();
        Some(cluster)
    }

    pub(super) fn at(programs: PathBuf, root: PathBuf) -> Self {
        let is_root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
        Self {
            programs,
            root,
            user: is_root.then(unprivileged),
            is_private: false,
            is_durable: false,
            tcp: None,
        }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://lyceum@/postgres?host={}", self.root.display())
    }

    /// A private cluster that does not run yet.
    pub(super) fn created(root: &Path) -> Option<Self> {
        let mut cluster = Self::at(programs()?, root.join("pg"));
        cluster.is_private = true;
        cluster.create();
        Some(cluster)
    }

    pub(super) fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    pub(super) fn answers(&self) -> bool {
        self.data().is_dir() && self.psql("SELECT 1").status.success()
    }

    pub(super) fn create(&self) {
        let _ = fs::remove_dir_all(&self.root);
        fs::create_dir_all(&self.root).expect("a folder");
        fs::set_permissions(&self.root, fs::Permissions::from_mode(0o755)).expect("permissions");
        if let Some((user, group)) = self.user {
            chown(&self.root, Some(user), Some(group)).expect("root may give away");
        }
        let mut initdb = self.command("initdb");
        initdb.arg("-D").arg(self.data());
        succeed(initdb.args(["-U", "lyceum", "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync"]));
    }

    /// Starts it, and waits until it answers.
    pub fn start(&self) {
        let socket = self.root.display();
        let own = if self.is_durable {
            "-c fsync=on -c shared_buffers=512MB"
        } else {
            // What is not flushed would only be lost with the machine.
            "-c fsync=off -c shared_buffers=64MB -c autovacuum=off"
        };
        let listen = self.tcp.map_or_else(
            || "-c listen_addresses=".to_owned(),
            |port| format!("-c listen_addresses=127.0.0.1 -p {port}"),
        );
        let settings = format!("-k {socket} {listen} -c max_connections=300 {own}");
        let mut start = self.command("pg_ctl");
        start.arg("-D").arg(self.data()).arg("-l").arg(self.root.join("log"));
        succeed(start.args(["-w", "-t", "60", "-o", &settings, "start"]));
    }

    /// Ends it at once, as a machine does whose power fails.
    pub fn kill(&self) {
        succeed(&mut self.stop());
    }

    fn stop(&self) -> Command {
        let mut stop = self.command("pg_ctl");
        stop.arg("-D").arg(self.data()).args(["-m", "immediate", "-w", "stop"]);
        stop
    }

    /// Stops every process of it where it stands; connections stay open and nobody answers.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    /// Its processes that run now, the first one first.
    #[must_use]
    pub fn processes(&self) -> Vec<u32> {
        let postmaster = fs::read_to_string(self.data().join("postmaster.pid")).expect("it runs");
        let postmaster = postmaster.lines().next().unwrap_or_default();
        let children =
            Command::new("ps").args(["-o", "pid=", "--ppid", postmaster]).output().expect("ps runs");
        let children = String::from_utf8_lossy(&children.stdout).into_owned();
        std::iter::once(postmaster)
            .chain(children.split_whitespace())
            .filter_map(|id| id.parse().ok())
            .collect()
    }

    fn signal(&self, signal: &str) {
        let mut kill = Command::new("kill");
        kill.arg(signal).args(self.processes().iter().map(u32::to_string));
        // A child may have ended meanwhile.
        let _ = kill.stderr(Stdio::null()).status();
    }

    /// Runs a statement that must succeed; answers what it prints.
    pub fn sql(&self, sql: &str) -> String {
        let output = self.psql(sql);
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn psql(&self, sql: &str) -> Output {
        self.client("psql").args(["-d", "postgres", "-XAtqc", sql]).output().expect("psql runs")
    }

    /// One of PostgreSQL's programs that connect to a server, told how to reach this one.
    #[must_use]
    pub fn client(&self, program: &str) -> Command {
        let mut client = Command::new(self.programs.join(program));
        client.arg("-h").arg(&self.root).args(["-U", "lyceum"]).stdin(Stdio::null());
        if let Some(port) = self.tcp {
            client.args(["-p", &port.to_string()]);
        }
        client
    }

    /// The line that stops it and removes its folder, for a shell.
    pub(super) fn stop_command(&self) -> String {
        let pid = self.data().join("postmaster.pid");
        format!("kill -QUIT $(head -1 {}); sleep 1; rm -rf {}", pid.display(), self.root.display())
    }

    fn command(&self, program: &str) -> Command {
        self.own(&self.programs.join(program))
    }

    /// A program that runs as the user whose cluster it is.
    pub(super) fn own(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).env("LC_ALL", "C");
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.is_private && self.data().join("postmaster.pid").exists() {
            self.thaw();
            let _ = self.stop().stderr(Stdio::null()).status();
        }
    }
}

pub(super) fn succeed(command: &mut Command) {
    let output = command.stderr(Stdio::piped()).spawn().and_then(std::process::Child::wait_with_output);
    let output = output.expect("a program of PostgreSQL runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The user that Debian made for PostgreSQL, else nobody.
fn unprivileged() -> (u32, u32) {
    const NOBODY: (u32, u32) = (65_534, 65_534);
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let line = users.lines().find(|line| line.starts_with("postgres:")).unwrap_or_default().to_owned();
    let mut numbers = line.split(':').skip(2).map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(user)), Some(Ok(group))) => (user, group),
        _ => NOBODY,
    }
}
