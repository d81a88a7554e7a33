//! Commits on PostgreSQL beside pgbench on the same server, and what happens to them when it is away.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use lyceum_testkit::postgres::Cluster;
use serde_json::Value;

use super::commits::{LEARNERS, cell_figures, kept_after_kill, kept_after_load, readers, start};
use super::figure::{Anchor, Bar, Figure, median};
use super::http::{Address, Client};
use super::load::{Enrolled, Run, enrol, load, load_after, read_back, refuse_refusals};
use super::program::{Program, cpu_seconds_of};
use super::tools::Tools;

/// Size of pgbench's tables: 2 million accounts.
const SCALE: &str = "20";

/// A spool that is not replayed by then never will be.
const REPLAY_PATIENCE: Duration = Duration::from_secs(300);

pub(crate) fn figures(tools: &Tools) -> Result<Vec<Figure>> {
    // Root starts it as another user, who may not enter root's home.
    let folder = tempfile::tempdir()?;
    let cluster = Cluster::durable(folder.path())
        .context("PostgreSQL is not installed (Debian: apt-get install postgresql)")?;
    pgbench(&cluster, &["-i", "-q", "-s", SCALE])?;
    let (data, url) = (tools.folder("on-postgres")?, cluster.url());
    let begin = || start(tools, &data, &["--database", &url]);
    let program = begin()?;
    let enrolled = enrol(&program, LEARNERS[2])?;
    let duration = Duration::from_secs(tools.seconds);
    let mut cells: Vec<(usize, Vec<Run>)> = LEARNERS.iter().map(|&learners| (learners, Vec::new())).collect();
    let mut peer: Vec<Vec<f64>> = vec![Vec::new(); LEARNERS.len()];
    let mut database_ms = Vec::new();
    for _ in 0..tools.rounds {
        for ((learners, runs), peer) in cells.iter_mut().zip(&mut peer) {
            peer.push(transactions_per_second(&cluster, *learners, tools.seconds)?);
            let before = cpu_seconds(&cluster);
            let run = load(&program, &enrolled[..*learners], duration)?;
            let commits = run.rate * duration.as_secs_f64();
            database_ms.push((cpu_seconds(&cluster) - before) * 1e3 / commits);
            runs.push(run);
        }
    }
    refuse_refusals(&program)?;
    let mut figures = Vec::new();
    for (cell, peer) in cells.iter().zip(peer) {
        let name = format!("pgbench -N, {} clients", cell.0);
        let anchor = Anchor { name, value: median(peer) };
        figures.extend(cell_figures(cell, &anchor, Bar::None).map(on_postgres));
    }
    let database = median(database_ms);
    figures.push(Figure::alone("PostgreSQL's own processor time per commit", database, "ms", Bar::None));
    figures.push(on_postgres(kept_after_load(&program, &enrolled, &cells)?));
    let direct = cells.last().map(|(_, runs)| median(runs.iter().map(|run| run.rate).collect()));
    figures.extend(outage(&cluster, &program, &enrolled, duration, direct.context("a rate")?)?);
    figures.push(on_postgres(kept_after_kill(program, &enrolled, duration, begin)?));
    Ok(figures)
}

fn on_postgres(mut figure: Figure) -> Figure {
    figure.name = format!("on PostgreSQL: {}", figure.name);
    figure
}

/// The database is killed; the same learners go on; it comes back, and what waits goes into it.
fn outage(
    cluster: &Cluster,
    program: &Program,
    enrolled: &[Enrolled],
    duration: Duration,
    direct: f64,
) -> Result<[Figure; 3]> {
    // Their sessions begin while the database is there.
    let run = load_after(program, enrolled, duration, || cluster.kill())?;
    let waiting = spooled(program)?;
    ensure!(waiting > 0.0, "nothing was spooled");
    cluster.start();
    let begun = Instant::now();
    while spooled(program)? > 0.0 {
        ensure!(begun.elapsed() < REPLAY_PATIENCE, "the spool is not replayed");
        std::thread::sleep(Duration::from_millis(20));
    }
    let replayed = waiting / begun.elapsed().as_secs_f64();
    let found = read_back(program, enrolled, &run.acknowledged)?;
    let direct = Anchor { name: "the same learners, database there".into(), value: direct };
    let latency = format!("p50 {:.2} ms, p99 {:.2} ms", run.p50, run.p99);
    let name = "commits accepted into the spool, 64 learners, database away";
    Ok([
        Figure::rate(name, run.rate, "/s", direct.clone(), Bar::None).note(latency),
        Figure::rate("replay of the spool", replayed, "commits/s", direct, Bar::None)
            .note(format!("{waiting} commits, from the database's return on")),
        readers("find their last commit after the outage", found, enrolled),
    ])
}

/// Commits that wait for the database.
fn spooled(program: &Program) -> Result<f64> {
    let app = Address::parse(program.text("app_url")?)?;
    let ready: Value = Client::connect(&app.authority)?.get("/readyz", "")?.json()?;
    ready["spool"]["length"].as_f64().context("/readyz tells the length of the spool")
}

fn transactions_per_second(cluster: &Cluster, clients: usize, seconds: u64) -> Result<f64> {
    let (clients, seconds) = (clients.to_string(), seconds.to_string());
    let told = pgbench(cluster, &["-n", "-N", "-M", "prepared", "-c", &clients, "-T", &seconds])?;
    let line = told.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench tells its rate")?;
    Ok(line.split(' ').next().unwrap_or_default().parse()?)
}

/// Runs pgbench; answers what it prints.
fn pgbench(cluster: &Cluster, args: &[&str]) -> Result<String> {
    let mut command = cluster.client("pgbench");
    let output = command.args(args).arg("postgres").stdout(Stdio::piped()).stderr(Stdio::piped()).output()?;
    if !output.status.success() {
        bail!("pgbench {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Processor time of all of the server's processes so far, in seconds.
fn cpu_seconds(cluster: &Cluster) -> f64 {
    cluster.processes().into_iter().filter_map(|process| cpu_seconds_of(process).ok()).sum()
}
