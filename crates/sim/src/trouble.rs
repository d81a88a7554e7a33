//! Trouble of one server's database and disk: away, failing at a step, or the machine stops there.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use lyceum_app::{DbError, Faults, WritePoint};

/// A step at which something may go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A step of the database's writer.
    Write(WritePoint),
    /// The spool's file is about to be flushed.
    Flush,
}

/// Every step.
pub(crate) const STEPS: [Step; 5] = [
    Step::Write(WritePoint::Begin),
    Step::Write(WritePoint::Job),
    Step::Write(WritePoint::Commit),
    Step::Write(WritePoint::Committed),
    Step::Flush,
];

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Harm {
    /// The step fails, so many times.
    Fails(u32),
    /// The machine stops: nothing is written or answered any more.
    Stops,
}

#[derive(Debug, Default)]
struct State {
    planned: Option<(Step, u32, Harm)>,
    is_away: bool,
    is_dead: bool,
}

/// The trouble of one server.
#[derive(Debug, Default)]
pub(crate) struct Trouble {
    state: Mutex<State>,
    disk: Arc<Disk>,
}

/// What of the spool's files is sure to be there after the machine has stopped: how much of each was flushed.
#[derive(Debug, Default)]
pub(crate) struct Disk(Mutex<BTreeMap<PathBuf, u64>>);

impl Disk {
    fn flushed(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, u64>> {
        self.0.lock().expect("nobody panics while holding it")
    }

    /// The machine has stopped: what was not flushed is not there.
    pub(crate) fn forget_unflushed(&self, spool: &Path) {
        let files =
            |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        for file in files(spool).flat_map(|folder| files(&folder).collect::<Vec<_>>()) {
            if file.extension().is_some_and(|extension| extension == "log") {
                let durable = self.flushed().get(&file).copied().unwrap_or(0);
                let file = OpenOptions::new().write(true).open(&file).expect("opens");
                if file.metadata().is_ok_and(|now| now.len() > durable) {
                    file.set_len(durable).expect("a file can be cut");
                }
            }
        }
    }
}

impl Trouble {
    pub(crate) fn new(disk: Arc<Disk>) -> Self {
        Self { disk, ..Self::default() }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics while holding it")
    }

    /// Something goes wrong at the next such step but `after`.
    pub(crate) fn plan(&self, step: Step, after: u32, harm: Harm) {
        self.state().planned = Some((step, after, harm));
    }

    /// What was planned and did not come to pass is off.
    pub(crate) fn relax(&self) {
        self.state().planned = None;
    }

    pub(crate) fn away(&self, is_away: bool) {
        self.state().is_away = is_away;
    }

    /// The machine stops now.
    pub(crate) fn stop(&self) {
        self.state().is_dead = true;
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.state().is_dead
    }

    /// Whether the step fails now.
    fn strikes(&self, step: Step) -> bool {
        let mut state = self.state();
        if state.is_dead {
            return true;
        }
        match &mut state.planned {
            Some((at, after, _)) if *at == step && *after > 0 => {
                *after -= 1;
                false
            }
            Some((at, _, Harm::Fails(times))) if *at == step && *times > 1 => {
                *times -= 1;
                true
            }
            Some((at, _, harm)) if *at == step => {
                state.is_dead = *harm == Harm::Stops;
                state.planned = None;
                true
            }
            _ => false,
        }
    }

    fn there(&self) -> Result<(), DbError> {
        let state = self.state();
        if state.is_dead || state.is_away { Err(DbError::Away("simulated".to_owned())) } else { Ok(()) }
    }
}

impl Faults for Trouble {
    fn at(&self, point: WritePoint) -> Result<(), DbError> {
        self.there()?;
        if self.strikes(Step::Write(point)) { Err(DbError::Io("simulated".to_owned())) } else { Ok(()) }
    }

    fn at_read(&self) -> Result<(), DbError> {
        self.there()
    }

    fn at_flush(&self, file: &Path) -> io::Result<()> {
        if self.strikes(Step::Flush) {
            return Err(io::Error::other("simulated"));
        }
        self.disk.flushed().insert(file.to_owned(), fs::metadata(file)?.len());
        Ok(())
    }
}
