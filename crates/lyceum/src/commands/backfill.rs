//! `lyceum backfill FILE`.

use std::path::PathBuf;
use std::process::ExitCode;

use lyceum_app::{BackfillReport, Tenant};

use super::backfill_file::{BadLine, read};
use crate::cli::DataArgs;
use crate::failure::Failure;
use crate::host::{block_on, open_quietly};
use crate::show;
use crate::terminal::{say, say_line};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// CSV with the columns learner, learner_name, course, completed, score, time, first_access, data; or a JSON list of such objects, or one
    /// object a line. `course` is a course's id or topic.
    file: PathBuf,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    data: DataArgs,
    /// Answer in JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let text = std::fs::read_to_string(&args.file)
        .map_err(|e| Failure::wrong_usage(format!("{} cannot be read: {e}", args.file.display())))?;
    let (rows, bad) = read(&text);
    block_on(async {
        let app = open_quietly(&args.data).await?;
        // With a line that cannot be understood the others are only looked at.
        let done = app.backfill(Tenant::DEFAULT, &rows, args.dry_run || !bad.is_empty()).await;
        app.shutdown().await;
        let report = with_bad_lines(done?, bad, args.dry_run);
        if args.json {
            say_line(&serde_json::to_string(&report)?);
        } else {
            say(&show::backfill(&report));
        }
        Ok(ExitCode::from(u8::from(report.errors > 0)))
    })
}

fn with_bad_lines(mut report: BackfillReport, bad: Vec<BadLine>, dry_run: bool) -> BackfillReport {
    if bad.is_empty() {
        return report;
    }
    report.dry_run = dry_run;
    if !dry_run {
        report.taken = 0;
        report.lines.retain(|line| line.outcome == lyceum_app::Backfilled::Error);
    }
    for BadLine { line, why } in bad {
        report.error(line, why);
    }
    report.lines.sort_by_key(|line| line.line);
    report
}
