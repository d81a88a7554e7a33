//! `lyceum check COURSE`.

use std::path::PathBuf;
use std::process::ExitCode;

use lyceum_app::App;

use crate::failure::Failure;
use crate::show;
use crate::terminal::{say, say_line};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A zip, a folder, or a manifest alone (imsmanifest.xml, cmi5.xml, tincan.xml, ...).
    course: PathBuf,
    /// Answer in JSON, for programs.
    #[arg(long)]
    json: bool,
}

/// Exit code 0 when the course can be played, 1 when not.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    if !args.course.exists() {
        return Err(Failure::wrong_usage(format!("there is no {}", args.course.display())));
    }
    let summary = App::check(&args.course)?;
    if args.json {
        say_line(&serde_json::to_string(&summary)?);
    } else {
        say(&show::check(&summary));
    }
    Ok(if summary.launchable { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
