//! Export of many attempts, against SQLite reading every value that it holds.

use anyhow::{Context as _, Result, ensure};

use super::commits::start;
use super::figure::{Anchor, Bar, Figure, median};
use super::load::{begin, enrol};
use super::program::run_once;
use super::sqlite;
use super::tools::Tools;

/// Attempts of one commit each.
const ATTEMPTS: usize = 10_000;

/// Learners whose connections are open at a time.
const PART: usize = 500;

pub(crate) fn figures(tools: &Tools) -> Result<Vec<Figure>> {
    let data = tools.folder("export")?;
    let program = start(tools, &data, &[])?;
    let course = program.text("course_id")?.to_owned();
    for part in enrol(&program, ATTEMPTS)?.chunks(PART) {
        begin(&program, part)?.iter_mut().try_for_each(|learner| learner.commit(1))?;
    }
    drop(program);
    let (folder, out) = (data.to_string_lossy(), data.join("export.json"));
    let file = out.to_string_lossy();
    let export = ["export", "course", &course, "--data", &folder, "--out", &file];
    let (mut ours, mut theirs, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..tools.rounds {
        let (took, most) = run_once(&tools.binary, &export)?;
        ours.push(took.as_secs_f64());
        memory.push(most);
        theirs.push(sqlite::read_all(&data.join("lyceum.db"))?);
    }
    // What is exported holds up, or the time says nothing.
    let (verified, _) = run_once(&tools.binary, &["verify", &file])?;
    #[allow(clippy::cast_precision_loss)] // some hundred megabytes
    let size = std::fs::metadata(&out).context("the exported file")?.len() as f64 / 1e6;
    ensure!(size > ATTEMPTS as f64 * 4e-3, "{size} MB are not {ATTEMPTS} attempts");
    let anchor = Anchor { name: "SQLite, reading every value".into(), value: median(theirs) };
    Ok(vec![
        Figure::time("export of 10,000 attempts", median(ours), "s", anchor, Bar::None)
            .note(format!("{size:.0} MB")),
        Figure::alone("verifying that file", verified.as_secs_f64(), "s", Bar::None),
        Figure::alone("most memory during the export", median(memory), "MB", Bar::None),
    ])
}
