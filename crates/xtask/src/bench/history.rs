//! What a long history costs: the same commit after 1,000, 10,000 and 100,000 earlier ones of the attempt, the state as it was at a
//! time among them, opening the course behind them, and what they take on disk.

use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};

use super::commits::start;
use super::figure::{Anchor, Bar, Figure, median};
use super::learner::{ELEMENTS, Learner};
use super::load::{Enrolled, begin, enrol};
use super::program::{Program, run_once};
use super::tools::Tools;

/// Earlier commits of the attempt.
const EARLIER: [u64; 3] = [1_000, 10_000, 100_000];

/// Commits whose processor time is taken together: the system counts it in hundredths of a second.
const WINDOW: u64 = 1_000;

/// Learners who have just begun, and send the same window together.
const FRESH: u64 = 25;

/// How many times the processor time of a fresh attempt's commit may be taken, as the ratio fresh to long.
const FLAT: Bar = Bar::AtLeast { ratio: 1.0 / 1.2, stretch: None };

pub(crate) fn figures(tools: &Tools) -> Result<Vec<Figure>> {
    let data = tools.folder("history")?;
    let program = start(tools, &data, &[])?;
    let windows = EARLIER.len() * tools.rounds;
    let fresh_learners = usize::try_from(FRESH)?;
    let mut all = enrol(&program, 1 + windows * fresh_learners)?;
    let long = all.pop().context("somebody is enrolled")?;
    let mut fresh = all.chunks(fresh_learners);
    let mut attempt =
        Long { learner: begin(&program, std::slice::from_ref(&long))?.remove(0), commits: 0, halfway: 0 };
    let mut figures = Vec::new();
    for earlier in EARLIER {
        attempt.to(earlier)?;
        let (mut here, mut anew) = (Vec::new(), Vec::new());
        for _ in 0..tools.rounds {
            anew.push(fresh_window(&program, fresh.next().context("enough learners are enrolled")?)?);
            here.push(cpu_ms(&program, || attempt.to(attempt.commits + WINDOW))?);
        }
        let anchor = Anchor { name: "of a fresh attempt".into(), value: median(anew) };
        let name = format!("server processor time per commit after {earlier} others of the attempt");
        figures.push(Figure::time(name, median(here), "ms", anchor, FLAT));
    }
    let commits = attempt.commits + windows as u64 * WINDOW;
    drop((attempt.learner, program));
    figures.push(reopened(tools, &data, &long, &all)?);
    figures.push(at_a_time(tools, &data, (&long, attempt.halfway, attempt.commits), &all[0])?);
    figures.push(stored(&data, commits)?);
    Ok(figures)
}

/// The attempt with a long history.
struct Long {
    learner: Learner,
    commits: u64,
    /// When half of the commits were made, in milliseconds since 1970.
    halfway: u128,
}

impl Long {
    fn to(&mut self, commits: u64) -> Result<()> {
        while self.commits < commits {
            self.commits += 1;
            self.learner.commit(self.commits)?;
            if self.commits == EARLIER[2] / 2 {
                self.halfway = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
            }
        }
        Ok(())
    }
}

/// Processor milliseconds of each commit of a window.
fn cpu_ms(program: &Program, commits: impl FnOnce() -> Result<()>) -> Result<f64> {
    let before = program.cpu_seconds()?;
    commits()?;
    #[allow(clippy::cast_precision_loss)] // a thousand
    Ok((program.cpu_seconds()? - before) * 1e3 / WINDOW as f64)
}

/// The same number of commits by learners who have just opened the course, one after the other as in the long attempt.
fn fresh_window(program: &Program, enrolled: &[Enrolled]) -> Result<f64> {
    let mut learners = begin(program, enrolled)?;
    cpu_ms(program, || {
        learners
            .iter_mut()
            .try_for_each(|learner| (1..=WINDOW / FRESH).try_for_each(|round| learner.commit(round)))
    })
}

/// A server that has just started opens the course for the learner.
fn reopened(tools: &Tools, data: &Path, long: &Enrolled, fresh: &[Enrolled]) -> Result<Figure> {
    let program = start(tools, data, &[])?;
    let open = |of: &Enrolled| -> Result<f64> {
        let begun = Instant::now();
        of.launch(&program)?;
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    };
    open(&fresh[0])?; // the course itself is in memory for both
    let anew = median(fresh.iter().skip(1).take(9).map(open).collect::<Result<_>>()?);
    let took = open(long)?;
    let anchor = Anchor { name: "of a short attempt".into(), value: anew };
    Ok(Figure::time("opening the course behind 100,000 commits, cold", took, "ms", anchor, Bar::None))
}

/// The whole command, from start to end of the program, against the same command for a short attempt.
fn at_a_time(
    tools: &Tools,
    data: &Path,
    (long, moment, commits): (&Enrolled, u128, u64),
    short: &Enrolled,
) -> Result<Figure> {
    let folder = data.to_string_lossy();
    let show = |of: &Enrolled, at: u128| -> Result<f64> {
        let at = at.to_string();
        let args = ["registration", &of.registration, "--at", &at, "--json", "--data", &folder];
        Ok(run_once(&tools.binary, &args)?.0.as_secs_f64() * 1e3)
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let (mut here, mut there) = (Vec::new(), Vec::new());
    for _ in 0..tools.rounds.max(3) {
        here.push(show(long, moment)?);
        there.push(show(short, now)?);
    }
    let anchor = Anchor { name: "of an attempt with 40 commits".into(), value: median(there) };
    let entries = commits * (ELEMENTS as u64 + 1);
    let name = format!("state at a time in the middle of {entries} entries");
    Ok(Figure::time(name, median(here), "ms", anchor, Bar::None)
        .note("`lyceum registration --at`, start included"))
}

/// Everything that the database holds for a commit: values, history, chain, snapshots.
fn stored(data: &Path, commits: u64) -> Result<Figure> {
    let size = |name: &str| std::fs::metadata(data.join(name)).map_or(0, |of| of.len());
    #[allow(clippy::cast_precision_loss)] // below 2^52
    let (bytes, sent) =
        ((size("lyceum.db") + size("lyceum.db-wal")) as f64 / commits as f64, Learner::commit_bytes() as f64);
    let anchor = Anchor { name: "the commit as it is sent".into(), value: sent };
    Ok(Figure::time("storage per commit", bytes, "bytes", anchor, Bar::None))
}
