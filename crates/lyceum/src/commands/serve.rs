//! `lyceum serve`.

use std::process::ExitCode;

use crate::cli::{DataArgs, ServerArgs};
use crate::failure::Failure;
use crate::host::{Host, block_on};
use crate::terminal::say_line;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    server: ServerArgs,
    /// Say in one line of JSON when the server is ready, for programs.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: Args) -> Result<ExitCode, Failure> {
    block_on(async {
        let host = Host::open(&args.data, args.server, "info", true).await?;
        let (app_url, content_url) = (host.app_url.to_string(), host.content_url.to_string());
        let data = host.app.data_dir().display().to_string();
        host.notes.iter().for_each(|note| tracing::warn!("{note}"));
        host.serve(|_| {
            tracing::info!(app_url, content_url, data, "ready");
            if args.json {
                say_line(&serde_json::json!({ "app_url": app_url, "content_url": content_url }).to_string());
            }
        })
        .await
    })
}
