//! The steps of `cargo xtask ci`, in their order: what fails fast comes first.

use anyhow::Result;

use super::{Outcome, Step, node};
use crate::process::{cargo, find, run, run_and_keep};
use crate::{docs, sim, wasm};

pub(super) const STEPS: &[Step] = &[
    Step { name: "format", run: format },
    Step { name: "lint", run: lint },
    Step { name: "test", run: test },
    Step { name: "doctest", run: doctest },
    Step { name: "docs", run: documents },
    Step { name: "wasm", run: engine },
    Step { name: "release", run: release },
    Step { name: "sim", run: simulation },
    Step { name: "front-end", run: node::front_end },
    Step { name: "browser", run: node::browser },
];

fn format() -> Result<Outcome> {
    run(cargo().args(["fmt", "--all", "--check"]))?;
    Ok(Outcome::Passed(vec![]))
}

fn lint() -> Result<Outcome> {
    run(cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))?;
    Ok(Outcome::Passed(vec![]))
}

/// nextest where it is installed (it runs the test programs side by side), else cargo's own runner.
fn test() -> Result<Outcome> {
    let mut command = cargo();
    // The ordinary tests replay some of the recorded walks.
    command.env("LYCEUM_ALL_WALKS", "1");
    if find("cargo-nextest").is_some() {
        command.args([
            "nextest",
            "run",
            "--workspace",
            "--locked",
            "--no-fail-fast",
            "--status-level",
            "fail",
        ]);
        // nextest speaks on the error stream; its summary is repeated by it at the end, so it only needs to be seen.
        run(&mut command)?;
        return Ok(Outcome::Passed(vec![]));
    }
    command.args([
        "test",
        "--workspace",
        "--locked",
        "--no-fail-fast",
        "--lib",
        "--bins",
        "--tests",
        "--examples",
    ]);
    run_and_keep(&mut command, is_cargo_closing).map(Outcome::Passed)
}

fn doctest() -> Result<Outcome> {
    run_and_keep(cargo().args(["test", "--workspace", "--locked", "--doc"]), is_cargo_closing)
        .map(Outcome::Passed)
}

fn is_cargo_closing(line: &str) -> bool {
    line.starts_with("test result:") && !line.contains(" 0 passed; 0 failed;")
}

fn documents() -> Result<Outcome> {
    docs::api(false)?;
    docs::links()?;
    Ok(Outcome::Passed(vec![]))
}

/// The browser's engine, built here; what follows uses what was built. The bytes depend on the compiler, so a difference to
/// the committed ones is told and is no failure: a test compares the sources they were built from.
fn engine() -> Result<Outcome> {
    if let Err(missing) = wasm::can_build() {
        return Ok(Outcome::Skipped(format!("{missing}; the committed engine is used")));
    }
    let same = wasm::rebuild()?;
    let word =
        if same { "the same bytes as committed" } else { "other bytes than committed (another compiler?)" };
    Ok(Outcome::Passed(vec![word.to_owned()]))
}

fn release() -> Result<Outcome> {
    run(cargo().args(["build", "--release", "--locked", "--package", "lyceum"]))?;
    Ok(Outcome::Passed(vec![]))
}

/// Some thousands of seeds, optimised; the ordinary tests run a few.
fn simulation() -> Result<Outcome> {
    sim::some_thousands()?;
    Ok(Outcome::Passed(vec![]))
}
