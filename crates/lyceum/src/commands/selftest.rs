//! `lyceum selftest`.

use std::process::ExitCode;

use lyceum_app::{BadId, CourseId};

use crate::cli::DataArgs;
use crate::failure::Failure;
use crate::host::{block_on, open_quietly};
use crate::selftest::{self, Check};
use crate::terminal::{say, say_line};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Also play this course: its package is imported for a scratch registration, and its first part is opened.
    #[arg(long, value_name = "ID", value_parser = course)]
    course: Option<CourseId>,
    /// Name of the scratch learner.
    #[arg(long, value_name = "NAME", default_value = "Self-test")]
    learner: String,
    #[command(flatten)]
    data: DataArgs,
    /// One object of JSON, for programs.
    #[arg(long)]
    json: bool,
}

fn course(text: &str) -> Result<CourseId, BadId> {
    text.parse()
}

/// Exit code 0 when everything passed. A server may run on the same data meanwhile; nothing of the test stays.
pub(crate) fn run(args: Args) -> Result<ExitCode, Failure> {
    let Args { course, learner, data, json } = args;
    let checks = block_on(async {
        let app = open_quietly(&data).await?;
        let checks = selftest::run(&app, &learner, course).await;
        app.shutdown().await;
        checks
    })?;
    let passed = checks.iter().all(|check| check.passed);
    if json {
        say_line(&serde_json::json!({ "passed": passed, "checks": checks }).to_string());
    } else {
        say(&shown(&checks));
    }
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn shown(checks: &[Check]) -> String {
    let line = |check: &Check| {
        let word = if check.passed { "passed" } else { "FAILED" };
        format!("{word}  {:<34} {}\n", check.name, check.seen)
    };
    let failed = checks.iter().filter(|check| !check.passed).count();
    let end = if failed == 0 {
        format!("All {} checks passed; nothing of them is left in the store.\n", checks.len())
    } else {
        format!("{failed} of {} checks failed.\n", checks.len())
    };
    checks.iter().map(line).chain([end]).collect()
}
