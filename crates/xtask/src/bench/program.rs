//! The built program, running: its ready line, its memory and its processor time.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::process::{cargo, run, target_dir};

/// Clock ticks of `/proc/PID/stat` per second: fixed in Linux's interface to programs.
const TICKS_PER_SECOND: f64 = 100.0;

/// How often it is looked whether a program has ended.
const LOOK: Duration = Duration::from_millis(1);

/// The program named in `LYCEUM_BIN`, else the release build, made first.
pub(crate) fn build() -> Result<PathBuf> {
    if let Some(binary) = std::env::var_os("LYCEUM_BIN") {
        return Ok(binary.into());
    }
    run(cargo().args(["build", "--release", "--locked", "--package", "lyceum"]))?;
    Ok(target_dir().join("release").join(format!("lyceum{}", std::env::consts::EXE_SUFFIX)))
}

/// A running server.
pub(crate) struct Program {
    child: Child,
    /// What it said when it was ready.
    pub(crate) ready: Value,
    /// From the start of the process to the ready line.
    pub(crate) took: Duration,
}

impl Program {
    /// Starts `binary` with `args` on a free port and the given data folder; `--json` gives the ready line.
    pub(crate) fn start(binary: &Path, args: &[&str], data: &Path) -> Result<Self> {
        let mut command = Command::new(binary);
        command.args(args).args(["--json", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        // Logs stay on, as in production; they go to a file as they would go to a journal.
        let log = std::fs::File::create(data.with_extension("log")).context("the log file of the server")?;
        command.env("LYCEUM_LOG", "info").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let begun = Instant::now();
        let mut child = command.spawn().with_context(|| format!("starting {}", binary.display()))?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("the output is piped")?).read_line(&mut line)?;
        let took = begun.elapsed();
        if line.is_empty() {
            bail!("the server ended with {} before it was ready", child.wait()?);
        }
        let ready =
            serde_json::from_str(&line).with_context(|| format!("the ready line is no JSON: {line}"))?;
        Ok(Self { child, ready, took })
    }

    /// A text of the ready line.
    pub(crate) fn text(&self, name: &str) -> Result<&str> {
        self.ready[name].as_str().with_context(|| format!("the ready line has no `{name}`: {}", self.ready))
    }

    /// Processor time used so far, in seconds.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        cpu_seconds_of(self.child.id())
    }

    /// Resident memory, in megabytes.
    pub(crate) fn memory_mb(&self) -> Result<f64> {
        memory_mb_of(self.child.id(), "VmRSS:")
    }

    /// The most that was resident at any time, in megabytes.
    pub(crate) fn peak_memory_mb(&self) -> Result<f64> {
        memory_mb_of(self.child.id(), "VmHWM:")
    }
}

/// Processor time that a process has used so far, in seconds.
pub(crate) fn cpu_seconds_of(process: u32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))
        .context("processor time is read from /proc")?;
    // The name in parentheses may hold spaces; what follows it does not. utime and stime are fields 14 and 15.
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks: f64 = [11, 12].iter().filter_map(|&at| fields.get(at)?.parse::<f64>().ok()).sum();
    Ok(ticks / TICKS_PER_SECOND)
}

fn memory_mb_of(process: u32, which: &str) -> Result<f64> {
    let status =
        std::fs::read_to_string(format!("/proc/{process}/status")).context("memory is read from /proc")?;
    let line = status.lines().find(|line| line.starts_with(which)).context("the memory of a process")?;
    let kib: f64 = line.split_whitespace().nth(1).context("a number")?.parse()?;
    Ok(kib * 1024.0 / 1e6)
}

/// Runs the program to its end. Answers how long that took, and the most memory that it was seen with, in megabytes.
pub(crate) fn run_once(binary: &Path, args: &[&str]) -> Result<(Duration, f64)> {
    let begun = Instant::now();
    let mut child = Command::new(binary)
        .args(args)
        .env("LYCEUM_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("starting {}", binary.display()))?;
    let mut memory = 0.0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        memory = memory_mb_of(child.id(), "VmHWM:").unwrap_or(memory);
        std::thread::sleep(LOOK);
    };
    let took = begun.elapsed();
    if !status.success() {
        bail!("`lyceum {}` ended with {status}", args.join(" "));
    }
    Ok((took, memory))
}

/// What the program prints, as JSON.
pub(crate) fn json_of(binary: &Path, args: &[&str]) -> Result<Value> {
    let output = Command::new(binary).args(args).env("LYCEUM_LOG", "error").output()?;
    if !output.status.success() {
        bail!("`lyceum {}`: {}", args.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
