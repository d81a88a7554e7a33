//! `lyceum export`, `import`, `verify` and `erase`: whole records.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lyceum_app::{Actor, App, AppError, BadId, CourseId, Exported, RegistrationId, Scope, Tenant};

use super::act::person;
use crate::cli::DataArgs;
use crate::failure::Failure;
use crate::host::{block_on, open_quietly};
use crate::show;
use crate::terminal::{say, say_line};

/// Records were touched.
const TOUCHED: u8 = 1;

#[derive(clap::Args)]
pub(crate) struct Export {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// One attempt of a registration.
    Attempt {
        /// Id of the registration.
        #[arg(value_parser = registration)]
        id: RegistrationId,
        /// Number of the attempt.
        number: u32,
        #[command(flatten)]
        output: Output,
    },
    /// A registration.
    Registration {
        /// Id of the registration.
        #[arg(value_parser = registration)]
        id: RegistrationId,
        #[command(flatten)]
        output: Output,
    },
    /// Everything of a learner.
    Learner {
        /// The name that callers know the learner by.
        id: String,
        #[command(flatten)]
        output: Output,
    },
    /// Everything on a course.
    Course {
        /// Id of the course.
        #[arg(value_parser = course)]
        id: CourseId,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(clap::Args)]
struct Output {
    #[command(flatten)]
    data: DataArgs,
    /// The history as a table for people, instead of JSON.
    #[arg(long)]
    csv: bool,
    /// Where to write it [default: the standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

fn registration(text: &str) -> Result<RegistrationId, BadId> {
    text.parse()
}

fn course(text: &str) -> Result<CourseId, BadId> {
    text.parse()
}

pub(crate) fn export(args: &Export) -> Result<ExitCode, Failure> {
    let (scope, output) = match &args.what {
        What::Attempt { id, number, output } => (Scope::Attempt(*id, *number), output),
        What::Registration { id, output } => (Scope::Registration(*id), output),
        What::Learner { id, output } => (Scope::Learner(id.clone()), output),
        What::Course { id, output } => (Scope::Course(*id), output),
    };
    block_on(async {
        let app = open_quietly(&output.data).await?;
        let done = match &output.out {
            Some(path) => to_file(&app, &scope, output.csv, path).await,
            None => write(&app, &scope, output.csv, &mut BufWriter::new(std::io::stdout())).await,
        };
        app.shutdown().await;
        let done = done?;
        if let Some(path) = &output.out {
            let Exported { registrations, attempts, commits, .. } = done;
            say_line(&format!(
                "{}: {}, {}, {}",
                path.display(),
                show::count(registrations, "registration"),
                show::count(attempts, "attempt"),
                show::count(commits, "commit")
            ));
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Written aside and renamed: a file of that name is always whole.
async fn to_file(app: &App, scope: &Scope, csv: bool, path: &Path) -> Result<Exported, Failure> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".part");
    let aside = PathBuf::from(aside);
    let unwritten = |e: std::io::Error| Failure::failed(format!("{} cannot be written: {e}", path.display()));
    let mut file = BufWriter::new(File::create(&aside).map_err(unwritten)?);
    let done = write(app, scope, csv, &mut file).await;
    let kept = done.and_then(|done| {
        file.into_inner().map_err(|e| unwritten(e.into_error()))?.sync_all().map_err(unwritten)?;
        std::fs::rename(&aside, path).map_err(unwritten)?;
        Ok(done)
    });
    if kept.is_err() {
        let _ = std::fs::remove_file(&aside);
    }
    kept
}

async fn write(
    app: &App,
    scope: &Scope,
    csv: bool,
    out: &mut (dyn Write + Send),
) -> Result<Exported, Failure> {
    let done = match csv {
        true => app.export_csv(Tenant::DEFAULT, scope, out).await,
        false => app.export(Tenant::DEFAULT, scope, out).await,
    };
    Ok(done?)
}

#[derive(clap::Args)]
pub(crate) struct Import {
    /// A file that `lyceum export` has written, on this server or another one.
    file: PathBuf,
    #[command(flatten)]
    data: DataArgs,
    /// Answer in JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub(crate) fn import(args: &Import) -> Result<ExitCode, Failure> {
    if !args.file.is_file() {
        return Err(Failure::wrong_usage(format!("there is no {}", args.file.display())));
    }
    block_on(async {
        let app = open_quietly(&args.data).await?;
        let taken = app.take_over(Tenant::DEFAULT, &args.file).await;
        app.shutdown().await;
        let taken = taken?;
        if args.json {
            say_line(&serde_json::to_string(&taken)?);
        } else {
            say(&show::taken_over(&taken));
        }
        Ok(ExitCode::SUCCESS)
    })
}

#[derive(clap::Args)]
pub(crate) struct Verify {
    /// An exported file [default: the database of the data folder]
    file: Option<PathBuf>,
    #[command(flatten)]
    data: DataArgs,
    /// Answer in JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub(crate) fn verify(args: &Verify) -> Result<ExitCode, Failure> {
    let found = match &args.file {
        Some(file) if !file.is_file() => {
            return Err(Failure::wrong_usage(format!("there is no {}", file.display())));
        }
        Some(file) => App::verify_export(file)?,
        None => block_on(async {
            let app = open_quietly(&args.data).await?;
            let found = app.verify_chains().await;
            app.shutdown().await;
            Ok(found?)
        })?,
    };
    if args.json {
        say_line(&serde_json::to_string(&found)?);
    } else {
        say(&show::verification(&found));
    }
    Ok(if found.sound { ExitCode::SUCCESS } else { ExitCode::from(TOUCHED) })
}

#[derive(clap::Args)]
pub(crate) struct Erase {
    /// The name that callers know the learner by.
    learner: String,
    /// Why; it stands in the history of her registrations. Do not name her.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who; it stands in the history.
    #[arg(long, value_name = "NAME", default_value_t = person())]
    by: String,
    #[command(flatten)]
    data: DataArgs,
    /// Answer in JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub(crate) fn erase(args: &Erase) -> Result<ExitCode, Failure> {
    block_on(async {
        let app = open_quietly(&args.data).await?;
        let actor = Actor { by: args.by.clone(), reason: args.reason.clone() };
        let done: Result<_, AppError> = app.erase_learner(Tenant::DEFAULT, &args.learner, &actor).await;
        app.shutdown().await;
        let done = done?;
        if args.json {
            say_line(&serde_json::to_string(&done)?);
        } else {
            say_line(&format!(
                "Erased: {}, the contents of {}. In the learner's place stands {}.\nBackups and exports \
                 that were made before still hold it all.",
                show::count(done.registrations, "registration"),
                show::count(done.commits, "commit"),
                done.pseudonym
            ));
        }
        Ok(ExitCode::SUCCESS)
    })
}
