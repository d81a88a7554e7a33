//! The command line. Every option can also be given in the environment; what stands on the command line wins.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use lyceum_app::Database;

use crate::commands::{
    act, backfill, check, course, db, enrollments, history, key, play, records, registration, selftest,
    serve, simulate,
};
use crate::origin::Origin;

/// Port where nothing else is asked for.
const PORT: u16 = 8700;

/// Open connections at a time: below the 1,024 files that many systems allow a program, with room for the database's and
/// the courses' own.
const MAX_CONNECTIONS: usize = 900;

#[derive(Parser)]
#[command(
    name = "lyceum",
    version,
    about = "Plays and tracks SCORM, AICC, xAPI and cmi5 courses",
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Import a course, enrol a learner, and serve: prints the link that opens the course.
    Play(play::Args),
    /// Read a package and say what it is and what is wrong with it.
    Check(check::Args),
    /// Show and change the settings of a course.
    #[command(subcommand)]
    Course(course::Command),
    /// List enrollments, and check each against its attempts.
    Enrollments(enrollments::Args),
    /// Take over old progress from a CSV or JSON file, each row as one attempt. A second run changes nothing.
    Backfill(backfill::Args),
    /// Show where a learner stands on a course, with every current value.
    Registration(registration::Args),
    /// Answer API calls of a course without a browser: one command a line in, one JSON object a line out.
    Simulate(simulate::Args),
    /// Show every change of every value: who, when, from what to what, and what became of it.
    History(history::Args),
    /// Show what differs between two points in time.
    Diff(history::DiffArgs),
    /// Put an attempt back to where it stood at a point. Nothing is lost: it can be undone.
    Rollback(act::Rollback),
    /// Set status or score by hand, or withdraw that. An override stands in the place of the one before: name all that is to count.
    Override(act::Override),
    /// Begin a new attempt and keep the old one.
    Reset(act::Reset),
    /// Write everything of an attempt, a registration, a learner or a course: values, journal, hash chain.
    Export(records::Export),
    /// Take over what another server has exported.
    Import(records::Import),
    /// Check the hash chains of the database or of an exported file, and say what was touched.
    Verify(records::Verify),
    /// Destroy everything that tells who a learner is; counts stay, and the chains still verify.
    Erase(records::Erase),
    /// Check the store after an installation or an upgrade: values, times, history, rollback and export in a scratch registration.
    Selftest(selftest::Args),
    /// Serve what is in the data folder.
    Serve(serve::Args),
    /// Make, list and revoke operator keys.
    #[command(subcommand)]
    Key(key::Command),
    /// Migrate, copy, back up and restore the data.
    #[command(subcommand)]
    Db(db::Command),
}

/// Where everything is kept.
#[derive(Args, Debug)]
pub(crate) struct DataArgs {
    /// Data folder; made if it is not there [default: a folder in the user's data directory]
    #[arg(long = "data", value_name = "DIR", env = "LYCEUM_DATA")]
    dir: Option<PathBuf>,
    /// Database on a PostgreSQL server, postgres://user:password@host:5432/database?sslmode=verify-full
    /// [default: SQLite in the data folder]
    #[arg(long = "database", value_name = "URL", env = "LYCEUM_DATABASE", hide_env_values = true)]
    database: Option<String>,
}

/// There is no place to keep data by default.
#[derive(Debug, thiserror::Error)]
#[error("this system names no data directory for the user: choose a folder with --data DIR")]
pub(crate) struct NoDataDir;

impl DataArgs {
    pub(crate) fn dir(&self) -> Result<PathBuf, NoDataDir> {
        let of_user =
            || directories::ProjectDirs::from("", "", "lyceum").map(|dirs| dirs.data_dir().to_owned());
        self.dir.clone().or_else(of_user).ok_or(NoDataDir)
    }

    /// Address of the database server; `None`: SQLite in the data folder.
    pub(crate) fn server(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// `wait`: a server may be away when the program starts.
    pub(crate) fn database(&self, wait: bool) -> Database {
        match &self.database {
            None => Database::Embedded,
            Some(url) => Database::Server { url: url.clone(), wait },
        }
    }
}

/// How the server is reached.
#[derive(Args, Debug)]
pub(crate) struct ServerArgs {
    /// Address to listen on, HOST:PORT or PORT; a loopback address is opened for IPv4 and IPv6. Port 0 picks a free one.
    #[arg(long, value_name = "ADDR", env = "LYCEUM_LISTEN", value_parser = listen_address, default_value_t = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), PORT))]
    pub(crate) listen: SocketAddr,
    /// Public address of the application [default: http://localhost:PORT]
    #[arg(long, value_name = "URL", env = "LYCEUM_APP_URL")]
    pub(crate) app_url: Option<Origin>,
    /// Public address of the courses, on another host; with https://*.HOST every registration gets a host of its own
    /// [default: http://127.0.0.1:PORT]
    #[arg(long, value_name = "URL", env = "LYCEUM_CONTENT_URL")]
    pub(crate) content_url: Option<Origin>,
    /// Serve application and courses on one host although a course can then act as the person who takes it.
    #[arg(long, env = "LYCEUM_SINGLE_HOST")]
    pub(crate) single_host: bool,
    /// Open connections at a time.
    #[arg(long, value_name = "N", env = "LYCEUM_MAX_CONNECTIONS", default_value_t = MAX_CONNECTIONS)]
    pub(crate) max_connections: usize,
    /// Let every registration send as much as it likes: for load tests, not for courses of other people.
    #[arg(long, env = "LYCEUM_NO_FLOOD_LIMIT")]
    pub(crate) no_flood_limit: bool,
    /// Seconds that requests get to finish after Ctrl-C; a second Ctrl-C ends at once.
    #[arg(long, value_name = "SECONDS", env = "LYCEUM_DRAIN_SECONDS", default_value_t = 10)]
    pub(crate) drain_seconds: u64,
    /// Logs as JSON, one object a line. What is logged says LYCEUM_LOG (error, warn, info, debug).
    #[arg(long, env = "LYCEUM_LOG_JSON")]
    pub(crate) log_json: bool,
}

/// `127.0.0.1:8700`, `[::1]:0`, `localhost:8700` or a port alone.
fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let local = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
    if let Ok(port) = text.parse() {
        return Ok(local(port));
    }
    if let Some(Ok(port)) = text.strip_prefix("localhost:").map(str::parse) {
        return Ok(local(port));
    }
    text.parse().map_err(|_| {
        "write it as 127.0.0.1:8700, [::1]:8700, localhost:8700, 0.0.0.0:8700, or a port alone".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::{Cli, Command, listen_address};

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn addresses_to_listen_on() {
        let table = [
            ("8700", Some("127.0.0.1:8700")),
            ("0", Some("127.0.0.1:0")),
            ("localhost:81", Some("127.0.0.1:81")),
            ("[::1]:0", Some("[::1]:0")),
            ("0.0.0.0:80", Some("0.0.0.0:80")),
            ("lms.example:80", None),
            ("127.0.0.1", None),
            ("", None),
        ];
        for (text, address) in table {
            assert_eq!(listen_address(text).ok().map(|a| a.to_string()).as_deref(), address, "{text}");
        }
    }

    #[test]
    fn the_contracts_options_are_understood() {
        let line = "lyceum play course.zip --learner Ada --data d --listen 127.0.0.1:0 --json --open";
        let cli = Cli::try_parse_from(line.split(' ')).expect("the contract's options");
        assert!(matches!(cli.command, Command::Play(_)));
        let line = "lyceum simulate m.xml --tolerant --standard SCORM_12 --learner Ada --seed 7 --now 2026-01-01T00:00:00Z";
        let cli = Cli::try_parse_from(line.split(' ')).expect("the contract's options");
        assert!(matches!(cli.command, Command::Simulate(_)));
        for wrong in
            ["lyceum", "lyceum play", "lyceum check a b", "lyceum key", "lyceum play c --listen nowhere"]
        {
            let error = Cli::try_parse_from(wrong.split(' '))
                .err()
                .unwrap_or_else(|| panic!("{wrong} is wrong usage"));
            assert_eq!(error.exit_code(), 2, "{wrong}");
        }
    }
}
