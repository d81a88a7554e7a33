//! Durable commits of many learners at once, against what SQLite itself can do on this disk, and whether they are there afterwards.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use super::disk;
use super::figure::{Anchor, Bar, Figure, median};
use super::load::{Enrolled, Run, enrol, load, load_and_kill, read_back, refuse_refusals};
use super::program::Program;
use super::sqlite;
use super::tools::{Tools, sample_course};

/// Learners at a time, one after the other.
pub(crate) const LEARNERS: [usize; 3] = [1, 16, 64];

/// Rows in a transaction of the limit that the rates are measured by.
const GROUP: u32 = 64;

/// Share of SQLite's own rate that 64 learners must reach.
const RATE_BAR: Bar = Bar::AtLeast { ratio: 0.25, stretch: Some(0.4) };

/// Processor time of the server per commit, in milliseconds.
const CPU_BAR: Bar = Bar::AtMost(0.15);

/// One learner waits for two flushes of the disk at most, and for this: milliseconds.
const ALONE_MS: f64 = 0.5;

/// The slowest hundredth of the commits of 64 learners takes at most so many times the middle one.
const TAIL: f64 = 10.0;

/// How long the disk is asked for its flushes in each round.
const FLUSHES: Duration = Duration::from_secs(1);

/// The loads of one number of learners.
type Cell = (usize, Vec<Run>);

pub(crate) fn figures(tools: &Tools) -> Result<Vec<Figure>> {
    let data = tools.folder("commits")?;
    let program = start(tools, &data, &[])?;
    let enrolled = enrol(&program, LEARNERS[2])?;
    let mut cells: Vec<Cell> = LEARNERS.iter().map(|&learners| (learners, Vec::new())).collect();
    let (mut limits, mut lone, mut flushes) = (Vec::new(), Vec::new(), Vec::new());
    let duration = Duration::from_secs(tools.seconds);
    // The anchors are measured between the loads: what else the machine does falls on all of them.
    for _ in 0..tools.rounds {
        limits.push(sqlite::limit(&tools.folder("sqlite")?, duration, GROUP)?.rate);
        lone.push(sqlite::limit(&tools.folder("sqlite")?, duration, 1)?.cpu_ms);
        flushes.push(disk::flush_ms(&tools.folder("disk")?, FLUSHES)?);
        for (learners, runs) in &mut cells {
            runs.push(load(&program, &enrolled[..*learners], duration)?);
        }
    }
    refuse_refusals(&program)?;
    let memory = program.peak_memory_mb()?;
    let limit = Anchor { name: "SQLite, FULL, 64 rows a transaction".into(), value: median(limits) };
    let mut figures: Vec<Figure> =
        cells.iter().flat_map(|cell| cell_figures(cell, &limit, RATE_BAR)).collect();
    // A commit that comes alone pays for its transaction: the same bar, beside what SQLite takes for that.
    let alone = Anchor { name: "SQLite, FULL, 1 row a transaction".into(), value: median(lone) };
    figures[1] = figures[1].clone().beside(alone);
    figures.extend(latencies(&cells, median(flushes)));
    figures.push(Figure::alone("most memory during these loads", memory, "MB", Bar::None));
    figures.push(kept_after_load(&program, &enrolled, &cells)?);
    figures.push(kept_after_kill(program, &enrolled, duration, || start(tools, &data, &[]))?);
    Ok(figures)
}

/// The program with the sample course, and no bound on what a learner sends.
pub(crate) fn start(tools: &Tools, data: &Path, database: &[&str]) -> Result<Program> {
    let course = sample_course();
    let course = course.to_string_lossy();
    let args = [&["play", &course, "--no-flood-limit"], database].concat();
    Program::start(&tools.binary, &args, data)
}

/// The rate and the processor time of one number of learners. `bar` is for the greatest.
pub(crate) fn cell_figures((learners, runs): &Cell, limit: &Anchor, bar: Bar) -> [Figure; 2] {
    let middle = |of: fn(&Run) -> f64| median(runs.iter().map(of).collect());
    let who = if *learners == 1 { "1 learner".to_owned() } else { format!("{learners} learners") };
    // One learner waits for every flush alone: only many can share one, so only there is the limit a fair bar.
    let bar = if *learners == LEARNERS[2] { bar } else { Bar::None };
    let latency = format!("p50 {:.2} ms, p99 {:.2} ms", middle(|run| run.p50), middle(|run| run.p99));
    [
        Figure::rate(format!("commits, {who}"), middle(|run| run.rate), "/s", limit.clone(), bar)
            .note(latency),
        Figure::alone(
            format!("server processor time per commit, {who}"),
            middle(|run| run.cpu_ms),
            "ms",
            CPU_BAR,
        ),
    ]
}

fn latencies(cells: &[Cell], flush_ms: f64) -> [Figure; 2] {
    let middle = |at: usize, of: fn(&Run) -> f64| median(cells[at].1.iter().map(of).collect());
    let flush = Anchor { name: "fdatasync of 4 KB, p50".into(), value: flush_ms };
    let usual = Anchor { name: "their p50".into(), value: middle(2, |run| run.p50) };
    let bars = [Bar::AtMost(2.0 * flush_ms + ALONE_MS), Bar::AtMost(TAIL * usual.value)];
    [
        Figure::time("commit, 1 learner, p50", middle(0, |run| run.p50), "ms", flush, bars[0]),
        Figure::time("commit, 64 learners, p99", middle(2, |run| run.p99), "ms", usual, bars[1]),
    ]
}

/// What was acknowledged in the last load is there.
pub(crate) fn kept_after_load(program: &Program, enrolled: &[Enrolled], cells: &[Cell]) -> Result<Figure> {
    let last = cells.last().and_then(|(_, runs)| runs.last()).map_or(&[][..], |run| &run.acknowledged);
    let found = read_back(program, enrolled, last)?;
    Ok(readers("find their last commit after the load", found, enrolled))
}

/// What was acknowledged in a load in whose midst the program was killed is there when it has started again.
pub(crate) fn kept_after_kill(
    program: Program,
    enrolled: &[Enrolled],
    duration: Duration,
    start: impl FnOnce() -> Result<Program>,
) -> Result<Figure> {
    let told = load_and_kill(program, enrolled, duration)?;
    let found = read_back(&start()?, enrolled, &told)?;
    Ok(readers("find their last commit after kill -9 in the midst of it", found, enrolled))
}

/// How many of the learners found it: all of them, or something was lost.
pub(crate) fn readers(name: &str, found: usize, enrolled: &[Enrolled]) -> Figure {
    #[allow(clippy::cast_precision_loss)] // some learners
    let (found, all) = (found as f64, enrolled.len() as f64);
    let all = Anchor { name: "to whom it was acknowledged".into(), value: all };
    Figure::rate(name, found, "learners", all, Bar::AtLeast { ratio: 1.0, stretch: None })
}
