//! `lyceum simulate COURSE`.

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;
use lyceum_app::{App, Clock as _, RehearsalError, SystemClock};
use lyceum_attempt::opening::{Learner, Opening, Settings};
use lyceum_attempt::state::State;
use lyceum_cmi::{Edition, Strictness};

use crate::failure::Failure;
use crate::show;
use crate::simulate::Stage;
use crate::terminal::say_line;

#[derive(clap::Args)]
#[command(after_long_help = crate::simulate::HELP)]
pub(crate) struct Args {
    /// A zip, a folder, or a manifest alone (.xml). Items can be opened whether their files are there or not.
    course: PathBuf,
    /// Judge exactly by the standard; this is the default here.
    #[arg(long)]
    strict: bool,
    /// Judge as for imported courses: values that the standard forbids and that can be understood are kept.
    #[arg(long, conflicts_with = "strict")]
    tolerant: bool,
    /// Keep elements that no standard knows, and let the course read them back.
    #[arg(long)]
    extensions: bool,
    /// Play it by this standard, whatever the manifest says: SCORM_11, SCORM_12, SCORM_2004_2ND_EDITION,
    /// SCORM_2004_3RD_EDITION, SCORM_2004_4TH_EDITION or AICC.
    #[arg(long, value_name = "S", value_parser = edition)]
    standard: Option<Edition>,
    /// Name of the learner, and her id.
    #[arg(long, value_name = "NAME", default_value = "Learner")]
    learner: String,
    /// Seed of everything random: the same seed gives the same answers.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Tell with each navigation which processes of sequencing were visited, and what each decided.
    #[arg(long)]
    trace: bool,
    /// The time that the clock stands at, as 2026-01-01T09:00:00Z [default: the time of the start]
    #[arg(long, value_name = "RFC3339")]
    now: Option<Timestamp>,
    /// Answer no commands: print what a browser's engine would be given for the same session, and end.
    #[arg(long)]
    opening: bool,
}

fn edition(text: &str) -> Result<Edition, lyceum_cmi::UnknownEdition> {
    text.parse()
}

/// Answers line by line until the input ends. Exit code 1 when the course cannot be played; a wrong command is answered
/// and changes nothing.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    if !args.course.exists() {
        return Err(Failure::wrong_usage(format!("there is no {}", args.course.display())));
    }
    let plan = App::rehearse(&args.course, args.standard).map_err(|error| refused(&error))?;
    if args.opening {
        let state = State::new(plan.edition);
        let opened = serde_json::json!({ "plan": plan, "opening": opening(args), "state": state });
        say_line(&opened.to_string());
        return Ok(ExitCode::SUCCESS);
    }
    converse(&mut Stage::new(Arc::new(plan), opening(args), args.trace))
}

fn converse(stage: &mut Stage) -> Result<ExitCode, Failure> {
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(ExitCode::SUCCESS);
        }
        let Some(answer) = stage.answer(&String::from_utf8_lossy(&line)) else { continue };
        let written = writeln!(output, "{}", serde_json::to_string(&answer)?).and_then(|()| output.flush());
        if written.is_err() {
            return Ok(ExitCode::SUCCESS); // the reader has seen enough
        }
    }
}

fn opening(args: &Args) -> Opening {
    Opening {
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        session: "simulation".to_owned(),
        ordinal: 1,
        attempt: 1,
        opened_at: args.now.map_or_else(|| SystemClock.now(), Timestamp::as_millisecond),
        learner: Learner { id: args.learner.clone(), name: args.learner.clone() },
        settings: Settings {
            strictness: if args.tolerant { Strictness::Tolerant } else { Strictness::Strict },
            extensions: args.extensions,
            ..Settings::default()
        },
        before: None,
        seed: args.seed,
        objectives: std::collections::BTreeMap::new(),
        shared_data: std::collections::BTreeMap::new(),
    }
}

/// The reason, with what was found in the package.
fn refused(error: &RehearsalError) -> Failure {
    let found = match error {
        RehearsalError::NoCourse(summary) => show::findings(summary),
        RehearsalError::Read(_) | RehearsalError::NoApi(_) => String::new(),
    };
    Failure::failed(format!("{error}\n{found}").trim_end().to_owned())
}
