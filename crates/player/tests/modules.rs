//! The front-end modules, tested by Node where there is one: the outbox, the sending, and the API over the real engine.

use std::path::Path;
use std::process::Command;

/// The oldest version whose test runner has what the tests use.
const NODE_MAJOR: u32 = 20;

/// The major version of the Node in the search path, if there is one.
fn node_major() -> Option<u32> {
    let told = Command::new("node").arg("--version").output().ok()?.stdout;
    String::from_utf8(told).ok()?.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn the_modules_pass_their_tests() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web");
    let files =
        std::fs::read_dir(tests).expect("the tests are there").filter_map(|entry| Some(entry.ok()?.path()));
    let files = files.filter(|file| file.to_string_lossy().ends_with(".test.mjs"));
    if node_major().is_none_or(|major| major < NODE_MAJOR) {
        eprintln!("SKIPPED: no Node {NODE_MAJOR} or newer, the tests of the player's modules did not run");
        return;
    }
    let node = Command::new("node").args(["--test", "--test-reporter=tap"]).args(files).output();
    let output = node.expect("it has told its version");
    let report = String::from_utf8_lossy(&output.stdout);
    let passed = report.lines().find_map(|line| line.strip_prefix("# pass ")?.parse::<u32>().ok());
    assert!(output.status.success(), "{report}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(passed.is_some_and(|passed| passed >= 40), "the tests were found: {report}");
}
