//! `lyceum registration ID`.

use std::process::ExitCode;

use lyceum_app::{BadId, RegistrationId, Tenant};

use crate::cli::DataArgs;
use crate::failure::Failure;
use crate::host::{block_on, open_quietly};
use crate::show;
use crate::terminal::{say, say_line};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Id of the registration, as `lyceum play --json` and the pages show it.
    #[arg(value_parser = id)]
    id: RegistrationId,
    #[command(flatten)]
    data: DataArgs,
    /// Answer in JSON, for programs.
    #[arg(long)]
    json: bool,
}

fn id(text: &str) -> Result<RegistrationId, BadId> {
    text.parse()
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    block_on(async {
        let app = open_quietly(&args.data).await?;
        let report = app.registration_report(Tenant::DEFAULT, args.id).await;
        app.shutdown().await;
        let report = report?;
        if args.json {
            say_line(&serde_json::to_string(&report)?);
        } else {
            say(&show::registration(&report));
        }
        Ok(ExitCode::SUCCESS)
    })
}
