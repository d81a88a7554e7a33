//! `lyceum enrollments`.

use std::process::ExitCode;

use lyceum_app::{EnrollmentFilter, Tenant};

use crate::cli::DataArgs;
use crate::failure::Failure;
use crate::host::{block_on, open_quietly};
use crate::show;
use crate::terminal::{say, say_line};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only those of this learner.
    #[arg(long, value_name = "NAME")]
    learner: Option<String>,
    /// Only those on this course: its id or a topic.
    #[arg(long, value_name = "COURSE")]
    course: Option<String>,
    /// Only those that were begun, are not completed, and were silent for so long: 24h, 7d, 90m.
    #[arg(long, value_name = "TIME", value_parser = silence)]
    abandoned: Option<i64>,
    #[command(flatten)]
    data: DataArgs,
    /// Answer in JSON, for programs.
    #[arg(long)]
    json: bool,
}

fn silence(text: &str) -> Result<i64, &'static str> {
    const WRONG: &str = "write it as 24h, 7d or 90m";
    let unit = match text.chars().last() {
        Some('m') => 60_000,
        Some('h') => 3_600_000,
        Some('d') => 86_400_000,
        _ => return Err(WRONG),
    };
    let number: i64 = text[..text.len() - 1].parse().map_err(|_| WRONG)?;
    number.checked_mul(unit).filter(|silence| *silence >= 0).ok_or(WRONG)
}

/// The exit code is 1 where something does not agree.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    block_on(async {
        let app = open_quietly(&args.data).await?;
        let found = async {
            let course = match &args.course {
                Some(topic) => Some(app.course_of_topic(Tenant::DEFAULT, topic).await?),
                None => None,
            };
            let filter =
                EnrollmentFilter { learner: args.learner.clone(), course, abandoned: args.abandoned };
            app.enrollments(Tenant::DEFAULT, &filter).await
        };
        let found = found.await;
        app.shutdown().await;
        let found = found?;
        let problems = found.iter().filter(|enrollment| !enrollment.problems.is_empty()).count();
        if args.json {
            let answer =
                serde_json::json!({"count": found.len(), "problems": problems, "enrollments": found});
            say_line(&answer.to_string());
        } else {
            say(&show::enrollments(&found));
        }
        Ok(ExitCode::from(u8::from(problems > 0)))
    })
}

#[cfg(test)]
mod tests {
    use super::silence;

    #[test]
    fn silences() {
        let table = [
            ("24h", Some(86_400_000)),
            ("7d", Some(604_800_000)),
            ("90m", Some(5_400_000)),
            ("24", None),
            ("h", None),
            ("-1h", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(silence(text).ok(), expected, "{text}");
        }
    }
}
