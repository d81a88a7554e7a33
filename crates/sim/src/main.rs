//! `lyceum-sim --seeds N [--first-seed S]`: runs seeds and says which of them break something; `--trace` tells the story of one.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout)] // a command-line tool talks to its terminal

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use lyceum_sim::{Run, many, run};

#[derive(Parser)]
#[command(name = "lyceum-sim", about = "Deterministic simulation of learners, networks and servers")]
struct Args {
    /// How many seeds.
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 1)]
    first_seed: u64,
    /// Ends with the first seed that breaks something.
    #[arg(long)]
    stop: bool,
    /// Tells the story of the first seed.
    #[arg(long)]
    trace: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    if args.trace {
        let run = run(args.first_seed, true);
        run.story.iter().for_each(|line| println!("{line}"));
        return verdict(&[run]);
    }
    let begun = Instant::now();
    let tally = many(args.first_seed, args.seeds, args.stop);
    let took = begun.elapsed().as_secs_f64();
    println!("{} seeds from {} on in {took:.1} s: {:?}", tally.seeds, args.first_seed, tally.counts);
    verdict(&tally.failed)
}

fn verdict(runs: &[Run]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for run in runs.iter().filter(|run| !run.violations.is_empty()) {
        code = ExitCode::FAILURE;
        for violation in &run.violations {
            println!("seed {}: {}: {}", run.seed, violation.invariant, violation.what);
        }
        println!("  again, with its story: cargo xtask sim --first-seed {} --trace", run.seed);
    }
    code
}
