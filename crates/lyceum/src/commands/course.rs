//! `lyceum course settings ID [NAME=VALUE ...]`.

use std::process::ExitCode;

use lyceum_app::{BadId, CourseId, SettingChange, Tenant};

use crate::cli::DataArgs;
use crate::failure::Failure;
use crate::host::{block_on, open_quietly};
use crate::show;
use crate::terminal::{say, say_line};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Show the settings of a course, or change them for later sessions.
    Settings(Settings),
}

#[derive(clap::Args)]
pub(crate) struct Settings {
    /// Id of the course, as `lyceum play --json` and the pages show it.
    #[arg(value_parser = id)]
    id: CourseId,
    /// Settings to change; NAME= goes back to the default. All are described in docs/settings.md.
    #[arg(value_name = "NAME=VALUE", value_parser = change)]
    changes: Vec<SettingChange>,
    #[command(flatten)]
    data: DataArgs,
    /// Answer in JSON, for programs.
    #[arg(long)]
    json: bool,
}

fn id(text: &str) -> Result<CourseId, BadId> {
    text.parse()
}

fn change(text: &str) -> Result<SettingChange, &'static str> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE, or NAME= for the default")?;
    Ok((name.to_owned(), value.to_owned()))
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Failure> {
    let Command::Settings(args) = command;
    block_on(async {
        let app = open_quietly(&args.data).await?;
        let settings = if args.changes.is_empty() {
            app.course_settings(Tenant::DEFAULT, args.id).await
        } else {
            app.change_course_settings(Tenant::DEFAULT, args.id, &args.changes).await
        };
        app.shutdown().await;
        let settings = settings?;
        if args.json {
            say_line(&serde_json::to_string(&settings)?);
        } else {
            say(&show::settings(&settings));
        }
        Ok(ExitCode::SUCCESS)
    })
}
