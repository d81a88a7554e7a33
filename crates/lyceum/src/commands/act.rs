//! `lyceum rollback`, `lyceum override` and `lyceum reset`: what people with authority do to an attempt.

use std::process::ExitCode;

use lyceum_app::{Acted, Actor, App, AppError, Point, Standing, Target, Tenant};
use lyceum_attempt::summary::{Completion, Score, Success};

use super::history::point;
use super::registration::Which;
use crate::failure::Failure;
use crate::host::{block_on, open_quietly};
use crate::show;
use crate::terminal::{say, say_line};

/// Who does it, and why.
#[derive(clap::Args)]
pub(crate) struct Why {
    #[command(flatten)]
    which: Which,
    /// Why; it stands in the history.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who; it stands in the history.
    #[arg(long, value_name = "NAME", default_value_t = person())]
    by: String,
}

pub(super) fn person() -> String {
    let known = ["USER", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    let known = known.filter(|name| !name.trim().is_empty());
    known.map_or_else(|| "command line".to_owned(), |name| format!("{name} (command line)"))
}

#[derive(clap::Args)]
pub(crate) struct Rollback {
    #[command(flatten)]
    why: Why,
    /// Where to: a commit of the attempt as #12 (#0 is before the first one), a moment as 2026-01-31T12:00:00Z or in
    /// milliseconds since 1970.
    #[arg(long, value_name = "POINT", value_parser = point)]
    to: Point,
    /// The attempt [default: the newest one]
    #[arg(long, value_name = "N")]
    attempt: Option<u32>,
}

#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).multiple(true).args(["completion", "success", "scaled", "raw", "withdraw"])))]
pub(crate) struct Override {
    #[command(flatten)]
    why: Why,
    /// The attempt [default: the newest one]
    #[arg(long, value_name = "N")]
    attempt: Option<u32>,
    /// Completion that counts.
    #[arg(long, value_parser = ["completed", "incomplete"], conflicts_with = "withdraw")]
    completion: Option<String>,
    /// Success that counts.
    #[arg(long, value_parser = ["passed", "failed", "unknown"], conflicts_with = "withdraw")]
    success: Option<String>,
    /// Score that counts, from -1 to 1.
    #[arg(long, value_name = "DECIMAL", allow_hyphen_values = true, conflicts_with = "withdraw")]
    scaled: Option<String>,
    /// Score that counts, as points.
    #[arg(long, value_name = "DECIMAL", allow_hyphen_values = true, conflicts_with = "withdraw")]
    raw: Option<String>,
    /// Least points.
    #[arg(long, value_name = "DECIMAL", allow_hyphen_values = true, requires = "raw")]
    min: Option<String>,
    /// Most points.
    #[arg(long, value_name = "DECIMAL", allow_hyphen_values = true, requires = "raw")]
    max: Option<String>,
    /// Status and score are the content's again.
    #[arg(long)]
    withdraw: bool,
}

#[derive(clap::Args)]
pub(crate) struct Reset {
    #[command(flatten)]
    why: Why,
}

pub(crate) fn rollback(args: &Rollback) -> Result<ExitCode, Failure> {
    let target = Target { registration: args.why.which.id, attempt: args.attempt };
    run(&args.why, async |app, actor| app.rollback(Tenant::DEFAULT, target, args.to, actor).await)
}

pub(crate) fn set(args: &Override) -> Result<ExitCode, Failure> {
    let target = Target { registration: args.why.which.id, attempt: args.attempt };
    run(&args.why, async |app, actor| {
        if args.withdraw {
            app.withdraw_override(Tenant::DEFAULT, target, actor).await
        } else {
            app.override_standing(Tenant::DEFAULT, target, &standing(args), actor).await
        }
    })
}

pub(crate) fn reset(args: &Reset) -> Result<ExitCode, Failure> {
    let registration = args.why.which.id;
    run(&args.why, async |app, actor| app.reset(Tenant::DEFAULT, registration, actor).await)
}

fn standing(args: &Override) -> Standing {
    let completion = args.completion.as_deref().map(|word| match word {
        "completed" => Completion::Completed,
        _ => Completion::Incomplete,
    });
    let success = args.success.as_deref().map(|word| match word {
        "passed" => Success::Passed,
        "failed" => Success::Failed,
        _ => Success::Unknown,
    });
    let score = Score {
        scaled: args.scaled.clone(),
        raw: args.raw.clone(),
        min: args.min.clone(),
        max: args.max.clone(),
    };
    Standing { completion, success, score: (score != Score::default()).then_some(score) }
}

fn run(
    why: &Why,
    act: impl AsyncFnOnce(&App, &Actor) -> Result<Acted, AppError>,
) -> Result<ExitCode, Failure> {
    block_on(async {
        let actor = Actor { by: why.by.clone(), reason: why.reason.clone() };
        let app = open_quietly(&why.which.data).await?;
        let acted = act(&app, &actor).await;
        app.shutdown().await;
        let acted = acted?;
        if why.which.json {
            say_line(&serde_json::to_string(&acted)?);
        } else {
            say(&show::acted(&acted));
        }
        Ok(ExitCode::SUCCESS)
    })
}
