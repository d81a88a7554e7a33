//! The browser tests: Node's own test runner drives Debian's Chromium against the release build.
//!
//! What they need from npm is installed outside the clone, in the user's cache folder.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::Outcome;
use crate::process::{command, find, root, run, run_and_keep, target_dir};

/// Pinned: an update is a commit that somebody tried.
const PACKAGES: [&str; 2] = ["playwright-core@1.65.1", "axe-core@4.14.1"];

/// Names under which distributions install the browser.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

pub(super) fn run_all() -> Result<Outcome> {
    let tests = root().join("tests/browser");
    if !tests.is_dir() {
        return Ok(Outcome::Skipped("there is no tests/browser".into()));
    }
    let Some(node) = find("node") else {
        return Ok(Outcome::Skipped("Node is not installed (Debian: apt-get install nodejs npm)".into()));
    };
    let Some(browser) = browser() else {
        return Ok(Outcome::Skipped(
            "Chromium is not installed (Debian: apt-get install chromium), or name it in CHROMIUM".into(),
        ));
    };
    let modules = install_packages()?;
    let mut tests = command(node);
    tests
        .args(["--test", "--test-concurrency=1", "tests/browser/"])
        .env(
            "LYCEUM_BIN",
            target_dir().join("release").join(format!("lyceum{}", std::env::consts::EXE_SUFFIX)),
        )
        .env("LYCEUM_NODE_MODULES", modules)
        .env("CHROMIUM", browser);
    run_and_keep(&mut tests, is_closing).map(Outcome::Passed)
}

fn is_closing(line: &str) -> bool {
    let counted = ["# tests", "# pass", "# fail", "# skipped", "ℹ tests", "ℹ pass", "ℹ fail", "ℹ skipped"];
    counted.iter().any(|start| line.starts_with(start))
}

fn browser() -> Option<PathBuf> {
    std::env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| BROWSERS.iter().find_map(|name| find(name)))
}

/// Installs the packages once; a second run finds them.
fn install_packages() -> Result<PathBuf> {
    let folder = cache_dir().join("browser-tests");
    let stamp = folder.join("installed");
    let wanted = PACKAGES.join("\n");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(folder.join("node_modules"));
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    let mut npm = command("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"]).arg(&folder).args(PACKAGES);
    run(&mut npm)
        .context("the browser tests need two npm packages; is npm installed, and is there a network?")?;
    std::fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))?;
    Ok(folder.join("node_modules"))
}

/// A folder that outlives the clone, or one beside the build output where there is no home.
fn cache_dir() -> PathBuf {
    let of_user = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
    of_user.map_or_else(|| target_dir().join("cache"), |cache| cache.join("lyceum"))
}
