//! Navigation with everything that the player shows afterwards, beside npm scorm-again in the same Chromium.

use anyhow::{Context as _, Result};

use super::figure::{Anchor, Bar, Figure};
use super::tools::Tools;

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
