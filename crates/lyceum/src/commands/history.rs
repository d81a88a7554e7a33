//! `lyceum history ID` and `lyceum diff ID`: what happened to a registration.

use std::process::ExitCode;

use lyceum_app::{AppError, BadPoint, Cursor, Glob, HistoryQuery, Point, Tenant};

use super::registration::{Which, moment};
use crate::failure::Failure;
use crate::host::{block_on, open_quietly};
use crate::show;
use crate::terminal::{say, say_line};

/// Items of one answer where nothing else is asked for.
const LIMIT: usize = 1_000;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    /// Only this attempt.
    #[arg(long, value_name = "N")]
    attempt: Option<u32>,
    /// Only elements like this: cmi.score, cmi.interactions.*.result
    #[arg(long, value_name = "GLOB")]
    element: Option<String>,
    /// Only what arrived from this moment on, by the server's clock: 2026-01-31T12:00:00Z or milliseconds since 1970.
    #[arg(long, value_name = "T", value_parser = moment)]
    from: Option<i64>,
    /// Only what arrived up to this moment.
    #[arg(long, value_name = "T", value_parser = moment)]
    to: Option<i64>,
    /// Only this commit of the attempt.
    #[arg(long, value_name = "N")]
    commit: Option<u64>,
    /// Only what was refused.
    #[arg(long)]
    refused: bool,
    /// Only navigation requests; --json tells with each what was decided on its way, and why.
    #[arg(long)]
    navigation: bool,
    /// Most lines to show.
    #[arg(long, value_name = "N", default_value_t = LIMIT)]
    limit: usize,
    /// Go on where an earlier answer ended.
    #[arg(long, value_name = "CURSOR", value_parser = cursor)]
    after: Option<Cursor>,
}

fn cursor(text: &str) -> Result<Cursor, AppError> {
    text.parse()
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    block_on(async {
        let query = HistoryQuery {
            attempt: args.attempt,
            element: args.element.as_deref().map(Glob::new),
            from: args.from,
            to: args.to,
            commit: args.commit,
            refused: args.refused,
            navigation: args.navigation,
            after: args.after,
            limit: args.limit,
        };
        let app = open_quietly(&args.which.data).await?;
        let page = app.history(Tenant::DEFAULT, args.which.id, &query).await;
        app.shutdown().await;
        let page = page?;
        if args.which.json {
            say_line(&serde_json::to_string(&page)?);
        } else {
            say(&show::history(&page));
        }
        Ok(ExitCode::SUCCESS)
    })
}

#[derive(clap::Args)]
pub(crate) struct DiffArgs {
    #[command(flatten)]
    which: Which,
    /// The attempt; without it, a moment means the newest attempt of that time, a commit one of the newest attempt.
    #[arg(long, value_name = "N")]
    attempt: Option<u32>,
    /// The first point: a commit as #12, a moment as 2026-01-31T12:00:00Z or in milliseconds since 1970.
    #[arg(long, value_name = "POINT", value_parser = point)]
    from: Point,
    /// The second point.
    #[arg(long, value_name = "POINT", value_parser = point)]
    to: Point,
}

pub(crate) fn point(text: &str) -> Result<Point, BadPoint> {
    text.parse()
}

pub(crate) fn diff(args: &DiffArgs) -> Result<ExitCode, Failure> {
    block_on(async {
        let app = open_quietly(&args.which.data).await?;
        let points = (args.from, args.to);
        let found = app.differences(Tenant::DEFAULT, args.which.id, args.attempt, points).await;
        app.shutdown().await;
        let found = found?;
        if args.which.json {
            say_line(&serde_json::to_string(&found)?);
        } else {
            say(&show::differences(&found));
        }
        Ok(ExitCode::SUCCESS)
    })
}
