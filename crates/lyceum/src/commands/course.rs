//! `lyceum course`: settings, topics and newer versions of a course.

use std::path::PathBuf;
use std::process::ExitCode;

use lyceum_app::{BadId, CourseId, ImportAs, SettingChange, Tenant};

use super::package;
use crate::cli::DataArgs;
use crate::failure::Failure;
use crate::host::{block_on, open_quietly};
use crate::show;
use crate::terminal::{say, say_line};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Show the settings of a course, or change them for later sessions.
    Settings(Settings),
    /// Show the topics under which old pages know a course, or add one.
    Topic(Topic),
    /// Import a newer version of a course. First launches take it; who has begun stays on hers, unless the setting new_attempt
    /// says otherwise.
    Version(Version),
}

#[derive(clap::Args)]
pub(crate) struct Version {
    /// Id of the course.
    #[arg(value_parser = id)]
    id: CourseId,
    /// A zip or a folder.
    package: PathBuf,
    #[command(flatten)]
    data: DataArgs,
    /// Answer in JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub(crate) struct Topic {
    /// Id of the course.
    #[arg(value_parser = id)]
    id: CourseId,
    /// A name without slashes; it leads to this course from now on, also where it led to another one.
    topic: Option<String>,
    #[command(flatten)]
    data: DataArgs,
    /// Answer in JSON, for programs.
    #[arg(long)]
    json: bool,
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
    match command {
        Command::Settings(args) => settings(args),
        Command::Topic(args) => topic(args),
        Command::Version(args) => version(args),
    }
}

fn version(args: &Version) -> Result<ExitCode, Failure> {
    let source = package::source(&args.package)?;
    block_on(async {
        let app = open_quietly(&args.data).await?;
        let options = ImportAs { course: Some(args.id), ..ImportAs::default() };
        let imported = app.import(Tenant::DEFAULT, source, options).await;
        app.shutdown().await;
        let report = imported.map_err(|error| package::refused(&error))?;
        if args.json {
            say_line(&serde_json::to_string(&report)?);
        } else {
            let title = report.summary.title.as_deref().unwrap_or("The course");
            let is = if report.new_version { "is now" } else { "is already" };
            say(&format!("{title} {is} version {} of course {}.\n", report.version, report.course_id));
            say(&show::findings(&report.summary));
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn topic(args: &Topic) -> Result<ExitCode, Failure> {
    block_on(async {
        let app = open_quietly(&args.data).await?;
        let mut moved_from = None;
        let topics = match &args.topic {
            Some(topic) => {
                let before = app.course_of_topic(Tenant::DEFAULT, topic).await.ok();
                moved_from = before.filter(|before| *before != args.id).map(|before| before.to_string());
                app.set_topic(Tenant::DEFAULT, args.id, topic).await
            }
            None => app.topics(Tenant::DEFAULT, args.id).await,
        };
        app.shutdown().await;
        let topics = topics?;
        if let (Some(before), false) = (&moved_from, args.json) {
            say(&format!("This topic led to course {before} until now. All topics of this course:\n"));
        }
        if args.json {
            let answer = serde_json::json!(
                {"course_id": args.id.to_string(), "topics": topics, "moved_from": moved_from}
            );
            say_line(&answer.to_string());
        } else if topics.is_empty() {
            say("The course has no topic: old pages find it by its id.\n");
        } else {
            say(&topics.iter().map(|topic| format!("{topic}\n")).collect::<String>());
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn settings(args: &Settings) -> Result<ExitCode, Failure> {
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
