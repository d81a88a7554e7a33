//! What the measurements need from outside: other programs, the scripts beside the project, a folder to work in.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::ci::node::{find_browser, install_packages};
use crate::process::{command, find, root, run, target_dir};

/// Shared by all measurements of a run.
pub(crate) struct Tools {
    pub(crate) binary: PathBuf,
    /// A folder that is deleted afterwards.
    pub(crate) work: PathBuf,
    /// How often each cell is measured; the median counts.
    pub(crate) rounds: usize,
    /// Length of a load cell, in seconds.
    pub(crate) seconds: u64,
}

impl Tools {
    /// A program of the system, or the sentence that says which package has it.
    pub(crate) fn need(&self, program: &str) -> Result<PathBuf> {
        find(program).with_context(|| {
            format!("{program} is not installed (Debian: apt-get install {})", debian_package(program))
        })
    }

    /// A script of `../shared/bench`.
    pub(crate) fn script(&self, name: &str) -> Result<PathBuf> {
        let shared =
            std::env::var_os("LYCEUM_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
        let script = shared.join("bench").join(name);
        if !script.is_file() {
            bail!("SKIPPED: ../shared not found (bench/{name})");
        }
        Ok(script)
    }

    /// The package of 5,000 files and 208 MB, made once and kept beside the build output.
    pub(crate) fn big_package(&self) -> Result<PathBuf> {
        let package = target_dir().join("bench").join("big.zip");
        if !package.is_file() {
            let script = self.script("make_zip.py")?;
            std::fs::create_dir_all(target_dir().join("bench"))?;
            let unfinished = package.with_extension("part");
            run(command(self.need("python3")?).arg(script).arg(&unfinished))?;
            std::fs::rename(&unfinished, &package)?;
        }
        Ok(package)
    }

    /// Runs a page of `tests/browser/bench` in Chromium, and gives back the JSON that it answers.
    pub(crate) fn in_chromium(&self, page: &str, args: &[OsString]) -> Result<Value> {
        let folder = root().join("tests/browser");
        let browser = find_browser().context("Chromium is not installed, or name it in CHROMIUM")?;
        let mut runner = command(self.need("node")?);
        runner
            .arg(folder.join("bench").join(page))
            .args(args)
            .env("LYCEUM_BIN", &self.binary)
            .env("LYCEUM_NODE_MODULES", install_packages(&folder)?)
            .env("CHROMIUM", browser)
            .stderr(Stdio::inherit());
        let output = runner.output().context("node runs the bench page")?;
        let text = String::from_utf8_lossy(&output.stdout);
        serde_json::from_str(&text).with_context(|| format!("the bench page answered no JSON: {text}"))
    }

    /// A fresh folder inside the work folder.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.work.join(name);
        std::fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        Ok(folder)
    }
}

impl Drop for Tools {
    fn drop(&mut self) {
        // A folder that cannot be deleted is in the way of nobody.
        let _ = std::fs::remove_dir_all(&self.work);
    }
}

fn debian_package(program: &str) -> &str {
    match program {
        "nginx" => "nginx-light",
        "cc" => "gcc libsqlite3-dev",
        other => other,
    }
}

/// The sample course that the smaller measurements play. It is SCORM 1.2, as the values are that learners here send.
pub(crate) fn sample_course() -> PathBuf {
    root().join("examples/pot-of-tea")
}
