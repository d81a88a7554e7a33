//! `cargo xtask bench`: every figure beside its anchor, measured in the same run on the same machine.
//!
//! Absolute figures of another machine, or of another hour of this one, mean little; the ratio is what is judged. Figures that
//! fall short are printed like the others. The exit code says whether it could be measured, not whether the bars were reached.

mod commits;
mod delivery;
mod disk;
mod doors;
mod engine;
mod figure;
mod footprint;
mod history;
mod http;
mod import;
mod learner;
mod load;
#[cfg(unix)]
mod postgres;
mod program;
mod records;
mod sequencing;
mod sqlite;
mod tools;

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use self::figure::{Figure, json, table};
use self::tools::Tools;
use crate::process::{root, target_dir};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Measure only these: import, delivery, commits, doors, history, postgres, export, engine, sequencing, footprint.
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    only: Vec<String>,
    /// How often each cell is measured; the median counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Length of each load, in seconds.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Write the figures to this file as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the table to docs/benchmarks.md.
    #[arg(long)]
    write: bool,
}

struct Measurement {
    name: &'static str,
    figures: fn(&Tools) -> Result<Vec<Figure>>,
}

const MEASUREMENTS: &[Measurement] = &[
    Measurement { name: "import", figures: import::figures },
    Measurement { name: "delivery", figures: delivery::figures },
    Measurement { name: "commits", figures: commits::figures },
    Measurement { name: "doors", figures: doors::figures },
    Measurement { name: "history", figures: history::figures },
    #[cfg(unix)] // where a private server can be started
    Measurement { name: "postgres", figures: postgres::figures },
    Measurement { name: "export", figures: records::figures },
    Measurement { name: "engine", figures: engine::figures },
    Measurement { name: "sequencing", figures: sequencing::figures },
    Measurement { name: "footprint", figures: footprint::figures },
];

pub(crate) fn run(args: &Args) -> Result<()> {
    if let Some(unknown) = args.only.iter().find(|name| !MEASUREMENTS.iter().any(|known| known.name == *name))
    {
        let known: Vec<&str> = MEASUREMENTS.iter().map(|known| known.name).collect();
        bail!("there is no measurement `{unknown}`: {}", known.join(", "));
    }
    let work = target_dir().join("bench").join(format!("work-{}", std::process::id()));
    std::fs::create_dir_all(&work).with_context(|| format!("creating {}", work.display()))?;
    let tools =
        Tools { binary: program::build()?, work, rounds: args.rounds.max(1), seconds: args.seconds.max(1) };
    let chosen =
        MEASUREMENTS.iter().filter(|m| args.only.is_empty() || args.only.iter().any(|only| only == m.name));
    let (mut figures, mut trouble) = (Vec::new(), Vec::new());
    for measurement in chosen {
        println!("\n== {} ==", measurement.name);
        match (measurement.figures)(&tools) {
            Ok(measured) => {
                print!("{}", table(&measured));
                figures.extend(measured);
            }
            Err(error) => {
                println!("{}: {error:#}", measurement.name);
                trouble.push(measurement.name);
            }
        }
    }
    println!("\n{}", table(&figures));
    if let Some(file) = &args.json {
        std::fs::write(file, json(&figures).to_string())
            .with_context(|| format!("writing {}", file.display()))?;
    }
    if args.write {
        write_document(&figures, args)?;
    }
    if !trouble.is_empty() {
        bail!("not measured: {}", trouble.join(", "));
    }
    Ok(())
}

fn write_document(figures: &[Figure], args: &Args) -> Result<()> {
    let file = root().join("docs/benchmarks.md");
    let (rounds, seconds) = (args.rounds, args.seconds);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let text = format!(
        "# Benchmarks\n\nWritten by `cargo xtask bench --write`: median of {rounds} round(s), loads of {seconds} s, {cores} cores shared \
         by the server, its anchor and the load generator. Each anchor was measured in the same run; only the ratios carry over to \
         another machine.\n\n{}",
        table(figures)
    );
    std::fs::create_dir_all(root().join("docs"))?;
    std::fs::write(&file, text).with_context(|| format!("writing {}", file.display()))
}
