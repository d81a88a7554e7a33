//! Tests that Node's own runner runs: the player's modules alone, and the release build in Chromium.
//!
//! What they need from npm is installed outside the clone, in the user's cache folder.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::Outcome;
use crate::process::{command, find, root, run, run_and_keep, target_dir};

const NO_NODE: &str = "Node is not installed (Debian: apt-get install nodejs npm)";
const NO_BROWSER: &str =
    "Chromium is not installed (Debian: apt-get install chromium), or name it in CHROMIUM";

/// Says exactly which packages the tests need.
const LOCK: &str = "package-lock.json";

/// Names under which distributions install the browser.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Tests of the player's own modules, without a browser.
pub(super) fn front_end() -> Result<Outcome> {
    let Some(node) = find("node") else {
        return Ok(Outcome::Skipped(NO_NODE.into()));
    };
    run_and_keep(command(node).args(["--test", "crates/player/tests/web/"]), is_closing).map(Outcome::Passed)
}

/// The whole program in Chromium.
pub(super) fn browser() -> Result<Outcome> {
    let tests = root().join("tests/browser");
    let Some(node) = find("node") else {
        return Ok(Outcome::Skipped(NO_NODE.into()));
    };
    let Some(browser) = find_browser() else {
        return Ok(Outcome::Skipped(NO_BROWSER.into()));
    };
    let modules = install_packages(&tests)?;
    let mut runner = command(node);
    runner
        .args(["--test", "--test-concurrency=1", "tests/browser/"])
        .env(
            "LYCEUM_BIN",
            target_dir().join("release").join(format!("lyceum{}", std::env::consts::EXE_SUFFIX)),
        )
        .env("LYCEUM_NODE_MODULES", modules)
        .env("CHROMIUM", browser);
    run_and_keep(&mut runner, is_closing).map(Outcome::Passed)
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
