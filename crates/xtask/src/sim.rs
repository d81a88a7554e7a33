//! `cargo xtask sim`: the simulation, optimised, with as many seeds as wanted; and the bugs that it is shown to find.

mod planted;

use anyhow::{Result, ensure};

use crate::process::{cargo, run};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many seeds.
    #[arg(long, default_value_t = 3_000)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 1)]
    first_seed: u64,
    /// Tells the story of the first seed, and runs no other.
    #[arg(long)]
    trace: bool,
    /// Plants each bug of `crates/sim/planted` into a copy of the sources and runs seeds until it is found.
    #[arg(long, conflicts_with = "trace")]
    planted: bool,
    /// Only the planted bugs whose names contain this.
    #[arg(long, requires = "planted", value_name = "TEXT")]
    only: Option<String>,
}

pub(crate) fn run_command(args: &Args) -> Result<()> {
    if args.planted {
        return planted::find_all(args.first_seed, args.seeds, args.only.as_deref());
    }
    let (seeds, first) = (args.seeds.to_string(), args.first_seed.to_string());
    let mut command = cargo();
    command.args(["run", "--quiet", "--release", "--locked", "--package", "lyceum-sim", "--"]);
    command.args(["--first-seed", &first, "--seeds", &seeds]);
    if args.trace {
        command.arg("--trace");
    }
    ensure!(run(&mut command).is_ok(), "something does not hold; the seeds are named above");
    Ok(())
}

/// The step of `cargo xtask ci`.
pub(crate) fn some_thousands() -> Result<()> {
    run_command(&Args { seeds: 3_000, first_seed: 1, trace: false, planted: false, only: None })
}
