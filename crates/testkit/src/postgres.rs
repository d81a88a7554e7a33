//! A private PostgreSQL for tests: Debian's programs, a cluster in the temporary folder, a fresh schema for each test.
//!
//! The first test that needs it starts it; all test processes of the user share it; it stops a minute after the last one.
//! Where PostgreSQL is not installed, [`fresh_schema`] answers `None` and says so.

mod cluster;
mod encrypted;

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

pub use cluster::Cluster;
pub use encrypted::Encrypted;

/// Seconds after which the shared cluster stops when nobody uses it.
const IDLE_SECONDS: u32 = 60;

/// The address of a schema that nobody has used before, on the cluster that all tests share.
#[must_use]
pub fn fresh_schema() -> Option<String> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let cluster = shared()?;
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("t{}_{}_{count}", std::process::id(), cluster::nanos());
    cluster.sql(&format!("CREATE SCHEMA {name}"));
    Some(format!("{}&options=-csearch_path%3D{name}", cluster.url()))
}

/// The cluster of all test processes, held until this one ends.
#[allow(clippy::print_stderr)] // a skipped half is to be seen
fn shared() -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<(Cluster, File)>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| {
        let Some(programs) = cluster::programs() else {
            eprintln!("SKIPPED: PostgreSQL is not installed (Debian: apt-get install postgresql); this runs on SQLite");
            return None;
        };
        let root = folder();
        fs::create_dir_all(&root).expect("a folder for the cluster");
        let users = File::create(root.join("users.lock")).expect("a lock file");
        users.lock_shared().expect("locks");
        let starting = File::create(root.join("start.lock")).expect("a lock file");
        starting.lock().expect("locks");
        let cluster = Cluster::at(programs, root.join("cluster"));
        if !cluster.answers() {
            cluster.create();
            cluster.start();
            stop_when_idle(&cluster, &root);
        }
        Some((cluster, users))
    });
    shared.as_ref().map(|(cluster, _)| cluster)
}

/// One cluster for each user of the machine, whichever tests are run.
fn folder() -> PathBuf {
    use std::os::unix::fs::MetadataExt as _;
    let user = fs::metadata("/proc/self").map_or(0, |own| own.uid());
    std::env::temp_dir().join(format!("lyceum-test-postgres-{user}"))
}

/// A process that outlives the tests, waits until nobody holds the users' lock any more, and stops the server.
#[allow(clippy::zombie_processes)] // it outlives us
fn stop_when_idle(cluster: &Cluster, root: &std::path::Path) {
    let stop = cluster.stop_command();
    let line = format!(
        "idle=0; while [ $idle -lt {IDLE_SECONDS} ]; do sleep 5; \
         if flock -n -x {users} true; then idle=$((idle + 5)); else idle=0; fi; done; \
         flock -x {users} sh -c '{stop}'",
        users = root.join("users.lock").display(),
    );
    let mut watch = Command::new("sh");
    watch.args(["-c", &line]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    std::os::unix::process::CommandExt::process_group(&mut watch, 0);
    watch.spawn().expect("a shell");
}
