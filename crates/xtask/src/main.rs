//! Automation of the project: `cargo xtask COMMAND`. One file per command; this one only dispatches.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, clippy::print_stderr)] // a command-line tool talks to its terminal

mod bench;
mod ci;
mod docs;
mod process;
mod sim;
mod wasm;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Automation of the project", disable_version_flag = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Speed and size, each figure beside its anchor measured in the same run.
    Bench(bench::Args),
    /// Everything that must hold before a change is merged: formatting, lints, tests, documents, release build, browser tests.
    Ci(ci::Args),
    /// API documents without warnings, generated pages, and no dead link in the project's Markdown.
    Docs(docs::Args),
    /// The simulation: learners, networks, crashes and outages from seeds.
    Sim(sim::Args),
    /// The engine for the browser, built and written beside the player's front-end files.
    Wasm(wasm::Args),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Bench(args) => bench::run(&args),
        Command::Ci(args) => ci::run(&args),
        Command::Docs(args) => docs::run(&args),
        Command::Sim(args) => sim::run_command(&args),
        Command::Wasm(args) => wasm::run(&args),
    }
}
