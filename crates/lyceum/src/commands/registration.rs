//! `lyceum registration ID`.

use std::process::ExitCode;

use lyceum_app::{BadId, BadPoint, Point, RegistrationId, Tenant};

use crate::cli::DataArgs;
use crate::failure::Failure;
use crate::host::{block_on, open_quietly};
use crate::show;
use crate::terminal::{say, say_line};

/// A registration, and how to answer.
#[derive(clap::Args)]
pub(crate) struct Which {
    /// Id of the registration, as `lyceum play --json` and the pages show it.
    #[arg(value_parser = id)]
    pub(crate) id: RegistrationId,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Answer in JSON, for programs.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    /// As it stood at this moment, by the server's clock: 2026-01-31T12:00:00Z or milliseconds since 1970.
    #[arg(long, value_name = "T", value_parser = moment)]
    at: Option<i64>,
}

fn id(text: &str) -> Result<RegistrationId, BadId> {
    text.parse()
}

/// A moment; a commit is none.
pub(crate) fn moment(text: &str) -> Result<i64, BadPoint> {
    match text.parse()? {
        Point::At(at) => Ok(at),
        Point::Commit(_) => Err(BadPoint(text.to_owned())),
    }
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    block_on(async {
        let app = open_quietly(&args.which.data).await?;
        let (tenant, id) = (Tenant::DEFAULT, args.which.id);
        let report = match args.at {
            Some(at) => app.registration_report_at(tenant, id, at).await,
            None => app.registration_report(tenant, id).await,
        };
        app.shutdown().await;
        let report = report?;
        if args.which.json {
            say_line(&serde_json::to_string(&report)?);
        } else {
            say(&show::registration(&report));
        }
        Ok(ExitCode::SUCCESS)
    })
}
