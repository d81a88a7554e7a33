//! `lyceum db`: the database and the data folder as a whole.

use std::path::PathBuf;
use std::process::ExitCode;

use lyceum_app::maintenance::{backup_data, copy_database, restore_data};
use lyceum_app::{Clock as _, Direction, SystemClock};

use crate::cli::DataArgs;
use crate::failure::Failure;
use crate::host::{block_on, open_quietly};
use crate::show;
use crate::terminal::say;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Bring the schema up to date, as every start of the program does.
    Migrate {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Copy all records from SQLite in the data folder to the PostgreSQL server of --database, which must be empty.
    Copy {
        #[command(flatten)]
        data: DataArgs,
        /// The other way: from the server into the data folder.
        #[arg(long)]
        back: bool,
    },
    /// Copy database, packages, secret key, signed heads and accepted commits that wait for the database into a new folder, while
    /// the server goes on.
    Backup {
        /// The folder to make.
        target: PathBuf,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Bring a backup back into the data folder.
    Restore {
        /// The backup's folder.
        source: PathBuf,
        #[command(flatten)]
        data: DataArgs,
        /// Replace the database that is there.
        #[arg(long)]
        force: bool,
    },
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Migrate { data } => {
            block_on(async {
                open_quietly(data).await?.shutdown().await;
                Ok(())
            })?;
            say("The schema is up to date.\n");
        }
        Command::Copy { data, back } => copy(data, *back)?,
        Command::Backup { target, data } => {
            only_embedded(data)?;
            let packages = backup_data(&data.dir()?, target)?;
            let packages = show::count(packages as u64, "package");
            say(&format!("{} holds the database and {packages}.\n", target.display()));
        }
        Command::Restore { source, data, force } => {
            only_embedded(data)?;
            let dir = data.dir()?;
            let packages = restore_data(source, &dir, *force)?;
            let packages = show::count(packages as u64, "package");
            say(&format!("{} has the database and {packages} again.\n", dir.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn copy(data: &DataArgs, back: bool) -> Result<(), Failure> {
    let Some(url) = data.server() else {
        return Err(Failure::wrong_usage(
            "say which server with --database postgres://user:password@host/database",
        ));
    };
    let direction = if back { Direction::FromServer } else { Direction::ToServer };
    let copied = copy_database(&data.dir()?, url, direction, SystemClock.now())?;
    let mut text = String::new();
    for (table, rows) in &copied.rows {
        text += &format!("{rows:>10}  {table}\n");
    }
    let chains = show::count(copied.chains, "registration");
    text += &format!("All rows are there, and so are the hash chains of {chains}.\n");
    if !back {
        text += "The packages stay in the data folder: serve it with the same --data and --database.\n";
    }
    say(&text);
    Ok(())
}

fn only_embedded(data: &DataArgs) -> Result<(), Failure> {
    match data.server() {
        None => Ok(()),
        Some(_) => Err(Failure::wrong_usage(
            "backup and restore are for the data folder; a PostgreSQL server has pg_dump and pg_restore for its part",
        )),
    }
}
