//! Navigation with everything that the player shows afterwards, beside npm scorm-again in the same Chromium; and the same steps
//! natively.

use std::fs::File;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::process::{cargo, command, run, target_dir};

use super::figure::{Anchor, Bar, Figure};
use super::tools::Tools;

/// The native measurement, an example of `lyceum-attempt`.
const EXAMPLE: &str = "navigation_bench";
/// Activities of the trees.
const SIZES: [u32; 4] = [10, 100, 1_000, 5_000];
/// Milliseconds for a navigation on the largest tree: the usual one, and one of a hundred.
const P50_MS: f64 = 5.0;
/// See [`P50_MS`].
const P99_MS: f64 = 25.0;
/// How much longer a navigation may take on 5,000 activities than on 1,000.
const GROWTH: f64 = 6.0;
/// Kilobytes that a navigation writes into the journal.
const WRITTEN_KB: f64 = 16.384;

pub(crate) fn figures(tools: &Tools) -> Result<Vec<Figure>> {
    let measured = tools
        .in_chromium("sequencing.mjs", &["--script".into(), tools.script("scorm_again_bench.mjs")?.into()])?;
    let cell = |n: u32, side: &str, name: &str| {
        let found = measured["sizes"][n.to_string()][side][name].as_f64();
        found.with_context(|| format!("the bench page gives no {name} of {side} at {n}"))
    };
    let mut figures = Vec::new();
    for n in SIZES {
        let is_largest = n == 5_000;
        for (name, title, limit) in [("p50", "p50", P50_MS), ("p99", "p99", P99_MS)] {
            let anchor = Anchor { name: "scorm-again".into(), value: cell(n, "peer", name)? };
            let bar = if is_largest { Bar::AtMost(limit) } else { Bar::None };
            let what = format!("Continue on {n} activities, {title}");
            figures.push(Figure::time(what, cell(n, "ours", name)?, "ms", anchor, bar));
        }
    }
    for n in SIZES {
        let found = natively(tools, n)?;
        for name in ["p50", "p99"] {
            let value =
                found[name].as_f64().with_context(|| format!("the native bench gives no {name} at {n}"))?;
            let anchor = Anchor { name: "in Chromium".into(), value: cell(n, "ours", name)? };
            let what = format!("Continue on {n} activities, {name}, natively");
            figures.push(Figure::time(what, value, "ms", anchor, Bar::None));
        }
    }
    let growth = cell(5_000, "ours", "p50")? / cell(1_000, "ours", "p50")?;
    figures.push(Figure::alone(
        "growth from 1,000 to 5,000 activities",
        growth,
        "times",
        Bar::AtMost(GROWTH),
    ));
    let written = cell(5_000, "ours", "bytes")? / 1e3;
    figures.push(
        Figure::alone(
            "most that a navigation writes, 5,000 activities",
            written,
            "kB",
            Bar::AtMost(WRITTEN_KB),
        )
        .note("journal entries as JSON"),
    );
    Ok(figures)
}

/// The engine on the tree of `n` activities, without a browser.
fn natively(tools: &Tools, n: u32) -> Result<Value> {
    let built = ["build", "--release", "--locked", "--package", "lyceum-attempt", "--example", EXAMPLE];
    run(cargo().args(built))?;
    let folder = tools.folder("sequencing")?;
    let (manifest, opening) = (folder.join("imsmanifest.xml"), folder.join("opening.json"));
    let mut emit = command(tools.need("node")?);
    // By its real path: the script runs only when it is called by the name that it knows itself by.
    emit.arg(tools.script("scorm_again_bench.mjs")?.canonicalize()?)
        .args(["--emit-manifest", &n.to_string()]);
    into(&manifest, &mut emit)?;
    let mut simulate = command(&tools.binary);
    simulate.arg("simulate").arg(&manifest).args(["--opening", "--now", "2026-01-01T00:00:00Z"]);
    into(&opening, &mut simulate)?;
    let mut bench = command(target_dir().join("release/examples").join(EXAMPLE));
    let output = bench.stdin(File::open(&opening)?).output().context("running the native bench")?;
    serde_json::from_slice(&output.stdout)
        .with_context(|| format!("the native bench failed: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Runs a program whose output is a file.
fn into(file: &Path, program: &mut Command) -> Result<()> {
    let status = program.stdout(File::create(file)?).status()?;
    if !status.success() {
        bail!("{program:?} ended with {status}");
    }
    Ok(())
}
