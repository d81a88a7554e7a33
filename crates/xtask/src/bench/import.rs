//! Import of a large package, durable and ready to launch, against unpacking the same file.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use super::figure::{Anchor, Bar, Figure, median};
use super::program::Program;
use super::tools::Tools;
use crate::process::{command, run};

/// `play` on an empty data folder: from the start of the program to the launch link. Copy, index, digest, database and the
/// start itself are all in it.
pub(crate) fn figures(tools: &Tools) -> Result<Vec<Figure>> {
    let package = tools.big_package()?;
    let unzip = tools.need("unzip")?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..tools.rounds {
        std::fs::read(&package)?; // both find the file in memory
        theirs.push(unpack(&unzip, &package, &tools.work.join(format!("unpacked-{round}")))?);
        let data = tools.work.join(format!("import-{round}"));
        std::fs::create_dir_all(&data)?;
        let program = Program::start(&tools.binary, &["play", &package.to_string_lossy()], &data)?;
        ours.push(program.took.as_secs_f64());
        drop(program);
        std::fs::remove_dir_all(&data)?;
    }
    let anchor = Anchor { name: "unzip -q + sync".into(), value: median(theirs) };
    let bar = Bar::AtLeast { ratio: 4.0, stretch: None };
    let figure =
        Figure::time("import of 5,000 files, 208 MB, start to launch link", median(ours), "s", anchor, bar);
    Ok(vec![figure])
}

fn unpack(unzip: &Path, package: &Path, into: &Path) -> Result<f64> {
    std::fs::create_dir_all(into)?;
    let begun = Instant::now();
    run(command(unzip).arg("-q").arg(package).arg("-d").arg(into))?;
    run(command("sync").arg("-f").arg(into))?;
    let took = begun.elapsed().as_secs_f64();
    std::fs::remove_dir_all(into)?;
    Ok(took)
}
