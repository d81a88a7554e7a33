//! Many learners at once, against a running program: enrolled through its pages, each sending the next commit when the last one was
//! acknowledged.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail, ensure};

use super::http::{Address, Client};
use super::learner::Learner;
use super::program::Program;

/// Threads that enrol and prepare learners at the same time.
const PREPARE_AT_ONCE: usize = 16;

/// A learner on the course, before the course is opened.
#[derive(Clone, Debug)]
pub(crate) struct Enrolled {
    pub(crate) registration: String,
    /// Of a launch link: the program has another port after each start.
    launch_path: String,
}

impl Enrolled {
    /// Opens the player page.
    pub(crate) fn launch(&self, program: &Program) -> Result<Learner> {
        let origin = program.text("content_url")?.trim_end_matches('/').to_owned();
        Learner::launch(&(origin + &self.launch_path))
    }
}

/// One load: commits per second, processor milliseconds per commit, latencies in milliseconds, and for each learner the round
/// that was acknowledged last.
pub(crate) struct Run {
    pub(crate) rate: f64,
    pub(crate) cpu_ms: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) acknowledged: Vec<u64>,
}

/// What one learner has seen.
#[derive(Default)]
struct Work {
    latencies: Vec<f64>,
    acknowledged: u64,
    failure: Option<anyhow::Error>,
}

/// Enrols learners through the pages, and gets the launch link of each.
pub(crate) fn enrol(program: &Program, learners: usize) -> Result<Vec<Enrolled>> {
    in_parallel((0..learners).collect(), |numbers| {
        let app = program.text("app_url")?.to_owned();
        let course = program.text("course_id")?.to_owned();
        let mut client = Client::connect(&Address::parse(&app)?.authority)?;
        let form = format!("Content-Type: application/x-www-form-urlencoded\r\nOrigin: {app}\r\n");
        let one = |number| {
            let body = format!("learner=Learner+{number}");
            let path = format!("/courses/{course}/registrations");
            let enrolled = client.send("POST", &path, &form, body.as_bytes())?.expect(303)?;
            let page = enrolled.header("location").context("enrolling leads to the registration")?.to_owned();
            let launch =
                client.get(&format!("{page}/launch"), "Sec-Fetch-Site: same-origin\r\n")?.expect(303)?;
            let link = launch.header("location").context("launching leads to the content origin")?;
            let registration = page.rsplit('/').next().unwrap_or_default().to_owned();
            Ok(Enrolled { registration, launch_path: Address::parse(link)?.path })
        };
        numbers.into_iter().map(one).collect()
    })
}

/// Every learner opens the course.
pub(crate) fn begin(program: &Program, enrolled: &[Enrolled]) -> Result<Vec<Learner>> {
    in_parallel(enrolled.to_vec(), |some| {
        let one = |of: Enrolled| {
            let mut learner = of.launch(program)?;
            learner.begin()?;
            Ok(learner)
        };
        some.into_iter().map(one).collect()
    })
}

/// Every learner sends the next commit when the last one was acknowledged, for `duration`.
pub(crate) fn load(program: &Program, enrolled: &[Enrolled], duration: Duration) -> Result<Run> {
    load_after(program, enrolled, duration, || ())
}

/// The same, after something has happened to the learners who have just opened the course.
pub(crate) fn load_after(
    program: &Program,
    enrolled: &[Enrolled],
    duration: Duration,
    happens: impl FnOnce(),
) -> Result<Run> {
    let learners = begin(program, enrolled)?;
    happens();
    measure(program, learners.into_iter().map(committing).collect(), duration)
}

/// Does `commits` side by side, each again when it has come through, with a number that begins at 1.
pub(crate) fn measure<C: FnMut(u64) -> Result<()> + Send>(
    program: &Program,
    commits: Vec<C>,
    duration: Duration,
) -> Result<Run> {
    let cpu = program.cpu_seconds()?;
    let begun = Instant::now();
    let (works, ()) = run(commits, || std::thread::sleep(duration))?;
    let seconds = begun.elapsed().as_secs_f64();
    let cpu = program.cpu_seconds()? - cpu;
    let mut latencies = Vec::new();
    let mut acknowledged = Vec::new();
    for work in works {
        if let Some(failure) = work.failure {
            return Err(failure);
        }
        acknowledged.push(work.acknowledged);
        latencies.extend(work.latencies);
    }
    ensure!(!latencies.is_empty(), "no commit was acknowledged in {duration:?}");
    latencies.sort_by(f64::total_cmp);
    let at = |part: usize| latencies[latencies.len() * part / 100];
    #[allow(clippy::cast_precision_loss)] // a count of some thousands
    let count = latencies.len() as f64;
    Ok(Run { rate: count / seconds, cpu_ms: cpu * 1e3 / count, p50: at(50), p99: at(99), acknowledged })
}

/// The same, until the program is killed in the midst of it. Answers the round that each learner was told last.
pub(crate) fn load_and_kill(program: Program, enrolled: &[Enrolled], duration: Duration) -> Result<Vec<u64>> {
    let learners = begin(&program, enrolled)?;
    let (works, ()) = run(learners.into_iter().map(committing).collect(), || {
        std::thread::sleep(duration);
        drop(program);
    })?;
    // Whose request was on its way when it happened got no answer, and has nothing more to say.
    Ok(works.into_iter().map(|work| work.acknowledged).collect())
}

/// How many learners find, at their next visit, what was acknowledged to them last; or, where a request was on its way when the
/// program was killed, what that one brought.
pub(crate) fn read_back(program: &Program, enrolled: &[Enrolled], acknowledged: &[u64]) -> Result<usize> {
    let mut found = 0;
    for (of, round) in enrolled.iter().zip(acknowledged) {
        let resumed = of.launch(program)?.resumed_round;
        found += usize::from(resumed == Some(*round) || resumed == Some(round + 1));
    }
    Ok(found)
}

/// A commit whose values are refused is another one than the one that is to be measured.
pub(crate) fn refuse_refusals(program: &Program) -> Result<()> {
    let app = Address::parse(program.text("app_url")?)?;
    let metrics = Client::connect(&app.authority)?.get("/metrics", "")?.expect(200)?;
    let text = String::from_utf8_lossy(&metrics.body).into_owned();
    match text.lines().find(|line| line.starts_with("lyceum_calls_refused_total")) {
        Some(refused) => bail!("the server refused values of the load: {refused}"),
        None => Ok(()),
    }
}

fn committing(mut learner: Learner) -> impl FnMut(u64) -> Result<()> + Send {
    move |round| learner.commit(round)
}

/// A thread for each, until `during` is over.
fn run<T, C: FnMut(u64) -> Result<()> + Send>(
    commits: Vec<C>,
    during: impl FnOnce() -> T,
) -> Result<(Vec<Work>, T)> {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let threads: Vec<_> = commits.into_iter().map(|commit| scope.spawn(|| work(commit, &over))).collect();
        let answer = during();
        over.store(true, Ordering::Relaxed);
        let joined =
            threads.into_iter().map(|thread| thread.join().map_err(|_| anyhow!("a learner's thread broke")));
        Ok((joined.collect::<Result<Vec<_>>>()?, answer))
    })
}

fn work(mut commit: impl FnMut(u64) -> Result<()>, over: &AtomicBool) -> Work {
    let mut work = Work::default();
    while !over.load(Ordering::Relaxed) {
        let sent = Instant::now();
        if let Err(failure) = commit(work.acknowledged + 1) {
            work.failure = Some(failure);
            break;
        }
        work.latencies.push(sent.elapsed().as_secs_f64() * 1e3);
        work.acknowledged += 1;
    }
    work
}

/// Does something with all of them, in order, some at a time.
fn in_parallel<T: Send, U: Send>(
    mut all: Vec<T>,
    each: impl Fn(Vec<T>) -> Result<Vec<U>> + Sync,
) -> Result<Vec<U>> {
    let part = all.len().div_ceil(PREPARE_AT_ONCE).max(1);
    let mut parts = Vec::new();
    while !all.is_empty() {
        let rest = all.split_off(part.min(all.len()));
        parts.push(std::mem::replace(&mut all, rest));
    }
    std::thread::scope(|scope| {
        let each = &each;
        let threads: Vec<_> = parts.into_iter().map(|part| scope.spawn(move || each(part))).collect();
        let mut done = Vec::new();
        for thread in threads {
            done.extend(thread.join().map_err(|_| anyhow!("a thread broke"))??);
        }
        Ok(done)
    })
}
