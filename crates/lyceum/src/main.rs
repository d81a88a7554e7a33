//! The executable: command line, configuration, and the wiring of the server.
#![forbid(unsafe_code)]
#![allow(clippy::print_stderr)] // what goes wrong is told on the terminal

mod browser;
mod cache_folder;
mod cli;
mod commands;
mod failure;
mod host;
mod logging;
mod origin;
mod selftest;
mod server;
mod show;
mod simulate;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};

/// Many small allocations on several threads: memory stays level where the system's allocator would fragment.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Play(args) => commands::play::run(args),
        Command::Check(args) => commands::check::run(&args),
        Command::Course(command) => commands::course::run(&command),
        Command::Enrollments(args) => commands::enrollments::run(&args),
        Command::Backfill(args) => commands::backfill::run(&args),
        Command::Registration(args) => commands::registration::run(&args),
        Command::Simulate(args) => commands::simulate::run(&args),
        Command::History(args) => commands::history::run(&args),
        Command::Diff(args) => commands::history::diff(&args),
        Command::Rollback(args) => commands::act::rollback(&args),
        Command::Override(args) => commands::act::set(&args),
        Command::Reset(args) => commands::act::reset(&args),
        Command::Export(args) => commands::records::export(&args),
        Command::Import(args) => commands::records::import(&args),
        Command::Verify(args) => commands::records::verify(&args),
        Command::Erase(args) => commands::records::erase(&args),
        Command::Selftest(args) => commands::selftest::run(args),
        Command::Serve(args) => commands::serve::run(args),
        Command::Key(command) => commands::key::run(&command),
        Command::Db(command) => commands::db::run(&command),
    };
    done.unwrap_or_else(|failure| failure.report())
}
