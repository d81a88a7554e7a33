//! `lyceum key`: operator keys open the pages from other machines.

use std::process::ExitCode;

use lyceum_app::{App, BadId, KeyId, Tenant};

use crate::cli::DataArgs;
use crate::failure::Failure;
use crate::host::{block_on, open_quietly};
use crate::show;
use crate::terminal::say;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make a key; its secret is shown once.
    Create {
        /// What the key is for.
        #[arg(default_value = "operator")]
        name: String,
        #[command(flatten)]
        output: Output,
    },
    /// List the keys, without their secrets.
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Make a key void.
    Revoke {
        /// Id of the key, as `lyceum key list` shows it.
        #[arg(value_parser = id)]
        id: KeyId,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(clap::Args)]
pub(crate) struct Output {
    #[command(flatten)]
    data: DataArgs,
    /// Answer in JSON, for programs.
    #[arg(long)]
    json: bool,
}

fn id(text: &str) -> Result<KeyId, BadId> {
    text.parse()
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Failure> {
    block_on(async {
        let (Command::Create { output, .. } | Command::List { output } | Command::Revoke { output, .. }) =
            &command;
        let app = open_quietly(&output.data).await?;
        let answer = answer(&app, command).await;
        app.shutdown().await;
        say(&answer?);
        Ok(ExitCode::SUCCESS)
    })
}

async fn answer(app: &App, command: &Command) -> Result<String, Failure> {
    Ok(match command {
        Command::Create { name, output } => {
            let key = app.create_key(Tenant::DEFAULT, name).await?;
            let (id, secret) = (key.id.to_string(), key.secret);
            if output.json {
                line(&serde_json::json!({ "id": id, "name": name, "secret": secret }))
            } else {
                format!(
                    "{secret}\n\nThis is the key “{name}”. Keep it now: it is not shown again.\nRevoke it with: lyceum key revoke {id}\n"
                )
            }
        }
        Command::List { output } => {
            let keys = app.keys(Tenant::DEFAULT).await?;
            if output.json { line(&serde_json::to_value(&keys)?) } else { show::keys(&keys) }
        }
        Command::Revoke { id, output } => {
            app.revoke_key(Tenant::DEFAULT, *id).await?;
            if output.json {
                line(&serde_json::json!({ "id": id.to_string(), "revoked": true }))
            } else {
                format!("The key {id} is void.\n")
            }
        }
    })
}

fn line(value: &serde_json::Value) -> String {
    format!("{value}\n")
}
