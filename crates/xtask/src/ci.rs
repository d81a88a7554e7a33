//! `cargo xtask ci`: every check of the project, one after the other; it ends with one line per step.

pub(crate) mod node;
mod steps;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use self::steps::STEPS;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run only these steps (their names stand at the end of a run).
    #[arg(long, value_delimiter = ',', value_name = "STEP")]
    only: Vec<String>,
    /// Leave these steps out.
    #[arg(long, value_delimiter = ',', value_name = "STEP")]
    skip: Vec<String>,
}

/// One named check.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) run: fn() -> Result<Outcome>,
}

/// How a step that did not fail ended.
pub(crate) enum Outcome {
    /// It holds; with the closing lines of the test runner, if the step has one.
    Passed(Vec<String>),
    /// It could not be tried here, for this reason.
    Skipped(String),
}

struct Report {
    name: &'static str,
    result: Result<Outcome>,
    took: Duration,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    know_the_names(args)?;
    let chosen = STEPS.iter().filter(|step| chosen(args, step.name));
    let reports: Vec<Report> = chosen.map(try_step).collect();
    reports.iter().for_each(show);
    let failed: Vec<&str> =
        reports.iter().filter(|report| report.result.is_err()).map(|report| report.name).collect();
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn chosen(args: &Args, name: &str) -> bool {
    (args.only.is_empty() || args.only.iter().any(|only| only == name))
        && !args.skip.iter().any(|skip| skip == name)
}

fn know_the_names(args: &Args) -> Result<()> {
    let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
    match args.only.iter().chain(&args.skip).find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => bail!("there is no step `{unknown}`; the steps are {}", known.join(", ")),
        None => Ok(()),
    }
}

fn try_step(step: &Step) -> Report {
    println!("\n== {} ==", step.name);
    let begun = Instant::now();
    let result = (step.run)();
    if let Err(error) = &result {
        println!("{}: {error:#}", step.name);
    }
    Report { name: step.name, result, took: begun.elapsed() }
}

fn show(report: &Report) {
    let (word, lines) = match &report.result {
        Ok(Outcome::Passed(lines)) => ("passed".to_owned(), lines.as_slice()),
        Ok(Outcome::Skipped(why)) => (format!("SKIPPED: {why}"), [].as_slice()),
        Err(error) => (format!("FAILED: {error:#}"), [].as_slice()),
    };
    println!("{:<10} {:>6.1} s  {word}", report.name, report.took.as_secs_f64());
    for line in lines {
        println!("             {}", line.trim());
    }
}
