//! Durable commits of many learners at once, against what SQLite itself can do on this disk.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};

use super::figure::{Anchor, Bar, Figure, median};
use super::http::{Address, Client};
use super::learner::Learner;
use super::program::Program;
use super::sqlite;
use super::tools::{Tools, sample_course};

/// Learners at a time, one after the other.
const LEARNERS: [usize; 3] = [1, 16, 64];

/// Share of SQLite's own rate that 64 learners must reach.
const RATE_BAR: Bar = Bar::AtLeast { ratio: 0.25, stretch: Some(0.4) };

/// Processor time of the server per commit, in milliseconds.
const CPU_BAR: Bar = Bar::AtMost(0.15);

/// One load: commits per second, processor milliseconds per commit, and latencies in milliseconds.
struct Run {
    rate: f64,
    cpu_ms: f64,
    p50: f64,
    p99: f64,
}

pub(crate) fn figures(tools: &Tools) -> Result<Vec<Figure>> {
    let course = sample_course();
    let program = Program::start(
        &tools.binary,
        &["play", &course.to_string_lossy(), "--no-flood-limit"],
        &tools.folder("commits")?,
    )?;
    let launch_links = enrol(&program, LEARNERS[2])?;
    let mut cells: Vec<(usize, Vec<Run>)> = LEARNERS.iter().map(|&learners| (learners, Vec::new())).collect();
    let mut limits = Vec::new();
    // The anchor is measured between the loads: what else the machine does falls on both.
    for _ in 0..tools.rounds {
        limits.push(sqlite::rows_per_second(&tools.folder("sqlite")?, Duration::from_secs(tools.seconds))?);
        for (learners, runs) in &mut cells {
            runs.push(load(&program, &launch_links[..*learners], Duration::from_secs(tools.seconds))?);
        }
    }
    refuse_refusals(&program)?;
    let limit = Anchor { name: "SQLite, FULL, 64 rows a transaction".into(), value: median(limits) };
    Ok(cells.into_iter().flat_map(|(learners, runs)| cell_figures(learners, &runs, &limit)).collect())
}

/// A commit whose values are refused is another one than the one that is to be measured.
fn refuse_refusals(program: &Program) -> Result<()> {
    let app = Address::parse(program.text("app_url")?)?;
    let metrics = Client::connect(&app.authority)?.get("/metrics", "")?.expect(200)?;
    let text = String::from_utf8_lossy(&metrics.body).into_owned();
    match text.lines().find(|line| line.starts_with("lyceum_calls_refused_total")) {
        Some(refused) => bail!("the server refused values of the load: {refused}"),
        None => Ok(()),
    }
}

fn cell_figures(learners: usize, runs: &[Run], limit: &Anchor) -> [Figure; 2] {
    let middle = |of: fn(&Run) -> f64| median(runs.iter().map(of).collect());
    let who = if learners == 1 { "1 learner".to_owned() } else { format!("{learners} learners") };
    // One learner waits for every flush alone: only many can share one, so only there is the limit a fair bar.
    let bar = if learners == LEARNERS[2] { RATE_BAR } else { Bar::None };
    let latency = format!("p50 {:.1} ms, p99 {:.1} ms", middle(|run| run.p50), middle(|run| run.p99));
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

/// Enrols learners through the pages and gives back their launch links.
fn enrol(program: &Program, learners: usize) -> Result<Vec<String>> {
    let app = program.text("app_url")?.to_owned();
    let course = program.text("course_id")?.to_owned();
    let address = Address::parse(&app)?;
    let mut client = Client::connect(&address.authority)?;
    let form = format!("Content-Type: application/x-www-form-urlencoded\r\nOrigin: {app}\r\n");
    (0..learners)
        .map(|number| {
            let body = format!("learner=Learner+{number}");
            let enrolled = client
                .send("POST", &format!("/courses/{course}/registrations"), &form, body.as_bytes())?
                .expect(303)?;
            let registration =
                enrolled.header("location").context("enrolling leads to the registration")?.to_owned();
            let launch = client
                .get(&format!("{registration}/launch"), "Sec-Fetch-Site: same-origin\r\n")?
                .expect(303)?;
            Ok(launch.header("location").context("launching leads to the content origin")?.to_owned())
        })
        .collect()
}

/// Every learner sends the next commit when the last one was acknowledged.
fn load(program: &Program, launch_links: &[String], duration: Duration) -> Result<Run> {
    let mut learners = launch_links.iter().map(|link| Learner::launch(link)).collect::<Result<Vec<_>>>()?;
    learners.iter_mut().try_for_each(Learner::begin)?;
    let (commits, over) = (AtomicU64::new(0), AtomicBool::new(false));
    let cpu = program.cpu_seconds()?;
    let begun = Instant::now();
    let mut latencies = std::thread::scope(|scope| -> Result<Vec<f64>> {
        let threads: Vec<_> = learners
            .into_iter()
            .map(|mut learner| {
                let (commits, over) = (&commits, &over);
                scope.spawn(move || -> Result<Vec<f64>> {
                    let mut latencies = Vec::new();
                    for round in 1.. {
                        if over.load(Ordering::Relaxed) {
                            break;
                        }
                        let sent = Instant::now();
                        learner.commit(round)?;
                        latencies.push(sent.elapsed().as_secs_f64() * 1e3);
                        commits.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok(latencies)
                })
            })
            .collect();
        std::thread::sleep(duration);
        over.store(true, Ordering::Relaxed);
        let joined = threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| anyhow!("a learner's thread broke"))?);
        Ok(joined.collect::<Result<Vec<_>>>()?.concat())
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    #[allow(clippy::cast_precision_loss)] // a count of some thousands
    let count = commits.into_inner() as f64;
    latencies.sort_by(f64::total_cmp);
    let at = |part: usize| latencies.get(latencies.len() * part / 100).copied().unwrap_or(f64::NAN);
    let cpu_ms = (program.cpu_seconds()? - cpu) * 1e3 / count;
    Ok(Run { rate: count / seconds, cpu_ms, p50: at(50), p99: at(99) })
}
