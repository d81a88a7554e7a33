//! Tests that Node's own runner runs: the player's modules alone, and the release build in Chromium.
//!
//! What they need from npm is installed outside the clone, in the user's cache folder.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::Outcome;
use crate::process::{command, find, root, run, run_and_keep, target_dir};

const NO_NODE: &str = "Node is not installed (Debian: apt-get install nodejs npm)";
/// The oldest version whose test runner has what the tests use, and on which Playwright runs.
const NODE_MAJOR: u32 = 20;
const NO_BROWSER: &str =
    "Chromium is not installed (Debian: apt-get install chromium), or name it in CHROMIUM";

/// Says exactly which packages the tests need.
const LOCK: &str = "package-lock.json";

/// Names under which distributions install the browser.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Tests of the player's own modules, without a browser.
pub(super) fn front_end() -> Result<Outcome> {
    let node = match find_node() {
        Ok(node) => node,
        Err(missing) => return Ok(Outcome::Skipped(missing)),
    };
    let tests = tests_in("crates/player/tests/web")?;
    run_and_keep(command(node).arg("--test").args(tests), is_closing).map(Outcome::Passed)
}

/// The whole program in Chromium.
pub(super) fn browser() -> Result<Outcome> {
    let tests = root().join("tests/browser");
    let node = match find_node() {
        Ok(node) => node,
        Err(missing) => return Ok(Outcome::Skipped(missing)),
    };
    let Some(browser) = find_browser() else {
        return Ok(Outcome::Skipped(NO_BROWSER.into()));
    };
    let modules = install_packages(&tests)?;
    let mut runner = command(node);
    runner
        .args(["--test", "--test-concurrency=1"])
        .args(tests_in("tests/browser")?)
        .env(
            "LYCEUM_BIN",
            target_dir().join("release").join(format!("lyceum{}", std::env::consts::EXE_SUFFIX)),
        )
        .env("LYCEUM_NODE_MODULES", modules)
        .env("CHROMIUM", browser);
    run_and_keep(&mut runner, is_closing).map(Outcome::Passed)
}

/// The files of tests in a folder of the workspace, in their order. Node 20 takes a folder, Node 22 only files.
fn tests_in(folder: &str) -> Result<Vec<String>> {
    let mut names: Vec<String> = std::fs::read_dir(root().join(folder))
        .with_context(|| format!("reading {folder}"))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".test.mjs"))
        .collect();
    names.sort();
    Ok(names.iter().map(|name| format!("{folder}/{name}")).collect())
}

/// Node, or what is missing, in a sentence.
fn find_node() -> Result<PathBuf, String> {
    let node = find("node").ok_or(NO_NODE)?;
    let told = command(&node).arg("--version").output().map_err(|error| format!("node: {error}"))?;
    let version = String::from_utf8_lossy(&told.stdout).trim().to_owned();
    let major = version.strip_prefix('v').and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE_MAJOR) {
        return Err(format!(
            "Node {version} is too old: {NODE_MAJOR} or newer is needed (npm has one: npm install --global node@22)"
        ));
    }
    Ok(node)
}

fn is_closing(line: &str) -> bool {
    let counted = ["# tests", "# pass", "# fail", "# skipped", "ℹ tests", "ℹ pass", "ℹ fail", "ℹ skipped"];
    counted.iter().any(|start| line.starts_with(start))
}

pub(crate) fn find_browser() -> Option<PathBuf> {
    std::env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| BROWSERS.iter().find_map(|name| find(name)))
}

/// Installs what the tests' lock file names, once: a second run finds it. Answers the folder that holds `node_modules`.
pub(crate) fn install_packages(tests: &Path) -> Result<PathBuf> {
    let folder = cache_dir().join("browser-tests");
    let installed = folder.join("installed");
    let wanted = std::fs::read_to_string(tests.join(LOCK))
        .with_context(|| format!("reading {LOCK} of tests/browser"))?;
    if std::fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(folder);
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    for name in ["package.json", LOCK] {
        std::fs::copy(tests.join(name), folder.join(name))
            .with_context(|| format!("copying {name} of tests/browser"))?;
    }
    let mut npm = command("npm");
    npm.current_dir(&folder).args(["ci", "--no-audit", "--no-fund"]);
    run(&mut npm)
        .context("the browser tests need npm packages; is npm installed, and is there a network?")?;
    std::fs::write(&installed, wanted).with_context(|| format!("writing {}", installed.display()))?;
    Ok(folder)
}

/// A folder that outlives the clone, or one beside the build output where there is no home.
fn cache_dir() -> PathBuf {
    let of_user = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
    of_user.map_or_else(|| target_dir().join("cache"), |cache| cache.join("lyceum"))
}
