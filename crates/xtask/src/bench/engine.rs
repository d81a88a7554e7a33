//! The engine in the browser: calls of a course, beside npm scorm-again in the same Chromium.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::figure::{Anchor, Bar, Figure};
use super::tools::Tools;

/// Not slower than the peer; twice as fast would be better.
const NOT_SLOWER: Bar = Bar::AtLeast { ratio: 1.0, stretch: Some(2.0) };
/// Milliseconds for a commit of one change, whatever the model holds.
const COMMIT_MS: f64 = 0.1;
/// Milliseconds until a full model can be called again.
const RESUME_MS: f64 = 4.0;

pub(crate) fn figures(tools: &Tools) -> Result<Vec<Figure>> {
    let measured = tools.in_chromium("engine.mjs", &["--runs".into(), tools.rounds.to_string().into()])?;
    let mut figures = Vec::new();
    for (edition, title) in [("SCORM_12", "1.2"), ("SCORM_2004_4TH_EDITION", "2004")] {
        let cells = &measured["cells"][edition];
        let cell = |name: &str, title_of: &str, scale: f64, unit: &'static str, bar: Bar| -> Result<Figure> {
            let value = |side: &str| {
                let found = cells[side][name].as_f64().map(|microseconds| microseconds * scale);
                found.with_context(|| format!("the bench page gives no {name} of {side}"))
            };
            let anchor = Anchor { name: "scorm-again".into(), value: value("peer")? };
            Ok(Figure::time(format!("{title_of}, SCORM {title}"), value("ours")?, unit, anchor, bar))
        };
        figures.extend([
            cell("set_scalar", "SetValue of a scalar", 1.0, "us", NOT_SLOWER)?,
            cell("get_scalar", "GetValue of a scalar", 1.0, "us", NOT_SLOWER)?,
            cell("get_first", "first GetValue of a scalar after a change", 1.0, "us", NOT_SLOWER)?,
            cell("interactions", "SetValue in 1,000 new interactions", 1.0, "us", NOT_SLOWER)?,
            cell("initialize", "new API and Initialize", 1e-3, "ms", Bar::None)?,
            cell("commit_full", "Commit of one change, full model", 1e-3, "ms", Bar::AtMost(COMMIT_MS))?,
            cell("resume_full", "resume of the full model", 1e-3, "ms", Bar::AtMost(RESUME_MS))?,
        ]);
    }
    figures.push(download(&measured)?);
    Ok(figures)
}

/// What comes over the wire before the first call can be answered: engine and bindings, or the peer's library.
fn download(measured: &Value) -> Result<Figure> {
    let bytes = |side: &str| {
        let found = measured["download"][side]["gzip"].as_f64().map(|bytes| bytes / 1e3);
        found.with_context(|| format!("the bench page gives no size of {side}"))
    };
    let anchor = Anchor { name: "scorm-again".into(), value: bytes("peer")? };
    Ok(Figure::time("engine to download, gzipped", bytes("ours")?, "kB", anchor, Bar::None))
}
