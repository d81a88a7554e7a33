//! `lyceum play COURSE`.

use std::path::PathBuf;
use std::process::ExitCode;

use lyceum_app::{ImportAs, ImportReport, ImportSource, LaunchKind, NewLearner, Tenant};

use super::package;
use crate::browser;
use crate::cli::{DataArgs, ServerArgs};
use crate::failure::Failure;
use crate::host::{Host, block_on};
use crate::show::{self, Playing};
use crate::terminal::{say, say_line};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A zip or a folder.
    course: PathBuf,
    /// Name of the learner; the same name goes on with the same attempt.
    #[arg(long, value_name = "NAME", env = "LYCEUM_LEARNER", default_value_t = user_name())]
    learner: String,
    /// The link begins a new attempt, where the course's settings allow that (new_attempt_on_request).
    #[arg(long)]
    new_attempt: bool,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    server: ServerArgs,
    /// Say in one line of JSON when the course is ready, for programs.
    #[arg(long)]
    json: bool,
    /// Open the course in the browser.
    #[arg(long)]
    open: bool,
}

/// The person at this machine, as far as the system tells.
fn user_name() -> String {
    let known = ["USER", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    known.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "Learner".to_owned())
}

pub(crate) fn run(args: Args) -> Result<ExitCode, Failure> {
    let source = package::source(&args.course)?;
    block_on(play(args, source))
}

async fn play(args: Args, source: ImportSource) -> Result<ExitCode, Failure> {
    let host = Host::open(&args.data, args.server, "warn", false).await?;
    let report = host
        .app
        .import(Tenant::DEFAULT, source, ImportAs::default())
        .await
        .map_err(|error| package::refused(&error))?;
    let learner = NewLearner { id: args.learner.clone(), name: None };
    let registration = host.app.register(Tenant::DEFAULT, report.course_id, learner).await?.registration;
    let launch_url = if args.new_attempt {
        host.app.new_attempt_link(Tenant::DEFAULT, registration, LaunchKind::Lasting).await?
    } else {
        host.app.launch_link(Tenant::DEFAULT, registration, LaunchKind::Lasting).await?
    };
    let (app_url, content_url) = (host.app_url.to_string(), host.content_url.to_string());
    let notes = host.notes.clone();
    host.serve(|app| {
        if args.json {
            let line = ready_line(&report, &registration.to_string(), &launch_url, &app_url, &content_url);
            say_line(&line);
        } else {
            say(&show::playing(&Playing {
                summary: &report.summary,
                learner: &args.learner,
                launch_url: &launch_url,
                app_url: &app_url,
                data: &app.data_dir().display().to_string(),
                notes: &notes,
            }));
        }
        if args.open
            && let Err(error) = browser::open(&launch_url)
        {
            eprintln!("The browser could not be opened ({error}): open the link yourself.");
        }
    })
    .await
}

fn ready_line(
    report: &ImportReport,
    registration: &str,
    launch_url: &str,
    app_url: &str,
    content_url: &str,
) -> String {
    serde_json::json!({
        "launch_url": launch_url,
        "app_url": app_url,
        "content_url": content_url,
        "course_id": report.course_id.to_string(),
        "registration_id": registration,
        "standard": report.summary.standard,
    })
    .to_string()
}
